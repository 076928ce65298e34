"""Figures over new firms: registered in a year or quarter."""

from dataclasses import replace
from typing import Any

from django.db.models import Count, Q, Value
from django.db.models.functions import ExtractYear
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from capred_portal.figures import SMALL_CELL, TOTAL, Exclusion, Figure, Scope, figure, withhold_small_cells
from enterprises.figures.parts import firms_in
from enterprises.figures.withheld import is_one_way
from enterprises.filters.enterprises import EnterpriseFilter

TITLE = _("New enterprises")
DEMO = Count("pk", filter=Q(is_demo=True))


def counted(scope: Scope, label: Any, numbers: tuple[int, int], **extra: str) -> Figure:
    """Return one number; the day of registration is no filter for those who may not read firms."""
    has_rows = not (scope.hides_small_cells or scope.halves_years)
    return Figure(
        code="enterprises-new",
        label=label,
        value=numbers[0],
        unit=_("enterprises"),
        rows_url=reverse("enterprises:list") + scope.query(registered="yes", **extra) if has_rows else "",
        has_demo=numbers[1] > 0,
        scope=scope,
    )


@figure(
    "enterprises-new",
    title=TITLE,
    rule=_(
        "Firms on the register by the day they were registered. Firms without that day are left out. It says when a"
        " firm came to the register, not when it began to work."
    ),
    unit=_("enterprises"),
    filters=EnterpriseFilter,
    scopes=("year", "quarter", "province", "sector"),
    by=("year",),
)
def enterprises_new(scope: Scope) -> dict[str, Figure]:
    """Count firms by the day of their registration."""
    rows = firms_in(scope)
    dated = rows.filter(registered_on__isnull=False)
    column = ExtractYear("registered_on") if scope.by else Value(TOTAL)
    counts = dated.annotate(part=column).values_list("part").annotate(rows=Count("pk"), demo=DEMO).order_by("part")
    found = {str(part): (count, demo) for part, count, demo in counts}
    whole = (sum(count for count, _demo in found.values()), sum(demo for _count, demo in found.values()))
    total = replace(counted(scope, TITLE, whole), excluded=lambda: undated(scope, rows))
    parts = {key: counted(scope, key, numbers, year=key) for key, numbers in found.items()} if scope.by else {}
    figures = {TOTAL: total, **parts}
    if not scope.hides_small_cells:
        return figures
    if 0 < whole[0] < SMALL_CELL or not is_one_way(scope):
        return {key: each.as_withheld() for key, each in figures.items()}
    return withhold_small_cells(figures)


def undated(scope: Scope, rows: Any) -> list[Exclusion]:
    """Return how many firms state no day; of a year or quarter nobody can say that."""
    if scope.get("year") or scope.get("quarter"):
        return []
    count = rows.filter(registered_on=None).count()
    return [Exclusion(_("enterprises without a day of registration"), count)] if count else []
