"""Addresses of signing in and of one's own account."""

from django.contrib.auth import views as auth_views
from django.urls import path

from capred_portal.forms import ForgottenPasswordForm, PasswordMailForm
from capred_portal.views import account as views
from capred_portal.views import keys, reminders

urlpatterns = [
    path("", views.account, name="account"),
    path("login/", views.SignIn.as_view(), name="login"),
    path("logout/", auth_views.LogoutView.as_view(), name="logout"),
    path("code/", views.code, name="account_code"),
    path("code/new/", views.code_new, name="account_code_new"),
    path("code/off/", views.codes_off, name="account_codes_off"),
    path("code/recovery/", views.recovery, name="account_recovery"),
    path("sessions/end/", views.sessions_end, name="account_sessions_end"),
    path("stay/", views.stay, name="account_stay"),
    path("keys/", keys.keys, name="account_keys"),
    path("keys/calendar/", keys.calendar_key, name="account_calendar_key"),
    path("keys/<int:pk>/revoke/", keys.key_revoke, name="account_key_revoke"),
    path("reminders/", reminders.account_reminders, name="account_reminders"),
    path("reminders/stop/<str:token>/", reminders.reminders_stop, name="account_reminders_stop"),
    path("password/", views.PasswordChange.as_view(), name="password_change"),
    path("password/done/", auth_views.PasswordChangeDoneView.as_view(), name="password_change_done"),
    path(
        "reset/",
        auth_views.PasswordResetView.as_view(form_class=PasswordMailForm),
        name="password_reset",
    ),
    path("reset/done/", auth_views.PasswordResetDoneView.as_view(), name="password_reset_done"),
    path(
        "reset/<uidb64>/<token>/",
        auth_views.PasswordResetConfirmView.as_view(form_class=ForgottenPasswordForm),
        name="password_reset_confirm",
    ),
    path("reset/complete/", auth_views.PasswordResetCompleteView.as_view(), name="password_reset_complete"),
]
