"""The overview: the few figures that matter, what changed, what is late."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from capred_portal.access import ANONYMOUS, requires, role_of
from capred_portal.caching import cached_part, cached_value
from capred_portal.htmx import PortalRequest
from indicators.overview import changes_since, newest_changes, overview_parts
from indicators.strategy import counts_of
from indicators.views.public import public_overview


@require_safe
@requires("page.public")
def overview(request: PortalRequest) -> HttpResponse:
    """The few figures that matter, what changed and what is late; for visitors what is accepted and published."""
    if role_of(request.user) == ANONYMOUS:
        return public_overview(request)

    def parts() -> dict[str, Any]:
        return overview_parts(role_of(request.user), counts_of(request))

    body = cached_part(request, "overview/_body.html", parts)
    newest = cached_value(request, newest_changes, "newest changes")
    return render(request, "overview/index.html", {"body": body, **changes_since(request.user, newest)})
