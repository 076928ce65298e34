"""Django admin as our administrators see it: one role, our matrix, no other door."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from capred_portal import access


class PortalAdminSite(admin.AdminSite):
    """The administration, open to the administrator role alone."""

    site_header = _("Administration of the portal")
    site_title = _("Administration")
    index_title = _("Records")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return access.may(request.user, "admin.use")
