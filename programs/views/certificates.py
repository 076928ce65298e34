"""The certificates that enterprises gained after support: the list behind the figure."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from capred_portal.access import requires
from capred_portal.htmx import PortalRequest
from capred_portal.listing import list_page, list_response
from enterprises.models import Certificate
from programs.filters.certificates import GainedCertificateFilter


@require_safe
@requires("page.read")
@vary_on_headers("HX-Request")
def certificate_list(request: PortalRequest) -> HttpResponse:
    """Certificates issued to enterprises on or after the first day a program supported them."""
    return list_response(request, "programs/certificates.html", "quality/_certificate_rows.html", certificate_rows)


def certificate_rows(request: PortalRequest) -> dict[str, Any]:
    """Return one page of certificates with their firms."""
    rows = Certificate.objects.standing().select_related("enterprise__sector", "enterprise__province")
    certificates = GainedCertificateFilter(request.GET, rows, request=request)
    return {"filter": certificates, **list_page(request, certificates.qs)}
