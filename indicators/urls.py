"""Addresses of the overview, the strategy pages, and where clusters could grow."""

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
    path("clusters/where/", views.clusters_where, name="clusters_where"),
    path("strategy/", include((strategy, "strategy"))),
]
