"""Addresses of the ledger of buyer-supplier links."""

from django.urls import path

from enterprises.views import link_stages
from enterprises.views import links as views

app_name = "links"
urlpatterns = [
    path("", views.link_list, name="list"),
    path("new/", views.link_new, name="new"),
    path("<int:pk>/", views.link_detail, name="detail"),
    path("<int:pk>/edit/", views.link_edit, name="edit"),
    path("<int:pk>/archive/", views.link_archive, name="archive"),
    path("<int:pk>/verify/", link_stages.link_verify, name="verify"),
    path("<int:pk>/evidence/new/", link_stages.evidence_new, name="evidence_new"),
    path("<int:pk>/stages/new/", link_stages.stage_new, name="stage_new"),
    path("<int:pk>/stages/<int:stage_pk>/", link_stages.stage_edit, name="stage_edit"),
    path("<int:pk>/stages/<int:stage_pk>/archive/", link_stages.stage_archive, name="stage_archive"),
]
