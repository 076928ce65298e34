"""Around every request: a reference that log and error page share, one line in the log, headers of every answer."""

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from capred_portal.logs import REFERENCE, watch_queries

Answer = Callable[[HttpRequest], HttpResponseBase]

logger = logging.getLogger("portal.requests")

WELL_FORMED = re.compile(r"[A-Za-z0-9-]{8,64}")  # of a reference that a proxy gave
UNUSED = (
    "accelerometer autoplay camera display-capture encrypted-media geolocation gyroscope hid "
    "magnetometer microphone midi payment serial usb xr-spatial-tracking"
)
PERMISSIONS_POLICY = ", ".join(f"{name}=()" for name in UNUSED.split())


class RequestLogMiddleware:
    """Gives a request its reference and writes one line about it: no query string, no name."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        reference = reference_of(request)
        REFERENCE.set(reference)  # stays until the thread's next request: an answer may be streamed later
        watch_queries()
        response = self.get_response(request)
        response.headers["X-Request-ID"] = reference
        user = getattr(request, "_cached_user", None)  # only when somebody asked who it is: no query for the log
        details = {
            "method": request.method,
            "path": request.path,
            "status": response.status_code,
            "duration_ms": round((time.perf_counter() - started) * 1000),
            "user": getattr(user, "pk", None),
        }
        logger.info("request", extra=details)
        return response


def reference_of(request: HttpRequest) -> str:
    """Return the reference a proxy gave, if it looks like one, or a new one."""
    given = request.headers.get("X-Request-ID", "")
    return given if WELL_FORMED.fullmatch(given) else uuid.uuid4().hex


class HeadersMiddleware:
    """Switches off what pages never use, and has browsers keep nothing that was for somebody signed in."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if settings.SESSION_COOKIE_NAME in request.COOKIES or settings.SESSION_COOKIE_NAME in response.cookies:
            # After signing out on a shared machine, Back asks the server again and shows nothing.
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class NoNulMiddleware:
    """Finds nothing under an address that holds a NUL: no database stores one, and PostgreSQL stumbles over it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        if request.path.startswith("/api/"):
            return  # which answers programs in its own way
        in_query = any("\x00" in text for name, values in request.GET.lists() for text in (name, *values))
        if in_query or "\x00" in request.path:
            raise Http404(request.path)
