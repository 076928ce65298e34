"""The pages of import dependency."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from capred_portal.access import requires, role_of
from capred_portal.chart_tables import charts_part
from capred_portal.htmx import PortalRequest, wants_fragment
from indicators.inputs.import_dependency_page import page_parts
from indicators.inputs.import_flows import flows_parts
from indicators.inputs.imported_by_buyer import buyers_parts
from indicators.inputs.imports_shown import imports_parts

STATE = ("edition", "year", "told_by", "to", "table")


@require_safe
@requires("page.read")
@vary_on_headers("HX-Request")
def import_dependency(request: PortalRequest) -> HttpResponse:
    """How much of its inputs Cambodia imports: modelled, measured and reported, side by side, then each in full."""

    def parts(_given: Mapping[str, str]) -> dict[str, Any]:
        return page_parts(role_of(request.user))

    return part_response(request, "index", parts, template="body")


@require_safe
@requires("page.read")
@vary_on_headers("HX-Request")
def by_buyer(request: PortalRequest) -> HttpResponse:
    """The imported share of the inputs of each sector, and of each input, from a table of Cambodia."""
    return part_response(request, "by_buyer", buyers_parts)


@require_safe
@requires("page.read")
@vary_on_headers("HX-Request")
def imports(request: PortalRequest) -> HttpResponse:
    """Imports of one edition and year, as Cambodia or its partners tell them: by product, supplier and end use."""
    return part_response(request, "imports", imports_parts)


@require_safe
@requires("page.read")
@vary_on_headers("HX-Request")
def flows(request: PortalRequest) -> HttpResponse:
    """Imports as a flow from supplier to goods to use or buyer."""
    return part_response(request, "flows", flows_parts)


def asked(request: PortalRequest) -> dict[str, str]:
    """Return what the address asks for, as far as the pages know it."""
    return {name: request.GET[name] for name in STATE if name in request.GET}


def part_response(
    request: PortalRequest, name: str, parts: Callable[[Mapping[str, str]], Any], *, template: str = ""
) -> HttpResponse:
    """Return a page, or the fragment that htmx asks for: a part of the whole page, or the table of a chart."""
    given = asked(request)
    body = charts_part(request, f"import_dependency/_{template or name}.html", lambda: parts(given), given)
    if wants_fragment(request):
        return HttpResponse(body)
    return render(request, f"import_dependency/{name}.html", {"body": body})
