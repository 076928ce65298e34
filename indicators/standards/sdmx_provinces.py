"""The signed values of provinces for SDMX: each as it is kept, with the parts that its own page shows to officers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When

from capred_portal.figures import Figure
from indicators.analytics.aggregation import Aggregate, Measured
from indicators.breakdowns import cells_shown, is_one_of_several
from indicators.cells import flat
from indicators.dimensions import DIMENSIONS
from indicators.models import Indicator, Observation, ProgramIndicator
from indicators.program_values import real_indicators
from indicators.readings import Reading, of_standing_programs
from indicators.versions import SIGNED
from programs.models import Program

State = Observation.State
NO_VALUE = {State.MISSING: Measured.missing(), State.NOT_APPLICABLE: Measured.not_applicable()}
COLUMNS = (
    *("indicator_id", "program__slug", "province__iso_code", "period__code", "period__first_day", "period__last_day"),
    *("state", "value", "status", "parts"),
)


@dataclass(frozen=True)
class ProvinceValue:
    """What a program, or the country itself, tells of one province, and its parts with small ones withheld."""

    indicator: Indicator
    program: str | None  # its slug
    area: str  # the ISO 3166-2 code of the province
    reading: Reading
    cells: Mapping[str, Mapping[str, Figure]]


def signed_in_provinces(
    *, program: Program | None = None, period: str = "", indicator: Indicator | None = None
) -> Iterator[ProvinceValue]:
    """Yield the signed values of provinces that are not invented, in the order of programs, from two queries.

    All, or those of a program, a period, an indicator. A value stands here also where the whole is told too.
    """
    found = real_indicators().filter(series="").in_bulk()
    asked = {"program": program, "period__code": period, "indicator": indicator}
    rows = signed_rows().filter(indicator__in=found, **{name: told for name, told in asked.items() if told})
    # Whether others stand beside it matters only where there are parts.
    several = Case(When(parts={}, then=Value(False)), default=is_one_of_several())
    order = (F("program__slug").asc(nulls_last=True), "indicator__order", "indicator__code", "period__first_day")
    told = rows.order_by(*order, "period__code", "province").annotate(several=several).values(*COLUMNS, "several")
    return (value_of(found[row["indicator_id"]], row) for row in told.iterator())


def signed_rows() -> QuerySet[Observation]:
    """Return the versions that pages show of provinces: signed, real, of the country or of a program that reports."""
    reports = ProgramIndicator.objects.active().filter(indicator=OuterRef("indicator"), program=OuterRef("program"))
    shown = of_standing_programs(Observation.objects.shown().exclude(province=None))
    rows: QuerySet[Observation] = shown.filter(
        Q(program=None) | Q(Exists(reports), program__is_demo=False), status__in=SIGNED, is_demo=False
    )
    return rows


def value_of(indicator: Indicator, row: Mapping[str, Any]) -> ProvinceValue:
    """Return a value as it is kept, not computed again; beside others whose sum is told, its parts are withheld."""
    aggregate = Aggregate(NO_VALUE.get(row["state"]) or Measured.of(row["value"]), 1, 0)
    days = row["period__first_day"], row["period__last_day"]
    reading = Reading(row["period__code"], *days, aggregate, statuses={row["status"]: 1})
    told, several = flat(row["parts"]), row["several"]
    cells = {
        code: cells_shown(indicator, code, reading, told, hides_small_cells=True, is_one_of_several=several)[0]
        for code in row["parts"]
        if code in DIMENSIONS and reading.value is not None
    }
    return ProvinceValue(indicator, row["program__slug"], row["province__iso_code"], reading, cells)
