"""Addresses of enterprises, their parts, and what the register covers."""

from django.urls import include, path

from capred_portal import converters  # noqa: F401  registers the format of files
from capred_portal.urls.duplicates import duplicate_urls
from enterprises.views import choices, completeness, enterprise_export, enterprise_parts
from enterprises.views import enterprises as views

app_name = "enterprises"
urlpatterns = [
    path("", views.enterprise_list, name="list"),
    path("new/", views.enterprise_new, name="new"),
    path("figures/", views.enterprise_totals, name="figures"),
    path("export.<format:format_name>", enterprise_export.enterprise_export, name="export"),
    path("choices/", choices.enterprise_choices, name="choices"),
    path("sectors/", choices.sector_choices, name="sector_choices"),
    path("completeness/", completeness.completeness_list, name="completeness"),
    path("completeness/new/", completeness.completeness_new, name="completeness_new"),
    path("completeness/<int:pk>/archive/", completeness.completeness_archive, name="completeness_archive"),
    path("duplicates/", include(duplicate_urls("enterprise", "firm.read"))),
    path("<int:pk>/", views.enterprise_detail, name="detail"),
    path("<int:pk>/edit/", views.enterprise_edit, name="edit"),
    path("<int:pk>/archive/", views.enterprise_archive, name="archive"),
    path("<int:pk>/<slug:part>/new/", enterprise_parts.part_new, name="part_new"),
    path("<int:pk>/<slug:part>/<int:part_pk>/", enterprise_parts.part_edit, name="part_edit"),
    path("<int:pk>/<slug:part>/<int:part_pk>/archive/", enterprise_parts.part_archive, name="part_archive"),
]
