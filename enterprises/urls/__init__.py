"""Addresses of enterprises, clusters, links and quality, one file per noun."""

from django.urls import URLPattern, URLResolver, include, path

from capred_portal.views import loads

NOUNS: tuple[str, ...] = ("enterprises", "clusters", "quality", "links")

urlpatterns: list[URLPattern | URLResolver] = [
    path("enterprises/load/", loads.load_new_kind, {"kind": "enterprises"}, name="enterprises_load"),
    *(path(f"{noun}/", include(f"enterprises.urls.{noun}")) for noun in NOUNS),
]
