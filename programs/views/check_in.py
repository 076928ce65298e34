"""Pages of those who keep the door of a workshop: open and close it, watch who arrives, tick, send codes."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from capred_portal.access import requires, role_of
from capred_portal.figures import TOTAL, Scope
from capred_portal.htmx import PortalRequest, wants_fragment
from capred_portal.keys import key_in
from capred_portal.listing import list_page
from capred_portal.qr_codes import qr_image
from programs import check_in
from programs.arrivals import arrive, take_back, tick
from programs.figures import people as figures
from programs.forms.check_in import OpenForm
from programs.invitations import invite, whom_to_invite
from programs.models import Arrival, Attendance, CheckIn, Workshop

WAYS = dict(Arrival.Way.choices)


def active_workshop(pk: int) -> Workshop:
    return get_object_or_404(Workshop.objects.select_related("province").active(), pk=pk)


def door_url(request: PortalRequest, code: str) -> str:
    return request.build_absolute_uri(reverse("check_in:door", args=[code]))


def now_context(request: PortalRequest, workshop: Workshop) -> dict[str, Any]:
    """Return what changes by itself while people arrive: two figures, and who came last."""
    scope = Scope(role_of(request.user), {"workshop": str(workshop.pk)})
    tiles = [figures.attendances(scope)[TOTAL], figures.people_on_list(scope)[TOTAL]]
    return {"workshop": workshop, "figures": tiles, "latest": check_in.latest(workshop)}


def rows_context(request: PortalRequest, workshop: Workshop) -> dict[str, Any]:
    """Return the list by name, or the part of it that a search asks for."""
    asked = request.GET.get("q", "")[:100]
    found = list_page(request, check_in.listed(workshop).search(asked))  # type: ignore[attr-defined]
    for row in found["page_obj"]:
        row.way_said = WAYS.get(row.way, "")
        row.keeps_contacts = bool(row.person.phone or row.person.email)
    return {"workshop": workshop, "asked": asked, **found}


def page_context(request: PortalRequest, workshop: Workshop, form: OpenForm | None = None) -> dict[str, Any]:
    """Return the whole page: the door, what changes, the list, and whom a code can be sent to."""
    door = check_in.check_in_of(workshop)
    is_open = door is not None and door.is_open
    closes_at = door.closes_at if door and is_open else check_in.closing_by_default(workshop)
    address = door_url(request, door.code) if door and is_open else ""
    return {
        "door": door,
        "is_open": is_open,
        "last_day": check_in.last_day(workshop),
        "is_over": check_in.last_day(workshop) < timezone.localdate(),
        "is_full": door is not None and door.is_open and check_in.is_full(door),
        "most_new": check_in.MOST_NEW,
        "address": address,
        "short_address": check_in.short_address(address),
        "picture": qr_image(address) if address else "",
        "form": form or OpenForm(closes_at=closes_at, latest=check_in.latest_closing(workshop)),
        **whom_to_invite(workshop),
        **now_context(request, workshop),
        **rows_context(request, workshop),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@requires("check-in.keep")
@vary_on_headers("HX-Request", "HX-Target")
def door_detail(request: PortalRequest, pk: int) -> HttpResponse:
    """The door of a workshop, opened by its form; htmx asks for what changes, or for the list alone."""
    workshop = active_workshop(pk)
    if request.method == "POST":
        return open_check_in(request, workshop)
    if wants_fragment(request) and request.htmx.target == "check-in-now":
        return render(request, "check_in/_now.html", now_context(request, workshop))
    if wants_fragment(request):
        return render(request, "check_in/_rows.html", rows_context(request, workshop))
    return render(request, "check_in/detail.html", page_context(request, workshop))


def open_check_in(request: PortalRequest, workshop: Workshop) -> HttpResponse:
    """Open the door, or let one that is open close at another time."""
    times = {"closes_at": check_in.closing_by_default(workshop), "latest": check_in.latest_closing(workshop)}
    form = OpenForm(request.POST, **times)
    if not form.is_valid():
        return render(request, "check_in/detail.html", page_context(request, workshop, form), status=422)
    check_in.open_check_in(workshop=workshop, closes_at=form.cleaned_data["closes_at"], by=request.user)
    messages.success(request, _("People can sign in now."))
    return HttpResponseRedirect(reverse("workshops:check_in", args=[workshop.pk]))


@require_POST
@requires("check-in.keep")
def door_close(request: PortalRequest, pk: int) -> HttpResponse:
    """Close the door now."""
    check_in.close_check_in(active_workshop(pk))
    messages.success(request, _("The check-in is closed: nobody can sign in any more."))
    return HttpResponseRedirect(reverse("workshops:check_in", args=[pk]))


@require_safe
@requires("check-in.keep")
def door_poster(request: PortalRequest, pk: int) -> HttpResponse:
    """What stands at the door, on paper or on a wall: the code, and the address for who cannot scan it."""
    workshop = active_workshop(pk)
    door = check_in.open_check_in_of(workshop)
    address = door_url(request, door.code) if door else ""
    context = {"workshop": workshop, "door": door, "short_address": check_in.short_address(address)}
    return render(request, "check_in/poster.html", context | {"picture": qr_image(address) if address else ""})


@require_POST
@requires("check-in.keep")
def door_codes(request: PortalRequest, pk: int) -> HttpResponse:
    """Send those who registered their own code; one of them again when asked."""
    workshop = active_workshop(pk)
    again = key_in(request.POST["row"]) if "row" in request.POST else None
    sent = invite(workshop=workshop, address=request.build_absolute_uri("/"), again=again)
    text = ngettext("%(number)s code is on its way.", "%(number)s codes are on their way.", sent)
    messages.success(request, text % {"number": sent})
    return HttpResponseRedirect(reverse("workshops:check_in", args=[pk]))


@require_POST
@requires("check-in.keep")
def row_arrived(request: PortalRequest, pk: int, row_pk: int) -> HttpResponse:
    """Tick somebody on the list: at this time while the door is open, else without a time."""
    row = row_of(pk, row_pk)
    if CheckIn.objects.open().filter(workshop=pk).exists():
        arrive(row.pk, way=Arrival.Way.LIST, by=request.user)
    else:
        tick(row.pk, by=request.user)
    return back_to_list(request, pk)


@require_POST
@requires("check-in.keep")
def row_undo(request: PortalRequest, pk: int, row_pk: int) -> HttpResponse:
    """Take an arrival back that was a mistake."""
    take_back(row_of(pk, row_pk).pk, by=request.user)
    return back_to_list(request, pk)


def row_of(pk: int, row_pk: int) -> Attendance:
    rows = Attendance.objects.active().filter(workshop=pk, workshop__archived_at=None)
    return get_object_or_404(rows, pk=row_pk)


def back_to_list(request: PortalRequest, pk: int) -> HttpResponse:
    """Show the list again as it was asked for."""
    if wants_fragment(request):
        return render(request, "check_in/_rows.html", rows_context(request, active_workshop(pk)))
    asked = f"?{request.GET.urlencode()}" if request.GET else ""
    return HttpResponseRedirect(f"{reverse('workshops:check_in', args=[pk])}{asked}#check-in-rows")
