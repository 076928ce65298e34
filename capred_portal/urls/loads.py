"""Addresses of loads."""

from django.urls import path

from capred_portal import converters  # noqa: F401  registers the format of files
from capred_portal.views import loads as views

app_name = "loads"
urlpatterns = [
    path("", views.load_list, name="list"),
    path("new/", views.load_new, name="new"),
    path("new/<slug:kind>/", views.load_new_kind, name="new_kind"),
    path("<int:pk>/", views.load_detail, name="detail"),
    path("<int:pk>/columns/", views.load_map, name="map"),
    path("<int:pk>/confirm/", views.load_confirm, name="confirm"),
    path("<int:pk>/undo/", views.load_undo, name="undo"),
    path("<int:pk>/to-correct.<format:format_name>", views.load_bad_rows, name="bad_rows"),
    path("template/<slug:kind>.<format:format_name>", views.load_template, name="template"),
]
