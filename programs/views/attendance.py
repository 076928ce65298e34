"""Pages of a workshop's attendance: figures, list, entry grid, sign-in sheet, loading a list."""

from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from capred_portal import access, loads
from capred_portal.access import requires, role_of
from capred_portal.editing import Creation, archive_record, create_record, edit_record
from capred_portal.figures import TOTAL, Scope
from capred_portal.htmx import PortalRequest, wants_fragment
from capred_portal.listing import list_page
from capred_portal.load_forms import LoadForm
from capred_portal.privacy import notice_in_force
from capred_portal.qr_codes import qr_image
from capred_portal.records import StaleRecord
from programs.check_in import open_check_in_of, short_address
from programs.figures import people as figures
from programs.forms.people import AttendanceForm, blank_rows, filled_rows, kept_rows
from programs.models import Attendance, Workshop

KIND = "attendance"
SHEET_ROWS = range(1, 26)
SHEET_TITLES = [
    ("ឈ្មោះ", "Name (Khmer)"),
    ("ឈ្មោះឡាតាំង", "Name (Latin)"),
    ("ភេទ", "Sex"),
    ("អាយុ", "Age"),
    ("អង្គភាព", "Organisation"),
    ("លេខទូរស័ព្ទ", "Phone"),
    ("អ៊ីមែល", "E-mail"),
    ("ការលំបាក ១-៤", "Difficulty 1-4"),
    ("ការយល់ព្រម", "Consent yes / no"),
    ("ហត្ថលេខា", "Signature"),
]


def attendance_url(workshop: Workshop) -> str:
    return reverse("workshops:attendance", args=[workshop.pk])


def list_context(request: PortalRequest, workshop: Workshop) -> dict[str, Any]:
    """Return the list of a workshop, newest row first, for those who may read names."""
    rows = workshop.attendances.active().select_related("person", "organisation", "load").order_by("-pk")
    files_of = ("attendances", {"workshop": workshop.pk})
    return {"workshop": workshop, "files_of": files_of, **list_page(request, rows)}


def figure_context(request: PortalRequest, workshop: Workshop) -> dict[str, Any]:
    """Return the figures of one workshop, as this role may see them."""
    scope = Scope(role_of(request.user), {"workshop": str(workshop.pk)})
    heads, came = figures.head_count(scope)[TOTAL], figures.attendances(scope)[TOTAL]
    tiles = [
        heads,
        figures.people_on_list(scope)[TOTAL],
        figures.gap(heads, came),
        came,
        figures.unique_people(scope)[TOTAL],
        figures.first_timers(scope)[TOTAL],
    ]
    parts = {by: [part for key, part in found.items() if key] for by, found in figures.breakdowns(scope).items()}
    return {"figures": tiles, "breakdowns": [(figures.PART_TITLES[by], found) for by, found in parts.items()]}


@require_http_methods(["GET", "POST"])
@requires("page.read")
@vary_on_headers("HX-Request")
def attendance(request: PortalRequest, pk: int) -> HttpResponse:
    """Who came: figures for everybody; the list and the grid for those who keep it."""
    workshop = get_object_or_404(Workshop.objects.active(), pk=pk)
    if request.method == "POST":
        access.check(request.user, "record.write")
        return add_rows(request, workshop)
    context: dict[str, Any] = {"workshop": workshop}
    if access.may(request.user, "people.read"):
        context |= list_context(request, workshop)
    if wants_fragment(request) and "page_obj" in context:
        return render(request, "attendance/_rows.html", context)
    if access.may(request.user, "record.write"):
        context["grid"] = blank_rows(workshop)
    return render(request, "attendance/list.html", context | figure_context(request, workshop))


