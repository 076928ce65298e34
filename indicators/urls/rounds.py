"""Addresses of reporting rounds and of their steps."""

from django.urls import path

from indicators.views import rounds as views

app_name = "rounds"
urlpatterns = [
    path("", views.round_list, name="list"),
    path("new/", views.round_new, name="new"),
    path("<int:pk>/", views.round_detail, name="detail"),
    path("<int:pk>/compare/", views.round_compare, name="compare"),
    path("<int:pk>/remind/", views.round_remind, name="remind"),
    path("<int:pk>/close/", views.round_close, name="close"),
    path("<int:pk>/sign/", views.round_sign, name="sign"),
    path("<int:pk>/accept/", views.round_accept, name="accept"),
]
