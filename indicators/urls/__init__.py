"""Addresses of the overview, the strategy, and what the figures add up to, one file per noun."""

from django.urls import URLPattern, URLResolver, include, path

from indicators.views import competitiveness, inclusion, overview, where

NOUNS: tuple[str, ...] = (
    "backward_linkages",
    "effects",
    "import_dependency",
    "indicators",
    "input_output",
    "observations",
    "reports",
    "review",
    "rounds",
    "scenarios",
    "strategy",
    "suppliers",
    "targets",
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", overview.overview, name="overview"),
    path("competitiveness/", competitiveness.competitiveness, name="competitiveness"),
    path("inclusion/", inclusion.inclusion, name="inclusion"),
    path("clusters/where/", where.clusters_where, name="clusters_where"),
    path("", include("indicators.urls.standards")),
    *(path(f"{noun.replace('_', '-')}/", include(f"indicators.urls.{noun}")) for noun in NOUNS),
]
