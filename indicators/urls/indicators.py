"""Addresses of indicators; the words before a code are the addresses of other pages, and no codes."""

from django.urls import include, path

from capred_portal import converters  # noqa: F401  registers the format of files
from indicators.views import indicators as views
from indicators.views import rules, sources

app_name = "indicators"
urlpatterns = [
    path("", views.indicator_list, name="list"),
    path("export.<format:format_name>", views.indicator_export, name="export"),
    path("entry/", include("indicators.urls.entry")),
    path("sources/", sources.source_list, name="sources"),
    path("sources/new/", sources.source_new, name="source_new"),
    path("program/<slug:slug>/", views.of_program, name="of_program"),
    path("<slug:code>/", views.indicator_detail, name="detail"),
    path("<slug:code>/download.<format:format_name>", views.indicator_download, name="download"),
    path("<slug:code>/rule/", rules.indicator_rule, name="rule"),
]
