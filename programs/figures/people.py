"""Figures over people and attendances; whoever may not read names sees breakdowns without small cells."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import Count, Exists, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from capred_portal.figures import TOTAL, Exclusion, Figure, Scope, Words, figure, withhold_small_cells
from capred_portal.keys import key_in
from capred_portal.models import Organisation
from programs.filters.people import UNKNOWN, AttendanceScopeFilter, known_choices
from programs.filters.workshops import WorkshopFilter
from programs.models import Attendance, Person, Workshop

CHUNK = 5_000  # rows of an answer that are in memory at once
SCOPES = ("workshop", "program", "province", "year", "quarter", "goal")

# Breakdown: the column, the parameter of the list, the parts in order.
PARTS: dict[str, tuple[str, str, list[tuple[str, Any]]]] = {
    "sex": ("person__sex", "sex", known_choices(Person.Sex)),
    "disability": ("disability", "disability", known_choices(Attendance.Disability)),
    "age": ("age_band", "age", known_choices(Attendance.AgeBand)),
    "organisation-kind": ("organisation__kind", "kind", list(Organisation.Kind.choices)),
}

COUNTED: dict[str, tuple[str, Words, Words]] = {
    "came": ("attendances", _("Attendances"), _("attendances")),
    "people": ("unique-people", _("Unique people"), _("people")),
}
PART_TITLES: dict[str, Words] = {
    "sex": _("Sex"),
    "disability": _("Disability"),
    "age": _("Age"),
    "organisation-kind": _("Kind of organisation"),
}


def rows_in(scope: Scope, of: str = "") -> Any:
    """Return the attendances in scope that count, through the filters of the list they are shown in."""
    params = {**scope.params, "of": of}
    return AttendanceScopeFilter(params, Attendance.objects.listed()).qs.order_by()


def exclusions(scope: Scope, *, no_shows: bool) -> tuple[Exclusion, ...]:
    """Return the rows of the scope that do not count, with the reasons."""
    rows = AttendanceScopeFilter(scope.params, Attendance.objects.all()).qs.order_by()
    stands = Q(archived_at=None, workshop__archived_at=None)
    counts = rows.aggregate(archived=Count("pk", filter=~stands), absent=Count("pk", filter=stands & Q(attended=False)))
    found = [(_("archived rows, or rows of archived workshops"), counts["archived"])]
    if no_shows:
        found.append((_("registered but did not come"), counts["absent"]))
    return tuple(Exclusion(reason, count) for reason, count in found if count)


def cross_table(rows: Any, *parts: str, of_each: str = "") -> Any:
    """Return how many rows have each combination of answers to these questions, from one query.

    Of everybody together or, in order, of each workshop or whatever else rows belong to.
    """
    apart = [of_each] if of_each else []
    columns = [PARTS[by][0] for by in parts]
    counts = rows.values(*apart, *columns).annotate(count=Count("pk"), demo=Count("pk", filter=Q(is_demo=True)))
    return counts.order_by(*apart)


def parts_of(total: Figure, table: list[dict[str, Any]], by: str, of: str) -> dict[str, Figure]:
    """Return the parts of a total, unknown ones too, so that they add up; small ones withheld where they must be."""
    column, parameter, choices = PARTS[by]
    counts: Counter[str] = Counter()
    demo: Counter[str] = Counter()
    for cell in table:
        counts[cell[column] or UNKNOWN] += cell["count"]
        demo[cell[column] or UNKNOWN] += cell["demo"]
    hides, url = total.scope.hides_small_cells, reverse("people:attendances")
    extra = {"of": of} if of else {}
    parts = {
        key: replace(
            total,
            label=label,
            value=counts[key],
            has_demo=demo[key] > 0,
            excluded=(),
            rows_url="" if hides else url + total.scope.query(**extra, **{parameter: key}),
        )
        for key, label in choices
    }
    return withhold_small_cells(parts) if hides else parts


def counted(code: str, scope: Scope, *, of: str, label: Words, unit: Words) -> dict[str, Figure]:
    """Return the number of attendances that count and, when the scope asks, its parts."""
    table = list(cross_table(rows_in(scope, of), scope.by)) if scope.by else []
    value, has_demo = totals(table) if scope.by else quick_totals(scope, of)
    total = Figure(
        code=code,
        label=label,
        value=value,
        unit=unit,
        rows_url=reverse("people:attendances") + scope.query(**({"of": of} if of else {})),
        has_demo=has_demo,
        excluded=lambda: exclusions(scope, no_shows=bool(of)),
        scope=scope,
    )
    return {TOTAL: total} | (parts_of(total, table, scope.by, of) if scope.by else {})


def totals(table: list[dict[str, Any]]) -> tuple[int, bool]:
    """Return how many rows a table counts, and whether invented ones are among them."""
    return sum(cell["count"] for cell in table), any(cell["demo"] for cell in table)


def quick_totals(scope: Scope, of: str) -> tuple[int, bool]:
    """Return the same without parts; how many people came needs no search for the latest workshop of each."""
    if of == "people" and not scope.get("workshop"):
        came = rows_in(scope, "came")
        any_demo = Count("person", filter=Exists(came.filter(is_demo=True)))
        counts = came.values("person").distinct().aggregate(rows=Count("person"), demo=any_demo)
    else:
        counts = rows_in(scope, of).aggregate(rows=Count("pk"), demo=Count("pk", filter=Q(is_demo=True)))
    return counts["rows"], counts["demo"] > 0


def breakdowns(scope: Scope, of: str = "came") -> dict[str, dict[str, Figure]]:
    """Return everybody who came, or each person who came once, by each of the breakdowns: one query for all."""
    return broken_down(scope, list(cross_table(rows_in(scope, of), *PARTS)), of)


def breakdowns_of_workshops(
    workshops: Collection[int], role: str
) -> Iterator[tuple[int, dict[str, dict[str, Figure]]]]:
    """Yield the same of everybody who came to each of many workshops, for a role: one query for them all.

    By the keys of the workshops, in their order; a workshop nobody came to is left out.
    """
    rows = rows_in(Scope(role), "came").filter(workshop__in=workshops)
    cells = cross_table(rows, *PARTS, of_each="workshop").iterator(CHUNK)
    for workshop, table in groupby(cells, key=itemgetter("workshop")):
        yield workshop, broken_down(Scope(role, {"workshop": str(workshop)}), list(table), "came")


def broken_down(scope: Scope, table: list[dict[str, Any]], of: str) -> dict[str, dict[str, Figure]]:
    """Return the total of a table and its parts by each of the breakdowns."""
    came, has_demo = totals(table)
    code, label, unit = COUNTED[of]
    url = reverse("people:attendances") + scope.query(of=of)
    total = Figure(code, label, came, unit, rows_url=url, has_demo=has_demo, scope=scope)
    return {by: {TOTAL: total} | parts_of(total, table, by, of) for by in PARTS}


@figure(
    "people-on-list",
    title=_("People on the list"),
    rule=_("Everybody on the attendance lists, whether they came or only registered. Archived rows do not count."),
    unit=_("people"),
    filters=AttendanceScopeFilter,
    scopes=SCOPES,
    by=tuple(PARTS),
)
def people_on_list(scope: Scope) -> dict[str, Figure]:
    """Count the rows of attendance lists."""
    return counted("people-on-list", scope, of="", label=_("People on the list"), unit=_("people"))


@figure(
    "attendances",
    title=_("Attendances"),
    rule=_(
        "One for every person at every workshop that person came to, however many days it lasted. "
        "Who registered but did not come is left out."
    ),
    unit=_("attendances"),
    filters=AttendanceScopeFilter,
    scopes=SCOPES,
    by=tuple(PARTS),
)
def attendances(scope: Scope) -> dict[str, Figure]:
    """Count who came, once for each workshop."""
    return counted("attendances", scope, of="came", label=_("Attendances"), unit=_("attendances"))


@figure(
    "unique-people",
    title=_("Unique people"),
    rule=_(
        "People who came to at least one of these workshops in the period, each counted once; without a period: ever. "
        "Age, disability and organisation are the latest answers in the period. Merged records are one person."
    ),
    unit=_("people"),
    filters=AttendanceScopeFilter,
    scopes=SCOPES,
    by=tuple(PARTS),
)
def unique_people(scope: Scope) -> dict[str, Figure]:
    """Count who came, once for each person."""
    return counted("unique-people", scope, of="people", label=_("Unique people"), unit=_("people"))


@figure(
    "first-timers",
    title=_("First-timers"),
    rule=_(
        "People who came for the first time ever: never to an earlier workshop recorded in this portal, "
        "of whatever program or period. Their answers are those of that first workshop."
    ),
    unit=_("people"),
    filters=AttendanceScopeFilter,
    scopes=SCOPES,
    by=tuple(PARTS),
)
def first_timers(scope: Scope) -> dict[str, Figure]:
    """Count whose first workshop is in scope."""
    return counted("first-timers", scope, of="first", label=_("First-timers"), unit=_("people"))


@figure(
    "head-count",
    title=_("Head-count"),
    rule=_(
        "The number of people in the room as somebody counted and typed it. "
        "Over several workshops: the sum of those that have one."
    ),
    unit=_("people"),
    filters=AttendanceScopeFilter,
    scopes=SCOPES,
)
def head_count(scope: Scope) -> dict[str, Figure]:
    """Add up what was typed; missing where nothing was."""
    if workshop := scope.get("workshop"):
        rows = Workshop.objects.active().filter(pk=key_in(workshop))
    else:
        rows = WorkshopFilter(scope.params, Workshop.objects.held()).qs
    untyped = Count("pk", filter=Q(head_count=None))
    demo = Count("pk", filter=Q(is_demo=True, head_count__isnull=False))
    counts = rows.order_by().aggregate(typed=Sum("head_count"), untyped=untyped, demo=demo)
    label = _("Head-count")
    found = Figure(
        code="head-count",
        label=label,
        value=counts["typed"],
        unit=_("people"),
        state="missing" if counts["typed"] is None else "value",
        has_demo=counts["demo"] > 0,
        excluded=(Exclusion(_("workshops without a head-count"), counts["untyped"]),) if counts["untyped"] else (),
        scope=scope,
    )
    return {TOTAL: found}


@figure(
    "head-count-gap",
    title=_("Gap between head-count and list"),
    rule=_(
        "Head-count minus the people on the list who came. Above zero: people in the room who are not on the list. "
        "Below zero: more on the list than were counted."
    ),
    unit=_("people"),
    filters=AttendanceScopeFilter,
    scopes=("workshop",),
)
def head_count_gap(scope: Scope) -> dict[str, Figure]:
    """Subtract who came according to the list from the head-count; not applicable without a head-count."""
    return {TOTAL: gap(head_count(scope)[TOTAL], attendances(scope)[TOTAL])}


def gap(heads: Figure, came: Figure) -> Figure:
    """Return the gap between two figures of one workshop."""
    label, has_demo = _("Gap between head-count and list"), heads.has_demo or came.has_demo
    found = Figure(
        code="head-count-gap", label=label, value=None, unit=_("people"), has_demo=has_demo, scope=heads.scope
    )
    if heads.value is None or came.value is None:
        return replace(found, state="not applicable")
    return replace(found, value=heads.value - came.value)
