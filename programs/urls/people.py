"""Addresses of people."""

from django.urls import path

from programs.views import people as views

app_name = "people"
urlpatterns = [
    path("", views.people_list, name="list"),
    path("attendances/", views.attendance_list, name="attendances"),
    path("<int:pk>/", views.person_detail, name="detail"),
    path("<int:pk>/edit/", views.person_edit, name="edit"),
    path("<int:pk>/archive/", views.person_archive, name="archive"),
]
