"""Addresses of expected effects."""

from django.urls import path

from indicators.views import effects as views

app_name = "effects"
urlpatterns = [
    path("outcome/<int:pk>/", views.of_outcome, name="of_outcome"),
    path("outcome/<int:outcome_pk>/new/", views.effect_new, name="new"),
    path("<int:pk>/edit/", views.effect_edit, name="edit"),
    path("<int:pk>/archive/", views.effect_archive, name="archive"),
]
