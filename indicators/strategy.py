"""What the strategy pages show: goals in their trees, each with the work that serves it."""

from typing import Any

from capred_portal.caching import cached_value
from capred_portal.figures import Figure
from capred_portal.htmx import PortalRequest
from indicators.scorecard import finding, lines_by_goal, published_goals, tally_of
from indicators.standing import Line
from programs.figures.strategy import NOUNS, Counts, count_all_by_goal, figures_by_goal
from programs.filters.actions import hanging_on_what_serves
from programs.filters.choices import serving
from programs.models import Action, Framework, Goal, Outcome, Program, Workshop

ROWS_ON_GOAL_PAGE = 10


def counts_of(request: PortalRequest) -> dict[str, Counts]:
    """Return how much work serves each goal: counted once for all pages that show it."""
    counts: dict[str, Counts] = cached_value(request, count_all_by_goal, "counts by goal")
    return counts


def strategy_parts(
    role: str, counts: dict[str, Counts], framework: Framework | None = None, *, with_lines: bool = True
) -> dict[str, Any]:
    """Return the strategies with their goals in order, every goal's figures by noun, and how its indicators stand.

    Without lines only the statuses are there: values of indicators that nobody judges are not read.
    """
    goals = list(Goal.objects.active().select_related("framework", "parent"))
    chosen = [goal for goal in goals if framework is None or goal.framework_id == framework.pk]
    servable = [goal for goal in chosen if goal.kind in Goal.SERVABLE]
    figures = figures_by_goal(role, servable, counts)
    lines = lines_by_goal(chosen, without_target=with_lines)
    frameworks = list({goal.framework_id: goal.framework for goal in chosen}.values())
    return {
        "strategies": [
            tree_of(each, chosen, figures)
            | {"published": published_goals(each, chosen, lines)}
            | state_of(each, chosen, lines)
            for each in frameworks
        ],
        "lines": lines,
        "tallies": {pk: tally_of(each) for pk, each in lines.items()},
        "nouns": [(noun, label) for noun, (_code, label, _links, _url) in NOUNS.items()],
        "figures": figures,
    }


def state_of(framework: Framework, goals: list[Goal], lines: dict[int, list[Line]]) -> dict[str, Any]:
    """Return how many indicators of a strategy are on track, each once, and the sentence that says so."""
    mine = {
        (line.indicator.pk, line.program): line
        for goal in goals
        if goal.framework_id == framework.pk
        for line in lines[goal.pk]
    }
    tally = tally_of(mine.values())
    return {"tally": tally, "finding": finding(tally)}


def tree_of(framework: Framework, goals: list[Goal], figures: dict[str, dict[str, Figure]]) -> dict[str, Any]:
    """Return a strategy's heads with their sides, its targets, and its parallel lists by kind."""
    mine = [goal for goal in goals if goal.framework_id == framework.pk]
    sides: dict[int, list[Goal]] = {}
    lists: dict[str, list[Goal]] = {}
    for goal in mine:
        if goal.parent_id:
            sides.setdefault(goal.parent_id, []).append(goal)
        elif goal.kind not in Goal.SERVABLE:
            lists.setdefault(goal.get_kind_display(), []).append(goal)
    heads = [(goal, sides.get(goal.pk, [])) for goal in mine if not goal.parent_id and goal.kind in Goal.SERVABLE]
    has_demo = any(figures[noun][str(head.pk)].has_demo for noun in figures for head, _sides in heads)
    is_list = all(head.kind == Goal.Kind.TARGET for head, _sides in heads)
    return {"framework": framework, "heads": heads, "lists": lists, "has_demo": has_demo, "is_list": is_list}


def goal_parts(role: str, counts: dict[str, Counts], goal: Goal) -> dict[str, Any]:
    """Return a goal's figures and the newest rows of each noun that serve it."""
    figures = figures_by_goal(role, [goal], counts)
    programs, workshops = Program.objects.active(), Workshop.objects.active()
    outcomes = Outcome.objects.active().select_related("workshop", "theme")
    actions = Action.objects.active().select_related(*Action.OWNERS).order_by("-due_on", "-pk")
    return {
        "goal": goal,
        "lines": lines_by_goal([goal, *goal.children.active()])[goal.pk],
        "children": list(goal.children.active().select_related("framework")),
        "tiles": [(NOUNS[noun][1], parts[str(goal.pk)]) for noun, parts in figures.items()],
        "programs": programs.filter(pk__in=serving(Program, goal)),
        "workshops": workshops.filter(pk__in=serving(Workshop, goal))[:ROWS_ON_GOAL_PAGE],
        "outcomes": outcomes.filter(pk__in=serving(Outcome, goal))[:ROWS_ON_GOAL_PAGE],
        "actions": actions.filter(hanging_on_what_serves(goal))[:ROWS_ON_GOAL_PAGE],
    }
