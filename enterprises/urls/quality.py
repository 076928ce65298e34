"""Addresses of quality infrastructure: its page, certificates, accredited bodies, sectors without a certificate."""

from django.urls import path

from enterprises.views import quality as views

app_name = "quality"
urlpatterns = [
    path("", views.quality_index, name="index"),
    path("certificates/", views.certificate_list, name="certificate_list"),
    path("uncertified/", views.uncertified_list, name="uncertified_list"),
    path("bodies/", views.body_list, name="body_list"),
    path("bodies/new/", views.body_new, name="body_new"),
    path("bodies/<int:pk>/", views.body_edit, name="body_edit"),
    path("bodies/<int:pk>/archive/", views.body_archive, name="body_archive"),
]
