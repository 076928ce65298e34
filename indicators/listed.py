"""The list of indicators: one row for each line of the scorecard, on the page and in the file."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from indicators.analytics.aggregation import Point, series_pieces
from indicators.filters.indicators import IndicatorFilter
from indicators.models import Indicator, Observation
from indicators.readings import PUBLISHED, Reading
from indicators.series import breaks_of
from indicators.shown import measured_text, period_text, value_text
from indicators.standing import Line, lines_of, standings_of
from programs.models import Program

WORST_FIRST = ("red", "amber", "green", "grey")
SPARK_READINGS = 12
SPARK_WIDTH, SPARK_HEIGHT, SPARK_EDGE = 96, 28, 4

Spots = list[tuple[float, float]]


# Where indicators stand


def lines(indicators: Iterable[Indicator], program: Program | None) -> list[Line]:
    """Return the lines of indicators in their order: of one program, or of the country and who set the targets."""
    indicators = list(indicators)
    if program is not None:
        return [Line(program, standing) for standing in standings_of(indicators, program=program)]
    found = lines_of(indicators)
    return [line for each in indicators for line in found[each.pk]]


def statuses(indicators: Iterable[Indicator], program: Program | None) -> dict[int, list[str]]:
    """Return the statuses of the lines of indicators, by the key of the indicator."""
    found: dict[int, list[str]] = {}
    for line in lines(indicators, program):
        found.setdefault(line.indicator.pk, []).append(line.standing.status)
    return found


def chosen(indicators: IndicatorFilter, known: Callable[[], dict[int, list[str]]]) -> Any:
    """Return the indicators a list shows: rows of the database, or a list where a status decides.

    `known` returns the statuses of all indicators of the program; it is only asked when they are needed.
    """
    asked, rows = indicators.asked, indicators.qs.select_related("owner")
    if not asked.get("status") and asked.get("sort") != "status":
        return rows
    found = known()
    if status := asked.get("status"):
        rows = [each for each in rows if status in found.get(each.pk, [])]
    if asked.get("sort") == "status":
        rows = sorted(rows, key=lambda each: min(map(WORST_FIRST.index, found.get(each.pk, ["grey"]))))
    return rows


# One row


@dataclass(frozen=True)
class Spark:
    """The last readings as a small line in pieces; what may not be joined is not."""

    paths: Sequence[str]
    spots: Spots
    label: str
    width: int = SPARK_WIDTH
    height: int = SPARK_HEIGHT


@dataclass(frozen=True)
class Row:
    """One line of the scorecard as the list shows it."""

    line: Line

    @property
    def indicator(self) -> Indicator:
        return self.line.indicator

    @property
    def reading(self) -> Reading | None:
        return self.line.standing.latest

    @property
    def is_told(self) -> bool:
        """Whether anything is known of it: a reading, or a target."""
        return self.reading is not None or bool(self.line.standing.path.points)

    @property
    def review(self) -> str:
        return review_words(self.reading) if self.reading else ""

    @property
    def spark(self) -> Spark | None:
        return spark_of(self.indicator, self.line.standing.readings)


def rows_of(indicators: Iterable[Indicator], program: Program | None, status: str = "") -> list[Row]:
    """Return the rows of some indicators; with a status, only of the lines that have it."""
    found = lines(indicators, program)
    return [Row(line) for line in found if not status or line.standing.status == status]


def review_words(reading: Reading) -> str:
    """Say how far the signatures of a reading have come; of several values, how many are accepted."""
    if reading.status == PUBLISHED:
        return _("Published")
    accepted, all_of_them = reading.signed
    if all_of_them > 1 and 0 < accepted < all_of_them:
        return _("%(accepted)s of %(all)s accepted") % {"accepted": accepted, "all": all_of_them}
    return str(Observation.Status(reading.status).label)


def spark_of(indicator: Indicator, readings: Sequence[Reading]) -> Spark | None:
    """Draw the last readings from the lowest to the highest; None for fewer than two values."""
    last = [reading for reading in readings[-SPARK_READINGS:] if reading.value is not None]
    if len(last) < 2:
        return None
    spots = {(each.period, each.edition): spot for each, spot in zip(last, spots_of(last), strict=True)}
    points = [Point(each.period, each.value, each.edition, each.rule_version) for each in last]
    pieces = series_pieces(points, breaks_of(indicator))
    steps = [
        (spots[first.period_key, first.edition], spots[second.period_key, second.edition])
        for piece in pieces
        for first, second in pairwise(piece)
        if place_of(second.period_key) == place_of(first.period_key) + 1
    ]
    paths = [f"M{before[0]} {before[1]} L{after[0]} {after[1]}" for before, after in steps]
    return Spark(paths, list(spots.values()), spark_words(indicator, last))


def spots_of(readings: Sequence[Reading]) -> Spots:
    """Return the places of readings with a value in the box of a small line."""
    values = [reading.value or Decimal(0) for reading in readings]
    places = [place_of(reading.period) for reading in readings]
    low, span, wide = min(values), (max(values) - min(values)) or Decimal(1), (places[-1] - places[0]) or 1
    x_room, y_room = SPARK_WIDTH - 2 * SPARK_EDGE, SPARK_HEIGHT - 2 * SPARK_EDGE
    return [
        (
            round(SPARK_EDGE + (place - places[0]) * x_room / wide, 1),
            round(SPARK_HEIGHT - SPARK_EDGE - float((value - low) / span) * y_room, 1),
        )
        for place, value in zip(places, values, strict=True)
    ]


def place_of(period: str) -> int:
    """Return the number of a quarter or a year, one more for each that follows."""
    year, _dash, quarter = period.partition("-Q")
    return int(year) * 4 + int(quarter) if quarter else int(year)


def spark_words(indicator: Indicator, readings: Sequence[Reading]) -> str:
    """Return the values of a small line in words."""
    told = (f"{period_text(each.period)}: {measured_text(indicator, each.measured)}" for each in readings)
    return ", ".join(told)


# The same as a file


def header() -> list[str]:
    return [
        *(_("Code"), _("Indicator"), _("Level"), _("Kind"), _("Program"), _("Newest value"), _("Unit"), _("Period")),
        *(_("Review"), _("Edition"), _("Target"), _("Upper end of the range"), _("Target period"), _("Status")),
        *(_("Reason"), _("Demonstration row")),
    ]


def file_rows(rows: Iterable[Row]) -> Iterator[list[object]]:
    """Yield the cells of each row, rounded as the page shows them."""
    words = {True: _("yes"), False: _("no")}
    for row in rows:
        indicator, reading, target = row.indicator, row.reading, row.line.standing.path.target
        yield [
            *(indicator.code, str(indicator), indicator.get_level_display(), indicator.get_kind_display()),
            str(row.line.program or ""),
            *((file_value(indicator, reading), indicator.unit) if reading else ("", indicator.unit)),
            *((period_text(reading.period), row.review, reading.edition) if reading else ("", "", "")),
            rounded(indicator, target.value) if target else "",
            rounded(indicator, target.value_high) if target and target.value_high is not None else "",
            str(target.period) if target else "",
            *(str(row.line.standing.status_words), str(row.line.standing.reason)),
            words[indicator.is_demo or bool(reading and reading.is_demo)],
        ]


def file_value(indicator: Indicator, reading: Reading) -> object:
    """Return the number of a reading as the page rounds it, or the words for why there is none."""
    return measured_text(indicator, reading.measured) if reading.value is None else rounded(indicator, reading.value)


def rounded(indicator: Indicator, value: Decimal) -> Decimal:
    """Return a value as it is shown, as a number."""
    return Decimal(value_text(indicator, value, with_unit=False).replace(",", ""))
