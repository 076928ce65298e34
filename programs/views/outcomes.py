"""Pages of outcomes."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from capred_portal.access import requires
from capred_portal.htmx import PortalRequest


@require_safe
@requires("page.read")
def outcome_list(request: PortalRequest) -> HttpResponse:
    """The list."""
    return render(request, "base.html")
