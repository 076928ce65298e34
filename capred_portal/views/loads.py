"""Pages of loads: the list, a new one, one load with its preview, confirming, undoing, and the rows to correct."""

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
from capred_portal.load_forms import LoadForm, MappingForm
from capred_portal.load_kinds import REGISTRY, LoadKind, kind_of, problem_message, reasons
from capred_portal.models import Load, LoadRow
from capred_portal.preview import Preview, RowPages

UNDER_WAY = [Load.State.UPLOADED, Load.State.CONFIRMED, Load.State.UNDOING]


def open_kinds() -> list[LoadKind]:
    """Return the kinds whose page asks all they need, in the order of their registration."""
    return [kind for kind in REGISTRY.values() if kind.is_asked_whole]


def places_of(found: list[Load]) -> dict[int, tuple[str, str]]:
    """Return what each load belongs to, as text and address, by number of load."""
    by_kind: dict[str, list[Load]] = {}
    for load in found:
        by_kind.setdefault(load.kind, []).append(load)
    return {pk: place for name, group in by_kind.items() for pk, place in REGISTRY[name].places(group).items()}


@require_safe
@requires("people.read")
def load_list(request: PortalRequest) -> HttpResponse:
    """Every spreadsheet that was loaded, newest first."""
    context = list_page(request, Load.objects.select_related("created_by"))
    context["places"] = places_of(list(context["page_obj"]))
    context["kinds"] = {name: kind.title for name, kind in REGISTRY.items()}
    return render(request, "loads/list.html", context)


@require_safe
@requires("load.write")
def load_new(request: PortalRequest) -> HttpResponse:
    """Choose what the spreadsheet holds."""
    return render(request, "loads/new.html", {"kinds": open_kinds()})


@require_http_methods(["GET", "POST"])
@requires("load.write")
def load_new_kind(request: PortalRequest, kind: str) -> HttpResponse:
    """Load a file or pasted cells of one kind; the preview follows."""
    found = REGISTRY.get(kind)
    if found is None or found not in open_kinds():
        raise Http404(kind)
    form = LoadForm(request.POST or None, request.FILES or None, kind=found)
    if form.is_valid() and (load := form.receive(scope=form.scope, by=request.user)):
        return HttpResponseRedirect(load.get_absolute_url())
    others = [other for other in open_kinds() if other is not found]
    context = {"form": form, "kind": found, "others": others}
    return render(request, "loads/new_kind.html", context, status=422 if form.errors else 200)


def load_context(request: PortalRequest, load: Load) -> dict[str, Any]:
    """Return a load with its preview, one outcome or all."""
    kind = kind_of(load)
    chosen = request.GET.get("outcome", "")
    chosen = chosen if chosen in LoadRow.Outcome.values else ""
    under_way = load.state in UNDER_WAY
    has_rows = not under_way and (load.file or load.rows.exists())
    page = None if not has_rows else RowPages(load, chosen).get_page(request.GET.get("page"))
    preview = Preview(kind)
    return {
        "load": load,
        "kind": kind,
        "page_obj": page,
        "headings": preview.headings,
        "preview": preview.rows(page) if page else [],
        "outcomes": [(code, label, load.counts.get(code, 0)) for code, label in LoadRow.Outcome.choices],
        "chosen": chosen,
        "writable": loads.may_write(load) and sum(load.counts.get(code, 0) for code in ("new", "uncertain", "changed")),
        "under_way": under_way,
        "problem": problem_message(load),
        "earlier": loads.earlier_loads(load).select_related("created_by").first(),
        "place": kind.places([load]).get(load.pk),
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
    if load.state in (Load.State.CHECKED, Load.State.FAILED) and load.file and not context["kind"].read:
        context["mapping"] = MappingForm(kind=context["kind"], load=load)
    return render(request, "loads/detail.html", context)


@require_POST
@requires("load.write")
def load_map(request: PortalRequest, pk: int) -> HttpResponse:
    """Check the file again with other columns."""
    load = get_object_or_404(Load.objects.select_related("created_by"), pk=pk)
    form = MappingForm(request.POST, kind=kind_of(load), load=load)
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
    blockers = loads.undo_blockers(load) if load.state == Load.State.DONE else []
    load.refresh_from_db(fields=["state"])  # what stands against it may be that somebody undid it a moment ago
    if load.state != Load.State.DONE:
        messages.info(request, _("Only a load that is done can be undone."))
        return HttpResponseRedirect(load.get_absolute_url())
    if request.method == "POST" and not blockers:
        if loads.undo_later(load, by=request.user):
            return HttpResponseRedirect(load.get_absolute_url())
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
    kind = kind_of(load)
    mapped = [column for column in kind.columns if column.name in load.mapping["columns"]]
    header = [_("Line"), _("What is wrong"), *(str(column) for column in mapped)]
    wrong = load.rows.filter(outcome=LoadRow.Outcome.WRONG).order_by("line")
    rows = (
        [row.line, reasons(kind, row), *(row.raw.get(column.name, "") for column in mapped)] for row in wrong.iterator()
    )
    what = _("to correct")
    return export_response(format_name, f"load-{pk}-{what}", header, rows)


@require_safe
@requires("people.read")
def load_template(request: PortalRequest, kind: str, format_name: str) -> HttpResponseBase:
    """An empty table with the right titles and one example row, to fill in."""
    found = REGISTRY.get(kind)
    if found is None or not found.has_template:
        raise Http404(kind)
    if found.example:
        header, *rows = found.example()
        return export_response(format_name, kind, header, rows)
    header = [str(column) for column in found.columns]
    return export_response(format_name, kind, header, [[column.example for column in found.columns]])
