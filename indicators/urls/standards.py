"""Addresses of the files for IATI and SDMX, and of the pages that explain them."""

from django.urls import path

from indicators.views import standards as views

app_name = "standards"
urlpatterns = [
    path("standards/", views.standards, name="list"),
    path("programs/<slug:slug>/standards/", views.program_standards, name="program"),
    path("programs/<slug:slug>/iati.xml", views.program_iati, name="iati"),
    path("indicators/sdmx.csv", views.sdmx_data, name="sdmx"),
    path("indicators/sdmx-structure.json", views.sdmx_structure, name="sdmx_structure"),
]
