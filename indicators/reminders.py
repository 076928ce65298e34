"""What people hear of figures: to sign, returned, signed by others, and values owed for a round that closes."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from django.db.models import F, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from capred_portal.access import may
from capred_portal.mails import mail_headers
from capred_portal.reminder_mails import stop_headers
from capred_portal.reminders import Due, People, morning, reminder, verifiers
from indicators import waiting
from indicators.completeness import lines_of_rounds, owed
from indicators.models import Observation, ProgramIndicator, ReportingRound, ReviewEvent, Target
from indicators.waiting import Place, WaitingValues
from programs.models import Program

SOON, LAST_DAY = dt.timedelta(days=7), dt.timedelta(days=1)
RECENT = dt.timedelta(days=14)  # in which values signed by others are news
QUIET = dt.timedelta(minutes=30)  # without another value, before one mail tells of several together
Step = ReviewEvent.Kind

# The mails that the steps of the review write by themselves, and the kind of reminder each is of.
KINDS = {
    "accepted": "signed",
    "returned": "returned",
    "round_accepted": "signed",
    "round_closed": "signature",
    "round_opened": "round-closing",
    "round_reminder": "round-closing",
    "round_signed": "signature",
    "verified": "signed",
}
for _mail, _kind in KINDS.items():
    mail_headers(_mail, partial(stop_headers, kind=_kind))


def event_keys(template: str, rows: Iterable[Observation], report: ReportingRound | None) -> set[str]:
    """Return under which keys counts as told what a mail of the review tells."""
    if KINDS[template] == "round-closing":
        return {owed_key(report, timezone.localdate())} if report else set()
    if KINDS[template] != "signature":
        last = ReviewEvent.objects.filter(observation__in=rows).values_list("observation").annotate(Max("pk"))
        steps = {f"{KINDS[template]}-{event}" for _row, event in last.order_by()}
        return steps | ({round_key(report)} if report else set())
    if report is None:
        return set()
    unsigned = any(row.status not in waiting.SIGNED for row in rows)
    return {value_key(row) for row in rows} | {round_key(report)} | (set() if unsigned else {sign_key(report)})


def value_key(row: Observation) -> str:
    return f"value-{row.pk}-{row.version}"


def round_key(report: ReportingRound) -> str:
    return f"round-{report.pk}-{report.status}"


def sign_key(report: ReportingRound) -> str:
    return f"round-{report.pk}-sign-{report.version}"


def about(program: Program | None, period: Any) -> str:
    where = program or _("Cambodia")
    return f"{where} · {period}"


# Waiting for a signature


@reminder(
    "signature",
    gettext_lazy("Waiting for your signature"),
    gettext_lazy(
        "Values that others entered, in one line for each program and round; rounds whose figures are all verified;"
        " proposed targets. The embassy hears of the values of a round once the ministry has signed it."
    ),
    actions=("observation.verify", "observation.accept"),
    order=50,
    counted=lambda count: (
        ngettext("%(count)s signature asked of you", "%(count)s signatures asked of you", count) % {"count": count}
    ),
)
def signatures(people: People, now: dt.datetime) -> Iterator[Due]:
    """Values by program and round, rounds whose figures are all verified, and proposed targets by program."""
    rounds = waiting.rounds_on_their_way()
    for user, values in waiting.waiting_values(people, rounds):
        yield values_due(user, values)
    for report in rounds.values():
        if report.status == ReportingRound.Status.CLOSED and not report.has_unsigned:  # type: ignore[attr-defined]
            for user in (pk for pk, person in people.items() if may(person, "round.manage")):
                key, words = sign_key(report), partial(round_words, report)
                yield Due(user, (key,), words, report.get_absolute_url(), is_demo=report.is_demo)
    for user, program, proposed in waiting.targets(people):
        keys = tuple(f"target-{each.pk}-{each.version}" for each in proposed)
        words = partial(target_words, program, proposed)
        path, is_demo = f"{reverse('review:list')}?show=waiting", any(each.is_demo for each in proposed)
        yield Due(user, keys, words, path, count=len(proposed), is_demo=is_demo)


def values_due(user: int, values: WaitingValues) -> Due:
    """Return the one line for all values of a program and round; told anew when its round moves or values come."""
    keys = {value_key(row) for row in values.rows}
    if values.report and not values.report.is_open:
        keys.add(round_key(values.report))
    periods = {row.period.code for row in values.rows}
    chosen = {"show": "waiting", "program": values.rows[0].program.slug if values.rows[0].program else ""}
    chosen |= {"period": periods.pop()} if len(periods) == 1 else {}
    path = f"{reverse('review:list')}?{urlencode({name: value for name, value in chosen.items() if value})}"
    moved = [row.verified_at or row.submitted_at for row in values.rows]
    newest = max((time for time in moved if time), default=None)
    words = partial(values_words, values.rows)
    return Due(
        user,
        tuple(keys),
        words,
        path,
        count=len(values.rows),
        is_demo=any(row.is_demo for row in values.rows),
        not_before=newest + QUIET if newest else None,
    )


def values_words(rows: Sequence[Observation]) -> str:
    periods = sorted({row.period_id: row.period for row in rows}.values(), key=lambda each: each.first_day)
    what = about(rows[0].program, ", ".join(str(period) for period in periods))
    told = ngettext("%(count)s value to sign", "%(count)s values to sign", len(rows)) % {"count": len(rows)}
    return f"{what} · {told}"


def round_words(report: ReportingRound) -> str:
    told = _("every figure is verified: the round can be signed")
    return f"{report} · {told}"


def target_words(program: Program | None, proposed: Sequence[Target]) -> str:
    count = len(proposed)
    told = ngettext("%(count)s proposed target to decide", "%(count)s proposed targets to decide", count)
    return about(program, told % {"count": count})


# Returned, and signed by others


@reminder(
    "returned",
    gettext_lazy("Values returned to you"),
    gettext_lazy("With the reason, to who entered or last changed the value, until it is handed in again."),
    actions=("observation.write",),
    order=20,
    counted=lambda count: (
        ngettext("%(count)s value returned to you", "%(count)s values returned to you", count) % {"count": count}
    ),
)
def returned(people: People, now: dt.datetime) -> Iterator[Due]:
    """Drafts whose last step was a return, to who entered or last changed them."""
    newest = ReviewEvent.objects.filter(observation=OuterRef("observation")).order_by("-pk").values("pk")[:1]
    draft = {"observation__status": Observation.Status.DRAFT, "observation__accepted_at": None}
    events = with_values(ReviewEvent.objects.filter(**draft, observation__archived_at=None, kind=Step.RETURN))
    for event in events.filter(pk=Subquery(newest)).select_related("by", "observation__indicator"):
        row = event.observation
        for user in people.keys() & authors(event):
            keys, words = (f"returned-{event.pk}",), partial(returned_words, event)
            yield Due(user, keys, words, row.get_absolute_url(), is_demo=row.is_demo)


def with_values(events: QuerySet[ReviewEvent]) -> QuerySet[ReviewEvent]:
    related = ("observation__program", "observation__period")
    return events.select_related(*related).defer("observation__parts", "observation__note").order_by("pk")


def authors(event: ReviewEvent) -> set[int | None]:
    """Return who wrote a value, without who took the step."""
    return {event.observation.entered_by_id, event.observation.changed_by_id} - {event.by_id}


def returned_words(event: ReviewEvent) -> str:
    row = event.observation
    return f"{row.indicator} · {about(row.program, row.period)} · {event.by}: {event.reason}"


@reminder(
    "signed",
    gettext_lazy("Your values were verified or accepted"),
    gettext_lazy("Of the last two weeks, to who entered or last changed them, in one line for each program and round."),
    actions=("observation.write",),
    order=80,
    counted=lambda count: ngettext("%(count)s value signed", "%(count)s values signed", count) % {"count": count},
)
def signed(people: People, now: dt.datetime) -> Iterator[Due]:
    """Values that were verified or accepted in the last two weeks, to their authors, by program and round."""
    older = ReviewEvent.objects.filter(at__lt=now - RECENT).order_by("-pk").values("pk")[:1]
    steps = ReviewEvent.objects.filter(pk__gt=Coalesce(Subquery(older), 0), kind__in=(Step.VERIFY, Step.ACCEPT))
    steps = steps.filter(observation__status=F("to_status"), observation__archived_at=None)
    found: dict[tuple[int, Place], list[ReviewEvent]] = defaultdict(list)
    for event in with_values(steps):
        for user in people.keys() & authors(event):
            found[user, waiting.place(event.observation)].append(event)
    for (user, _where), events in found.items():
        keys = tuple(f"signed-{event.pk}" for event in events)
        path = signed_path(events[-1].observation)
        not_before, words = events[-1].at + QUIET, partial(signed_words, events)
        is_demo = any(event.observation.is_demo for event in events)
        yield Due(user, keys, words, path, count=len(events), not_before=not_before, is_demo=is_demo)


def signed_path(row: Observation) -> str:
    """Return where values of a program are read: the program's page, or the list of indicators."""
    return row.program.get_absolute_url() if row.program else reverse("indicators:list")


