"""Pages of enterprises: the list, an enterprise with all that hangs on it, and its forms."""

from typing import Any

from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from capred_portal.access import may, requires, role_of
from capred_portal.caching import cached_part
from capred_portal.editing import archive_record, edit_record
from capred_portal.figures import REGISTRY, TOTAL, Scope, number
from capred_portal.htmx import PortalRequest, wants_fragment
from capred_portal.keysets import Key, keyset_page
from capred_portal.listing import ROWS_PER_PAGE, list_response
from capred_portal.plotting import spark_lines
from enterprises.coverage import coverage
from enterprises.filters.enterprises import MEASURES, EnterpriseFilter
from enterprises.forms.enterprises import EnterpriseForm, EnterpriseStartForm
from enterprises.models import ClusterMembership, Enterprise, SizeDefinition, SupplyLink
from enterprises.sizes import Sizes

ORDERS: dict[str, tuple[Key, ...]] = {
    "name": (Key("name_en_key"), Key("name_km_key"), Key("id")),
    "registered": (Key("registered_on", is_descending=True, is_nullable=True), Key("id", is_descending=True)),
    "changed": (Key("updated_at", is_descending=True), Key("id", is_descending=True)),
}
FIGURES = (
    "enterprises",
    "enterprises-women",
    "jobs",
    "enterprises-certified",
    "enterprises-exporting",
    "imported-input-share",
)
MOST_ROWS = 20
SPARKS = {
    "employees": _("Employees"),
    "women": _("Women employed"),
    "turnover_usd": _("Turnover in US$"),
    "export_share_pct": _("Exported share of sales, in %"),
    "imported_input_share_pct": _("Imported share of inputs, in %"),
}


@require_safe
@requires("page.read")
@vary_on_headers("HX-Request")
def enterprise_list(request: PortalRequest) -> HttpResponse:
    """All enterprises, page by page, with what they are and how large."""
    return list_response(request, "enterprises/list.html", "enterprises/_rows.html", enterprise_rows)


def enterprise_rows(request: PortalRequest) -> dict[str, Any]:
    """Return one page of enterprises, how many there are, and the sum that a figure's link asks for."""
    firms = EnterpriseFilter(request.GET, Enterprise.objects.active(), request=request)
    rows = firms.qs
    page = keyset_page(
        rows.select_related("sector", "province", "latest"),
        request.GET,
        ORDERS[firms.order],
        per_page=ROWS_PER_PAGE,
    )
    sizes = Sizes(SizeDefinition.objects.all())
    context = {
        "filter": firms,
        "page_obj": page,
        "rows": [(firm, sizes.of_enterprise(firm)) for firm in page],
        "rows_count": rows.order_by().count(),
        "size_names": dict(SizeDefinition.SizeClass.choices),
        "words": request.GET.get("q", ""),
    }
    measure = request.GET.get("measure", "")
    if measure in MEASURES and may(request.user, "firm.read"):
        context["rows_sum"] = rows.order_by().aggregate(sum=Sum(f"latest__{MEASURES[measure]}"))["sum"]
    return context


@require_safe
@requires("page.read")
@vary_on_headers("HX-Request")
def enterprise_totals(request: PortalRequest) -> HttpResponse:
    """The figures of the register with what it covers: a page of their own, and the fragment the list asks for."""

    def parts() -> dict[str, Any]:
        scope = Scope(role_of(request.user))
        figures = [REGISTRY[code].figures(scope)[TOTAL] for code in FIGURES]
        return {"figures": figures, "coverage": coverage(int(figures[0].value or 0))}

    totals = cached_part(request, "enterprises/_figures.html", parts)
    if wants_fragment(request):
        return HttpResponse(totals)
    return render(request, "enterprises/figures.html", {"totals": totals})


@require_safe
@requires("page.read")
def enterprise_detail(request: PortalRequest, pk: int) -> HttpResponse:
    """One enterprise: what it is, its years, what it makes, its certificates, clusters and links."""
    rows = Enterprise.objects.select_related("sector", "province", "district__province", "latest", "organisation")
    firm = get_object_or_404(rows, pk=pk)
    context = {
        "enterprise": firm,
        "size": Sizes(SizeDefinition.objects.all()).of_enterprise(firm),
        "size_names": dict(SizeDefinition.SizeClass.choices),
        "body": cached_part(request, "enterprises/_body.html", lambda: firm_parts(request, firm), firm.pk),
        "clusters": cached_part(request, "enterprises/_clusters.html", lambda: firm_clusters(firm), firm.pk),
    }
    return render(request, "enterprises/detail.html", context)


def firm_parts(request: PortalRequest, firm: Enterprise) -> dict[str, Any]:
    """Return what hangs on an enterprise: the first rows of each kind, its years for those who read firms."""
    links = SupplyLink.objects.standing().select_related("buyer", "supplier")
    return {
        "enterprise": firm,
        "products": firm.products.active()[:MOST_ROWS],
        "certificates": firm.certificates.active()[:MOST_ROWS],
        "as_supplier": links.filter(supplier=firm)[:MOST_ROWS],
        "as_buyer": links.filter(buyer=firm)[:MOST_ROWS],
        **(kept_parts(firm) if may(request.user, "firm.read") else {}),
    }


def firm_clusters(firm: Enterprise) -> dict[str, Any]:
    """Return the clusters an enterprise belongs to now."""
    return {"memberships": ClusterMembership.objects.current().filter(enterprise=firm).select_related("cluster")}


def kept_parts(firm: Enterprise) -> dict[str, Any]:
    """Return what only those who read firms see: the years, as lines and rows."""
    years = list(firm.years.active())
    series = [(title, {year.year: getattr(year, name) for year in years}) for name, title in SPARKS.items()]
    return {
        "years": years,
        "sparks": spark_lines([line for line in series if any(v is not None for v in line[1].values())], show=number),
    }


@require_http_methods(["GET", "POST"])
@requires("record.write")
def enterprise_new(request: PortalRequest) -> HttpResponse:
    """A name is enough, then the enterprise exists; firms it may be are shown first."""
    form = EnterpriseStartForm(request.POST or None, instance=Enterprise())
    context = {"title": _("New enterprise"), "cancel_url": reverse("enterprises:list")}
    return edit_record(
        request, form, template="enterprises/new.html", context=context, success_url=Enterprise.get_absolute_url
    )


@require_http_methods(["GET", "POST"])
@requires("record.write")
def enterprise_edit(request: PortalRequest, pk: int) -> HttpResponse:
    """Everything about an enterprise except its years, products and certificates."""
    firm = get_object_or_404(Enterprise.objects.active(), pk=pk)
    form = EnterpriseForm(request.POST or None, instance=firm)
    context = {"record": firm, "title": _("Edit the enterprise"), "cancel_url": firm.get_absolute_url()}
    return edit_record(
        request, form, template="record_form.html", context=context, success_url=Enterprise.get_absolute_url
    )


@require_http_methods(["GET", "POST"])
@requires("record.write")
def enterprise_archive(request: PortalRequest, pk: int) -> HttpResponse:
    """Take an enterprise out of lists and figures, with a reason."""
    firm = get_object_or_404(Enterprise.objects.active(), pk=pk)
    return archive_record(request, firm, success_url=reverse("enterprises:list"))
