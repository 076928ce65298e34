"""Addresses of reports: as pages, as PDF files, frozen, and by links for people without an account."""

from django.urls import path

from indicators.views import frozen_reports as frozen
from indicators.views import reports as views

app_name = "reports"
urlpatterns = [
    path("", views.report_list, name="list"),
    path("freeze/", frozen.freeze, name="freeze"),
    path("frozen/<int:pk>/", frozen.frozen, name="frozen"),
    path("frozen/<int:pk>.pdf", frozen.frozen_pdf, name="frozen_pdf"),
    path("frozen/<int:pk>/link/", frozen.link, name="link"),
    path("links/<int:pk>/revoke/", frozen.revoke, name="revoke"),
    path("shared/<str:token>.pdf", frozen.shared_pdf, name="shared_pdf"),
    path("shared/<str:token>/", frozen.shared, name="shared"),
    path("<slug:kind>.pdf", views.report_pdf, name="pdf"),
    path("<slug:kind>/", views.report, name="report"),
]
