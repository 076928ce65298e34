"""Pages of tables written in the background: asking for one, one's own, and the file once it is there."""

from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from capred_portal import exports
from capred_portal.access import requires
from capred_portal.background_exports import PROBLEMS, UNDER_WAY, ask_for, may_fetch, query_of
from capred_portal.filter_words import NO_FILTERS
from capred_portal.htmx import PortalRequest, wants_fragment
from capred_portal.listing import list_page
from capred_portal.models import Export
from capred_portal.rate_limits import seconds_to_wait
from capred_portal.tables import TABLES, TableExport, WrongFilters
from capred_portal.views.tables import long_context, refuse_filters, table_asked

MOST_AN_HOUR = 20


@require_POST
@requires("page.read")
def table_export(request: PortalRequest, name: str) -> HttpResponse:
    """Ask for a long workbook; its page follows it."""
    taken = TableExport(table_asked(request, name), request, request.GET)
    try:
        taken.check_names()
        rows = taken.count
    except WrongFilters as error:
        return refuse_filters(request, taken, error)
    wait = seconds_to_wait("export", str(request.user.pk), most=MOST_AN_HOUR, seconds=3600)
    if wait or rows > exports.MAX_ROWS_XLSX:
        context = long_context(taken, rows) | {"wait_minutes": -(-wait // 60)}
        return render(request, "take_away/long.html", context, status=429 if wait else 422)
    params = {name: values for name, values in request.GET.lists() if name not in NO_FILTERS and any(values)}
    made = ask_for(taken.table, params, user=request.user, rows=rows)
    return HttpResponseRedirect(reverse("export", args=[made.pk]))


@require_safe
@requires("page.read")
def export_list(request: PortalRequest) -> HttpResponse:
    """The files that were written for somebody, newest first."""
    context = list_page(request, Export.objects.filter(user=request.user))
    context["titles"] = {name: table.title for name, table in TABLES.items()}
    return render(request, "take_away/exports.html", context)


@require_safe
@requires("page.read")
@vary_on_headers("HX-Request")
def export_detail(request: PortalRequest, pk: int) -> HttpResponse:
    """One file: whether it is there, how many rows it holds, or why there is none; only who asked sees it."""
    export = own_export(request, pk)
    template = "take_away/_export.html" if wants_fragment(request) else "take_away/export.html"
    return render(request, template, export_context(request, export))


@require_safe
@requires("page.read")
def export_file(request: PortalRequest, pk: int) -> HttpResponseBase:
    """The file, for who asked and as long as the role is the one it was written for."""
    export = own_export(request, pk)
    if not may_fetch(export, request.user):
        return render(request, "take_away/export.html", export_context(request, export), status=403)
    if export.state != Export.State.READY:
        return render(request, "take_away/export.html", export_context(request, export), status=409)
    try:
        file = export.file.storage.open(str(export.file))
    except FileNotFoundError:
        raise Http404(pk) from None
    name = f"{export.table}-{export.created_at:%Y-%m-%d}-{export.rows_count}-rows.{export.format}"
    response = FileResponse(file, as_attachment=True, filename=name, content_type=exports.XLSX)
    response.headers["X-Row-Count"] = str(export.rows_count)
    return response


def own_export(request: PortalRequest, pk: int) -> Export:
    """Return what the user asked for; what others asked for is not found."""
    return get_object_or_404(Export.objects.filter(user=request.user), pk=pk)


def export_context(request: PortalRequest, export: Export) -> dict[str, object]:
    """Return what the page of an export shows."""
    query = query_of(export)
    table = TABLES.get(export.table)
    return {
        "export": export,
        "table": table,
        "title": table.title if table else export.table,
        "used": TableExport(table, request, query).words if table else [],
        "under_way": export.state in UNDER_WAY,
        "may_fetch": may_fetch(export, request.user),
        "problem": PROBLEMS.get(export.problem, export.problem),
        "query": query.urlencode(),
    }
