"""Addresses of the overview and the strategy pages."""

from django.urls import include, path

from indicators import views

strategy = [
    path("", views.strategy_index, name="index"),
    path("coverage/", views.strategy_coverage, name="coverage"),
    path("<slug:framework>/", views.strategy_framework, name="framework"),
    path("<slug:framework>/<str:code>/", views.strategy_goal, name="goal"),
]

urlpatterns = [
    path("", views.overview, name="overview"),
    path("strategy/", include((strategy, "strategy"))),
]
