"""Pages of the ledger: the list, a link with its history, and its forms."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from capred_portal.access import may, requires
from capred_portal.caching import cached_part
from capred_portal.editing import archive_record, edit_record
from capred_portal.htmx import PortalRequest
from capred_portal.keys import key_in
from capred_portal.listing import list_page, list_response
from capred_portal.models import Document
from enterprises import hs
from enterprises.filters.links import LinkFilter
from enterprises.forms.links import LinkForm, LinkStartForm
from enterprises.link_network import link_network, links_around
from enterprises.models import Enterprise, LinkStage, SupplyLink
from enterprises.services import may_verify

FIRMS = ("buyer__province", "supplier__province")


def links_asked_for(request: PortalRequest) -> LinkFilter:
    """Return the filter of the list over the links that count."""
    rows = SupplyLink.objects.standing()
    return LinkFilter(request.GET, rows, request=request, sees_values=may(request.user, "firm.read"))


@require_safe
@requires("page.read")
@vary_on_headers("HX-Request")
def link_list(request: PortalRequest) -> HttpResponse:
    """The ledger: who supplies what to whom, and how far each link has come."""
    return list_response(request, "links/list.html", "links/_rows.html", link_rows)


def link_rows(request: PortalRequest) -> dict[str, Any]:
    """Return one page of links; with `measure=value`, the sum of their values for those who may read them."""
    links = links_asked_for(request)
    context = {
        "filter": links,
        "stages": dict(SupplyLink.Stage.choices),
        **list_page(request, links.qs.select_related(*FIRMS)),
    }
    context["firms"] = firms_asked_for(links)
    if request.GET.get("measure") == "value" and links.sees_values:
        context["rows_sum"] = links.qs.sum_of_values()
    return context


def firms_asked_for(links: LinkFilter) -> list[tuple[Any, Enterprise]]:
    """Return the buyer and the supplier to which a link to the list has narrowed it, with the word for each."""
    asked = links.form.cleaned_data
    words = {"buyer": gettext_lazy("Buyer"), "supplier": gettext_lazy("Supplier")}
    found = Enterprise.objects.in_bulk([asked[side] for side in words if asked.get(side)])
    return [(words[side], found[asked[side]]) for side in words if asked.get(side) in found]


@require_safe
@requires("page.read")
def link_detail(request: PortalRequest, pk: int) -> HttpResponse:
    """One link: its history, value and evidence, who verified it, and what stands around its firms."""
    stages = LinkStage.objects.active().select_related("created_by")
    link = get_object_or_404(
        SupplyLink.objects.select_related(
            *FIRMS, "buyer__sector", "supplier__sector", "verified_by", "created_by", "updated_by"
        ).prefetch_related(Prefetch("stages", stages), Prefetch("evidence", Document.objects.active())),
        pk=pk,
    )
    centers = (link.buyer_id, link.supplier_id)
    context = {
        "link": link,
        "chapter": hs.chapters().get(link.hs_code[:2], ""),
        "writes": may(request.user, "record.write") and not link.is_archived,
        "may_verify": may(request.user, "link.verify") and not link.is_archived and not link.verified_by,
        "is_second": may_verify(link, request.user),
        "sees_values": may(request.user, "firm.read"),
        "network": cached_part(request, "links/_around.html", lambda: firms_around(centers), centers),
    }
    return render(request, "links/detail.html", context)


def firms_around(centers: tuple[int, int]) -> dict[str, Any]:
    """Return the picture of the links of two firms."""
    title = _("Who supplies and buys around these two firms")
    return {"network": link_network(links_around(centers), title, centers)}


@require_http_methods(["GET", "POST"])
@requires("record.write")
def link_new(request: PortalRequest) -> HttpResponse:
    """Record that two firms were brought together, or trade already; the address may begin the answers."""
    form = LinkStartForm(request.POST or None, instance=SupplyLink(), initial=begun(request))
    context = {"title": _("New link"), "cancel_url": reverse("links:list"), "record": _("Links")}
    return edit_record(
        request,
        form,
        template="record_form.html",
        context=context,
        success_url=SupplyLink.get_absolute_url,
        after=form.add_stage,
    )


def begun(request: PortalRequest) -> dict[str, Any]:
    """Return what the address fills in: `buyer` and `supplier` by number, the product, and the first stage."""
    given = request.GET.dict()
    firms = {side: pk for side in ("buyer", "supplier") if (pk := key_in(given.get(side, "")))}
    names = ("hs_code", "product_en", "product_km", "stage", "replaces_import")
    return firms | {name: given[name][:200] for name in names if given.get(name)}


@require_http_methods(["GET", "POST"])
@requires("record.write")
def link_edit(request: PortalRequest, pk: int) -> HttpResponse:
    """Change the firms or the product of a link; stages have forms of their own."""
    link = get_object_or_404(SupplyLink.objects.active().select_related("buyer", "supplier"), pk=pk)
    form = LinkForm(request.POST or None, instance=link)
    context = {"record": link, "title": _("Edit the link"), "cancel_url": link.get_absolute_url()}
    return edit_record(
        request, form, template="record_form.html", context=context, success_url=SupplyLink.get_absolute_url
    )


@require_http_methods(["GET", "POST"])
@requires("record.write")
def link_archive(request: PortalRequest, pk: int) -> HttpResponse:
    """Take a link out of the ledger, with a reason."""
    link = get_object_or_404(SupplyLink.objects.active(), pk=pk)
    return archive_record(request, link, success_url=reverse("links:list"))
