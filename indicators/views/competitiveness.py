"""The competitiveness page: what published series say of Cambodian manufacturing."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from capred_portal.access import requires
from capred_portal.caching import cached_part
from capred_portal.htmx import PortalRequest
from indicators.competitiveness import SPAN, panels
from indicators.inputs.comparative_advantage import comparative_advantage


@require_safe
@requires("page.read")
def competitiveness(request: PortalRequest) -> HttpResponse:
    """Manufacturing, technology, employment, value chains, concentration and carbon, each with its sources."""

    def context() -> dict[str, Any]:
        return {"panels": panels(), "span": SPAN, "advantages": comparative_advantage()}

    body = cached_part(request, "competitiveness/_body.html", context)
    return render(request, "competitiveness/index.html", {"body": body})
