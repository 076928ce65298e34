"""Progress by goal: how the indicators of a program that stand for each goal are judged at the end of a quarter."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from indicators.models import Indicator
from indicators.program_values import ProgramValue
from indicators.scorecard import Tally, tally_of
from indicators.standing import Line
from programs.models import Framework, Goal, Program


@dataclass(frozen=True)
class GoalRow:
    """One goal with the standings that count for it; a head has those of its sides too, each once."""

    goal: Goal
    tally: Tally

    @property
    def is_side(self) -> bool:
        return self.goal.parent_id is not None


@dataclass(frozen=True)
class Progress:
    """What a program brings to the goals of one strategy."""

    framework: Framework
    rows: Sequence[GoalRow]

    @property
    def heads(self) -> list[GoalRow]:
        return [row for row in self.rows if not row.is_side]


def progress_by_goal(program: Program, values: Iterable[ProgramValue]) -> list[Progress]:
    """Return the goals the program and its indicators serve with their tallies, by strategy: two queries."""
    lines = {value.indicator.pk: Line(program, value.standing) for value in values}
    links = Indicator.goals.through.objects.filter(indicator__in=lines).values_list("goal_id", "indicator_id")
    standing: dict[int, set[int]] = defaultdict(set)
    for goal_pk, indicator_pk in links:
        standing[goal_pk].add(indicator_pk)
    served = Goal.objects.active().filter(Q(pk__in=[*standing]) | Q(programs=program))
    goals = {goal.pk: goal for goal in served.select_related("framework", "parent__framework").distinct()}
    for goal in list(goals.values()):
        if goal.parent is not None:
            goals.setdefault(goal.parent.pk, goal.parent)
            standing[goal.parent.pk] |= standing[goal.pk]
    ordered = sorted(goals.values(), key=place_of)
    rows = [GoalRow(goal, tally_of(lines[pk] for pk in lines if pk in standing[goal.pk])) for goal in ordered]
    return by_framework(rows)


def place_of(goal: Goal) -> tuple[object, ...]:
    """Return where a goal stands: strategies in their order, each head before its sides."""
    head = goal.parent or goal
    is_side = goal.parent is not None
    return (goal.framework.order, goal.framework.code, head.order, head.code, is_side, goal.order, goal.code)


def by_framework(rows: Iterable[GoalRow]) -> list[Progress]:
    found: dict[int, list[GoalRow]] = defaultdict(list)
    for row in rows:
        found[row.goal.framework_id].append(row)
    return [Progress(each[0].goal.framework, each) for each in found.values()]


def standing_words(values: Iterable[ProgramValue]) -> str:
    """Say how many indicators of the program are on track of those that can be judged."""
    statuses = [value.standing.status for value in values]
    judged = [status for status in statuses if status != "grey"]
    if not statuses:
        return _("This program reports no indicator.")
    if not judged:
        return _("No indicator can be judged yet.")
    words = _("On track at the end of the quarter: %(good)s of %(judged)s indicators that can be judged.")
    return words % {"good": judged.count("green"), "judged": len(judged)}
