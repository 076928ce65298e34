"""The newest value of an indicator in its parts: what is told, what is unknown, and the targets set for parts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from capred_portal.figures import Figure, Words, withhold_small_cells
from indicators.analytics.aggregation import UNKNOWN, AboveTotal, Measured, with_unknown
from indicators.cells import flat, has_additive_parts
from indicators.dimensions import DIMENSIONS, part_title
from indicators.models import Indicator, Observation, Target
from indicators.readings import Reading, of_standing_programs
from indicators.shown import measured_text, value_text
from programs.models import Program


@dataclass(frozen=True)
class Part:
    """One part of the newest value, with the target that is set for it."""

    title: Words
    text: str
    is_withheld: bool = False
    target: Target | None = None
    target_text: str = ""


@dataclass(frozen=True)
class Breakdown:
    """The newest value by one dimension; where the parts add up, they come to the total."""

    title: Words
    parts: Sequence[Part]
    total: str
    adds_up: bool
    exceeds: bool = False  # the parts that were told come to more than the total


def breakdowns_of(
    indicator: Indicator, reading: Reading | None, *, program: Program | None, hides_small_cells: bool
) -> list[Breakdown]:
    """Return the newest value by each dimension of the indicator, from two queries.

    Who may not see small cells gets parts of counts below 5, and the next smallest, as withheld.
    """
    dimensions = [code for code in indicator.breakdowns if code in DIMENSIONS]
    if reading is None or reading.value is None or not dimensions:
        return []
    told = parts_of(indicator, reading, program)
    targets = targets_of_parts(indicator, program)
    return [breakdown(indicator, code, reading, told, targets, hides_small_cells) for code in dimensions]


def parts_of(indicator: Indicator, reading: Reading, program: Program | None) -> dict[str, Decimal]:
    """Return the parts of all values that make up a reading, added up where parts of this indicator can be."""
    rows = Observation.objects.counted().filter(indicator=indicator, period__code=reading.period)
    rows = of_standing_programs(rows) if program is None else rows.filter(program=program)
    found = list(rows.order_by().values_list("program_id", "parts"))
    of_country = [row for row in found if row[0] is None]
    return added_up(indicator, [flat(parts) for _program, parts in of_country or found])


def added_up(indicator: Indicator, told: Sequence[Mapping[str, Decimal]]) -> dict[str, Decimal]:
    """Return the sums of parts; of several values whose parts cannot be added, nothing."""
    may_add = has_additive_parts(indicator) and indicator.over_places == Indicator.Rule.SUM
    if len(told) != 1 and not may_add:
        return {}
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for parts in told:
        for name, part in parts.items():
            sums[name] += part
    return dict(sums)


def targets_of_parts(indicator: Indicator, program: Program | None) -> dict[str, Target]:
    rows = Target.objects.approved().filter(indicator=indicator, program=program, kind=Target.Kind.TARGET)
    return {row.part: row for row in rows.exclude(part="").select_related("period")}


def breakdown(
    indicator: Indicator,
    code: str,
    reading: Reading,
    told: Mapping[str, Decimal],
    targets: Mapping[str, Target],
    hides_small_cells: bool,
) -> Breakdown:
    """Return the parts of one dimension in their order; what nobody told comes last, as unknown."""
    cells, exceeds = cells_shown(indicator, code, reading, told, hides_small_cells)
    parts = [part(indicator, f"{code}:{key}", cell, targets) for key, cell in cells.items()]
    return Breakdown(
        DIMENSIONS[code].title,
        parts,
        measured_text(indicator, reading.measured, with_unit=False),
        has_additive_parts(indicator),
        exceeds,
    )


def cells_shown(
    indicator: Indicator, code: str, reading: Reading, told: Mapping[str, Decimal], hides_small_cells: bool
) -> tuple[dict[str, Figure], bool]:
    """Return the parts of one dimension by their keys, and whether they come to more than the total."""
    known = {key: told.get(f"{code}:{key}") for key in (*DIMENSIONS[code].parts, UNKNOWN)}
    exceeds = False
    shown: dict[str, Decimal | None] = dict(known)
    if adds_up := has_additive_parts(indicator):
        try:
            shown = {**known, **with_unknown(reading.value or Decimal(0), known)}
        except (AboveTotal, ValueError):
            exceeds = True
    cells = cells_of(shown)
    if hides_small_cells and adds_up:
        cells = withhold_small_cells(cells)
    if not adds_up and shown[UNKNOWN] is None:
        del cells[UNKNOWN]
    return cells, exceeds


def cells_of(shown: Mapping[str, Decimal | None]) -> dict[str, Figure]:
    """Return parts as figures, so that small ones are withheld by the one rule there is for it."""
    return {
        key: Figure("part", key, value, state="missing" if value is None else "value") for key, value in shown.items()
    }


def part(indicator: Indicator, name: str, cell: Figure, targets: Mapping[str, Target]) -> Part:
    target = targets.get(name)
    measured: Any = Measured.of(cell.value) if cell.value is not None else Measured(state=cell.state)
    return Part(
        title=part_title(name),
        text=measured_text(indicator, measured, with_unit=False),
        is_withheld=cell.state == "withheld",
        target=target,
        target_text=value_text(indicator, target.value, with_unit=False) if target else "",
    )


def small_enough(breakdowns: Iterable[Breakdown]) -> bool:
    """Tell whether something is withheld, so that the page says why."""
    return any(each.is_withheld for breakdown in breakdowns for each in breakdown.parts)