def signed_words(events: Sequence[ReviewEvent]) -> str:
    rows, count = [event.observation for event in events], len(events)
    what = about(rows[0].program, ", ".join(str(each) for each in {row.period_id: row.period for row in rows}.values()))
    if all(event.kind == Step.ACCEPT for event in events):
        told = ngettext("%(count)s value accepted", "%(count)s values accepted", count)
    else:
        told = ngettext("%(count)s value verified", "%(count)s values verified", count)
    return f"{what} · {told % {'count': count}}"


# Values owed


@reminder(
    "round-closing",
    gettext_lazy("Values you owe for a round"),
    gettext_lazy(
        "When a round opens, a week and a day before its values are due, and when they are late: to who owes them, and"
        " to the verifiers where nobody is named or who was named has left."
    ),
    actions=("observation.write",),
    order=30,
    counted=lambda count: ngettext("%(count)s value owed", "%(count)s values owed", count) % {"count": count},
)
def round_closing(people: People, now: dt.datetime) -> Iterator[Due]:
    """Open rounds, to who owes values: when they open, a week and a day before they are due, and when they are late."""
    rounds = list(ReportingRound.objects.open().select_related("program", "period").order_by("due_on", "pk"))
    lines, today = lines_of_rounds(rounds) if rounds else {}, timezone.localdate(now)
    for report in rounds:
        counts: dict[int, int] = defaultdict(int)
        for line in owed(lines[report.pk]):
            for user in reporting(line.item, people):
                counts[user] += 1
        key, path = owed_key(report, today), report.get_absolute_url()
        for user in people.keys() & counts.keys():
            words, count = partial(owed_words, report, counts[user], (today - report.due_on).days), counts[user]
            late = (today - report.due_on).days
            more: dict[str, Any] = {"not_before": morning(now), "is_demo": report.is_demo}
            yield Due(user, (key,), words, path, urgency=late, count=count, **more)


def reporting(item: ProgramIndicator, people: People) -> set[int]:
    """Return who is to report an indicator; where nobody is named or is there, the verifiers."""
    if item.reporter and item.reporter.is_active:
        return {item.reporter.pk}
    return verifiers(people)


def owed_key(report: ReportingRound, today: dt.date) -> str:
    """Return the key of a round by how near the day is on which its values are due; each step is told once."""
    return f"round-{report.pk}-{report.due_on:%Y%m%d}-{step_of(report.due_on - today)}"


def step_of(left: dt.timedelta) -> str:
    if left < dt.timedelta(0):
        return "late"
    if left <= LAST_DAY:
        return "day"
    return "week" if left <= SOON else "open"


def owed_words(report: ReportingRound, count: int, late: int) -> str:
    told = ngettext("%(count)s value owed", "%(count)s values owed", count) % {"count": count}
    if late > 0:
        when = ngettext("%(shown)s day late", "%(shown)s days late", late) % {"shown": late}
    else:
        when = _("due on %(date)s") % {"date": date_format(report.due_on, "DATE_FORMAT")}
    return f"{report} · {told} · {when}"
