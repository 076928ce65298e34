"""Pages of clusters: the list, a cluster with its members and links, its forms, the lists behind its figures."""

from typing import Any

from django.db.models import Count, Prefetch, Q, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from capred_portal.access import may, requires, role_of
from capred_portal.caching import cached_part
from capred_portal.editing import archive_record, edit_part, edit_record
from capred_portal.figures import Scope
from capred_portal.htmx import PortalRequest, wants_fragment
from capred_portal.listing import list_page, list_response
from enterprises.figures.clusters import cluster_figures
from enterprises.filters.clusters import ClusterListFilter, MemberFilter
from enterprises.forms.clusters import ClusterForm, ClusterStartForm, MembershipForm
from enterprises.models import Cluster, ClusterMembership, Enterprise, SupplyLink
from enterprises.networks import MOST_LINKS, picture_of_links

MOST_ROWS = 20
Role = ClusterMembership.Role


@require_safe
@requires("page.read")
@vary_on_headers("HX-Request")
def cluster_list(request: PortalRequest) -> HttpResponse:
    """All clusters with their lead, stage, places, sectors and number of members."""
    return list_response(request, "clusters/list.html", "clusters/_rows.html", cluster_rows)


def cluster_rows(request: PortalRequest) -> dict[str, Any]:
    """Return one page of clusters; their members are counted for this page alone."""
    rows = Cluster.objects.active().in_order("name")
    rows = rows.select_related("lead").prefetch_related("provinces", "sectors")
    clusters = ClusterListFilter(request.GET, rows, request=request)
    context = {"filter": clusters, **list_page(request, clusters.qs)}
    members = ClusterMembership.objects.members().filter(cluster__in=[row.pk for row in context["page_obj"]])
    context["member_counts"] = dict(members.values_list("cluster").annotate(Count("pk")).order_by())
    return context


@require_safe
@requires("page.read")
def cluster_detail(request: PortalRequest, slug: str) -> HttpResponse:
    """One cluster: what it is and needs, who belongs to it, and whom its firms trade with."""
    cluster = get_object_or_404(Cluster, slug=slug)
    body = cached_part(request, "clusters/_body.html", lambda: cluster_parts(cluster), cluster.pk)
    return render(request, "clusters/detail.html", {"cluster": cluster, "body": body})


def cluster_parts(cluster: Cluster) -> dict[str, Any]:
    """Return what hangs on a cluster: the first firms of each kind, and their newest links."""
    memberships = ClusterMembership.objects.standing().filter(cluster=cluster)
    firms = memberships.select_related("enterprise__sector", "enterprise__province").order_by("enterprise", "pk")
    now, past = firms.filter(left_on=None), firms.exclude(left_on=None)
    here = memberships.current().order_by().values("enterprise")
    links = SupplyLink.objects.standing().of_firms(here).select_related("buyer", "supplier")
    newest = list(links[:MOST_LINKS])
    counts = memberships.order_by().aggregate(
        members=Count("pk", filter=Q(left_on=None, role=Role.MEMBER)),
        others=Count("pk", filter=Q(left_on=None) & ~Q(role=Role.MEMBER)),
        past=Count("pk", filter=~Q(left_on=None)),
    )
    return {
        "cluster": Cluster.objects.select_related("lead").prefetch_related("provinces", "sectors").get(pk=cluster.pk),
        "members": now.filter(role=Role.MEMBER)[:MOST_ROWS],
        "others": now.exclude(role=Role.MEMBER)[:MOST_ROWS],
        "past": past[:MOST_ROWS],
        "counts": counts,
        "picture": picture_of_links(newest, centers=set(here.values_list("enterprise", flat=True))),
        "links": newest[:MOST_ROWS],
        "more_links": len(newest) > MOST_ROWS,
    }


@require_safe
@requires("page.read")
@vary_on_headers("HX-Request")
def cluster_totals(request: PortalRequest, slug: str) -> HttpResponse:
    """The figures of one cluster: a page of their own, and the fragment its page asks for."""
    cluster = get_object_or_404(Cluster.objects.active(), slug=slug)

    def parts() -> dict[str, Any]:
        return {"figures": cluster_figures(Scope(role_of(request.user), {"cluster": slug}))}

    totals = cached_part(request, "clusters/_figures.html", parts, cluster.pk)
    if wants_fragment(request):
        return HttpResponse(totals)
    return render(request, "clusters/figures.html", {"cluster": cluster, "totals": totals})


