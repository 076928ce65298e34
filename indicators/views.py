"""The overview and the strategy pages."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from capred_portal.access import requires
from capred_portal.htmx import PortalRequest


@require_safe
@requires("page.read")
def overview(request: PortalRequest) -> HttpResponse:
    """The overview."""
    return render(request, "base.html")


@require_safe
@requires("page.read")
def strategy_index(request: PortalRequest) -> HttpResponse:
    """All strategies."""
    return render(request, "base.html")


@require_safe
@requires("page.read")
def strategy_coverage(request: PortalRequest) -> HttpResponse:
    """The coverage map."""
    return render(request, "base.html")


@require_safe
@requires("page.read")
def strategy_framework(request: PortalRequest, framework: str) -> HttpResponse:
    """One strategy."""
    return render(request, "base.html")


@require_safe
@requires("page.read")
def strategy_goal(request: PortalRequest, framework: str, code: str) -> HttpResponse:
    """One goal."""
    return render(request, "base.html")
