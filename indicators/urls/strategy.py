"""Addresses of the strategy pages."""

from django.urls import path

from indicators.views import strategy as views

app_name = "strategy"
urlpatterns = [
    path("", views.strategy_index, name="index"),
    path("coverage/", views.strategy_coverage, name="coverage"),
    path("<slug:framework>/", views.strategy_framework, name="framework"),
    path("<slug:framework>/<str:code>/", views.strategy_goal, name="goal"),
]
