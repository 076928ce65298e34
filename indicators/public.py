"""What anybody may see: values both sides have accepted, and what others publish; nothing invented, no links inside."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from indicators.models import Indicator, Target
from indicators.readings import Reading, readings_of
from indicators.series import published_readings
from indicators.standing import Path, paths_of
from programs.models import Framework, Goal

EXTERNAL = Indicator.Kind.EXTERNAL


@dataclass(frozen=True)
class PublicValue:
    """The newest value of an indicator that anybody may see, and its path."""

    indicator: Indicator
    reading: Reading
    path: Path

    @property
    def target(self) -> Target | None:
        """The end target that a published policy states; those of programs are not for everybody."""
        target = self.path.target
        return target if self.is_published and target is not None and not target.is_demo else None

    @property
    def is_published(self) -> bool:
        """Whether another publishes it; else both sides have accepted it."""
        return str(self.indicator.kind) == EXTERNAL


def public_values() -> list[PublicValue]:
    """Return the newest public value of every indicator that has one, in order, from a constant number of queries."""
    indicators = list(Indicator.objects.current().filter(is_demo=False))
    external = [each for each in indicators if each.kind == EXTERNAL]
    readings = readings_of((each for each in indicators if each.kind != EXTERNAL), accepted=True)
    readings |= published_readings(external)
    newest = {each.pk: newest_of(readings.get(each.pk, [])) for each in indicators}
    paths = paths_of(indicators)
    return [PublicValue(each, reading, paths[each.pk]) for each in indicators if (reading := newest[each.pk])]


def newest_of(readings: Iterable[Reading]) -> Reading | None:
    """Return the newest reading that holds a value and no invented one."""
    told = [reading for reading in readings if reading.value is not None and not reading.is_demo]
    return told[-1] if told else None


def overview_parts() -> dict[str, Any]:
    """Return what the public overview shows."""
    values = public_values()
    return {
        "accepted": [value for value in values if not value.is_published],
        "published": [value for value in values if value.is_published],
    }


@dataclass(frozen=True)
class PublicGoal:
    """A head of a strategy with its sides, and the values that stand for any of them, each with the goal's code."""

    head: Goal
    sides: list[Goal]
    values: list[tuple[str, PublicValue]]


def strategy_parts() -> dict[str, Any]:
    """Return the strategies with their goals, and the values that stand for them; mottos only where they have some."""
    values = {value.indicator.pk: value for value in public_values()}
    goals = list(Goal.objects.active().filter(is_demo=False).select_related("framework"))
    serving = values_by_goal(goals, values)
    strategies: dict[Framework, list[PublicGoal]] = defaultdict(list)
    for head in goals:
        if head.parent_id is None:
            sides = [goal for goal in goals if goal.parent_id == head.pk]
            told = [(goal.code, value) for goal in (head, *sides) for value in serving[goal.pk]]
            if told or head.kind in Goal.SERVABLE:
                strategies[head.framework].append(PublicGoal(head, sides, told))
    return {"strategies": list(strategies.items())}


def values_by_goal(goals: Iterable[Goal], values: Mapping[int, PublicValue]) -> dict[int, list[PublicValue]]:
    """Return the values of each goal, from one query."""
    wanted = {goal.pk for goal in goals}
    links = Indicator.goals.through.objects.filter(goal__in=wanted, indicator__in=values)
    found: dict[int, list[PublicValue]] = {pk: [] for pk in wanted}
    for indicator, goal in links.order_by("indicator__order", "indicator__code").values_list("indicator_id", "goal_id"):
        found[goal].append(values[indicator])
    return found
