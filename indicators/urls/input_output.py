"""Addresses of the pages of input-output tables."""

from django.urls import path

from indicators.views import input_output

app_name = "input_output"
urlpatterns = [
    path("", input_output.table_list, name="list"),
    path("<int:pk>/", input_output.table_detail, name="detail"),
    path("<int:pk>/table.csv", input_output.table_download, name="download"),
]
