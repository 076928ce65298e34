"""Addresses of programs, their parts, and the lists behind their figures."""

from django.urls import path

from programs.views import certificates, enterprises, links, support
from programs.views import programs as views

app_name = "programs"
urlpatterns = [
    path("", views.program_list, name="list"),
    path("new/", views.program_new, name="new"),
    path("support/", support.support_list, name="support_list"),
    path("support/organisations/", support.supported_list, name="supported_list"),
    path("budgets/", support.budget_list, name="budget_list"),
    path("certificates/", certificates.certificate_list, name="certificate_list"),
    path("links/", links.link_list, name="link_list"),
    path("enterprises/", enterprises.sme_list, name="sme_list"),
    path("enterprises/<int:pk>/", enterprises.enterprise_support, name="enterprise_support"),
    path("<slug:slug>/", views.program_detail, name="detail"),
    path("<slug:slug>/figures/", views.program_figures, name="figures"),
    path("<slug:slug>/edit/", views.program_edit, name="edit"),
    path("<slug:slug>/archive/", views.program_archive, name="archive"),
    path("<slug:slug>/<slug:part>/new/", views.part_new, name="part_new"),
    path("<slug:slug>/<slug:part>/<int:part_pk>/", views.part_edit, name="part_edit"),
    path("<slug:slug>/<slug:part>/<int:part_pk>/archive/", views.part_archive, name="part_archive"),
]
