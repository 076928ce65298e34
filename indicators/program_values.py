"""The values of one program in one period: what reports, IATI, SDMX and the interface for machines all show."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from capred_portal.exports import number_text
from capred_portal.figures import Figure
from indicators.analytics.aggregation import EXACT
from indicators.breakdowns import Member, added_up, cells_shown
from indicators.cells import PLACES, flat
from indicators.dimensions import DIMENSIONS
from indicators.models import Indicator, Observation, Period, ProgramIndicator
from indicators.models.indicator import IndicatorQuerySet
from indicators.readings import PUBLISHED, Reading, by_year, readings_by_program, readings_of
from indicators.shown import measured_text, value_text
from indicators.standing import Path, Standing, paths_of, standings_of
from indicators.versions import SIGNED
from programs.models import Program


@dataclass(frozen=True)
class ProgramValue:
    """One indicator of a program in a period: its value, signatures and path, and how it stands by then."""

    indicator: Indicator
    program: Program
    period: Period
    reading: Reading | None  # None: nobody told anything
    standing: Standing

    @property
    def is_of_year(self) -> bool:
        """Whether a quarter was asked for and the value is of the year that ends with it."""
        return self.reading is not None and self.reading.period != self.period.code

    @property
    def is_made_of_quarters(self) -> bool:
        """Whether nobody told it: it is what the quarters of the year come to."""
        return self.reading is not None and not any(each is self.reading for each in self.standing.readings)

    @property
    def state(self) -> str:
        """`value`, `missing`, `not applicable` or `withheld`, as figures have it."""
        return self.reading.measured.state if self.reading else "missing"

    @property
    def value(self) -> Decimal | None:
        return self.reading.value if self.reading else None

    @property
    def text(self) -> str:
        """The value as every page writes it."""
        return measured_text(self.indicator, self.reading.measured) if self.reading else "–"

    @property
    def path(self) -> Path:
        return self.standing.path

    @property
    def target_text(self) -> str:
        return value_text(self.indicator, self.path.target.value) if self.path.target else "–"

    @property
    def baseline_text(self) -> str:
        return value_text(self.indicator, self.path.baseline.value) if self.path.baseline else "–"

    @property
    def has_demo(self) -> bool:
        return self.indicator.is_demo or self.program.is_demo or (self.reading is not None and self.reading.is_demo)


def program_values(program: Program, period: Period, *, indicators: Iterable[Indicator] = ()) -> list[ProgramValue]:
    """Return the values of a program in a period, in the order of its indicators, from a constant number of queries.

    Standings are those at the end of the period, whatever was reported later.
    """
    chosen = list(indicators) or list(Indicator.objects.current().of_program(program))
    standings = standings_of(chosen, program=program, until=period.last_day)
    return [
        ProgramValue(
            indicator=standing.indicator,
            program=program,
            period=period,
            reading=reading_in(standing, period),
            standing=standing,
        )
        for standing in standings
    ]


def reading_in(standing: Standing, period: Period) -> Reading | None:
    """Return what was told for a period; of quarters for a year what they come to, as the view of years has it.

    A yearly indicator has no value for a quarter: with the last one of a year comes that of the year.
    """
    year, readings = str(period.first_day.year), {each.period: each for each in standing.readings}
    if period.code in readings:
        return readings[period.code]
    if period.kind == Period.Kind.YEAR:
        return next((each for each in by_year(standing.indicator, standing.readings) if each.period == year), None)
    is_yearly = standing.indicator.frequency == Indicator.Frequency.YEAR
    return readings.get(year) if is_yearly and period.code == f"{year}-Q4" else None


# All that may leave the portal as signed


@dataclass(frozen=True)
class SignedSeries:
    """One indicator of a program, or of the country: its values in time order that are signed and not invented."""

    indicator: Indicator
    program: Program | None
    path: Path
    readings: Sequence[Reading]
    told: Mapping[str, Mapping[str, Decimal]]  # period -> dimension:key -> value
    members: Mapping[str, Sequence[Member]] = field(default_factory=dict)  # of the country: period -> its programs

    def cells(self, reading: Reading) -> dict[str, dict[str, Figure]]:
        """Return the parts of a value by the dimensions somebody told; small cells are withheld from everybody."""
        told, members = self.told.get(reading.period, {}), self.members.get(reading.period, ())
        codes = {name.partition(":")[0] for name in told} if reading.value is not None else set()
        return {
            code: cells_shown(self.indicator, code, reading, told, hides_small_cells=True, members=members)[0]
            for code in self.indicator.breakdowns
            if code in codes and code in DIMENSIONS
        }


def without_invented(path: Path) -> Path:
    """Return a path without the points that are invented."""
    baseline, target = (None if point and point.is_demo else point for point in (path.baseline, path.target))
    return Path(path.direction, baseline, [point for point in path.milestones if not point.is_demo], target)


def is_signed(reading: Reading) -> bool:
    """Tell whether a value may leave as one that stands: published, or signed by the ministry; never invented."""
    return not reading.is_demo and reading.status in (*SIGNED, PUBLISHED)


def as_kept(value: Decimal | None) -> Decimal | None:
    """Return a value as far as the database keeps it: what is divided here has the decimals of what is typed in."""
    return None if value is None else value.quantize(PLACES, context=EXACT)


def exact_text(value: Decimal | None) -> str:
    """Return a value as files for machines carry it: not rounded, as far as the database keeps it, no empty zeros."""
    kept = as_kept(value)
    return "" if kept is None else number_text(kept)


def number_in(cell: Figure) -> Decimal | None:
    """Return the number of a part of a value."""
    return None if cell.value is None else Decimal(cell.value)


def signed_series(program: Program) -> list[SignedSeries]:
    """Return the signed values of a program, all periods, in the order of its indicators, from a few queries."""
    chosen = list(real_indicators().of_program(program))
    paths, told = paths_of(chosen, program=program), parts_told(chosen, program=program)
    readings = readings_of(chosen, program=program)
    return [
        SignedSeries(
            indicator=each,
            program=program,
            path=without_invented(paths[each.pk]),
            readings=[reading for reading in readings.get(each.pk, []) if is_signed(reading)],
            told=told.get((each.pk, program.pk), {}),
        )
        for each in chosen
    ]


def signed_everywhere() -> list[SignedSeries]:
    """Return the signed values of every program, and those of the country, from a few queries; without paths.

    A value of the country with something invented in it stays here.
    """
    chosen = {each.pk: each for each in real_indicators().filter(series="")}
    reports = ProgramIndicator.objects.active().filter(program__archived_at=None, program__is_demo=False)
    pairs = reports.filter(indicator__in=chosen).select_related("program")
    told, apart, country = (
        parts_told(chosen.values()),
        readings_by_program(chosen.values()),
        readings_of(chosen.values()),
    )
    of_programs = [
        (pair.indicator_id, pair.program, apart.get((pair.indicator_id, pair.program_id), [])) for pair in pairs
    ]
    members = members_by_period(apart, told)
    together = [*of_programs, *((pk, None, country.get(pk, [])) for pk in chosen)]
    return [
        SignedSeries(
            indicator=chosen[pk],
            program=program,
            path=Path(chosen[pk].direction, None, [], None),
            readings=[reading for reading in readings if is_signed(reading)],
            told=told.get((pk, program.pk if program else None), {}),
            members={} if program else members.get(pk, {}),
        )
        for pk, program, readings in together
    ]


def members_by_period(
    apart: Mapping[tuple[int, int], Sequence[Reading]],
    told: Mapping[tuple[int, int | None], Mapping[str, Mapping[str, Decimal]]],
) -> dict[int, dict[str, list[Member]]]:
    """Return the total and the parts of each program, by the key of the indicator, then by period."""
    found: dict[int, dict[str, list[Member]]] = {}
    for key, readings in apart.items():
        parts = told.get(key, {})
        for reading in readings:
            of_period = found.setdefault(key[0], {}).setdefault(reading.period, [])
            of_period.append((reading.value, parts.get(reading.period, {})))
    return found


def real_indicators() -> IndicatorQuerySet:
    """Return the indicators that are in use and not invented."""
    return Indicator.objects.current().filter(is_demo=False)


def parts_told(
    indicators: Iterable[Indicator], *, program: Program | None = None
) -> dict[tuple[int, int | None], dict[str, dict[str, Decimal]]]:
    """Return the parts of values by the keys of indicator and program, then by period, from one query."""
    found = {indicator.pk: indicator for indicator in indicators if indicator.breakdowns}
    rows = Observation.objects.counted().filter(indicator__in=found)
    if program is not None:
        rows = rows.filter(program=program)
    together: dict[tuple[int, int | None], dict[str, list[dict[str, Decimal]]]] = {}
    values = rows.order_by().values_list("indicator_id", "program_id", "period__code", "parts")
    for indicator_pk, program_pk, period, parts in values.iterator():
        together.setdefault((indicator_pk, program_pk), {}).setdefault(period, []).append(flat(parts))
    return {
        key: {period: added_up(found[key[0]], told) for period, told in periods.items()}
        for key, periods in together.items()
    }
