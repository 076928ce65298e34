"""The page of what happened to a record, which is also the part its own page shows."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from capred_portal import access
from capred_portal.access import requires
from capred_portal.history import READ, kinds, moment, timeline
from capred_portal.htmx import PortalRequest, wants_fragment


@require_safe
@requires("history.read")
@vary_on_headers("HX-Request")
def record_history(request: PortalRequest, kind: str, pk: int) -> HttpResponse:
    """What happened to a record and its parts, newest first; htmx gets the list alone."""
    if (model := kinds().get(kind)) is None:
        raise Http404(kind)
    if action := READ.get(kind):
        access.check(request.user, action)
    record = get_object_or_404(model._base_manager, pk=pk)
    context: dict[str, Any] = {"kind": kind, "record": record}
    context["timeline"] = timeline(record, moment(request.GET.get("before", "")))
    if wants_fragment(request):
        return render(request, "history/_timeline.html", context)
    context |= {"page": page_of(record), "admin_page": admin_page_of(request, record)}
    return render(request, "history/record.html", context)


def page_of(record: Any) -> str:
    """Return the address of the record's own page, or nothing where it has none."""
    return str(record.get_absolute_url()) if hasattr(record, "get_absolute_url") else ""


def admin_page_of(request: PortalRequest, record: Any) -> str:
    """Return where an administrator restores earlier versions of the record."""
    if not (access.may(request.user, "admin.use") and admin.site.is_registered(type(record))):
        return ""
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_history", args=[record.pk])
