"""Addresses of what waits for a signature."""

from django.urls import path

from indicators.views import review as views

app_name = "review"
urlpatterns = [
    path("", views.review_list, name="list"),
    path("step/", views.review_step, name="step"),
]
