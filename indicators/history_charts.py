"""The history of an indicator as pictures, each with a title that says what it shows."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capred_portal.figures import Words
from capred_portal.line_charts import LineChart, Piece, line_chart
from capred_portal.plotting import Number
from indicators.analytics.aggregation import Point, series_pieces
from indicators.analytics.progress import aim
from indicators.analytics.trends import direction
from indicators.history import History
from indicators.models import Indicator
from indicators.series import breaks_of
from indicators.shown import value_text

BY_QUARTER: dict[str, Words] = {
    "rose": gettext_lazy("Higher than a year before"),
    "fell": gettext_lazy("Lower than a year before"),
    "no clear change": gettext_lazy("About the same as a year before"),
    "too few points": gettext_lazy("Too few values to call a trend"),
}
BY_YEAR: dict[str, Words] = {
    "rose": gettext_lazy("Higher than in the year before"),
    "fell": gettext_lazy("Lower than in the year before"),
    "no clear change": gettext_lazy("About the same as in the year before"),
    "too few points": gettext_lazy("Too few values to call a trend"),
}
SIZE = (560, 260)


@dataclass(frozen=True)
class Trend:
    """A picture of lines, the sentence it proves, its source, and whether invented rows are in it."""

    title: Words
    source: str
    picture: LineChart
    has_demo: bool


def trends_of(history: History) -> list[Trend]:
    """Return the pictures of a history: its values; where they are summed up, also what was reached so far."""
    if not any(reading.value is not None for reading in history.readings):
        return []
    values = Trend(finding_of(history), source_of(history), values_chart(history), has_demo(history))
    return [values, *reached_trend(history)]


def has_demo(history: History) -> bool:
    return any(reading.is_demo for reading in history.readings)


# What it says


def finding_of(history: History) -> Words:
    """Say what the values did: the last four quarters against the four before, or the last year against the one before.

    Only values of one edition and one version of the rule are compared, and only whole ones.
    """
    pieces = pieces_of(history)
    whole = {reading.period for reading in history.readings if not reading.aggregate.missing}
    newest = max(pieces, key=lambda piece: piece[-1].period_key, default=())
    known = [float(point.value) for point in newest if point.value is not None and point.period_key in whole]
    if history.view or not history.views:
        return BY_YEAR[direction(known, span=1)]
    return BY_QUARTER[direction(known)]


def source_of(history: History) -> str:
    """Name where the values come from and how they were compared."""
    compared = (
        _("Compared: the last value with the one before; more than 10 % is a change.")
        if history.view or not history.views
        else _("Compared: the last four values with the four before; more than 10 % is a change.")
    )
    editions = sorted({reading.edition for reading in history.readings if reading.edition})
    return " ".join([_("Source: %(source)s.") % {"source": "; ".join(editions) or own_source(history)}, compared])


def own_source(history: History) -> Any:
    return _("reports of programs, reviewed here")


# What it draws


def pieces_of(history: History) -> list[tuple[Point, ...]]:
    """Return the readings in pieces that may be joined: of one edition, unit and derivation, on one side of a break."""
    points = [
        Point(each.period, each.value, each.edition, history.joined.get(each.rule_version, each.rule_version))
        for each in history.readings
    ]
    return series_pieces(points, breaks_of(history.indicator))


def values_chart(history: History) -> LineChart:
    """Draw the values; with the path to the target where each of them is compared with it."""
    pieces = pieces_of(history)
    several = (len({piece[0].edition for piece in pieces}) > 1, len({piece[0].rule_version for piece in pieces}) > 1)
    drawn = [
        Piece(piece_name(piece[0], *several), [(point.period_key, point.value, "") for point in piece])
        for piece in pieces
    ]
    return chart(history, drawn, [] if history.is_summed else path_points(history))


def piece_name(point: Point, several_editions: bool, several_rules: bool) -> str:
    """Name a line by what tells it from the others."""
    rule = _("Rule %(number)s") % {"number": point.rule_version} if several_rules else ""
    return " · ".join(filter(None, [point.edition if several_editions else "", rule])) or _("Value")


def reached_trend(history: History) -> Iterator[Trend]:
    """Yield what was reached since the baseline, against the path to the target."""
    sums = [(each, history.since_baseline(each)) for each in history.readings]
    points = [(each.period, together.measured.value, "") for each, together in sums if together is not None]
    if points and history.path.target is not None:
        picture = chart(history, [Piece(_("Since the baseline"), points)], path_points(history))
        yield Trend(reached_words(history), source_of_path(history), picture, has_demo(history))


def reached_words(history: History) -> str:
    """Say how much of the target is reached."""
    indicator, target, reached = history.indicator, history.path.target, history.standing.reached.measured.value
    words = {"reached": value_text(indicator, reached, with_unit=False)}
    words |= {"target": value_text(indicator, target.value), "period": str(target.period)} if target else {}
    return _("%(reached)s of %(target)s reached, due by %(period)s") % words


def source_of_path(history: History) -> str:
    missing = history.standing.reached.missing
    told = _("Sum of all that was reported since the baseline.")
    return f"{told} {_('Values not reported: %(count)s.') % {'count': missing}}" if missing else told


def path_points(history: History) -> list[tuple[str, Number]]:
    """Return the approved way from baseline to target by the periods of the view; nothing without both ends."""
    path = history.path
    end = aim(path.goalpost)
    if path.baseline is None or path.target is None or end is None:
        return []
    way = {history.label_of(each.period.last_day): each.value for each in (path.baseline, *path.milestones)}
    return list((way | {history.label_of(path.target.period.last_day): end}).items())


def chart(history: History, pieces: Sequence[Piece], path: Sequence[tuple[str, Number]]) -> LineChart:
    labels = {label for piece in pieces for label, _value, _url in piece.points} | {label for label, _value in path}
    ends = [each.period.last_day for each in history.path.points] if path else []
    days = [day for each in history.readings for day in (each.first_day, each.last_day)] + ends
    axis = [label for label in axis_of(history, min(days), max(days)) if label >= min(labels) and label <= max(labels)]
    return line_chart(
        pieces,
        path=path,
        axis=axis,
        breaks=[(year, _("break")) for year in breaks_of(history.indicator)],
        show=shown(history.indicator),
        from_zero=history.indicator.direction != Indicator.Direction.RANGE,
        size=SIZE,
    )


def axis_of(history: History, first: dt.date, last: dt.date) -> list[str]:
    """Return the labels of all periods of the view between two days, each once."""
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    days = (dt.date(month // 12, month % 12 + 1, 1) for month in months)
    return list(dict.fromkeys(history.label_of(day) for day in days))


def shown(indicator: Indicator) -> Any:
    return lambda value: value_text(indicator, Decimal(value), with_unit=False)
