"""The scorecard of the strategies: which indicators stand for each goal, and how many are on track."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from capred_portal.plotting import SparkLine, spark_lines
from indicators.models import Indicator
from indicators.shown import value_text
from indicators.standing import STATUS, Line, lines_of
from programs.models import Framework, Goal

TREND_YEARS = 15
MARKS = {"green": "good", "amber": "warn", "red": "bad", "grey": "grey"}


@dataclass(frozen=True)
class Tally:
    """How many lines of a goal have each status, in the order a reader needs them."""

    counts: Mapping[str, int]
    has_demo: bool = False

    @property
    def judged(self) -> int:
        return sum(count for status, count in self.counts.items() if status != "grey")

    @property
    def rows(self) -> list[tuple[str, Any, int]]:
        """Mark, words and count of every status that occurs."""
        return [(MARKS[status], STATUS[status], self.counts[status]) for status in MARKS if self.counts.get(status)]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def lines_by_goal(goals: Iterable[Goal], *, without_target: bool = True) -> dict[int, list[Line]]:
    """Return the lines of every goal, from a constant number of queries: heads with those of their sides, each once."""
    goals = list(goals)
    parents = {goal.pk: goal.parent_id for goal in goals}
    current = Indicator.objects.current()
    links = Indicator.goals.through.objects.filter(goal__in=parents, indicator__in=current).select_related("indicator")
    wanted: dict[int, set[int]] = defaultdict(set)
    serving: dict[int, Indicator] = {}
    for link in links.order_by("indicator__order", "indicator__code"):
        serving.setdefault(link.indicator_id, link.indicator)
        wanted[link.goal_id].add(link.indicator_id)
        if parent := parents[link.goal_id]:
            wanted[parent].add(link.indicator_id)
    lines = lines_of(serving.values(), without_target=without_target)
    return {goal.pk: [line for pk in serving if pk in wanted[goal.pk] for line in lines[pk]] for goal in goals}


def tally_of(lines: Iterable[Line]) -> Tally:
    lines = list(lines)
    has_demo = any(line.indicator.is_demo or any(each.is_demo for each in line.standing.readings) for line in lines)
    return Tally(Counter(line.standing.status for line in lines), has_demo)


@dataclass(frozen=True)
class Published:
    """A published indicator with a target: its line, the trend in its newest edition, the goals it stands for."""

    line: Line
    spark: SparkLine
    goals: Sequence[Goal]


def published_goals(framework: Framework, goals: Iterable[Goal], lines: Mapping[int, list[Line]]) -> list[Published]:
    """Return the published indicators of a strategy for which it states a target, each once, with their real trend."""
    mine = [goal for goal in goals if goal.framework_id == framework.pk]
    served: dict[int, list[Goal]] = defaultdict(list)
    found: dict[int, Line] = {}
    for goal in mine:
        for line in lines[goal.pk]:
            if line.indicator.kind == Indicator.Kind.EXTERNAL and line.standing.path.target is not None:
                served[line.indicator.pk].append(goal)
                found[line.indicator.pk] = line
    return [Published(line, spark_of(line), served[pk]) for pk, line in found.items()]


def spark_of(line: Line) -> SparkLine:
    """Draw the last years of the newest edition alone: no line joins two."""
    newest = line.standing.latest
    values: dict[int, Any] = {
        reading.first_day.year: reading.value
        for reading in line.standing.readings
        if newest and reading.edition == newest.edition and reading.first_day.year > newest.first_day.year - TREND_YEARS
    }
    show = partial(value_text, line.indicator, with_unit=False)
    return spark_lines([(str(line.indicator), values)], width=230, height=64, show=show)[0]


def finding(tally: Tally) -> str:
    """Return the state of a strategy in one sentence."""
    if not tally.total:
        return _("No indicator stands for this strategy yet.")
    if not tally.judged:
        return ngettext(
            "%(count)s indicator stands for this strategy; it cannot be judged yet.",
            "%(count)s indicators stand for this strategy; none can be judged yet.",
            tally.total,
        ) % {"count": tally.total}
    return ngettext(
        "Of %(judged)s indicator that can be judged, %(good)s is on track.",
        "Of %(judged)s indicators that can be judged, %(good)s are on track.",
        tally.judged,
    ) % {"judged": tally.judged, "good": tally.counts.get("green", 0)}
