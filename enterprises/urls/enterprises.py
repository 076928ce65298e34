"""Addresses of enterprises, their parts, and what the register covers."""

from django.urls import path

from enterprises.views import choices

app_name = "enterprises"
urlpatterns = [
    path("choices/", choices.enterprise_choices, name="choices"),
    path("sectors/", choices.sector_choices, name="sector_choices"),
]
