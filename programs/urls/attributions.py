"""Addresses of what brought a link about, below the link's own."""

from django.urls import path

from programs.views import attributions as views

app_name = "attributions"
urlpatterns = [
    path("workshops/", views.workshop_choices, name="workshops"),
    path("<int:link_pk>/attribution/", views.attribution_list, name="shares"),
    path("<int:link_pk>/attribution/new/", views.attribution_new, name="new"),
    path("<int:link_pk>/attribution/<int:pk>/", views.attribution_edit, name="edit"),
    path("<int:link_pk>/attribution/<int:pk>/archive/", views.attribution_archive, name="archive"),
]
