"""Addresses of what can be taken away: tables, their files, and those that the worker writes."""

from django.urls import path

from capred_portal import converters  # noqa: F401  registers the format of files
from capred_portal.views import exports, tables

urlpatterns = [
    path("tables/", tables.table_list, name="tables"),
    path("tables/<slug:name>/", tables.table_detail, name="table"),
    path("tables/<slug:name>/export/", exports.table_export, name="table_export"),
    path("tables/<slug:name>.<format:format_name>", tables.table_file, name="table_file"),
    path("exports/", exports.export_list, name="export_list"),
    path("exports/<int:pk>/", exports.export_detail, name="export"),
    path("exports/<int:pk>/file/", exports.export_file, name="export_file"),
]
