"""The sources of published values: every edition, what it holds, and how it may be used."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from capred_portal.access import requires
from capred_portal.caching import cached_part
from capred_portal.htmx import PortalRequest
from indicators.sources import editions_held


@require_safe
@requires("page.read")
def source_list(request: PortalRequest) -> HttpResponse:
    """All editions with the series they hold."""

    def context() -> dict[str, Any]:
        return {"editions": editions_held()}

    body = cached_part(request, "indicators/_sources.html", context)
    return render(request, "indicators/sources.html", {"body": body})
