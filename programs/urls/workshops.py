"""Addresses of workshops."""

from django.urls import path

from programs.views import workshops as views

app_name = "workshops"
urlpatterns = [
    path("", views.workshop_list, name="list"),
]
