"""Addresses of people."""

from django.urls import path

from programs.views import people as views

app_name = "people"
urlpatterns = [
    path("", views.people_list, name="list"),
]
