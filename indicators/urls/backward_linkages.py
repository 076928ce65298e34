"""Addresses of the pages of backward linkages."""

from django.urls import URLPattern

app_name = "backward_linkages"
urlpatterns: list[URLPattern] = []
