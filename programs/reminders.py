"""What people hear of actions and questions: due soon, overdue and rising, waiting for a second person, to answer."""

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from capred_portal.access import may
from capred_portal.models import Comment
from capred_portal.reminders import Due, Frequency, People, morning, reminder, verifiers
from programs.filters.questions import answering, place_of, related, standing_questions
from programs.models import Action

SOON = dt.timedelta(days=7)
LATE_STEPS = (30, 7, 1)  # days overdue at which somebody hears, again or for the first time
TO_AUTHOR, TO_VERIFIERS = 7, 30
OLDEST = dt.timedelta(days=366)  # later nobody is reminded of what is overdue: it was told three times


def responsible(action: Action, people: People) -> set[int]:
    """Return who is reminded of an action: the owner, else whoever entered it, else the verifiers."""
    there = (user for user in (action.owner_user, action.created_by) if user and user.is_active)
    first = next(there, None)
    return {first.pk} if first else verifiers(people)


def with_text(action: Action, reader: int, words: str) -> str:
    """Return what an action is and how it stands, and what tells it from another of the same words."""
    owner = action.owner if action.owner_user_id != reader else None
    where = action.origin or action.program_served
    return " · ".join(str(part) for part in (action, words, where, owner) if part)


def with_place(rows: Any) -> Any:
    """Return actions with all that a line tells of them, from one query."""
    return rows.select_related("created_by", "outcome__workshop", "workshop", "program", *Action.OWNERS)


# Actions


def of_action(
    action: Action,
    user: int,
    key: str,
    words: Callable[[Action, int], str],
    urgency: int = 0,
    not_before: dt.datetime | None = None,
) -> Due:
    """Return the line of one action for one person."""
    said = partial(words, action, user)
    path, is_demo = action.get_absolute_url(), action.is_demo
    return Due(user, (key,), said, path, urgency=urgency, not_before=not_before, is_demo=is_demo)


@reminder(
    "overdue",
    gettext_lazy("Overdue actions"),
    gettext_lazy(
        "After one day the owner hears of it, or who entered it where the owner has no account; after a week also who"
        " entered it; after a month also the verifiers, or at once where both have left. After a year nobody is"
        " reminded any more."
    ),
    actions=("page.read",),
    order=10,
    frequency=Frequency.DAILY,
    counted=lambda count: ngettext("%(count)s action overdue", "%(count)s actions overdue", count) % {"count": count},
)
def overdue(people: People, now: dt.datetime) -> Iterator[Due]:
    """Open actions past their date, to ever more people.

    After a day to who is responsible, after a week also to who entered them, after a month also to the verifiers.
    """
    today = timezone.localdate(now)
    rows = Action.objects.active().overdue(today).filter(due_on__gte=today - OLDEST)
    for action in with_place(rows).order_by():
        days = (today - action.due_on).days
        step = next(step for step in LATE_STEPS if days >= step)
        told = responsible(action, people)
        told |= {action.created_by_id} if step >= TO_AUTHOR else set()
        told |= verifiers(people) if step >= TO_VERIFIERS else set()
        key = f"action-{action.pk}-{action.due_on:%Y%m%d}-late-{step}"
        for user in people.keys() & told:
            yield of_action(action, user, key, partial(late_words, days), days, morning(now))


def late_words(days: int, action: Action, reader: int) -> str:
    told = ngettext("%(shown)s day overdue", "%(shown)s days overdue", days) % {"shown": days}
    return with_text(action, reader, told)


@reminder(
    "due-soon",
    gettext_lazy("Actions due within a week"),
    gettext_lazy(
        "Due today or within seven days: to the owner, or to who entered it where the owner has no account; to the"
        " verifiers where both have left."
    ),
    actions=("page.read",),
    order=70,
    frequency=Frequency.DAILY,
    counted=lambda count: ngettext("%(count)s action due soon", "%(count)s actions due soon", count) % {"count": count},
)
def due_soon(people: People, now: dt.datetime) -> Iterator[Due]:
    """Open actions due today or within a week, to who is responsible."""
    today = timezone.localdate(now)
    rows = Action.objects.active().open().filter(due_on__gte=today, due_on__lte=today + SOON)
    for action in with_place(rows).order_by():
        for user in people.keys() & responsible(action, people):
            key, left = f"action-{action.pk}-{action.due_on:%Y%m%d}-soon", (action.due_on - today).days
            yield of_action(action, user, key, soon_words, -left, morning(now))


def soon_words(action: Action, reader: int) -> str:
    return with_text(action, reader, _("due on %(date)s") % {"date": date_format(action.due_on, "DATE_FORMAT")})


@reminder(
    "to-verify",
    gettext_lazy("Actions that wait for a second person"),
    gettext_lazy("To the verifiers and to who entered the action, never to who closed it."),
    actions=("action.verify",),
    order=60,
    frequency=Frequency.DAILY,
    counted=lambda count: (
        ngettext("%(count)s action to verify", "%(count)s actions to verify", count) % {"count": count}
    ),
)
def to_verify(people: People, now: dt.datetime) -> Iterator[Due]:
    """High-priority actions that were closed, to the verifiers and to who entered them; never to who closed them."""
    rows = Action.objects.active().filter(status=Action.Status.TO_VERIFY)
    for action in with_place(rows).order_by("closed_on", "pk"):
        told = (verifiers(people) | {action.created_by_id}) - {action.closed_by_id}
        key = f"action-{action.pk}-closed-{action.version}"
        for user in people.keys() & told:
            yield of_action(action, user, key, closed_words)


def closed_words(action: Action, reader: int) -> str:
    closed = date_format(action.closed_on, "DATE_FORMAT") if action.closed_on else "–"
    return with_text(action, reader, _("closed on %(date)s") % {"date": closed})


# Questions


@reminder(
    "question",
    gettext_lazy("Questions for you to answer"),
    gettext_lazy(
        "To the owner of the action, the author of the value, or who entered the record; where none of them can answer,"
        " to the verifiers."
    ),
    actions=("comment.answer",),
    order=40,
    counted=lambda count: (
        ngettext("%(count)s question for you", "%(count)s questions for you", count) % {"count": count}
    ),
)
def questions(people: People, now: dt.datetime) -> Iterator[Due]:
    """Open questions, to whom the record is about; where nobody of these can answer, to the verifiers."""
    rows = standing_questions() & Comment.objects.open_questions()
    for question in rows.select_related(*related(), *answering()).order_by("created_at", "pk"):
        place, record = place_of(question)
        able = {user.pk for user in place.asked(record) if user and may(user, "comment.answer")}
        asked = (able or verifiers(people)) - {question.created_by_id}
        path, words = f"{record.get_absolute_url()}#comment-{question.pk}", partial(question_words, record, question)
        waited = (timezone.localdate(now) - timezone.localdate(question.created_at)).days
        for user in people.keys() & asked:
            yield Due(user, (f"question-{question.pk}",), words, path, urgency=waited, is_demo=record.is_demo)


def question_words(record: object, question: Comment) -> str:
    return f"{record} · {question}"
