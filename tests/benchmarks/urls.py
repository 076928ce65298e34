"""The portal's addresses and the floor: what a signed-in page costs that shows nothing."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import include, path
from django.views.decorators.http import require_safe

from capred_portal.access import requires
from capred_portal.htmx import PortalRequest
from capred_portal.records import DataVersion

FLOOR = "/benchmark/floor/"


@require_safe
@requires("page.read")
def floor(request: PortalRequest) -> HttpResponse:
    """Check who asks, do one query, render the frame of every page."""
    DataVersion.current()
    return render(request, "base.html")


urlpatterns = [
    path(FLOOR[1:], floor),
    path("", include("capred_portal.urls")),
]
