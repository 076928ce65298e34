"""Addresses of outcomes."""

from django.urls import path

from programs.views import outcomes as views

app_name = "outcomes"
urlpatterns = [
    path("", views.outcome_list, name="list"),
]
