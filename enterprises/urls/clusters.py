"""Addresses of clusters, their members, and the lists behind their figures."""

from django.urls import path

from enterprises.views import clusters as views

app_name = "clusters"
urlpatterns = [
    path("", views.cluster_list, name="list"),
    path("new/", views.cluster_new, name="new"),
    path("members/", views.member_list, name="member_list"),
    path("<slug:slug>/", views.cluster_detail, name="detail"),
    path("<slug:slug>/figures/", views.cluster_totals, name="figures"),
    path("<slug:slug>/edit/", views.cluster_edit, name="edit"),
    path("<slug:slug>/archive/", views.cluster_archive, name="archive"),
    path("<slug:slug>/members/new/", views.member_new, name="member_new"),
    path("<slug:slug>/members/<int:member_pk>/", views.member_edit, name="member_edit"),
    path("<slug:slug>/members/<int:member_pk>/archive/", views.member_archive, name="member_archive"),
]
