"""Pages of quality infrastructure: certificates, accredited bodies, national standards, sectors without any."""

import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from capred_portal.access import requires, role_of
from capred_portal.caching import cached_part
from capred_portal.editing import archive_record, edit_record
from capred_portal.facts import read
from capred_portal.figures import REGISTRY, TOTAL, Figure, Scope
from capred_portal.htmx import PortalRequest, wants_fragment
from capred_portal.listing import list_page, list_response
from enterprises import facts
from enterprises.figures.quality import exporting_figure, uncertified_divisions
from enterprises.filters.quality import AccreditationFilter, CertificateFilter
from enterprises.forms.quality import AccreditationForm
from enterprises.models import Accreditation, Certificate

MOST_ROWS = 12


@require_safe
@requires("page.read")
def quality_index(request: PortalRequest) -> HttpResponse:
    """Certificates by standard, sector and expiry, who may certify, national standards, and what is missing."""
    body = cached_part(request, "quality/_body.html", lambda: quality_parts(role_of(request.user)))
    return render(request, "quality/index.html", {"body": body})


def quality_parts(role: str) -> dict[str, Any]:
    """Return the figures with their parts, the first accredited bodies, and the series of national standards."""

    def parts(code: str, by: str) -> tuple[Figure, list[Figure]]:
        figures = REGISTRY[code].figures(Scope(role, {"by": by}))
        return figures[TOTAL], [part for key, part in figures.items() if key != TOTAL]

    valid, by_standard = parts("certificates-valid", "standard")
    bodies = list(Accreditation.objects.valid().select_related("organisation")[: MOST_ROWS + 1])
    missing = uncertified_divisions()
    expired = REGISTRY["certificates-expired"].figures(Scope(role))[TOTAL]
    expiring = REGISTRY["certificates-expiring"].figures(Scope(role))[TOTAL]
    return {
        "tiles": [valid, expiring, expired, exporting_figure(Scope(role), missing)],
        "breakdowns": [
            (_("By standard"), _("Standard"), sorted(by_standard, key=lambda part: -(part.value or 0))),
            (_("By expiry"), _("Expiry"), [*parts("certificates-valid", "expiry")[1], expired]),
            (_("By sector"), _("Sector"), parts("certificates-valid", "sector")[1]),
        ],
        "bodies": bodies[:MOST_ROWS],
        "has_more_bodies": len(bodies) > MOST_ROWS,
        "standards": [
            row | {"count": int(row["count"]), "day": datetime.date.fromisoformat(row["as_of"])}
            for row in read(facts.__file__, "national_standards")
        ],
        "missing": missing[:MOST_ROWS],
        "has_more_missing": len(missing) > MOST_ROWS,
    }


@require_safe
@requires("page.read")
@vary_on_headers("HX-Request")
def certificate_list(request: PortalRequest) -> HttpResponse:
    """Certificates of firms on the register."""
    return list_response(request, "quality/certificates.html", "quality/_certificate_rows.html", certificate_rows)


def certificate_rows(request: PortalRequest) -> dict[str, Any]:
    """Return one page of certificates with their firms."""
    rows = Certificate.objects.standing().select_related("enterprise__sector", "enterprise__province")
    certificates = CertificateFilter(request.GET, rows, request=request)
    return {"filter": certificates, **list_page(request, certificates.qs)}


@require_safe
@requires("page.read")
@vary_on_headers("HX-Request")
def uncertified_list(request: PortalRequest) -> HttpResponse:
    """Divisions that export and in which no firm holds a certificate."""

    def parts() -> dict[str, Any]:
        return list_page(request, uncertified_divisions())

    rows = cached_part(request, "quality/_uncertified_rows.html", parts, request.GET.get("page"))
    if wants_fragment(request):
        return HttpResponse(rows)
    return render(request, "quality/uncertified.html", {"rows": rows})


@require_safe
@requires("page.read")
@vary_on_headers("HX-Request")
def body_list(request: PortalRequest) -> HttpResponse:
    """Organisations that are accredited to test, calibrate, inspect or certify."""
    return list_response(request, "quality/bodies.html", "quality/_body_rows.html", body_rows)


def body_rows(request: PortalRequest) -> dict[str, Any]:
    """Return one page of accreditations, those that have ended too."""
    rows = Accreditation.objects.active().filter(organisation__archived_at=None).select_related("organisation")
    bodies = AccreditationFilter(request.GET, rows, request=request)
    return {"filter": bodies, **list_page(request, bodies.qs)}


def body_page(request: PortalRequest, accreditation: Accreditation, title: Any) -> HttpResponse:
    """Show and save the form of one accreditation."""
    form = AccreditationForm(request.POST or None, instance=accreditation)
    here = reverse("quality:body_list")
    context = {"title": title, "cancel_url": here}
    return edit_record(request, form, template="quality/form.html", context=context, success_url=lambda _saved: here)


@require_http_methods(["GET", "POST"])
@requires("record.write")
def body_new(request: PortalRequest) -> HttpResponse:
    """Add an accredited body."""
    return body_page(request, Accreditation(), _("Add an accredited body"))


@require_http_methods(["GET", "POST"])
@requires("record.write")
def body_edit(request: PortalRequest, pk: int) -> HttpResponse:
    """Change an accreditation."""
    return body_page(request, get_object_or_404(Accreditation.objects.active(), pk=pk), _("Edit the accreditation"))


@require_http_methods(["GET", "POST"])
@requires("record.write")
def body_archive(request: PortalRequest, pk: int) -> HttpResponse:
    """Take an accreditation out of the list, with a reason."""
    accreditation = get_object_or_404(Accreditation.objects.active(), pk=pk)
    return archive_record(request, accreditation, success_url=reverse("quality:body_list"))
