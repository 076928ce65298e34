"""Forms of what hangs on an enterprise: years, products, certificates."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from capred_portal.access import requires
from capred_portal.editing import archive_record, edit_part
from capred_portal.htmx import PortalRequest
from enterprises.forms.enterprises import CertificateForm, ProductForm, YearForm, settle_year
from enterprises.models import Certificate, Enterprise, EnterpriseYear, Product

PARTS: dict[str, tuple[Any, Any, Any]] = {
    "years": (EnterpriseYear, YearForm, _("Year")),
    "products": (Product, ProductForm, _("Product")),
    "certificates": (Certificate, CertificateForm, _("Certificate")),
}


def enterprise_and_part(pk: int, part: str) -> Enterprise:
    """Return the enterprise that has parts of this kind, or say there is no such page."""
    if part not in PARTS:
        raise Http404(part)
    return get_object_or_404(Enterprise.objects.active(), pk=pk)


def part_page(request: PortalRequest, firm: Enterprise, part: str, instance: Any) -> HttpResponse:
    """Show and save the form of one part of an enterprise; its newest year follows."""
    _model, form_class, title = PARTS[part]
    form = form_class(request.POST or None, instance=instance)
    after = settle_year if part == "years" else None
    return edit_part(request, form, above=firm, part=part, title=title, after=after)


@require_http_methods(["GET", "POST"])
@requires("record.write")
def part_new(request: PortalRequest, pk: int, part: str) -> HttpResponse:
    """Add a year, a product or a certificate."""
    firm = enterprise_and_part(pk, part)
    return part_page(request, firm, part, PARTS[part][0](enterprise=firm))


@require_http_methods(["GET", "POST"])
@requires("record.write")
def part_edit(request: PortalRequest, pk: int, part: str, part_pk: int) -> HttpResponse:
    """Change one part of an enterprise."""
    firm = enterprise_and_part(pk, part)
    return part_page(request, firm, part, get_object_or_404(getattr(firm, part).active(), pk=part_pk))


@require_http_methods(["GET", "POST"])
@requires("record.write")
def part_archive(request: PortalRequest, pk: int, part: str, part_pk: int) -> HttpResponse:
    """Take one part off the enterprise, with a reason."""
    firm = enterprise_and_part(pk, part)
    record = get_object_or_404(getattr(firm, part).active(), pk=part_pk)
    return archive_record(request, record, success_url=f"{firm.get_absolute_url()}#{part}")
