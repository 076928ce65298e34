"""The document of the interface for machines, and its pages for people."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from capred_portal.access import requires
from capred_portal.api.document import document
from capred_portal.api.pages import operation_asked, operations_by_tag
from capred_portal.htmx import PortalRequest


def api_document(_request: HttpRequest) -> HttpResponseBase:
    """The document as JSON."""
    return JsonResponse(document())


def unknown_address(request: HttpRequest) -> HttpResponseBase:
    """Every other address below."""
    raise Http404(request.path)


@require_safe
@requires("page.read")
def api_docs(request: PortalRequest) -> HttpResponse:
    """All that can be asked for, in the words of the document."""
    return render(request, "api/docs.html", {"tags": operations_by_tag()})


@require_safe
@requires("page.read")
def api_operation(request: PortalRequest, name: str) -> HttpResponse:
    """One address: its parameters, and what an answer holds."""
    operation: dict[str, Any] | None = operation_asked(name)
    if operation is None:
        raise Http404(name)
    return render(request, "api/operation.html", {"operation": operation})
