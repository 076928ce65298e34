"""Addresses of people."""

from django.urls import include, path

from capred_portal.urls.duplicates import duplicate_urls
from capred_portal.urls.personal_data import personal_data_urls
from programs.views import people as views

app_name = "people"
urlpatterns = [
    path("", views.people_list, name="list"),
    path("attendances/", views.attendance_list, name="attendances"),
    path("duplicates/", include(duplicate_urls("person", "people.read"))),
    path("<int:pk>/", views.person_detail, name="detail"),
    path("<int:pk>/edit/", views.person_edit, name="edit"),
    path("<int:pk>/archive/", views.person_archive, name="archive"),
    path("", include(personal_data_urls("person", export="people.export", erase="people.erase"))),
]
