"""Addresses of the pages of input output."""

from django.urls import URLPattern

app_name = "input_output"
urlpatterns: list[URLPattern] = []
