"""Pages at the door of a workshop for who has no account: sign in with a phone, show a code, have it scanned."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from capred_portal import access
from capred_portal.access import requires
from capred_portal.addresses import client_address
from capred_portal.htmx import PortalRequest
from capred_portal.privacy import notice_in_force
from capred_portal.qr_codes import qr_image
from capred_portal.rate_limits import seconds_to_wait
from programs import check_in
from programs.arrivals import CheckInIsFull, arrive, sign_in
from programs.forms.check_in import SignInForm
from programs.models import Arrival, Attendance, CheckIn

WINDOW = 600  # seconds
FROM_ONE_ADDRESS = 300  # forms in a window: a room full of phones has one address
WITH_ONE_CODE = 1_000
REFUSED_FROM_ONE_ADDRESS = 3_000  # apart, or one phone that sends empty forms would close the door for a room


def must_wait(request: PortalRequest, code: str, *, is_valid: bool) -> int:
    """Count a form that was sent and return how long it has to wait, if so; one that is refused takes no place."""
    address = client_address(request)
    if not is_valid:
        return seconds_to_wait("check-in-refused", address, most=REFUSED_FROM_ONE_ADDRESS, seconds=WINDOW)
    here = seconds_to_wait("check-in", address, most=FROM_ONE_ADDRESS, seconds=WINDOW)
    return here or seconds_to_wait("check-in-code", code, most=WITH_ONE_CODE, seconds=WINDOW)


def closed(request: PortalRequest) -> HttpResponse:
    """The same page for a door that is closed and for a code that never was.

    Wrong codes are not counted: of 31**8 nobody guesses one, and a count by address would close the door for a room.
    """
    return render(request, "check_in/closed.html", status=404)


def with_pause(response: HttpResponse, wait: int) -> HttpResponse:
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


@csrf_exempt  # who signs in needs no cookie: the form does the same for everybody, whoever is signed in here
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def door(request: PortalRequest, code: str) -> HttpResponse:
    """Sign in to a workshop whose door is open."""
    open_check_in = check_in.check_in_with_code(code)
    if open_check_in is None:
        return closed(request)
    is_sent = request.method == "POST"
    form = SignInForm(request.POST if is_sent else None)
    wait = must_wait(request, open_check_in.code, is_valid=form.is_valid()) if is_sent else 0
    if is_sent and not wait and form.is_valid():
        try:
            at = sign_in(code=open_check_in.code, told=form.told, token=form.token_sent)
        except CheckInIsFull:
            form.add_error(
                None, _("So many new names came here that the people at the desk have to put you on the list.")
            )
        else:
            return welcomed(request, open_check_in, at)
    context = {"form": form, "workshop": open_check_in.workshop, "notice": notice_in_force(), "wait": wait}
    status = 429 if wait else 422 if is_sent else 200
    return with_pause(render(request, "check_in/door.html", context, status=status), wait)


def welcomed(request: PortalRequest, open_check_in: CheckIn, at: dt.datetime | None) -> HttpResponse:
    """Lead on to the page of thanks, unless the door has closed while the form was sent."""
    if at is None:
        return closed(request)
    code = check_in.welcome_code(open_check_in.workshop, at)
    return HttpResponseRedirect(reverse("check_in:welcome", args=[code]))


@require_safe
@never_cache
def welcome(request: PortalRequest, code: str) -> HttpResponse:
    """Thanks, after signing in: it says where and when, and nothing of who."""
    found = check_in.welcome_of(code)
    if found is None:
        return closed(request)
    workshop, at = found
    return render(
        request,
        "check_in/welcome.html",
        {"workshop": workshop, "at": at, "door": check_in.open_check_in_of(workshop)},
    )


def own_context(request: PortalRequest, row: Attendance, code: str) -> dict[str, Any]:
    """Return what somebody with a code of their own sees; to others who are signed in it names nobody."""
    user = request.user
    address = request.build_absolute_uri(reverse("check_in:arrive", args=[code]))
    return {
        "row": row,
        "code": code,
        "workshop": row.workshop,
        "arrival": Arrival.objects.filter(attendance=row).first(),
        "door": check_in.open_check_in_of(row.workshop),
        "picture": qr_image(address),
        "names": not user.is_authenticated or access.may(user, "people.read"),
    }


@require_safe
@never_cache
def mine(request: PortalRequest, code: str) -> HttpResponse:
    """One's own code, from the mail of registration."""
    row = check_in.attendance_with(code)
    if row is None:
        return closed(request)
    return render(request, "check_in/mine.html", own_context(request, row, code))


@require_safe
@never_cache
def arrival(request: PortalRequest, code: str) -> HttpResponse:
    """Where a scanned code leads: helpers note the arrival here, anybody else sees the code itself."""
    row = check_in.attendance_with(code)
    if row is None:
        return closed(request)
    is_helper = access.may(request.user, "check-in.keep")
    template = "check_in/arrival.html" if is_helper else "check_in/mine.html"
    return render(request, template, own_context(request, row, code))


@require_POST
@requires("check-in.keep")
def arrived(request: PortalRequest, code: str) -> HttpResponse:
    """Note, once, the arrival of whose code was scanned, while the door is open."""
    row = check_in.attendance_with(code)
    if row is None:
        raise Http404
    if check_in.open_check_in_of(row.workshop):
        arrive(row.pk, way=Arrival.Way.HELPER, by=request.user)
    return HttpResponseRedirect(reverse("check_in:arrive", args=[code]))
