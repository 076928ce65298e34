"""The calendar of workshops: the page that tells how to subscribe, and the file itself."""

import hashlib

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from capred_portal.access import may, requires, sign_in_first
from capred_portal.access_keys import key_with_scope
from capred_portal.addresses import client_address
from capred_portal.htmx import PortalRequest
from capred_portal.models import AccessToken, User
from capred_portal.rate_limits import seconds_to_wait
from capred_portal.records import DataVersion
from programs.calendar import calendar_of, workshops_shown

CALENDAR = "text/calendar; charset=utf-8"
MOST_AN_HOUR = 60  # looks of one key; programs look every few hours
MOST_TRIES = 30  # of wrong keys from one address in an hour
HOUR = 3_600


@require_safe
@requires("key.use")
def subscribe(request: PortalRequest) -> HttpResponse:
    """How to have the workshops in one's own calendar."""
    return render(request, "workshops/calendar.html")


@require_safe
def calendar(request: PortalRequest) -> HttpResponseBase:
    """The workshops as a calendar file: for who is signed in, or for the owner of a key for it."""
    key = request.GET.get("key", "")
    if not key and not request.user.is_authenticated:
        return sign_in_first(request)
    token = key_with_scope(key, AccessToken.Scope.CALENDAR) if key else None
    if wait := too_often(request, key, token):
        return plain(_("Too many requests. Try again later."), 429, {"Retry-After": str(wait)})
    reader = token.user if token else request.user
    if (key and token is None) or not may(reader, "page.read"):
        return plain(_("This address is not valid any more. Make a new one in the portal."), 403)
    response = file_for(request, reader)
    patch_cache_control(response, private=True, no_cache=True)  # the address holds a key
    return response


def too_often(request: PortalRequest, key: str, token: AccessToken | None) -> int:
    """Count a look by key, or by address where the key is wrong; return the seconds to wait, if any."""
    if not key:
        return 0
    if token is None:
        return seconds_to_wait("calendar-tries", client_address(request) or "", most=MOST_TRIES, seconds=HOUR)
    return seconds_to_wait("calendar", str(token.pk), most=MOST_AN_HOUR, seconds=HOUR)


def file_for(request: PortalRequest, reader: User) -> HttpResponseBase:
    """Return the calendar in the reader's language, or 304 while nothing has changed."""
    site = f"{request.scheme}://{request.get_host()}"
    about = f"{DataVersion.current()} {timezone.localdate()} {reader.language} {site}"
    etag = f'"{hashlib.sha256(about.encode()).hexdigest()[:32]}"'
    if unchanged := get_conditional_response(request, etag=etag):
        return unchanged
    with override(reader.language):
        content = calendar_of(workshops_shown(), site=site)
    headers = {"ETag": etag, "Content-Disposition": 'attachment; filename="workshops.ics"'}
    return HttpResponse(content, content_type=CALENDAR, headers=headers)


def plain(words: str, status: int, headers: dict[str, str] | None = None) -> HttpResponse:
    """Return an answer that a calendar program can show."""
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8", headers=headers)
