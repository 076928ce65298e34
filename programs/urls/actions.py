"""Addresses of actions and of the steps of their life."""

from django.urls import path

from programs.views import actions as views
from programs.views import comments, steps

app_name = "actions"
urlpatterns = [
    path("", views.action_list, name="list"),
    path("new/", views.action_new, name="new"),
    path("owners/", views.owner_choices, name="owners"),
    path("<int:pk>/", views.action_detail, name="detail"),
    path("<int:pk>/edit/", views.action_edit, name="edit"),
    path("<int:pk>/archive/", views.action_archive, name="archive"),
    path("<int:pk>/evidence/new/", views.evidence_new, name="evidence_new"),
    path("<int:pk>/comments/", comments.action_comment, name="comment"),
    path("<int:pk>/move/", steps.action_move, name="move"),
    path("<int:pk>/close/", steps.action_close, name="close"),
    path("<int:pk>/verify/", steps.action_verify, name="verify"),
    path("<int:pk>/return/", steps.action_return, name="return"),
    path("<int:pk>/reopen/", steps.action_reopen, name="reopen"),
]
