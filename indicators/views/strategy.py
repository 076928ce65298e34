"""The strategy pages: every goal with what serves it, down to every record."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from capred_portal.access import ANONYMOUS, requires, role_of
from capred_portal.caching import cached_part
from capred_portal.htmx import PortalRequest
from indicators.strategy import counts_of, goal_parts, strategy_parts
from indicators.views.public import public_strategy
from programs.models import Framework, Goal


def strategy_part(request: PortalRequest, template: str, framework: Framework | None = None) -> SafeString:
    """Return one view of the strategies, or of one of them, kept until the data change."""

    def parts() -> dict[str, Any]:
        return strategy_parts(role_of(request.user), counts_of(request), framework)

    return cached_part(request, template, parts, framework and framework.pk)


@require_safe
@requires("page.public")
def strategy_index(request: PortalRequest) -> HttpResponse:
    """All strategies at a glance; accepted and published figures for visitors."""
    if role_of(request.user) == ANONYMOUS:
        return public_strategy(request)
    body = strategy_part(request, "strategy/_glance.html")
    return render(request, "strategy/index.html", {"body": body})


@require_safe
@requires("page.read")
def strategy_coverage(request: PortalRequest) -> HttpResponse:
    """Every goal against programs, workshops, outcomes and actions; the empty cells are the gaps."""
    body = strategy_part(request, "strategy/_coverage.html")
    return render(request, "strategy/coverage.html", {"body": body})


@require_safe
@requires("page.read")
def strategy_framework(request: PortalRequest, framework: str) -> HttpResponse:
    """One strategy at a glance."""
    found = get_object_or_404(Framework.objects.active(), code=framework)

    body = strategy_part(request, "strategy/_glance.html", found)
    return render(request, "strategy/framework.html", {"framework": found, "body": body})


@require_safe
@requires("page.read")
def strategy_goal(request: PortalRequest, framework: str, code: str) -> HttpResponse:
    """One goal with the programs, workshops, outcomes and actions that serve it."""
    if not code.isprintable():
        raise Http404(code)  # PostgreSQL does not even compare text with a null character
    goal = get_object_or_404(
        Goal.objects.active().select_related("framework", "parent__framework"),
        framework__code=framework,
        code=code,
    )

    def parts() -> dict[str, Any]:
        return goal_parts(role_of(request.user), counts_of(request), goal)

    body = cached_part(request, "strategy/_goal.html", parts, goal.pk)
    return render(request, "strategy/goal.html", {"goal": goal, "body": body})
