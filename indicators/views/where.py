"""Where clusters could grow."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from capred_portal.access import requires, role_of
from capred_portal.caching import cached_part
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

    rows = cached_part(request, "clusters/_where.html", parts, question, request.GET.get("page"))
    if wants_fragment(request):
        return HttpResponse(rows)
    return render(request, "clusters/where.html", {"filter": {"form": form}, "rows": rows})
