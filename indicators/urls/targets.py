"""Addresses of targets."""

from django.urls import path

from indicators.views import targets as views

app_name = "targets"
urlpatterns = [
    path("new/", views.target_new, name="new"),
    path("<int:pk>/", views.target_detail, name="detail"),
    path("<int:pk>/approve/", views.target_approve, name="approve"),
    path("<int:pk>/return/", views.target_return, name="return"),
]
