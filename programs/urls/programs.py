"""Addresses of programs."""

from django.urls import path

from programs.views import programs as views

app_name = "programs"
urlpatterns = [
    path("", views.program_list, name="list"),
]
