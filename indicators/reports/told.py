"""What stands beside the values of a program in a quarter: what rounds reported of them, their parts, their sources."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from indicators.breakdowns import Breakdown, added_up, breakdown
from indicators.cells import flat
from indicators.dimensions import DIMENSIONS
from indicators.models import Observation, Period, Source, Target
from indicators.program_values import ProgramValue
from indicators.signatures import reported_of, signed
from programs.models import Program


@dataclass(frozen=True)
class Correction:
    """A value that is another now than a round reported."""

    place: str  # blank where the program tells one value
    reported: str
    now: str


@dataclass(frozen=True)
class Parts:
    """One value in its parts, by each dimension it is told in."""

    value: ProgramValue
    breakdowns: Sequence[Breakdown]


def corrections(program: Program, period: Period) -> dict[int, list[Correction]]:
    """Return what was corrected since it was reported, by the key of the indicator, from two queries."""
    rows = Observation.objects.counted().filter(program=program, period__code__in=codes_in(period))
    found = list(rows.select_related("indicator", "province").order_by("province", "pk"))
    reported = reported_of(found)
    told: dict[int, list[Correction]] = defaultdict(list)
    for row in found:
        if (value := signed(row, reported)).reported:
            told[row.indicator_id].append(Correction(str(row.province or ""), value.reported, value.text))
    return told


def parts_of_all(values: Iterable[ProgramValue], program: Program, period: Period) -> list[Parts]:
    """Return the values that are told in parts, small ones withheld, from two queries."""
    chosen = {value.indicator.pk: value for value in values if value.value is not None and dimensions_of(value)}
    codes = codes_in(period)
    rows = Observation.objects.counted().filter(program=program, period__code__in=codes, indicator__in=chosen)
    told: dict[tuple[int, str], list[dict[str, Decimal]]] = defaultdict(list)
    for pk, code, parts in rows.order_by().values_list("indicator_id", "period__code", "parts"):
        told[pk, code].append(flat(parts))
    targets: dict[int, dict[str, Target]] = defaultdict(dict)
    aims = Target.objects.approved().filter(indicator__in=chosen, program=program, kind=Target.Kind.TARGET)
    for row in aims.exclude(part="").select_related("period"):
        targets[row.indicator_id][row.part] = row
    found = []
    for pk, value in chosen.items():
        code = value.reading.period if value.reading else period.code
        parts = added_up(value.indicator, told[pk, code])
        found.append(Parts(value, [told_by(code, value, parts, targets[pk]) for code in dimensions_of(value)]))
    return found


def codes_in(period: Period) -> list[str]:
    """Return the quarter, and with the last one of a year the year, of which yearly indicators tell their values."""
    year = str(period.first_day.year)
    return [period.code, year] if period.code == f"{year}-Q4" else [period.code]


def told_by(code: str, value: ProgramValue, parts: dict[str, Decimal], targets: dict[str, Target]) -> Breakdown:
    """Return a value by one dimension, as whoever reads reports may see it."""
    if value.reading is None:
        raise ValueError("a value nobody told has no parts")
    return breakdown(value.indicator, code, value.reading, parts, targets, hides_small_cells=True)


def dimensions_of(value: ProgramValue) -> list[str]:
    return [code for code in value.indicator.breakdowns if code in DIMENSIONS]


def editions_of(values: Iterable[ProgramValue]) -> list[Source]:
    """Return the editions that baselines, milestones and targets are taken from, each once."""
    points = [point.source for value in values for point in value.path.points]
    return list({source.pk: source for source in points if source is not None}.values())
