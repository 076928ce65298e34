"""The competitiveness page: what published series say of Cambodian manufacturing."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from capred_portal.access import requires
from capred_portal.chart_tables import charts_part
from capred_portal.htmx import PortalRequest, wants_fragment
from indicators.competitiveness import SPAN, panels
from indicators.inputs.comparative_advantage import comparative_advantage


@require_safe
@requires("page.read")
@vary_on_headers("HX-Request")
def competitiveness(request: PortalRequest) -> HttpResponse:
    """Manufacturing, technology, employment, value chains, concentration and carbon, each with its sources."""

    def parts() -> dict[str, Any]:
        return {"panels": panels(), "span": SPAN, "advantages": comparative_advantage()}

    body = charts_part(request, "competitiveness/_body.html", parts, {})
    if wants_fragment(request):
        return HttpResponse(body)
    return render(request, "competitiveness/index.html", {"body": body})
