"""The overview and the strategy pages: what it adds up to, and the way down to every record."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from capred_portal.access import requires, role_of
from capred_portal.caching import cached_part, cached_value
from capred_portal.htmx import PortalRequest
from indicators.overview import changes_since, newest_changes, overview_parts
from indicators.strategy import goal_parts, strategy_parts
from programs.models import Framework, Goal


@require_safe
@requires("page.read")
def overview(request: PortalRequest) -> HttpResponse:
    """The few figures that matter, what changed, what is late, and the strategy at a glance."""
    body = cached_part(request, "overview/_body.html", lambda: overview_parts(role_of(request.user)))
    newest = cached_value(request, newest_changes, "newest changes")
    return render(request, "overview/index.html", {"body": body, **changes_since(request.user, newest)})


@require_safe
@requires("page.read")
def strategy_index(request: PortalRequest) -> HttpResponse:
    """All strategies at a glance."""
    body = cached_part(request, "strategy/_glance.html", lambda: strategy_parts(role_of(request.user)))
    return render(request, "strategy/index.html", {"body": body})


@require_safe
@requires("page.read")
def strategy_coverage(request: PortalRequest) -> HttpResponse:
    """Every goal against programs, workshops, outcomes and actions; the empty cells are the gaps."""
    body = cached_part(request, "strategy/_coverage.html", lambda: strategy_parts(role_of(request.user)))
    return render(request, "strategy/coverage.html", {"body": body})


@require_safe
@requires("page.read")
def strategy_framework(request: PortalRequest, framework: str) -> HttpResponse:
    """One strategy at a glance."""
    found = get_object_or_404(Framework.objects.active(), code=framework)
    body = cached_part(request, "strategy/_glance.html", lambda: strategy_parts(role_of(request.user), found), found.pk)
    return render(request, "strategy/framework.html", {"framework": found, "body": body})


@require_safe
@requires("page.read")
def strategy_goal(request: PortalRequest, framework: str, code: str) -> HttpResponse:
    """One goal with the programs, workshops, outcomes and actions that serve it."""
    goal = get_object_or_404(
        Goal.objects.active().select_related("framework", "parent__framework"),
        framework__code=framework,
        code=code,
    )
    body = cached_part(request, "strategy/_goal.html", lambda: goal_parts(role_of(request.user), goal), goal.pk)
    return render(request, "strategy/goal.html", {"goal": goal, "body": body})
