"""Backward linkages: one table at a time, and its ranking as a file."""

from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from capred_portal.access import requires
from capred_portal.chart_tables import charts_part
from capred_portal.exports import export_response
from capred_portal.file_notes import notes_for
from capred_portal.htmx import PortalRequest, wants_fragment
from capred_portal.listing import list_page
from indicators.analytics.accounts import DoesNotConverge
from indicators.inputs.linkage_charts import pictures_of
from indicators.inputs.linkage_check import SOURCE, VALUES, YEAR, compared_with
from indicators.inputs.linkage_rows import (
    basket_of,
    columns_of,
    file_header,
    file_rows,
    lines_of,
    page_state,
    views_of,
)
from indicators.inputs.linkages import Question, findings_of
from indicators.inputs.tables import table_asked
from indicators.inputs.tables_kept import tables_kept
from indicators.models import InputOutputTable

SECTORS_PER_PAGE = 25  # each with the reasons in a sentence


@require_safe
@requires("page.read")
@vary_on_headers("HX-Request")
def linkages(request: PortalRequest) -> HttpResponse:
    """Which sectors pull their suppliers, how much of that leaks abroad, and why; of the table asked for."""
    tables = tables_kept(request)
    table, question = table_asked(request.GET, tables), Question.asked(request.GET)
    context: dict[str, Any] = {"tables": tables, "table": table, "body": ""}
    if table is not None:
        held = table

        def parts() -> dict[str, Any]:
            found = linkage_parts(held, question)
            return found | list_page(request, found.get("lines", []), per_page=SECTORS_PER_PAGE)

        state = {**page_state(table, question), "page": request.GET.get("page")}
        context["body"] = charts_part(request, "backward_linkages/_body.html", parts, state)
    if wants_fragment(request):
        return HttpResponse(context["body"])
    return render(request, "backward_linkages/index.html", context)


def linkage_parts(table: InputOutputTable, question: Question) -> dict[str, Any]:
    """Return what the page shows of a table, or which sectors keep it from being computed."""
    try:
        findings = findings_of(table, question)
    except DoesNotConverge as error:
        return {"table": table, "findings": None, "stuck": error.sectors}
    return {
        "table": table,
        "findings": findings,
        "views": views_of(findings),
        "pictures": pictures_of(findings),
        "columns": columns_of(findings),
        "lines": lines_of(findings),
        "basket": basket_of(findings),
        "compared": compared_with(findings),
        "published": {"values": VALUES, "year": YEAR, "source": SOURCE},
        "formats": ("csv", "xlsx"),
    }


@require_safe
@requires("page.read")
def linkages_export(request: PortalRequest, format_name: str) -> HttpResponseBase:
    """The ranking as a file: the rows and columns of the table on the page."""
    table = table_asked(request.GET)
    if table is None:
        raise Http404
    try:
        findings = findings_of(table, Question.asked(request.GET))
    except DoesNotConverge as error:
        raise Http404 from error
    name = f"backward-linkages-{table.economy}-{table.year}"
    notes = notes_for(request.user, _("Backward linkages"), source=table)
    return export_response(format_name, name, file_header(findings), file_rows(findings), notes=notes)
