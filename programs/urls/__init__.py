"""Addresses of workshops, outcomes, actions, programs, people and questions, one file per noun."""

from django.urls import include, path

NOUNS = ("workshops", "outcomes", "actions", "programs", "people", "questions")

urlpatterns = [
    *(path(f"{noun}/", include(f"programs.urls.{noun}")) for noun in NOUNS),
    path("check-in/", include("programs.urls.check_in")),
    path("links/", include("programs.urls.attributions")),  # below a link's own address
]
