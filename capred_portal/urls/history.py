"""The address of what happened to a record, by the name of its kind and its number."""

from django.urls import path

from capred_portal.views import history as views

urlpatterns = [path("<slug:kind>/<int:pk>/", views.record_history, name="history")]