def add_rows(request: PortalRequest, workshop: Workshop) -> HttpResponse:
    """Save the filled rows that are right and keep the others with what is wrong beside each field."""
    filled = filled_rows(request.POST, workshop)
    refused = [form for form in filled if not form.is_valid() or not save_row(request, form)]
    if saved := len(filled) - len(refused):
        text = ngettext("%(number)s person is on the list.", "%(number)s people are on the list.", saved)
        messages.success(request, text % {"number": saved})
    elif not filled:
        messages.info(request, _("Nothing was typed."))
    if not wants_fragment(request) and not refused:
        return HttpResponseRedirect(f"{attendance_url(workshop)}#entry")
    context = list_context(request, workshop) | {"grid": kept_rows(refused, workshop), "refused": bool(refused)}
    if wants_fragment(request):
        return render(request, "attendance/_entry.html", context)
    return render(request, "attendance/list.html", context | figure_context(request, workshop), status=422)


def save_row(request: PortalRequest, form: Any) -> bool:
    """Save one row of the grid once; false when somebody else was quicker."""
    try:
        _row, creation = create_record(form, by=request.user)
    except (IntegrityError, StaleRecord):
        return False
    if creation is Creation.ALREADY:
        messages.info(request, _("This was already saved; here it is."))
    return True


@require_POST
@requires("record.write")
def known(request: PortalRequest, pk: int) -> HttpResponse:
    """As the name is left: the known person it may be, offered in the row; posted, to keep names out of server logs."""
    workshop = get_object_or_404(Workshop.objects.active(), pk=pk)
    rows = filled_rows(request.POST, workshop)
    for row in rows:
        row.is_valid()
    return render(request, "attendance/_known.html", {"row": rows[0] if rows else None})


@require_safe
@requires("people.read")
def sheet(request: PortalRequest, pk: int) -> HttpResponse:
    """The sign-in sheet to print, in both languages."""
    workshop = get_object_or_404(Workshop.objects.select_related("province").active(), pk=pk)
    door = open_check_in_of(workshop)
    address = request.build_absolute_uri(reverse("check_in:door", args=[door.code])) if door else ""
    context = {
        "lines": SHEET_ROWS,
        "titles": SHEET_TITLES,
        "notice": notice_in_force(),
        "address": short_address(address),
    }
    context["picture"] = qr_image(address) if address else ""
    return render(request, "attendance/sheet.html", context | {"workshop": workshop})


@require_http_methods(["GET", "POST"])
@requires("record.write")
def row_edit(request: PortalRequest, pk: int, row_pk: int) -> HttpResponse:
    """Change what is kept of one person at this workshop."""
    rows = Attendance.objects.active().filter(workshop=pk, workshop__archived_at=None)
    row = get_object_or_404(rows.select_related("person", "workshop"), pk=row_pk)
    back = attendance_url(row.workshop)
    context = {"record": row.workshop, "row": row, "title": str(row.person), "cancel_url": back}
    return edit_record(
        request,
        AttendanceForm(request.POST or None, instance=row),
        template="attendance/edit.html",
        context=context,
        success_url=lambda _row: back,
    )


@require_http_methods(["GET", "POST"])
@requires("record.write")
def row_remove(request: PortalRequest, pk: int, row_pk: int) -> HttpResponse:
    """Take a row off the list, with a reason."""
    rows = Attendance.objects.active().filter(workshop=pk, workshop__archived_at=None)
    row = get_object_or_404(rows.select_related("person", "workshop"), pk=row_pk)
    return archive_record(request, row, success_url=attendance_url(row.workshop))


@require_http_methods(["GET", "POST"])
@requires("load.write")
def attendance_load(request: PortalRequest, pk: int) -> HttpResponse:
    """Load a list from a file or from pasted cells; the preview follows."""
    workshop = get_object_or_404(Workshop.objects.active(), pk=pk)
    kind = loads.REGISTRY[KIND]
    form = LoadForm(request.POST or None, request.FILES or None, kind=kind)
    if form.is_valid() and (load := form.receive(scope={"workshop": pk}, by=request.user)):
        return HttpResponseRedirect(load.get_absolute_url())
    context = {"workshop": workshop, "form": form, "kind": kind}
    return render(request, "attendance/load.html", context, status=422 if form.errors else 200)
