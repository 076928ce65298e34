"""The pictures of a brief: one chart that says what it shows, and the provinces the program has worked in."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from capred_portal.figures import REGISTRY, TOTAL, Words
from indicators.charts import Chart, title_of_trend, workshops_by_province, workshops_by_quarter
from indicators.history import QUARTERS, history_of
from indicators.history_charts import trends_of
from indicators.models import Indicator, Period
from indicators.program_values import ProgramValue
from indicators.reports.kinds import scope
from indicators.reports.program_period import is_running
from indicators.rules import line_versions
from programs.models import Program

WORKSHOP_QUARTERS = 8
ENOUGH = 8  # values for a trend
LEVELS = [str(level) for level in (Indicator.Level.IMPACT, Indicator.Level.OUTCOME, Indicator.Level.OUTPUT)]


@dataclass(frozen=True)
class ReportChart:
    """A picture with the template that draws it, what it is of, the finding it proves, and its source."""

    template: str
    of: Words
    title: Words
    source: str
    picture: Any
    has_demo: bool


def chart_of(program: Program, period: Period, values: Iterable[ProgramValue]) -> ReportChart | None:
    """Draw the program's own values that matter most, or else its workshops; None where there is nothing to draw."""
    chosen = drawn_value(values)
    return chart_of_value(chosen) if chosen else chart_of_workshops(program, period)


def drawn_value(values: Iterable[ProgramValue]) -> ProgramValue | None:
    """Return, of the values with a history, the one with a target and something to say that stands highest.

    Something to say has a sum on its way to a target, or what is told often enough for a trend.
    """

    def rank(value: ProgramValue) -> tuple[bool, bool, int]:
        level, path = value.indicator.level, value.path
        is_summed = value.indicator.over_periods == Indicator.Rule.SUM and path.baseline is not None
        says_little = not is_summed and times_told(value) < ENOUGH
        return path.target is None, says_little, LEVELS.index(level) if level in LEVELS else len(LEVELS)

    return min((value for value in values if times_told(value) > 1), key=rank, default=None)


def times_told(value: ProgramValue) -> int:
    return sum(reading.value is not None for reading in value.standing.readings)


def chart_of_value(value: ProgramValue) -> ReportChart:
    """Draw the values of an indicator, or what they add up to on the path to the target."""
    history = history_of(value.standing, QUARTERS, line_versions(value.indicator.rules.all()), {})
    trend = trends_of(history)[-1]
    name = f"{value.indicator} ({value.indicator.unit})"
    is_derived = value.indicator.kind == Indicator.Kind.DERIVED
    origin = _("Records of this portal.") if is_derived else _("Reports of programs, reviewed here.")
    source = trend.source if origin in trend.source else f"{trend.source} {origin}"
    return ReportChart("plots/_lines.html", name, trend.title, source, trend.picture, value.has_demo)


def chart_of_workshops(program: Program, period: Period) -> ReportChart | None:
    """Draw the workshops of the program by quarter; a quarter that is still running is not compared."""
    quarters = [each.code for each in Period.quarters_until(period.first_day, WORKSHOP_QUARTERS)]
    parts = REGISTRY["workshops-held"].figures(scope(program=program.slug, by="quarter"))
    held = [int(parts[code].value or 0) if code in parts else 0 for code in quarters]
    if not any(held):
        return None
    drawn = workshops_by_quarter({code: parts[code] for code in quarters if code in parts}, quarters)
    title = drawn.title if is_running(period) else title_of_trend(held)
    return ReportChart("plots/_bars.html", _("Workshops held"), title, drawn.source, drawn.picture, drawn.has_demo)


def provinces_of(program: Program) -> Chart:
    """Draw all workshops of the program until today on the province grid."""
    parts = REGISTRY["workshops-held"].figures(scope(program=program.slug, by="province"))
    chart = workshops_by_province(parts)
    if not parts[TOTAL].value:
        return replace(chart, title=_("No workshop is held yet."))
    return chart
