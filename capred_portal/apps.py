"""Start-up: what apps contribute (figures, loaders, questions ...) is found by name, as the admin finds admin.py."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

CONTRIBUTED = (
    *("figures", "invitations", "jobs", "loaders", "matches", "methods", "personal_data", "questions", "reminders"),
    *("retention", "tables"),
)


class CapredPortalConfig(AppConfig):
    """The project package as an app."""

    default = True
    name = "capred_portal"
    verbose_name = _("People, organisations and comments")

    def ready(self) -> None:
        autodiscover_modules(*CONTRIBUTED)


class PortalAdminConfig(admin_apps.AdminConfig):
    """Puts our administration site in the place of Django's."""

    default = False
    default_site = "capred_portal.admin_site.PortalAdminSite"
