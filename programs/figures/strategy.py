"""Figures by goal: the programs, workshops, outcomes and actions that serve each goal of a strategy."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from capred_portal.figures import TOTAL, Figure, Scope, figure
from capred_portal.keys import key_in
from programs.filters.workshops import WorkshopFilter
from programs.models import Action, Goal, Outcome, Program, Workshop

Links = list[tuple[QuerySet, str]]  # rows and the path from them to their goals

RULE = _(
    "Active records that serve the goal or one of its sides. A record that serves several goals counts once for each "
    "of them, and once in the total; so the goals add up to more than the total."
)


Counts = dict[int, tuple[int, int]]  # goal -> rows, and whether demonstration rows are among them (0: none)


def count_by_goal(nouns: Mapping[str, Links]) -> dict[str, Counts]:
    """Count the rows that serve each goal, in one query for all nouns: heads with those of their sides.

    The query sets of one noun must not share rows.
    """
    parts: list[QuerySet] = []
    for noun, links in nouns.items():
        for rows, path in links:
            parent, goal = f"{path}__parent", f"{path}__pk"
            sides = rows.filter(**{f"{parent}__isnull": False}).annotate(goal_pk=F(goal))
            heads = rows.filter(**{f"{goal}__isnull": False}).annotate(goal_pk=Coalesce(F(parent), F(goal)))
            for part, rows_once in ((sides, Count("pk")), (heads, Count("pk", distinct=True))):
                each = part.order_by().annotate(noun=Value(noun)).values("noun", "goal_pk")
                parts.append(each.annotate(number=rows_once, demo=Count("pk", filter=Q(is_demo=True))))
    counts: dict[str, Counts] = {noun: {} for noun in nouns}
    for row in parts[0].union(*parts[1:], all=True):
        number, demo = counts[row["noun"]].get(row["goal_pk"], (0, 0))
        counts[row["noun"]][row["goal_pk"]] = (number + row["number"], demo + row["demo"])
    return counts


def count_total(links: Links) -> tuple[int, int]:
    """Return rows and demonstration rows that serve any goal, each once."""
    number = demo = 0
    for rows, path in links:
        serving = rows.filter(**{f"{path}__isnull": False}).order_by()
        counts = serving.aggregate(number=Count("pk", distinct=True), demo=Count("pk", filter=Q(is_demo=True)))
        number, demo = number + counts["number"], demo + counts["demo"]
    return number, demo


def program_links() -> Links:
    return [(Program.objects.active(), "goals")]


def workshop_links() -> Links:
    return [(Workshop.objects.active(), "goals")]


def outcome_links() -> Links:
    return [(Outcome.objects.active(), "goals")]


def action_links() -> Links:
    """An action serves the goals of what it hangs on, which is one thing: the three sets share no row."""
    return [(Action.objects.active(), f"{parent}__goals") for parent in Action.PARENTS]


def serving_figures(code: str, scope: Scope, links: Links, label: Any, list_url: str) -> dict[str, Figure]:
    """Return the total and, when asked, one figure per goal, keyed by the goal's id."""
    if goal := scope.get("goal"):
        number, demo = count_by_goal({code: links})[code].get(key_in(goal), (0, 0))
    else:
        number, demo = count_total(links)
    rows_url = f"{reverse(list_url)}?goal={goal}" if goal else f"{reverse(list_url)}?goal=any"
    figures = {
        TOTAL: Figure(code, label, number, label, rows_url=rows_url, has_demo=demo > 0, scope=scope),
    }
    if scope.by == "goal":
        counts = count_by_goal({code: links})[code]
        figures |= parts_by_goal(code, counts, label, list_url, role=scope.role, goals=list(Goal.objects.servable()))
    return figures


def parts_by_goal(
    code: str, counts: Counts, label: Any, list_url: str, *, role: str, goals: list[Goal]
) -> dict[str, Figure]:
    """Return one figure for each of the goals, 0 included, keyed by the goal's id."""
    figures = {}
    for goal in goals:
        number, demo = counts.get(goal.pk, (0, 0))
        figures[str(goal.pk)] = Figure(
            code,
            goal.title,
            number,
            label,
            rows_url=f"{reverse(list_url)}?goal={goal.pk}",
            has_demo=demo > 0,
            scope=Scope(role, {"goal": str(goal.pk)}),
        )
    return figures


NOUNS: dict[str, tuple[str, Any, Callable[[], Links], str]] = {
    "programs": ("programs-serving", _("Programs"), program_links, "programs:list"),
    "workshops": ("workshops-serving", _("Workshops"), workshop_links, "workshops:list"),
    "outcomes": ("outcomes-serving", _("Outcomes"), outcome_links, "outcomes:list"),
    "actions": ("actions-serving", _("Actions"), action_links, "actions:list"),
}
TITLES = {
    "programs": _("Programs that serve a goal"),
    "workshops": _("Workshops that serve a goal"),
    "outcomes": _("Outcomes that serve a goal"),
    "actions": _("Actions that serve a goal"),
}


def register(noun: str) -> None:
    """Register the figure of one noun."""
    code, label, links, list_url = NOUNS[noun]

    @figure(code, title=TITLES[noun], rule=RULE, unit=label, filters=WorkshopFilter, scopes=("goal",), by=("goal",))
    def serving(scope: Scope) -> dict[str, Figure]:
        return serving_figures(code, scope, links(), label, list_url)


for each in NOUNS:
    register(each)


def count_all_by_goal() -> dict[str, Counts]:
    """Return noun -> goal -> how many serve it, from one query."""
    return count_by_goal({noun: links() for noun, (_code, _label, links, _url) in NOUNS.items()})


def figures_by_goal(
    role: str, goals: list[Goal], counts: dict[str, Counts] | None = None
) -> dict[str, dict[str, Figure]]:
    """Return noun -> goal id -> figure for the strategy pages, from the counts or from one query."""
    counts = count_all_by_goal() if counts is None else counts
    return {
        noun: parts_by_goal(code, counts[noun], label, list_url, role=role, goals=goals)
        for noun, (code, label, _links, list_url) in NOUNS.items()
    }
