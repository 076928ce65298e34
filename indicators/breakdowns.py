"""The newest value of an indicator in its parts: what is told, what is unknown, and the targets set for parts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.db.models.lookups import IsNull

from capred_portal.figures import Figure, Words
from indicators.analytics.aggregation import UNKNOWN, AboveTotal, Measured, with_unknown
from indicators.analytics.suppression import hidden_parts
from indicators.cells import flat, has_additive_parts
from indicators.dimensions import DIMENSIONS, part_title
from indicators.models import Indicator, Observation, Target
from indicators.readings import Reading, of_standing_programs
from indicators.shown import measured_text, value_text
from programs.models import Program

Parts = Mapping[str, Decimal]  # dimension:key -> value
Member = tuple[Decimal | None, Parts]  # the total of one program and its parts


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

    Who may not see small cells gets parts of counts below 5, and the next smallest, as withheld; of the country also
    what is withheld of a program.
    """
    dimensions = [code for code in indicator.breakdowns if code in DIMENSIONS]
    if reading is None or reading.value is None or not dimensions:
        return []
    told, members = parts_of(indicator, reading, program)
    targets = targets_of_parts(indicator, program)
    return [
        breakdown(indicator, code, reading, told, targets, hides_small_cells, members=members) for code in dimensions
    ]


def parts_of(
    indicator: Indicator, reading: Reading, program: Program | None
) -> tuple[dict[str, Decimal], Sequence[Member]]:
    """Return the parts of all values that make up a reading, added up where that can be; of the country, by program."""
    rows = Observation.objects.counted().filter(indicator=indicator, period__code=reading.period)
    rows = of_standing_programs(rows) if program is None else rows.filter(program=program)
    values = rows.order_by().values_list("program_id", "value", "parts")
    found = [(pk, value, flat(parts)) for pk, value, parts in values]
    of_country = [row for row in found if row[0] is None]
    told = added_up(indicator, [parts for _program, _value, parts in of_country or found])
    return told, [] if program else members_in(indicator, found)


def members_in(indicator: Indicator, found: Iterable[tuple[int | None, Decimal | None, Parts]]) -> list[Member]:
    """Return the total and the parts of each program, from values of one period."""
    values: dict[int, list[tuple[Decimal, Parts]]] = defaultdict(list)
    for program, value, parts in found:
        if program is not None and value is not None:
            values[program].append((value, parts))
    return [
        (sum((value for value, _parts in each), Decimal(0)), added_up(indicator, [parts for _value, parts in each]))
        for each in values.values()
    ]


def may_be_added(indicator: Indicator) -> bool:
    """Tell whether the parts of several places come to a part of them all, and so could be subtracted from it."""
    return has_additive_parts(indicator) and indicator.over_places == Indicator.Rule.SUM


def is_one_of_several() -> Exists:
    """Return the condition of values whose sum with others is told: of a program or, of the country's own, of all."""
    others = Observation.objects.counted().filter(indicator=OuterRef("indicator"), period=OuterRef("period"))
    same = Q(program=OuterRef("program")) | Q(IsNull(OuterRef("program"), True))
    return Exists(others.filter(same).exclude(slot=OuterRef("slot")))


def added_up(indicator: Indicator, told: Sequence[Mapping[str, Decimal]]) -> dict[str, Decimal]:
    """Return the sums of parts; of several values whose parts cannot be added, nothing."""
    if len(told) != 1 and not may_be_added(indicator):
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
    **beside: Any,
) -> Breakdown:
    """Return the parts of one dimension in their order; what nobody told comes last, as unknown.

    What is told `beside` this value, from which it could be reckoned, is as for `cells_shown`.
    """
    cells, exceeds = cells_shown(indicator, code, reading, told, hides_small_cells, **beside)
    parts = [part(indicator, f"{code}:{key}", cell, targets) for key, cell in cells.items()]
    return Breakdown(
        DIMENSIONS[code].title,
        parts,
        measured_text(indicator, reading.measured, with_unit=False),
        has_additive_parts(indicator),
        exceeds,
    )


def cells_shown(
    indicator: Indicator,
    code: str,
    reading: Reading,
    told: Mapping[str, Decimal],
    hides_small_cells: bool,
    *,
    members: Iterable[Member] = (),
    is_one_of_several: bool = False,
) -> tuple[dict[str, Figure], bool]:
    """Return the parts of one dimension by their keys, and whether they come to more than the total.

    Where small cells are hidden, `members` are the programs that a value of the country is told for too; of one of
    several values whose sum is told, no part is shown at all.
    """
    cells, exceeds = cells_told(indicator, code, reading.value, told)
    if not hides_small_cells or not has_additive_parts(indicator):
        return cells, exceeds
    apart = members if may_be_added(indicator) else ()
    hidden = hidden_parts(
        numbers(cells),
        [hidden_parts(numbers(cells_told(indicator, code, total, parts)[0])) for total, parts in apart],
    )
    if is_one_of_several and may_be_added(indicator):
        hidden = {key for key, number in numbers(cells).items() if number is not None}
    withheld = {key: replace(cells[key], value=None, state="withheld") for key in hidden}
    return cells | withheld, exceeds


def cells_told(
    indicator: Indicator, code: str, total: Decimal | None, told: Mapping[str, Decimal]
) -> tuple[dict[str, Figure], bool]:
    """Return the parts of one dimension as they were told, and whether they come to more than the total."""
    known = {key: told.get(f"{code}:{key}") for key in (*DIMENSIONS[code].parts, UNKNOWN)}
    exceeds = False
    shown: dict[str, Decimal | None] = dict(known)
    if adds_up := has_additive_parts(indicator):
        try:
            shown = {**known, **with_unknown(total or Decimal(0), known)}
        except (AboveTotal, ValueError):
            exceeds = True
    cells = cells_of(shown)
    if not adds_up and shown[UNKNOWN] is None:
        del cells[UNKNOWN]
    return cells, exceeds


def numbers(cells: Mapping[str, Figure]) -> dict[str, Any]:
    return {key: cell.value for key, cell in cells.items()}


def cells_of(shown: Mapping[str, Decimal | None]) -> dict[str, Figure]:
    """Return parts as figures, which say of what has no value why."""
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
