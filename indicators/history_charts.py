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
from indicators.shown import period_text, value_text

BY_QUARTER: dict[str, Words] = {
    "rose": gettext_lazy("Higher than a year before"),
    "fell": gettext_lazy("Lower than a year before"),
    "no clear change": gettext_lazy("About the same as a year before"),
    "too few points": gettext_lazy("Too few values to call a trend"),
}
BY_YEAR: dict[str, Words] = {
    "rose": gettext_lazy("Rose from %(before)s (%(first)s) to %(after)s (%(last)s)"),
    "fell": gettext_lazy("Fell from %(before)s (%(first)s) to %(after)s (%(last)s)"),
    "no clear change": gettext_lazy("No clear change: %(before)s (%(first)s), %(after)s (%(last)s)"),
    "too few points": gettext_lazy("Too few values to call a trend"),
}
SPAN = 5  # years that a finding over years looks back


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
    """Say what the values did: the last four quarters against the four before, or the last year against five before.

    Only values of one edition and one version of the rule are compared, on one side of a break, and only whole ones.
    """
    whole = {reading.period for reading in history.readings if not reading.aggregate.missing}
    newest = max(pieces_of(history)[::-1], key=lambda piece: piece[-1].period_key)
    known = [point for point in newest if point.value is not None and point.period_key in whole]
    if by_years(history):
        return finding_of_years(history, known)
    return BY_QUARTER[direction([float(point.value or 0) for point in known])]


def finding_of_years(history: History, known: Sequence[Point]) -> Words:
    """Compare the last year with the one five years before, or the first there is since."""
    since = int(known[-1].period_key[:4]) - SPAN if known else 0
    compared = [point for point in known if int(point.period_key[:4]) >= since]
    if len(compared) < 2:
        return BY_YEAR["too few points"]
    first, last = compared[0], compared[-1]
    words = BY_YEAR[direction([float(point.value or 0) for point in (first, last)], span=1)]
    texts = {"before": value_text(history.indicator, first.value), "first": period_text(first.period_key)}
    return words % (texts | {"after": value_text(history.indicator, last.value), "last": period_text(last.period_key)})


def by_years(history: History) -> bool:
    return bool(history.view) or not history.views


def source_of(history: History) -> str:
    """Name where the values come from and how they were compared."""
    compared = (
        _("A difference of more than 10 % is a change.")
        if by_years(history)
        else _("Compared: the last four values with the four before; more than 10 % is a change.")
    )
    if history.indicator.series:
        return compared
    is_derived = history.indicator.kind == Indicator.Kind.DERIVED
    source = _("Records of this portal.") if is_derived else _("Reports of programs, reviewed here.")
    return f"{source} {compared}"


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
        Piece(piece_name(history, piece[0], *several), [(point.period_key, point.value, "") for point in piece])
        for piece in pieces
    ]
    return chart(history, drawn, [] if history.is_summed else path_points(history))


def piece_name(history: History, point: Point, several_editions: bool, several_rules: bool) -> str:
    """Name a line by what tells it from the others."""
    rule = _("Rule %(number)s") % {"number": point.rule_version} if several_rules else ""
    edition = history.editions.get(point.edition, point.edition) if several_editions else ""
    return " · ".join(filter(None, [edition, rule])) or _("Value")


def reached_trend(history: History) -> Iterator[Trend]:
    """Yield what was reached since the baseline, against the path to the target."""
    sums = [(each, history.since_baseline(each)) for each in history.readings]
    points = [(each.period, together.measured.value, "") for each, together in sums if together is not None]
    if points and history.fits_path:
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
    if not missing:
        return told
    absent = _("Values not reported: %(count)s.") % {"count": missing}
    return f"{told} {absent}"


def path_points(history: History) -> list[tuple[str, Number]]:
    """Return the approved way from baseline to target by the periods of the view; nothing without both ends.

    A path of another edition than the values is not drawn beside them.
    """
    path = history.path
    end = aim(path.goalpost)
    if path.baseline is None or path.target is None or end is None or not history.fits_path:
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
    )


def axis_of(history: History, first: dt.date, last: dt.date) -> list[str]:
    """Return the labels of all periods of the view between two days, each once."""
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    days = (dt.date(month // 12, month % 12 + 1, 1) for month in months)
    return list(dict.fromkeys(history.label_of(day) for day in days))


def shown(indicator: Indicator) -> Any:
    return lambda value: value_text(indicator, Decimal(value), with_unit=False)
