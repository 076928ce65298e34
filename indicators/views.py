"""The overview, the strategy pages and where clusters could grow: what it adds up to, down to every record."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from capred_portal.access import requires, role_of
from capred_portal.caching import cached_part, cached_value
from capred_portal.htmx import PortalRequest, wants_fragment
from capred_portal.listing import list_page
from indicators.overview import changes_since, newest_changes, overview_parts
from indicators.strategy import goal_parts, strategy_parts
from indicators.where import WhereForm, where_parts
from programs.figures.strategy import Counts, count_all_by_goal
from programs.models import Framework, Goal


def counts_of(request: PortalRequest) -> dict[str, Counts]:
    """Return how much work serves each goal: counted once for all pages that show it."""
    counts: dict[str, Counts] = cached_value(request, count_all_by_goal, "counts by goal")
    return counts


@require_safe
@requires("page.read")
def overview(request: PortalRequest) -> HttpResponse:
    """The few figures that matter, what changed, what is late, and the strategy at a glance."""

    def parts() -> dict[str, Any]:
        return overview_parts(role_of(request.user), counts_of(request))

    body = cached_part(request, "overview/_body.html", parts)
    newest = cached_value(request, newest_changes, "newest changes")
    return render(request, "overview/index.html", {"body": body, **changes_since(request.user, newest)})


def strategy_part(request: PortalRequest, template: str, framework: Framework | None = None) -> SafeString:
    """Return one view of the strategies, or of one of them, kept until the data change."""

    def parts() -> dict[str, Any]:
        return strategy_parts(role_of(request.user), counts_of(request), framework)

    return cached_part(request, template, parts, framework and framework.pk)


@require_safe
@requires("page.read")
def strategy_index(request: PortalRequest) -> HttpResponse:
    """All strategies at a glance."""
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


@require_safe
@requires("page.read")
@vary_on_headers("HX-Request")
def clusters_where(request: PortalRequest) -> HttpResponse:
    """Where firms of a division are concentrated, with three stars; refused where the register is not complete."""
    form = WhereForm.asked(request.GET.dict())
    question = form.question()

    def parts() -> dict[str, Any]:
        found = where_parts(role_of(request.user), question)
        return {**found, **list_page(request, found.get("places", []))}

    rows = cached_part(request, "clusters/_where.html", parts, question, request.GET.get("page"))
    if wants_fragment(request):
        return HttpResponse(rows)
    return render(request, "clusters/where.html", {"filter": {"form": form}, "rows": rows})
