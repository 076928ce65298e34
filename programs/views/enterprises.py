"""What programs did for enterprises: the SMEs they reached, and one enterprise's support and workshops."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from capred_portal.access import requires
from capred_portal.htmx import PortalRequest, wants_fragment
from capred_portal.listing import list_page, list_response
from enterprises.models import Enterprise
from programs.filters.smes import SmeFilter, firms_at_workshops, firms_supported
from programs.models import Attendance, Support, Workshop

MOST_ROWS = 50


@require_safe
@requires("page.read")
@vary_on_headers("HX-Request")
def sme_list(request: PortalRequest) -> HttpResponse:
    """The micro, small and medium enterprises that support or a workshop has reached, each once."""
    return list_response(request, "programs/smes.html", "programs/_sme_rows.html", sme_rows)


def sme_rows(request: PortalRequest) -> dict[str, Any]:
    """Return one page of SMEs with how each was reached."""
    smes = SmeFilter(request.GET, Enterprise.objects.active().select_related("province", "sector"), request=request)
    context = {"filter": smes, **list_page(request, smes.qs)}
    shown = [enterprise.pk for enterprise in context["page_obj"]]
    context["supported"] = {row["firm"] for row in firms_supported(*smes.when).filter(firm__in=shown)}
    context["came"] = {row["pk"] for row in firms_at_workshops(*smes.when).filter(pk__in=shown)}
    return context


@require_safe
@requires("page.read")
@vary_on_headers("HX-Request")
def enterprise_support(request: PortalRequest, pk: int) -> HttpResponse:
    """What an enterprise received from programs, and the workshops its people came to."""
    enterprise = get_object_or_404(Enterprise, pk=pk)
    support: Any = Support.objects.standing().with_receiver()
    came = Attendance.objects.attended().filter(organisation=enterprise.organisation_id).order_by()
    workshops: Any = Workshop.objects.filter(pk__in=came.values("workshop")) if enterprise.organisation_id else []
    context = {
        "enterprise": enterprise,
        "support": support.filter(firm=pk).select_related("program", "organisation", "enterprise")[:MOST_ROWS],
        "workshops": workshops[:MOST_ROWS],
    }
    template = "programs/_enterprise_support.html" if wants_fragment(request) else "programs/enterprise_support.html"
    return render(request, template, context)
