"""Addresses of the pages of suppliers."""

from django.urls import path

from indicators.views import suppliers as views

app_name = "suppliers"
urlpatterns = [
    path("", views.supplier_list, name="list"),
    path("imports/", views.supplier_imports, name="imports"),
    path("download.<format:format_name>", views.supplier_export, name="export"),
]
