"""Addresses of the pages of import dependency."""

from django.urls import path

from indicators.views import import_dependency as views
from indicators.views import trade_flows

app_name = "import_dependency"
urlpatterns = [
    path("", views.import_dependency, name="index"),
    path("by-buyer/", views.by_buyer, name="by_buyer"),
    path("flows/", views.flows, name="flows"),
    path("imports/", views.imports, name="imports"),
    path("trade-flows/", trade_flows.trade_flow_list, name="trade_flows"),
]
