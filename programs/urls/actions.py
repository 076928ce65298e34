"""Addresses of actions."""

from django.urls import path

from programs.views import actions as views

app_name = "actions"
urlpatterns = [
    path("", views.action_list, name="list"),
]
