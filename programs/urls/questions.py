"""Addresses of questions."""

from django.urls import path

from programs.views import questions as views

app_name = "questions"
urlpatterns = [
    path("", views.question_list, name="list"),
]
