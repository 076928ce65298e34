"""Addresses at the door of a workshop, short because people type them."""

from django.urls import path

from programs.views import door as views

app_name = "check_in"
urlpatterns = [
    path("<str:code>/", views.door, name="door"),
    path("welcome/<str:code>/", views.welcome, name="welcome"),
    path("mine/<str:code>/", views.mine, name="mine"),
    path("arrive/<str:code>/", views.arrival, name="arrive"),
    path("arrive/<str:code>/arrived/", views.arrived, name="arrived"),
]
