"""Addresses of the overview, the strategy, and what the figures add up to, one file per noun."""

from django.urls import URLPattern, URLResolver, include, path

from indicators.views import overview, where

NOUNS: tuple[str, ...] = ("strategy",)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", overview.overview, name="overview"),
    path("clusters/where/", where.clusters_where, name="clusters_where"),
    *(path(f"{noun}/", include(f"indicators.urls.{noun}")) for noun in NOUNS),
]
