"""Addresses of the portal; each app brings its own."""

from django.contrib import admin
from django.urls import include, path

from capred_portal import converters  # noqa: F401  registers the format of files
from capred_portal.urls.personal_data import personal_data_urls
from capred_portal.views import api, operations, personal_data
from capred_portal.views import pages as views

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("capred_portal.urls.account")),
    path("accounts/", include((personal_data_urls("user", export="admin.use", erase="admin.use"), "accounts"))),
    path("privacy/", personal_data.privacy, name="privacy"),
    path("language/", views.switch_language, name="set_language"),
    path("about/", views.about, name="about"),
    path("methods/", views.methods, name="methods"),
    path("methods/<slug:anchor>/", views.method, name="method"),
    path("wording/", views.wording, name="wording"),
    path("healthz", operations.healthz, name="healthz"),
    path("readyz", operations.readyz, name="readyz"),
    path("status/", operations.status, name="status"),
    path("documents/<int:pk>/", views.document, name="document"),
    path("figures/<slug:code>/", views.figure, name="figure"),
    path("figures/<slug:code>/download.<format:format_name>", views.figure_file, name="figure_file"),
    path(
        "organisations/",
        include(([path("choices/", views.organisation_choices, name="choices")], "organisations")),
    ),
    path("api/v1/docs", api.api_docs, name="api_docs"),
    path("api/v1/docs/<slug:name>", api.api_operation, name="api_operation"),
    path("api/v1/", include("capred_portal.urls.api")),
    path("history/", include("capred_portal.urls.history")),
    path("loads/", include("capred_portal.urls.loads")),
    path("", include("capred_portal.urls.tables")),
    path("", include("indicators.urls")),
    path("", include("programs.urls")),
    path("", include("enterprises.urls")),
]

handler400 = "capred_portal.views.pages.bad_request"
handler403 = "capred_portal.views.pages.forbidden"
handler404 = "capred_portal.views.pages.not_found"
handler500 = "capred_portal.views.operations.server_error"