@require_safe
@requires("page.read")
@vary_on_headers("HX-Request")
def member_list(request: PortalRequest) -> HttpResponse:
    """The firms that are in clusters, each once, with their memberships."""
    return list_response(request, "clusters/members.html", "clusters/_member_rows.html", member_rows)


def member_rows(request: PortalRequest) -> dict[str, Any]:
    """Return one page of firms in clusters, and the sum of their jobs when a figure's link asks for it."""
    memberships = MemberFilter(request.GET, ClusterMembership.objects.all(), request=request)
    chosen = Prefetch("memberships", memberships.qs.select_related("cluster"), to_attr="chosen")
    firms = Enterprise.objects.filter(pk__in=memberships.qs.order_by().values("enterprise"))
    rows = firms.select_related("sector", "province", "latest").prefetch_related(chosen)
    context = {"filter": memberships, **list_page(request, rows)}
    if request.GET.get("measure") == "jobs" and may(request.user, "firm.read"):
        context["rows_sum"] = firms.order_by().aggregate(jobs=Sum("latest__employees"))["jobs"]
    return context


@require_http_methods(["GET", "POST"])
@requires("record.write")
def cluster_new(request: PortalRequest) -> HttpResponse:
    """A few questions, then the cluster exists; province and sector may come with the address."""
    given = {name: request.GET[name] for name in ("province", "sector") if request.GET.get(name)}
    form = ClusterStartForm(request.POST or None, instance=Cluster(), initial=given)

    def add_place(cluster: Cluster) -> None:
        cluster.provinces.set(filter(None, [form.cleaned_data["province"]]))
        cluster.sectors.set(filter(None, [form.cleaned_data["sector"]]))

    context = {"title": _("Start a cluster"), "cancel_url": reverse("clusters:list")}
    return edit_record(
        request,
        form,
        template="clusters/new.html",
        context=context,
        success_url=Cluster.get_absolute_url,
        after=add_place,
    )


@require_http_methods(["GET", "POST"])
@requires("record.write")
def cluster_edit(request: PortalRequest, slug: str) -> HttpResponse:
    """Everything about a cluster except its members."""
    cluster = get_object_or_404(Cluster.objects.active(), slug=slug)
    form = ClusterForm(request.POST or None, instance=cluster)
    context = {"record": cluster, "title": _("Edit the cluster"), "cancel_url": cluster.get_absolute_url()}
    return edit_record(
        request, form, template="record_form.html", context=context, success_url=Cluster.get_absolute_url
    )


@require_http_methods(["GET", "POST"])
@requires("record.write")
def cluster_archive(request: PortalRequest, slug: str) -> HttpResponse:
    """Take a cluster out of lists and figures, with a reason."""
    cluster = get_object_or_404(Cluster.objects.active(), slug=slug)
    return archive_record(request, cluster, success_url=reverse("clusters:list"))


def member_page(request: PortalRequest, cluster: Cluster, membership: ClusterMembership, title: Any) -> HttpResponse:
    """Show and save the form of one membership."""
    form = MembershipForm(request.POST or None, instance=membership)
    return edit_part(request, form, above=cluster, part="members", title=title)


@require_http_methods(["GET", "POST"])
@requires("record.write")
def member_new(request: PortalRequest, slug: str) -> HttpResponse:
    """Add a firm to the cluster."""
    cluster = get_object_or_404(Cluster.objects.active(), slug=slug)
    return member_page(request, cluster, ClusterMembership(cluster=cluster), _("Add a firm"))


@require_http_methods(["GET", "POST"])
@requires("record.write")
def member_edit(request: PortalRequest, slug: str, member_pk: int) -> HttpResponse:
    """Change a membership: its role, when it began, when the firm left."""
    cluster = get_object_or_404(Cluster.objects.active(), slug=slug)
    membership = get_object_or_404(cluster.memberships.active(), pk=member_pk)
    return member_page(request, cluster, membership, _("Edit the membership"))


@require_http_methods(["GET", "POST"])
@requires("record.write")
def member_archive(request: PortalRequest, slug: str, member_pk: int) -> HttpResponse:
    """Take a membership off that was entered by mistake; a firm that leaves gets a last day instead."""
    cluster = get_object_or_404(Cluster.objects.active(), slug=slug)
    membership = get_object_or_404(cluster.memberships.active(), pk=member_pk)
    return archive_record(request, membership, success_url=f"{cluster.get_absolute_url()}#members")
