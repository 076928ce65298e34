"""Addresses of the pages of import dependency."""

from django.urls import URLPattern

app_name = "import_dependency"
urlpatterns: list[URLPattern] = []
