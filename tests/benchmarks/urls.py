"""The portal's addresses and the floors: a signed-in page that shows nothing, a signed-in form of one row."""

from django.forms import modelform_factory
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import include, path
from django.views.decorators.http import require_POST, require_safe

from capred_portal.access import requires
from capred_portal.htmx import PortalRequest
from capred_portal.records import DataVersion
from programs.models import Theme

FLOOR, FORM_FLOOR = "/benchmark/floor/", "/benchmark/form/"
ThemeForm = modelform_factory(Theme, fields=("title_en", "title_km"))


@require_safe
@requires("page.read")
def floor(request: PortalRequest) -> HttpResponse:
    """Check who asks, do one query, render the frame of every page."""
    DataVersion.current()
    return render(request, "base.html")


@require_POST
@requires("observation.write")
def form_floor(request: PortalRequest, pk: str) -> HttpResponse:
    """Check who asks, save one row of a plain model through its form, without history or versions; redirect."""
    form = ThemeForm(request.POST, instance=get_object_or_404(Theme, pk=pk))
    if not form.is_valid():
        return render(request, "base.html", status=422)
    form.save()
    return HttpResponseRedirect(FLOOR)


urlpatterns = [
    path(FLOOR[1:], floor),
    path(f"{FORM_FLOOR[1:]}<slug:pk>/", form_floor),
    path("", include("capred_portal.urls")),
]
