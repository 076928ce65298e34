"""Addresses of the interface for machines: what each app contributes in its `api` module, behind one door."""

from django.urls import URLPattern, path, re_path

from capred_portal.api.document import api
from capred_portal.api.doors import guarded
from capred_portal.views import api as views


def behind_door(entry: URLPattern) -> URLPattern:
    """Return an address that asks for a key first."""
    return URLPattern(entry.pattern, guarded(entry.callback), entry.default_args, entry.name)


app_name = "api"
urlpatterns = [
    *(behind_door(entry) for entry in api().urls[0] if isinstance(entry, URLPattern) and entry.name != "api-root"),
    path("openapi.json", guarded(views.api_document, sessions=True), name="document"),
    re_path("", guarded(views.unknown_address), name="unknown_address"),
]
