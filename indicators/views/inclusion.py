"""The page of inclusion."""

from types import SimpleNamespace

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from capred_portal.access import requires, role_of
from capred_portal.caching import cached_part
from capred_portal.htmx import PortalRequest, wants_fragment
from indicators.inclusion import InclusionForm, inclusion_parts


@require_safe
@requires("page.read")
@vary_on_headers("HX-Request")
def inclusion(request: PortalRequest) -> HttpResponse:
    """Women, people with disability, youth and firms run by women, of how many that are known."""
    form = InclusionForm(request.GET)
    params = form.params()

    rows = cached_part(
        request,
        "inclusion/_rows.html",
        lambda: inclusion_parts(role_of(request.user), params),
        sorted(params.items()),
    )
    if wants_fragment(request):
        return HttpResponse(rows)
    return render(request, "inclusion/index.html", {"filter": SimpleNamespace(form=form), "rows": rows})
