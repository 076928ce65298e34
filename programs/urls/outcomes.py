"""Addresses of outcomes."""

from django.urls import path

from programs.views import comments
from programs.views import outcomes as views

app_name = "outcomes"
urlpatterns = [
    path("", views.outcome_list, name="list"),
    path("<int:pk>/", views.outcome_detail, name="detail"),
    path("<int:pk>/edit/", views.outcome_edit, name="edit"),
    path("<int:pk>/archive/", views.outcome_archive, name="archive"),
    path("<int:pk>/comments/", comments.outcome_comment, name="comment"),
    path("<int:pk>/stages/new/", views.stage_new, name="stage_new"),
    path("<int:pk>/stages/<int:stage_pk>/", views.stage_edit, name="stage_edit"),
]
