"""The pages of import dependency."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from capred_portal.access import requires, role_of
from capred_portal.caching import cached_part
from capred_portal.htmx import PortalRequest
from indicators.import_dependency_page import page_parts


@require_safe
@requires("page.read")
def import_dependency(request: PortalRequest) -> HttpResponse:
    """How much of its inputs Cambodia imports: modelled, measured and reported, side by side, then each in full."""

    def parts() -> dict[str, Any]:
        return page_parts(role_of(request.user))

    body = cached_part(request, "import_dependency/_body.html", parts)
    return render(request, "import_dependency/index.html", {"body": body})
