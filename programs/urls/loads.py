"""Addresses of loads."""

from django.urls import path

from programs.views import loads as views

app_name = "loads"
urlpatterns = [
    path("", views.load_list, name="list"),
]
