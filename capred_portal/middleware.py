"""How long a session lasts and what it takes: both hold for every address, also for one that is new tomorrow."""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from capred_portal.htmx import PortalRequest
from capred_portal.one_time_codes import PASSED, begin_half, must_use

Next = Callable[[Any], HttpResponse]

SEEN = "seen"  # when the session last gave a sign of life
UNWATCHED = frozenset({"/healthz", "/readyz"})  # a load balancer is nobody


class IdleSession:
    """End a session that gave no sign of life for long, and let pages know how long theirs will last."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: PortalRequest) -> HttpResponse:
        if request.path_info not in UNWATCHED and request.user.is_authenticated:
            if seconds_left(request) <= 0:
                logout(request)
                messages.info(request, _("You were signed out because nothing came from you for a while."))
            else:
                if not only_asks(request):
                    note_life(request)
                request.session_ends_in = seconds_left(request)
        return self.get_response(request)


def seen_at(request: PortalRequest) -> float:
    """Return the noted time of the last sign of life; a session without a note began when its user signed in."""
    began = request.user.last_login.timestamp() if request.user.last_login else 0.0
    return float(request.session.get(SEEN, began))


def seconds_left(request: PortalRequest) -> int:
    """Return how long the session lasts if nothing more comes: never longer than a session may last at all."""
    idle = seen_at(request) + settings.SESSION_IDLE_MINUTES * 60 - time.time()
    return int(min(idle, request.session.get_expiry_age()))


def only_asks(request: PortalRequest) -> bool:
    """Tell whether a page asks by itself, how long its session lasts or how far a load is: nobody need be there."""
    asks = request.path_info == reverse("account_stay") or request.headers.get("X-Only-Asks") == "1"
    return request.method == "GET" and asks


def note_life(request: PortalRequest, *, now: bool = False) -> None:
    """Note a sign of life, at most every two minutes unless it must be now: each note is a write."""
    pause = 0 if now else min(120, settings.SESSION_IDLE_MINUTES * 6)
    if time.time() - seen_at(request) >= pause:
        request.session[SEEN] = int(time.time())


class SecondStep:
    """Take back a session whose role needs one-time codes and that was opened without: it is half a session again.

    Whoever has only typed a password is anonymous to every view, so there is no list of pages to keep closed.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: PortalRequest) -> HttpResponse:
        request.codes_off = not settings.ONE_TIME_CODES
        user = request.user if request.path_info not in UNWATCHED else AnonymousUser()
        if user.is_authenticated and must_use(user) and not request.session.get(PASSED):
            begin_half(request, user)
            request.user = AnonymousUser()  # type: ignore[assignment]
        return self.get_response(request)
