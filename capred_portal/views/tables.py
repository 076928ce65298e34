"""Pages of what can be taken away: all tables, one table with its columns, and its files."""

from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from capred_portal import background_exports, exports
from capred_portal.access import check, may, requires, roles_for
from capred_portal.caching import cached_part
from capred_portal.exports import export_response
from capred_portal.htmx import PortalRequest
from capred_portal.loads import spare_memory
from capred_portal.models import User
from capred_portal.tables import KIND_WORDS, TABLES, Table, TableExport, WrongFilters
from capred_portal.take_away import sections_for


@require_safe
@requires("page.read")
def table_list(request: PortalRequest) -> HttpResponse:
    """Every table the role may read and every figure, as files."""

    body = cached_part(request, "take_away/_sections.html", lambda: {"sections": sections_for(request.user)})
    return render(request, "take_away/tables.html", {"body": body})


@require_safe
@requires("page.read")
def table_detail(request: PortalRequest, name: str) -> HttpResponse:
    """One table: what a row is, its columns with names and kinds, and who may read each."""
    table = table_asked(request, name)
    roles = dict(User.Role.choices)
    columns = [
        {
            "column": column,
            "kind": KIND_WORDS[column.kind],
            "is_open": not column.action or may(request.user, column.action),
            "readers": [roles[role] for role in roles_for(column.action)] if column.action else [],
        }
        for column in table.columns
    ]
    readers = [roles[role] for role in roles_for(table.action)]
    filters = TableExport(table, request).chosen.form
    context = {"table": table, "columns": columns, "readers": readers, "filters": filters}
    return render(request, "take_away/table.html", context)


@require_safe
@requires("page.read")
def table_file(request: PortalRequest, name: str, format_name: str) -> HttpResponseBase:
    """The rows that pass the filters as a file; a workbook too long to wait for is offered for later."""
    taken = TableExport(table_asked(request, name), request, request.GET)
    spare_memory()  # counting may walk through as much as writing does
    try:
        taken.check_names()
        rows = taken.count
    except WrongFilters as error:
        return refuse_filters(request, taken, error)
    if format_name == "xlsx" and rows > background_exports.AT_ONCE:
        return render(request, "take_away/long.html", long_context(taken, rows))
    notes = taken.notes() if format_name == "xlsx" else None
    response = export_response(format_name, taken.file_name(rows), taken.header, taken.for_people(), notes=notes)
    response.headers["X-Row-Count"] = str(rows)
    return response


def table_asked(request: PortalRequest, name: str) -> Table:
    """Return the table of an address, which the role may read."""
    table = TABLES.get(name)
    if table is None:
        raise Http404(name)
    check(request.user, table.action)
    return table


def refuse_filters(request: PortalRequest, taken: TableExport, error: WrongFilters) -> HttpResponse:
    """Say which filters are wrong: a file of other rows than were asked for would mislead."""
    labels = {name: each.label for name, each in taken.chosen.filters.items()}
    wrong = [(labels.get(name) or name, reasons) for name, reasons in error.errors.items()]
    return render(request, "take_away/refused.html", {"table": taken.table, "wrong": wrong}, status=422)


def long_context(taken: TableExport, rows: int) -> dict[str, Any]:
    """Return what the page of a long table says."""
    return {
        "table": taken.table,
        "rows_count": rows,
        "query": urlencode(dict(taken.params.lists()), doseq=True),  # type: ignore[attr-defined] # a QueryDict
        "at_once": background_exports.AT_ONCE,
        "most": exports.MAX_ROWS_XLSX,
        "fits": rows <= exports.MAX_ROWS_XLSX,
    }
