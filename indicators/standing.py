"""Where an indicator stands: its newest value against the path from baseline to target, judged or left grey."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from capred_portal.figures import Words
from indicators.analytics.aggregation import Aggregate, Measured, over_periods
from indicators.analytics.progress import Goalpost, Judgement, aim, expected_path, judge
from indicators.models import Indicator, Target
from indicators.readings import Reading, readings_by_program, readings_of
from indicators.series import published_readings
from programs.models import Program

STATUS: dict[str, Words] = {
    "green": _("On track"),
    "amber": _("Behind"),
    "red": _("Far behind"),
    "grey": _("Not judged"),
}
REASONS: dict[str, Words] = {
    "": "",
    "no target": _("No target set"),
    "no baseline": _("No baseline"),
    "wrong side": _("The target lies on the wrong side of the baseline"),
    "not addable": _("The values cannot be added up"),
    "withheld": _("Withheld"),
    "parts missing": _("Values of some periods or programs are missing"),
    "no actual": _("No value yet"),
    "not comparable": _("Not comparable: baseline, target and value are of different editions"),
    "too early": _("Too early to judge"),
}


@dataclass(frozen=True)
class Path:
    """The approved baseline, milestones and end target of an indicator, for a program or the country."""

    direction: str
    baseline: Target | None
    milestones: Sequence[Target]
    target: Target | None

    @property
    def editions(self) -> set[str]:
        """The editions its points are of; "" for what programs set themselves."""
        return {str(point.source) if point.source else "" for point in self.points}

    @property
    def goalpost(self) -> Goalpost:
        baseline = self.baseline.value if self.baseline else None
        if self.direction == Indicator.Direction.RANGE:
            low, high = (self.target.value, self.target.value_high) if self.target else (None, None)
            return Goalpost(baseline, None, self.direction, low, high)
        return Goalpost(baseline, self.target.value if self.target else None, self.direction)

    @property
    def points(self) -> list[Target]:
        ends = (self.baseline, *self.milestones, self.target)
        return [point for point in ends if point is not None]

    def expected_on(self, day: dt.date) -> Decimal | None:
        """Return the value the path expects on a day; None without baseline or target."""
        end = aim(self.goalpost)
        if self.baseline is None or self.target is None or end is None:
            return None
        way = [(point.period.last_day, point.value) for point in (self.baseline, *self.milestones)]
        return expected_path([*way, (self.target.period.last_day, end)], day)


def paths_of(indicators: Iterable[Indicator], *, program: Program | None = None, part: str = "") -> dict[int, Path]:
    """Return the approved paths of many indicators, by the key of the indicator, from one query."""
    found = {indicator.pk: indicator for indicator in indicators}
    points: dict[int, list[Target]] = defaultdict(list)
    for row in _approved(found, part).filter(program=program):
        points[row.indicator_id].append(row)
    return {pk: _path(indicator, points[pk]) for pk, indicator in found.items()}


def paths_everywhere(indicators: Iterable[Indicator]) -> dict[int, dict[Program | None, Path]]:
    """Return the approved paths of the country (None) and of programs, by the key of the indicator, from one query."""
    found = {indicator.pk: indicator for indicator in indicators}
    points: dict[int, dict[Program | None, list[Target]]] = {pk: {None: []} for pk in found}
    for row in _approved(found, "").filter(program__archived_at=None).select_related("program"):
        points[row.indicator_id].setdefault(row.program, []).append(row)
    return {
        pk: {program: _path(found[pk], rows) for program, rows in programs.items()} for pk, programs in points.items()
    }


def _approved(found: Iterable[int], part: str) -> Any:
    rows = Target.objects.approved().filter(indicator__in=found, part=part)
    return rows.select_related("period", "source").order_by("period__first_day")


def _path(indicator: Indicator, rows: list[Target]) -> Path:
    def first(kind: str) -> Target | None:
        return next((row for row in rows if row.kind == kind), None)

    return Path(
        direction=indicator.direction,
        baseline=first(Target.Kind.BASELINE),
        milestones=[row for row in rows if row.kind == Target.Kind.MILESTONE],
        target=first(Target.Kind.TARGET),
    )


@dataclass(frozen=True)
class Standing:
    """An indicator with its readings, its path, and the judgement of what is reached by the newest reading."""

    indicator: Indicator
    readings: Sequence[Reading]
    path: Path
    reached: Aggregate
    judgement: Judgement
    expected: Decimal | None

    @property
    def latest(self) -> Reading | None:
        """The newest reading that holds a value, or else the newest."""
        with_value = [reading for reading in self.readings if reading.value is not None]
        return next(iter(reversed(with_value or self.readings)), None)

    @property
    def reason(self) -> Words:
        return REASONS[self.judgement.reason]

    @property
    def status(self) -> str:
        return self.judgement.status

    @property
    def status_words(self) -> Words:
        return STATUS[self.judgement.status]

    @property
    def mark(self) -> str:
        """The class of its tag; each has a sign of its own beside the colour."""
        return {"green": "good", "amber": "warn", "red": "bad", "grey": "grey"}[self.status]


def standings_of(
    indicators: Iterable[Indicator], *, program: Program | None = None, until: dt.date | None = None
) -> list[Standing]:
    """Return where many indicators stand, in their order, from a constant number of queries."""
    indicators = list(indicators)
    return _standings(indicators, paths_of(indicators, program=program), program=program, until=until)


def _standings(
    indicators: list[Indicator],
    paths: Mapping[int, Path],
    *,
    program: Program | None = None,
    until: dt.date | None = None,
) -> list[Standing]:
    published = published_readings(each for each in indicators if each.series) if program is None else {}
    readings = published | readings_of(indicators, program=program, until=until)
    return [standing_of(each, readings.get(each.pk, []), paths[each.pk]) for each in indicators]


@dataclass(frozen=True)
class Line:
    """One line of a scorecard: an indicator of the country, or of the one program that set the target."""

    program: Program | None
    standing: Standing

    @property
    def indicator(self) -> Indicator:
        return self.standing.indicator

    @property
    def url(self) -> str:
        extra = f"?program={self.program.slug}" if self.program else ""
        return self.indicator.get_absolute_url() + extra


def lines_of(indicators: Iterable[Indicator], *, without_target: bool = True) -> dict[int, list[Line]]:
    """Return the lines of many indicators, by the key of the indicator, from a constant number of queries.

    Where only statuses are asked for, the values of indicators `without_target` need not be read: they are grey.

    A target of the country is judged against all programs together; where only programs set targets, each is judged
    against its own; an indicator without any target is one grey line.
    """
    indicators = list(indicators)
    paths = paths_everywhere(indicators)
    apart = [each for each in indicators if paths[each.pk][None].target is None and len(paths[each.pk]) > 1]
    alone = {each.pk for each in apart}
    of_country = [each for each in indicators if each.pk not in alone]
    country = {each.pk: paths[each.pk][None] for each in of_country}
    asked: list[Indicator] = []
    unasked: list[Indicator] = []
    for each in of_country:
        (asked if without_target or country[each.pk].target is not None else unasked).append(each)
    together = [*_standings(asked, country), *(standing_of(each, [], country[each.pk]) for each in unasked)]
    lines = {standing.indicator.pk: [Line(None, standing)] for standing in together}
    readings = readings_by_program(apart)
    for each in apart:
        lines[each.pk] = [
            Line(program, standing_of(each, readings.get((each.pk, program.pk), []), path))
            for program, path in paths[each.pk].items()
            if program is not None
        ]
    return lines


def standing_of(indicator: Indicator, readings: Sequence[Reading], path: Path) -> Standing:
    """Judge an indicator by what it has reached when its newest value was taken."""
    newest = next((reading for reading in reversed(readings) if reading.value is not None), None)
    reached = _reached(indicator, readings, path, newest)
    expected = path.expected_on(newest.last_day) if newest else None
    judgement = judge(
        reached,
        path.goalpost,
        expected=expected,
        editions=path.editions | {newest.edition if newest else ""},
        green_from=indicator.green_from,
        amber_from=indicator.amber_from,
    )
    return Standing(indicator, readings, path, reached, judgement, expected)


def _reached(indicator: Indicator, readings: Sequence[Reading], path: Path, newest: Reading | None) -> Aggregate:
    """Return what counts against the target: for a summed indicator all periods since the baseline, else the newest."""
    if newest is None:
        return Aggregate(Measured.missing(), 0, 0)
    if indicator.over_periods != Indicator.Rule.SUM or path.baseline is None:
        return newest.aggregate
    start = path.baseline.period.last_day
    counted = {reading.first_day: reading for reading in readings if start < reading.first_day <= newest.first_day}
    total = over_periods(indicator.over_periods, {day: reading.measured for day, reading in counted.items()})
    return Aggregate(
        total.measured, total.counted, total.missing + _not_told(start, newest, len(counted)), total.reason
    )


def _not_told(start: dt.date, newest: Reading, told: int) -> int:
    """Return how many quarters between baseline and newest reading have no reading at all."""
    if "Q" not in newest.period:
        return 0
    quarters = (newest.last_day.year - start.year) * 4 + (newest.last_day.month - start.month) // 3
    return max(0, quarters - told)
