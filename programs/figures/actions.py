"""Figures over actions and over the questions people ask."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce, ExtractYear
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from capred_portal.figures import TOTAL, Exclusion, Figure, Scope, Words, figure, withhold_small_cells
from capred_portal.filters import filtered
from capred_portal.models import Comment
from programs.figures.work import counted
from programs.filters.actions import ActionFilter
from programs.filters.people import UNKNOWN, known_choices
from programs.filters.questions import QuestionFilter, standing_questions
from programs.models import Action, Person

SCOPES = ("program", "workshop", "goal", "province", "year", "quarter", "status", "priority")
BY = ("status", "priority", "province", "year")
COLUMNS: dict[str, Any] = {
    "status": "status",
    "priority": "priority",
    "province": Coalesce("workshop__province", "outcome__workshop__province"),
    "year": ExtractYear("due_on"),
}
ARCHIVED = _("archived actions, or actions of archived outcomes, workshops or programs")


def actions_figure(
    code: str, scope: Scope, label: Words, condition: Q | None = None, link: Mapping[str, str] | None = None
) -> dict[str, Figure]:
    """Count the actions in scope that meet a condition; `link` says the same to the list of actions."""
    condition = condition or Q()
    rows = filtered(ActionFilter, Action.objects.active(), scope).filter(condition)
    return counted(
        code,
        scope,
        rows,
        label=label,
        unit=_("actions"),
        url=reverse("actions:list"),
        column=COLUMNS.get(scope.by),
        link={"view": "table", **(link or {})},
        excluded=lambda: archived(scope, condition),
    )


def archived(scope: Scope, condition: Q) -> list[Exclusion]:
    """Return how many actions of the scope are left out because they are archived, or hang on something that is."""
    standing = Action.objects.active().values("pk")
    count = filtered(ActionFilter, Action.objects.exclude(pk__in=standing), scope).filter(condition).count()
    return [Exclusion(ARCHIVED, count)] if count else []


def overdue() -> Q:
    """Return the condition of open actions whose due date has passed."""
    return Q(pk__in=Action.objects.overdue().order_by().values("pk"))


@figure(
    "actions",
    title=_("Actions recorded"),
    rule=_(
        "Actions on record, whatever their status, without archived ones and without those of archived "
        "outcomes, workshops or programs. The year is that of the due date."
    ),
    unit=_("actions"),
    filters=ActionFilter,
    scopes=SCOPES,
    by=BY,
)
def actions(scope: Scope) -> dict[str, Figure]:
    """Count all actions, by status, priority, province or year when asked."""
    return actions_figure("actions", scope, _("Actions recorded"))


@figure(
    "actions-open",
    title=_("Actions open"),
    rule=_(
        "Actions that are planned, started or blocked. Done, dropped and closed ones that wait to be verified"
        " are not open."
    ),
    unit=_("actions"),
    filters=ActionFilter,
    scopes=SCOPES,
    by=BY,
)
def actions_open(scope: Scope) -> dict[str, Figure]:
    """Count open actions."""
    return actions_figure("actions-open", scope, _("Actions open"), Q(status__in=Action.OPEN), {"open": "1"})


@figure(
    "actions-overdue",
    title=_("Actions overdue"),
    rule=_("Open actions whose due date has passed. An action due today is not overdue."),
    unit=_("actions"),
    filters=ActionFilter,
    scopes=SCOPES,
    by=BY,
)
def actions_overdue(scope: Scope) -> dict[str, Figure]:
    """Count open actions past their due date."""
    return actions_figure("actions-overdue", scope, _("Actions overdue"), overdue(), {"overdue": "1"})


@figure(
    "actions-done",
    title=_("Actions done"),
    rule=_("Actions closed with what was done; those of high priority only once a second person has verified them."),
    unit=_("actions"),
    filters=ActionFilter,
    scopes=SCOPES,
    by=("priority", "province", "year"),
)
def actions_done(scope: Scope) -> dict[str, Figure]:
    """Count done actions."""
    done = Q(status=Action.Status.DONE)
    return actions_figure("actions-done", scope, _("Actions done"), done, {"status": Action.Status.DONE.value})


@figure(
    "actions-done-on-time",
    title=_("Actions done on time"),
    rule=_(
        "Of all actions done, the share closed on or before the due date. Not applicable while none is done. "
        "Open actions do not count, however late they are."
    ),
    unit="%",
    filters=ActionFilter,
    scopes=SCOPES,
)
def actions_done_on_time(scope: Scope) -> dict[str, Figure]:
    """Return the share in percent, and the two counts it comes from."""
    done = Q(status=Action.Status.DONE)
    on_time = Q(closed_on__lte=F("due_on"))
    rows = filtered(ActionFilter, Action.objects.active(), scope).filter(done)
    demo = Q(is_demo=True)
    counts = rows.aggregate(
        done=Count("pk"),
        on_time=Count("pk", filter=on_time),
        demo=Count("pk", filter=demo),
        demo_on_time=Count("pk", filter=demo & on_time),
    )
    share = (Decimal(100 * counts["on_time"]) / counts["done"]).quantize(Decimal("0.1")) if counts["done"] else None
    total = Figure(
        code="actions-done-on-time",
        label=_("Actions done on time"),
        value=share,
        unit="%",
        state="not applicable" if share is None else "value",
        has_demo=counts["demo"] > 0,
        excluded=lambda: archived(scope, done),
        scope=scope,
    )
    late = (counts["done"] - counts["on_time"], counts["demo"] - counts["demo_on_time"])
    return {
        TOTAL: total,
        "on-time": punctual(
            scope, "on-time", _("Done on or before the due date"), counts["on_time"], counts["demo_on_time"]
        ),
        "late": punctual(scope, "late", _("Done after the due date"), *late),
    }


def punctual(scope: Scope, key: str, label: Words, count: int, demo: int) -> Figure:
    """Return one of the two counts behind the share, with its rows."""
    url = reverse("actions:list") + scope.query(view="table", done=key)
    return Figure("actions-done-on-time", label, count, _("actions"), rows_url=url, has_demo=demo > 0, scope=scope)


@figure(
    "actions-owned",
    title=_("Actions owned by a person"),
    rule=_(
        "Actions whose owner is a person on record, by the sex of that person. Owners who have an account, and"
        " organizations, are left out: of them nobody has stated it. The year is that of the due date."
    ),
    unit=_("actions"),
    filters=ActionFilter,
    scopes=SCOPES,
    by=("sex",),
)
def actions_owned(scope: Scope) -> dict[str, Figure]:
    """Count actions that people own, by sex when asked; small parts withheld from those who may not read people."""
    rows = filtered(ActionFilter, Action.objects.active(), scope)
    people = rows.filter(owner_person__isnull=False)
    counts = people.values_list("owner_person__sex").annotate(
        rows=Count("pk"), demo=Count("pk", filter=Q(is_demo=True))
    )
    found = {sex or UNKNOWN: (count, demo) for sex, count, demo in counts.order_by()}

    def one(label: Words, numbers: list[tuple[int, int]], **extra: str) -> Figure:
        hides = bool(extra) and scope.hides_small_cells
        url = reverse("actions:list") + scope.query(view="table", owned="person", **extra)
        count, demo = (sum(column) for column in zip((0, 0), *numbers, strict=True))
        return Figure("actions-owned", label, count, _("actions"), "value", "" if hides else url, demo > 0, scope=scope)

    choices = known_choices(Person.Sex) if scope.by else []
    parts = {key: one(label, [found.get(key, (0, 0))], sex=key) for key, label in choices}
    total = one(_("Actions owned by a person"), list(found.values()))
    return {TOTAL: total} | (withhold_small_cells(parts) if scope.hides_small_cells else parts)


@figure(
    "questions-open",
    title=_("Questions open"),
    rule=_(
        "Questions on workshops, outcomes, actions and submitted values that nobody has answered, without those on "
        "archived records and on values that are drafts again. The year is that of the question."
    ),
    unit=_("questions"),
    filters=QuestionFilter,
    scopes=("program", "workshop", "year", "quarter"),
)
def questions_open(scope: Scope) -> dict[str, Figure]:
    """Count unanswered questions."""
    rows = filtered(QuestionFilter, standing_questions(), scope)
    return counted(
        "questions-open",
        scope,
        rows,
        label=_("Questions open"),
        unit=_("questions"),
        url=reverse("questions:list"),
        excluded=lambda: questions_on_archived_records(scope),
        link={"state": "open"},
    )


def questions_on_archived_records(scope: Scope) -> list[Exclusion]:
    """Return how many open questions are left out because what they ask about is archived."""
    everywhere = Scope(scope.role, {})
    count = filtered(QuestionFilter, Comment.objects.questions(), everywhere).count()
    count -= filtered(QuestionFilter, standing_questions(), everywhere).count()
    return [Exclusion(_("questions on archived records, or on values that are drafts again"), count)] if count else []
