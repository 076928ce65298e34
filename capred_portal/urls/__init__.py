"""Addresses of the portal; each app brings its own."""

from django.contrib import admin
from django.contrib.auth import views as auth_views
from django.urls import include, path

from capred_portal import converters  # noqa: F401  registers the format of files
from capred_portal.forms import PasswordMailForm
from capred_portal.views import operations
from capred_portal.views import pages as views

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/login/", views.SignIn.as_view(), name="login"),
    path("accounts/logout/", auth_views.LogoutView.as_view(), name="logout"),
    path("accounts/password/", auth_views.PasswordChangeView.as_view(), name="password_change"),
    path("accounts/password/done/", auth_views.PasswordChangeDoneView.as_view(), name="password_change_done"),
    path(
        "accounts/reset/",
        auth_views.PasswordResetView.as_view(form_class=PasswordMailForm),
        name="password_reset",
    ),
    path("accounts/reset/done/", auth_views.PasswordResetDoneView.as_view(), name="password_reset_done"),
    path(
        "accounts/reset/<uidb64>/<token>/",
        auth_views.PasswordResetConfirmView.as_view(),
        name="password_reset_confirm",
    ),
    path(
        "accounts/reset/complete/",
        auth_views.PasswordResetCompleteView.as_view(),
        name="password_reset_complete",
    ),
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
    path("loads/", include("capred_portal.urls.loads")),
    path("", include("indicators.urls")),
    path("", include("programs.urls")),
    path("", include("enterprises.urls")),
]

handler400 = "capred_portal.views.pages.bad_request"
handler403 = "capred_portal.views.pages.forbidden"
handler404 = "capred_portal.views.pages.not_found"
handler500 = "capred_portal.views.operations.server_error"
