"""Addresses of the scenario desk and of kept scenarios, each under a key that cannot be guessed."""

from django.urls import path

from capred_portal import converters  # noqa: F401  registers the format of files
from indicators.views import scenarios as views

app_name = "scenarios"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("export.<format:format_name>", views.desk_export, name="export"),
    path("new/", views.scenario_new, name="new"),
    path("kept/", views.scenario_list, name="list"),
    path("compare/", views.scenario_compare, name="compare"),
    path("<uuid:key>/", views.scenario_detail, name="detail"),
    path("<uuid:key>/edit/", views.scenario_edit, name="edit"),
    path("<uuid:key>/archive/", views.scenario_archive, name="archive"),
]
