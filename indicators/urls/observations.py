"""Addresses of one value: its versions, its steps, and what is said about it."""

from django.urls import path

from indicators.views import corrections
from indicators.views import observations as views

app_name = "observations"
urlpatterns = [
    path("<int:pk>/", views.observation_detail, name="detail"),
    path("<int:pk>/comments/", views.observation_comment, name="comment"),
    path("<int:pk>/submit/", views.observation_submit, name="submit"),
    path("<int:pk>/withdraw/", views.observation_withdraw, name="withdraw"),
    path("<int:pk>/verify/", views.observation_verify, name="verify"),
    path("<int:pk>/accept/", views.observation_accept, name="accept"),
    path("<int:pk>/return/", views.observation_return, name="return"),
    path("<int:pk>/correct/", corrections.observation_correct, name="correct"),
]
