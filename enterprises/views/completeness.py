"""Where the register is declared complete: for all to read, for a verifier to declare and to take back."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from capred_portal.access import requires
from capred_portal.editing import archive_record, edit_record
from capred_portal.htmx import PortalRequest
from enterprises.coverage import census, coverage
from enterprises.forms.enterprises import CompletenessForm
from enterprises.models import Completeness, Enterprise


@require_safe
@requires("page.read")
def completeness_list(request: PortalRequest) -> HttpResponse:
    """Every declaration, and what the register covers of the country."""
    firms = Enterprise.objects.active().count()
    context = {
        "declarations": Completeness.objects.active().select_related("province", "sector", "created_by"),
        "coverage": coverage(firms),
        "census": census(),
    }
    return render(request, "enterprises/completeness.html", context)


@require_http_methods(["GET", "POST"])
@requires("register.declare")
def completeness_new(request: PortalRequest) -> HttpResponse:
    """Declare the register complete for a province, a division, or both together."""
    form = CompletenessForm(request.POST or None, instance=Completeness())
    back = reverse("enterprises:completeness")
    context = {"title": _("Declare the register complete"), "cancel_url": back, "record": None}
    return edit_record(
        request, form, template="enterprises/declare.html", context=context, success_url=lambda _saved: back
    )


@require_http_methods(["GET", "POST"])
@requires("register.declare")
def completeness_archive(request: PortalRequest, pk: int) -> HttpResponse:
    """Take a declaration back, with a reason."""
    declaration = get_object_or_404(Completeness.objects.active(), pk=pk)
    return archive_record(request, declaration, success_url=reverse("enterprises:completeness"))
