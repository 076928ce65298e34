"""Addresses of workshops and their parts."""

from django.urls import path

from programs.views import comments, outcomes
from programs.views import workshops as views

app_name = "workshops"
urlpatterns = [
    path("", views.workshop_list, name="list"),
    path("new/", views.workshop_new, name="new"),
    path("<int:pk>/", views.workshop_detail, name="detail"),
    path("<int:pk>/edit/", views.workshop_edit, name="edit"),
    path("<int:pk>/archive/", views.workshop_archive, name="archive"),
    path("<int:pk>/comments/", comments.workshop_comment, name="comment"),
    path("<int:workshop_pk>/outcomes/new/", outcomes.outcome_new, name="outcome_new"),
    path("<int:pk>/<slug:part>/new/", views.part_new, name="part_new"),
    path("<int:pk>/<slug:part>/<int:part_pk>/", views.part_edit, name="part_edit"),
    path("<int:pk>/<slug:part>/<int:part_pk>/archive/", views.part_archive, name="part_archive"),
]
