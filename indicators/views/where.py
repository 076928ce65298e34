"""Where clusters could grow."""

from dataclasses import asdict
from types import SimpleNamespace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from capred_portal.access import requires, role_of
from capred_portal.chart_tables import charts_part
from capred_portal.htmx import PortalRequest, wants_fragment
from capred_portal.listing import list_page
from indicators.where import WhereForm, where_parts


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

    state = {**asdict(question), "page": request.GET.get("page")}
    rows = charts_part(request, "clusters/_where.html", parts, state)
    if wants_fragment(request):
        return HttpResponse(rows)
    return render(request, "clusters/where.html", {"filter": SimpleNamespace(form=form), "rows": rows})
