"""Figures over workshops and outcomes."""

from collections.abc import Mapping
from typing import Any

from django.db.models import CharField, Count, Q, Value
from django.db.models.functions import Cast, Concat, ExtractQuarter, ExtractYear
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from capred_portal.figures import TOTAL, Exclusion, Figure, Scope, figure
from capred_portal.filters import filtered
from enterprises.models import Province
from programs.filters.outcomes import OutcomeFilter
from programs.filters.workshops import WorkshopFilter
from programs.models import Action, Outcome, Theme, Workshop

SCOPES = ("program", "province", "year", "quarter", "goal", "theme")
NOT_STATED = "none"


def labels_of(dimension: str) -> dict[str, Any]:
    """Return key and label of every part of a breakdown, in the order they are shown."""
    if dimension == "province":
        places: dict[str, Any] = {province.code: province for province in Province.objects.all()}
        return places | {NOT_STATED: _("Not stated")}
    if dimension == "theme":
        return {theme.code: str(theme) for theme in Theme.objects.all()} | {NOT_STATED: _("Not stated")}
    if dimension == "stage":
        return {str(value): label for value, label in Outcome.Stage.choices} | {NOT_STATED: _("No stage")}
    if dimension == "kind":
        return {str(value): label for value, label in Outcome.Kind.choices}
    if dimension in ("status", "priority"):
        choices = Action.Status.choices if dimension == "status" else Action.Priority.choices
        return {str(value): label for value, label in choices}
    return {}


def count_by(rows: Any, column: Any) -> dict[str, tuple[int, int]]:
    """Return rows and demonstration rows per value of a column, from one query."""
    counts = rows.values_list(column).annotate(rows=Count("pk"), demo=Count("pk", filter=Q(is_demo=True))).order_by()
    return {str(NOT_STATED if value in (None, "") else value): (count, demo) for value, count, demo in counts}


def counted(
    code: str,
    scope: Scope,
    rows: Any,
    *,
    label: Any,
    unit: Any,
    url: str,
    column: Any = None,
    excluded: Any = (),
    link: Mapping[str, str] | None = None,
) -> dict[str, Figure]:
    """Return the count of rows as total and, when the scope asks, its parts; parts add up to the total.

    `link` holds parameters that lead to the rows but are no part of the scope.
    """
    if column is None:
        counts = {TOTAL: rows.aggregate(all=Count("pk"), demo=Count("pk", filter=Q(is_demo=True)))}
        totals = (counts[TOTAL]["all"], counts[TOTAL]["demo"])
        parts: dict[str, tuple[int, int]] = {}
    else:
        parts = count_by(rows, column)
        totals = (sum(count for count, _demo in parts.values()), sum(demo for _count, demo in parts.values()))

    def one(key: str, name: Any, numbers: tuple[int, int], **extra: str) -> Figure:
        return Figure(
            code=code,
            label=name,
            value=numbers[0],
            unit=unit,
            rows_url="" if extra and scope.halves_years else url + scope.query(**{**(link or {}), **extra}),
            has_demo=numbers[1] > 0,
            excluded=excluded if key == TOTAL else (),
            scope=scope,
        )

    names = labels_of(scope.by) or {key: key for key in sorted(parts)}
    shown = {key: one(key, name, parts.get(key, (0, 0)), **{scope.by: key}) for key, name in names.items()}
    return {TOTAL: one(TOTAL, label, totals), **shown}


def workshop_columns() -> dict[str, Any]:
    """The columns workshops are broken down by."""
    quarter = Concat(Cast(ExtractYear("date"), CharField()), Value("-Q"), Cast(ExtractQuarter("date"), CharField()))
    return {"province": "province", "year": ExtractYear("date"), "quarter": quarter}


@figure(
    "workshops-held",
    title=_("Workshops held"),
    rule=_("Workshops whose first day has come, without archived ones. Each workshop counts once, on its first day."),
    unit=_("workshops"),
    filters=WorkshopFilter,
    scopes=(*SCOPES, "time"),
    by=("province", "year", "quarter"),
)
def workshops_held(scope: Scope) -> dict[str, Figure]:
    """Count workshops held, by province or year when asked."""
    scope = Scope(scope.role, {**scope.params, "time": "held"})
    rows = filtered(WorkshopFilter, Workshop.objects.active(), scope)
    return counted(
        "workshops-held",
        scope,
        rows,
        label=_("Workshops held"),
        unit=_("workshops"),
        url=reverse("workshops:list"),
        column=workshop_columns().get(scope.by),
        excluded=archived_workshops,
    )


def archived_workshops() -> list[Exclusion]:
    """Return how many workshops are left out because they are archived."""
    count = Workshop.objects.exclude(archived_at=None).filter(date__lte=timezone.localdate()).count()
    return [Exclusion(_("archived workshops"), count)] if count else []


@figure(
    "workshops-planned",
    title=_("Workshops planned"),
    rule=_("Workshops whose first day is still to come, without archived ones."),
    unit=_("workshops"),
    filters=WorkshopFilter,
    scopes=(*SCOPES, "time"),
    by=("province",),
)
def workshops_planned(scope: Scope) -> dict[str, Figure]:
    """Count workshops still to come."""
    scope = Scope(scope.role, {**scope.params, "time": "planned"})
    rows = filtered(WorkshopFilter, Workshop.objects.active(), scope)
    return counted(
        "workshops-planned",
        scope,
        rows,
        label=_("Workshops planned"),
        unit=_("workshops"),
        url=reverse("workshops:list"),
        column=workshop_columns().get(scope.by),
    )


@figure(
    "outcomes-recorded",
    title=_("Outcomes recorded"),
    rule=_(
        "Findings, recommendations, tools, policies, programs and commitments on record, without archived ones "
        "and without those of archived workshops."
    ),
    unit=_("outcomes"),
    filters=OutcomeFilter,
    scopes=(*SCOPES, "kind", "stage"),
    by=("kind", "stage", "theme", "province"),
)
def outcomes_recorded(scope: Scope) -> dict[str, Figure]:
    """Count outcomes, by kind, stage of life, theme or province of the workshop when asked."""
    rows = filtered(OutcomeFilter, Outcome.objects.active(), scope)
    columns = {"kind": "kind", "stage": "stage", "theme": "theme", "province": "workshop__province"}
    return counted(
        "outcomes-recorded",
        scope,
        rows,
        label=_("Outcomes recorded"),
        unit=_("outcomes"),
        url=reverse("outcomes:list"),
        column=columns.get(scope.by),
        excluded=archived_outcomes,
    )


def archived_outcomes() -> list[Exclusion]:
    """Return how many outcomes are left out because they, or their workshops, are archived."""
    count = Outcome.objects.exclude(archived_at=None, workshop__archived_at=None).count()
    return [Exclusion(_("archived outcomes, or outcomes of archived workshops"), count)] if count else []
