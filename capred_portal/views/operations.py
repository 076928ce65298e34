"""Pages for those who keep the portal running, words for machines that watch it, and what visitors see of an outage."""

import sys
from typing import Any

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_safe

from capred_portal import health, operations
from capred_portal.access import requires
from capred_portal.htmx import PortalRequest
from capred_portal.logs import REFERENCE
from capred_portal.outages import BUSY, outage_of

RETRY_SECONDS = 30
UNREADABLE = (BadRequest, MultiPartParserError, SuspiciousOperation, UnreadablePostError)


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Tell a load balancer that the process is alive, without asking the database."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Tell who watches the portal which of its parts are as they should be; no more, because anybody may ask."""
    parts = health.readiness()
    words = {name: "ok" if is_ready else "not ok" for name, is_ready in parts.items()}
    answer = JsonResponse(words, status=200 if all(parts.values()) else 503)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@require_safe
@requires("admin.use")
def status(request: PortalRequest) -> HttpResponse:
    """How the portal is: its parts, versions, loads, queue, scheduled work, backups, disk."""
    names = {
        "database": _("Database"),
        "migrations": _("Migrations"),
        "storage": _("Storage"),
        "worker": _("Worker"),
    }
    parts = [(names[name], is_ready) for name, is_ready in health.readiness().items()]
    context = {"parts": parts, "pending": health.pending_migrations(), **operations.status()}
    return render(request, "operations/status.html", context)


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """Our mistake, or an outage; the page needs neither database nor session, and names the line of the log."""
    context: dict[str, Any] = {"reference": REFERENCE.get()}
    if outage := outage_of(sys.exception()):
        context |= {"is_busy": outage == BUSY, "is_get": request.method == "GET"}
        context |= {"address": request.get_full_path(), "typed": typed(request)}
        page = render_to_string("503.html", context)
        return HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_SECONDS), "Cache-Control": "no-store"})
    return HttpResponse(render_to_string("500.html", context), status=500)


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the fields of a form for the page to send again; nothing when files or passwords were among them."""
    try:
        fields = [(name, str(value)) for name, values in request.POST.lists() for value in values]
        files = bool(request.FILES)
    except UNREADABLE:
        return []
    return [] if files or any("password" in name for name, _value in fields) else fields
