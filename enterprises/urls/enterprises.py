"""Addresses of enterprises, their parts, and what the register covers."""

from django.urls import include, path

from capred_portal.urls.duplicates import duplicate_urls
from enterprises.views import choices

app_name = "enterprises"
urlpatterns = [
    path("duplicates/", include(duplicate_urls("enterprise", "firm.read"))),
    path("choices/", choices.enterprise_choices, name="choices"),
    path("sectors/", choices.sector_choices, name="sector_choices"),
]
