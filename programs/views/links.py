"""The links that programs and workshops brought about: the list behind the figures by program."""

from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.http import HttpResponse
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from capred_portal.access import may, requires
from capred_portal.htmx import PortalRequest
from capred_portal.listing import list_page, list_response
from enterprises.models import SupplyLink
from programs.figures.links import Part, cents, parts_of, plain
from programs.filters.links import UNATTRIBUTED, AttributedLinkFilter, shares_of
from programs.models import Program


@require_safe
@requires("page.read")
@vary_on_headers("HX-Request")
def link_list(request: PortalRequest) -> HttpResponse:
    """Links with the share of each that a program brought about."""
    return list_response(request, "programs/links.html", "programs/_link_rows.html", link_rows)


def link_rows(request: PortalRequest) -> dict[str, Any]:
    """Return one page of links with the shares of the program asked for, and what they add up to."""
    sees_values = may(request.user, "firm.read")
    links = AttributedLinkFilter(request.GET, SupplyLink.objects.standing(), request=request, sees_values=sees_values)
    context = {
        "filter": links,
        "stages": dict(SupplyLink.Stage.choices),
        **list_page(request, links.qs.select_related("buyer", "supplier")),
    }
    program = links.form.cleaned_data.get("program", "")
    part = parts_of(links.qs.order_by()).get(program, Part())
    if request.GET.get("measure") == "value" and sees_values:
        context["rows_sum"] = cents(part.value)
    elif program:
        context["rows_sum"] = plain(part.links)
    context["shares"] = shares_on(context["page_obj"], program)
    context["program"] = Program.objects.filter(slug=program).first() if program else None
    context["is_value"] = request.GET.get("measure") == "value"
    return context


def shares_on(links: Any, program: str) -> dict[int, Decimal]:
    """Return the share of each link that the program has; of no program in particular, what all have together."""
    if not program:
        return {link.pk: link.attributed_pct for link in links}
    if program == UNATTRIBUTED[0]:
        return {link.pk: 100 - link.attributed_pct for link in links}
    shares = shares_of(program).filter(link__in=[link.pk for link in links]).order_by()
    return dict(shares.values_list("link").annotate(Sum("share_pct")))
