"""Addresses of entering values, within those of indicators."""

from django.urls import path

from indicators.views import entry

urlpatterns = [
    path("", entry.entry, name="entry"),
    path("steps/", entry.entry_steps, name="entry_steps"),
    path("file/", entry.entry_file_download, name="entry_file"),
    path("load/<slug:kind>/", entry.entry_load, name="entry_load"),
]
