"""Pages of loads: the list, one load with its preview, confirming, undoing, and the rows to correct."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from capred_portal import loads
from capred_portal.access import requires
from capred_portal.exports import export_response
from capred_portal.htmx import PortalRequest, wants_fragment
from capred_portal.listing import list_page
from capred_portal.models import Load, LoadRow
from programs.forms.loads import MappingForm
from programs.models import Workshop
from programs.preview import preview_rows

STEPS = [Load.State.UPLOADED, Load.State.CONFIRMED]


@require_safe
@requires("people.read")
def load_list(request: PortalRequest) -> HttpResponse:
    """Every spreadsheet that was loaded, newest first."""
    context = list_page(request, Load.objects.select_related("created_by"))
    places = [load.scope.get("workshop") for load in context["page_obj"]]
    return render(request, "loads/list.html", context | {"workshops": Workshop.objects.in_bulk(filter(None, places))})


def load_context(request: PortalRequest, load: Load) -> dict[str, Any]:
    """Return a load with its preview, one outcome or all."""
    kind, rows = loads.kind_of(load), load.rows.all()
    chosen = request.GET.get("outcome", "")
    if chosen in LoadRow.Outcome.values:
        rows = rows.filter(outcome=chosen)
    page = list_page(request, rows)
    writable = load.counts.get("new", 0) + load.counts.get("uncertain", 0) + load.counts.get("changed", 0)
    return page | {
        "load": load,
        "kind": kind,
        "preview": preview_rows(kind, page["page_obj"]),
        "outcomes": [(code, label, load.counts.get(code, 0)) for code, label in LoadRow.Outcome.choices],
        "chosen": chosen,
        "writable": writable,
        "under_way": load.state in STEPS,
        "problem": loads.problem_message(load),
        "earlier": loads.earlier_loads(load).select_related("created_by").first(),
        "workshop": Workshop.objects.filter(pk=load.scope.get("workshop")).first(),
    }


@require_safe
@requires("people.read")
@vary_on_headers("HX-Request")
def load_detail(request: PortalRequest, pk: int) -> HttpResponse:
    """One load: what its file would change or has changed, row by row."""
    load = get_object_or_404(Load.objects.select_related("created_by"), pk=pk)
    context = load_context(request, load)
    if wants_fragment(request):
        return render(request, "loads/_load.html", context)
    if load.state in (Load.State.CHECKED, Load.State.FAILED):
        context["mapping"] = MappingForm(kind=context["kind"], load=load)
    return render(request, "loads/detail.html", context)


@require_POST
@requires("load.write")
def load_map(request: PortalRequest, pk: int) -> HttpResponse:
    """Check the file again with other columns."""
    load = get_object_or_404(Load.objects.select_related("created_by"), pk=pk)
    form = MappingForm(request.POST, kind=loads.kind_of(load), load=load)
    if form.is_valid():
        loads.remap(load, form.chosen)
        return HttpResponseRedirect(load.get_absolute_url())
    return render(request, "loads/detail.html", load_context(request, load) | {"mapping": form}, status=422)


@require_POST
@requires("load.write")
def load_confirm(request: PortalRequest, pk: int) -> HttpResponse:
    """Write what the preview shows."""
    load = get_object_or_404(Load, pk=pk)
    if not loads.confirm(load):
        messages.info(request, _("This load is not waiting for confirmation any more."))
    return HttpResponseRedirect(load.get_absolute_url())


@require_http_methods(["GET", "POST"])
@requires("load.write")
def load_undo(request: PortalRequest, pk: int) -> HttpResponse:
    """Say what undoing would do and what stands against it; then do it."""
    load = get_object_or_404(Load, pk=pk)
    if load.state != Load.State.DONE:
        messages.info(request, _("Only a load that is done can be undone."))
        return HttpResponseRedirect(load.get_absolute_url())
    blockers = [(reason, count) for reason, count in loads.kind_of(load).undo_blockers(load) if count]
    if request.method == "POST" and not blockers:
        blockers = loads.undo(load, by=request.user)
        if not blockers:
            messages.success(request, _("The load was undone: every record is as it was before."))
            return HttpResponseRedirect(load.get_absolute_url())
    status = 409 if request.method == "POST" else 200
    return render(request, "loads/undo.html", {"load": load, "blockers": blockers}, status=status)


@require_safe
@requires("people.read")
def load_bad_rows(request: PortalRequest, pk: int, format_name: str) -> HttpResponseBase:
    """The wrong rows as a file, each with its reasons, to be corrected and loaded again."""
    load = get_object_or_404(Load, pk=pk)
    kind = loads.kind_of(load)
    mapped = [column for column in kind.columns if column.name in load.mapping["columns"]]
    header = [_("Line"), _("What is wrong"), *(str(column) for column in mapped)]
    wrong = load.rows.filter(outcome=LoadRow.Outcome.WRONG)
    rows = (
        [row.line, loads.reasons(kind, row), *(row.raw.get(column.name, "") for column in mapped)]
        for row in wrong.iterator()
    )
    return export_response(format_name, f"load-{pk}-{_('to correct')}", header, rows)


@require_safe
@requires("people.read")
def load_template(request: PortalRequest, kind: str, format_name: str) -> HttpResponseBase:
    """An empty table with the right titles and one example row, to fill in."""
    if kind not in loads.REGISTRY:
        raise Http404(kind)
    columns = loads.REGISTRY[kind].columns
    header = [str(column) for column in columns]
    return export_response(format_name, kind, header, [[column.example for column in columns]])
