"""Addresses of the pages of import dependency."""

from django.urls import path

from indicators.views import import_dependency as views

app_name = "import_dependency"
urlpatterns = [
    path("", views.import_dependency, name="index"),
]
