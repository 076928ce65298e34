"""Pages of input-output tables: which are held, what each holds, and which files to load."""

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from capred_portal.access import requires
from capred_portal.caching import cached_part
from capred_portal.exports import export_response
from capred_portal.htmx import PortalRequest
from indicators.inputs.input_output import table_parts, tables_held
from indicators.models import InputOutputTable


@require_safe
@requires("page.read")
def table_list(request: PortalRequest) -> HttpResponse:
    """All tables that are held, and the files Cambodia lacks."""

    def context() -> dict[str, Any]:
        return tables_held()

    body = cached_part(request, "input_output/_tables.html", context)
    return render(request, "input_output/list.html", {"body": body})


@require_safe
@requires("page.read")
def table_detail(request: PortalRequest, pk: int) -> HttpResponse:
    """One table: its sectors, how well it balances, and what they are in ISIC."""
    table = get_object_or_404(InputOutputTable.objects.active().select_related("source", "load__created_by"), pk=pk)

    def context() -> dict[str, Any]:
        return table_parts(table)

    body = cached_part(request, "input_output/_table.html", context, table.pk)
    return render(request, "input_output/detail.html", {"table": table, "body": body})


@require_safe
@requires("page.read")
def table_download(request: PortalRequest, pk: int) -> HttpResponseBase:
    """All numbers of a table as a file, in the portal's own layout."""
    table = get_object_or_404(InputOutputTable.objects.active(), pk=pk)
    rows = table.cells.order_by("pk").values_list("block", "row", "column", "value")
    name = f"input-output-{table.economy}-{table.year}"
    return export_response("csv", name, ["block", "row", "column", "value"], rows.iterator())
