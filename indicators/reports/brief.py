"""The one-page brief on a program in a quarter: what changed, how its goals stand, what is at risk and what is late."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capred_portal.figures import REGISTRY, TOTAL, Figure
from indicators.charts import Chart
from indicators.models import Period
from indicators.program_values import ProgramValue, program_values
from indicators.reports.goals import progress_by_goal, standing_words
from indicators.reports.kinds import ReportKind, register, scope
from indicators.reports.moves import finding, moved_first, moves_of, signatures
from indicators.reports.pictures import ReportChart, chart_of, provinces_of
from indicators.reports.program_period import in_quarter, is_running, program_and_period
from indicators.reports.records import Listed, closed_in, outcomes_in, overdue, risks_of
from programs.models import Program

FIGURES = ("workshops-held", "unique-people", "outcomes-recorded", "support-given")
MOST_VALUES = 5
MOST_GOALS = 5
MOST_ROWS = 3

Shown = Figure | Chart | ReportChart | Listed


def title(about: dict[str, Any]) -> str:
    return _("One-page brief on %(program)s, %(period)s") % about


def content(about: dict[str, Any]) -> dict[str, Any]:
    """Return what the brief shows, from a constant number of queries."""
    program, period = about["program"], about["period"]
    values = program_values(program, period)
    moves = moves_of(values, period)
    told = [move for move in moved_first(moves) if move.way != "none"]
    done, late = done_in(program, period), overdue_figure(program)
    goals = [row for progress in progress_by_goal(program, values) for row in progress.heads]
    lists = lists_of(program, period)
    chart, provinces = chart_of(program, period, values), provinces_of(program)
    shown: list[Shown] = [*done, late, provinces, *([chart] if chart else []), *lists.values()]
    return {
        **about,
        "is_running": is_running(period),
        "has_demo": has_demo(program, shown, values),
        "figures": done,
        "late": late,
        "finding": finding(moves),
        "signatures": signatures(moves),
        "moves": told[:MOST_VALUES],
        "more_moves": len(told[MOST_VALUES:]),
        "standing": standing_words(values),
        "goals": goals[:MOST_GOALS],
        "more_goals": len(goals[MOST_GOALS:]),
        "chart": chart,
        "provinces": provinces,
        **lists,
    }


def lists_of(program: Program, period: Period) -> dict[str, Listed]:
    """Return the rows that stand on the brief: the worst risks and what is late, what came out and what was closed."""
    return {
        "risks": risks_of(program, MOST_ROWS),
        "overdue": overdue(program, MOST_ROWS),
        "outcomes": outcomes_in(program, period, MOST_ROWS),
        "closed": closed_in(program, period, MOST_ROWS),
    }


def done_in(program: Program, period: Period) -> list[Figure]:
    """Return the figures over what the program did in the quarter."""
    return [REGISTRY[code].figures(in_quarter(program, period))[TOTAL] for code in FIGURES]


def has_demo(program: Program, shown: Iterable[Shown], values: Iterable[ProgramValue]) -> bool:
    """Tell whether invented rows are behind a report: in its figures and pictures, its lists or its values."""
    counted = program.is_demo or any(each.has_demo for each in shown)
    return counted or any(value.has_demo for value in values)


def overdue_figure(program: Program) -> Figure:
    """Return how many actions are late on the day the report is made."""
    return REGISTRY["actions-overdue"].figures(scope(program=program.slug))[TOTAL]


BRIEF = register(
    ReportKind(
        name="brief",
        label=gettext_lazy("One-page brief"),
        template="reports/_brief.html",
        subject=program_and_period,
        title=title,
        content=content,
    )
)
