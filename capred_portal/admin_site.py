"""Django admin as our administrators see it: one role, our matrix, no other door."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from capred_portal import access


class PortalAdminSite(admin.AdminSite):
    """The administration, open to the administrator role alone."""

    site_header = _("Administration of the portal")
    site_title = _("Administration")
    index_title = _("Records")
    enable_nav_sidebar = False

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.disable_action("delete_selected")

    def has_permission(self, request: HttpRequest) -> bool:
        return access.may(request.user, "admin.use")

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        """Say no to the wrong role with the portal's own page; who is not signed in goes to the portal's own form."""
        return wraps(view)(access.requires("admin.use")(super().admin_view(view, cacheable)))

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Sign in where everybody does: one form, one lock-out."""
        index = reverse("admin:index")
        if request.user.is_authenticated:
            access.check(request.user, "admin.use")
            return HttpResponseRedirect(index)
        target = urlencode({"next": request.GET.get("next", index)})
        return HttpResponseRedirect(f"{reverse('login')}?{target}")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Change one's own password where everybody does: one form, one lock-out."""
        return HttpResponseRedirect(reverse("password_change"))
