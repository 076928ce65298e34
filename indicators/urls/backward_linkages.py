"""Addresses of the pages of backward linkages."""

from django.urls import path

from capred_portal import converters  # noqa: F401  registers the format of files
from indicators.views import backward_linkages as views

app_name = "backward_linkages"
urlpatterns = [
    path("", views.linkages, name="index"),
    path("export.<format:format_name>", views.linkages_export, name="export"),
]
