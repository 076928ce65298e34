"""How every page reads values: of reported, derived and published indicators alike, as readings in time order."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from indicators.analytics.aggregation import (
    Aggregate,
    Measured,
    australian_year,
    calendar_year,
    over_periods,
    over_places,
    quarters_of,
)
from indicators.analytics.totals import Totals, over_totals
from indicators.models import Indicator, Observation
from indicators.sums import statuses_in, sums_of, totals_in
from programs.models import Program

PERCENT = 100
ORDER = [str(status) for status in Observation.Status]  # weakest first
PUBLISHED = "published"
COLUMNS = (
    "indicator_id",
    "program_id",
    "province_id",
    "period__code",
    "period__first_day",
    "period__last_day",
    "state",
    "value",
    "numerator",
    "denominator",
    "weight",
    "status",
    "rule_version",
    "is_demo",
    "pk",
)


@dataclass(frozen=True)
class Reading:
    """The value of an indicator in a period: one observation, several together, or a published value."""

    period: str
    first_day: dt.date
    last_day: dt.date
    aggregate: Aggregate
    statuses: Mapping[str, int] = field(default_factory=dict)  # status -> how many observations have it
    edition: str = ""
    rule_version: int = 1
    is_demo: bool = False
    observation: int | None = None  # where it is a single one

    @property
    def measured(self) -> Measured:
        return self.aggregate.measured

    @property
    def signed(self) -> tuple[int, int]:
        """How many of its observations are accepted, and how many there are: 7 of 9."""
        return self.statuses.get(Observation.Status.ACCEPTED, 0), sum(self.statuses.values())

    @property
    def status(self) -> str:
        """The weakest status among its parts; `published` where nobody here signs."""
        return min(self.statuses, key=ORDER.index) if self.statuses else PUBLISHED

    @property
    def value(self) -> Decimal | None:
        return self.measured.value


def measured(indicator: Indicator, row: Mapping[str, Any]) -> Measured:
    """Return what an observation says, in the terms of the rule of its indicator."""
    if row["state"] == Observation.State.MISSING:
        return Measured.missing()
    if row["state"] == Observation.State.NOT_APPLICABLE:
        return Measured.not_applicable()
    if row["denominator"] is not None:
        return Measured.ratio(row["numerator"], row["denominator"], _scale(indicator))
    return Measured.of(row["value"], weight=row["weight"])


def _scale(indicator: Indicator) -> int:
    return PERCENT if indicator.is_percent else 1


def readings_of(
    indicators: Iterable[Indicator],
    *,
    program: Program | None = None,
    until: dt.date | None = None,
    accepted: bool = False,
) -> dict[int, list[Reading]]:
    """Return the readings of many indicators, oldest first, by the key of the indicator, from one query.

    For one program, or for the country: then a value told for the country itself comes before the sum of programs.
    With `accepted` only what both sides have signed, and nothing invented.
    """
    found = {indicator.pk: indicator for indicator in indicators}
    rows = _counted(found, until=until)
    if accepted:
        rows = rows.filter(status=Observation.Status.ACCEPTED, is_demo=False).exclude(program__is_demo=True)
    rows = of_standing_programs(rows) if program is None else rows.filter(program=program)
    return _grouped(rows, found)


def readings_by_program(
    indicators: Iterable[Indicator], programs: Collection[int] | None = None
) -> dict[tuple[int, int], list[Reading]]:
    """Return the readings of many indicators, oldest first, by the keys of indicator and program, from one query.

    Of all programs, or of those with the keys given.
    """
    found = {indicator.pk: indicator for indicator in indicators}
    rows = of_standing_programs(_counted(found))
    if programs is not None:
        rows = rows.filter(program__in=programs)
    readings = _grouped(rows, found, "program_id")  # asked with the country's, for the index of what counts
    return {key: each for key, each in readings.items() if key[1] is not None}


def _counted(found: Mapping[int, Indicator], *, until: dt.date | None = None) -> Any:
    rows = Observation.objects.counted().filter(indicator__in=found)
    return rows if until is None else rows.filter(period__last_day__lte=until)


def of_standing_programs(rows: Any) -> Any:
    """Leave out what archived programs told: as their pages and files, it counts nowhere."""
    return rows.exclude(program__in=Program.objects.exclude(archived_at=None))


def _grouped(rows: Any, found: Mapping[int, Indicator], *keys: str) -> dict[Any, list[Reading]]:
    """Return one reading for each of the keys and each period, periods in time order.

    The database adds up the values of a period; of an indicator where its sums do not say all that the rule asks, the
    values are read one by one.
    """
    cells: dict[tuple[Any, int], dict[str, Any]] = {}
    for row in sums_of(rows, *keys):
        cell = (_key(row, keys), row["period_id"])
        if cell not in cells or row["is_of_country"]:
            cells[cell] = row
    readings: dict[Any, list[Reading]] = defaultdict(list)
    unfit: set[int] = set()
    for (key, _period), row in cells.items():
        indicator = found[row["indicator_id"]]
        totals = totals_in(row)
        if totals.fits(indicator.over_places):
            readings[key].append(_reading_of_sums(indicator, row, totals))
        else:
            unfit.add(indicator.pk)
    one_by_one = _one_by_one(rows.filter(indicator__in=unfit), found, keys) if unfit else {}
    return {
        key: sorted(each, key=lambda reading: reading.first_day) for key, each in {**readings, **one_by_one}.items()
    }


def _key(row: Mapping[str, Any], keys: tuple[str, ...]) -> Any:
    return (row["indicator_id"], *(row[key] for key in keys)) if keys else row["indicator_id"]


def _reading_of_sums(indicator: Indicator, row: Mapping[str, Any], totals: Totals) -> Reading:
    statuses = statuses_in(row)
    return Reading(
        period=row["code"],
        first_day=row["first_day"],
        last_day=row["last_day"],
        aggregate=over_totals(indicator.over_places, totals, scale=_scale(indicator)),
        statuses=statuses,
        rule_version=row["newest_rule"],
        is_demo=bool(row["invented"]),
        observation=row["last"] if sum(statuses.values()) == 1 else None,
    )


def _one_by_one(rows: Any, found: Mapping[int, Indicator], keys: tuple[str, ...]) -> dict[Any, list[Reading]]:
    cells: dict[tuple[Any, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows.order_by().values(*COLUMNS):
        cells[_key(row, keys), row["period__code"]].append(row)
    readings: dict[Any, list[Reading]] = defaultdict(list)
    for (key, _period), together in cells.items():
        readings[key].append(_reading(found[together[0]["indicator_id"]], together))
    return readings


def _reading(indicator: Indicator, rows: Sequence[dict[str, Any]]) -> Reading:
    national = [row for row in rows if row["program_id"] is None]
    chosen = national or rows
    parts = {(row["program_id"], row["province_id"]): measured(indicator, row) for row in chosen}
    first = chosen[0]
    return Reading(
        period=first["period__code"],
        first_day=first["period__first_day"],
        last_day=first["period__last_day"],
        aggregate=over_places(indicator.over_places, parts),
        statuses=Counter(row["status"] for row in chosen),
        rule_version=max(row["rule_version"] for row in chosen),
        is_demo=any(row["is_demo"] for row in chosen),
        observation=first["pk"] if len(chosen) == 1 else None,
    )


# Years

YEARS: dict[str, Callable[[str], str]] = {"calendar": calendar_year, "australian": australian_year}


def by_year(indicator: Indicator, readings: Iterable[Reading], kind: str = "calendar") -> list[Reading]:
    """Return quarterly readings as calendar or Australian (July to June) years; quarters not reported are missing.

    A year of distinct people or firms is not the sum of its quarters: it is refused here, and counted from records.
    """
    years: dict[str, dict[str, Reading]] = defaultdict(dict)
    for reading in readings:
        if "Q" in reading.period:
            years[YEARS[kind](reading.period)][reading.period] = reading
    return [_year(indicator, year, quarters) for year, quarters in sorted(years.items())]


def _year(indicator: Indicator, year: str, quarters: Mapping[str, Reading]) -> Reading:
    parts = {code: quarters[code].measured if code in quarters else Measured.missing() for code in quarters_of(year)}
    told = [quarters[code] for code in sorted(quarters)]
    statuses: Counter[str] = Counter()
    for reading in told:
        statuses.update(reading.statuses)
    return Reading(
        period=year,
        first_day=told[0].first_day,
        last_day=told[-1].last_day,
        aggregate=over_periods(indicator.over_periods, parts),
        statuses=statuses,
        rule_version=told[-1].rule_version,
        is_demo=any(reading.is_demo for reading in told),
    )
