"""Figures over clusters: their firms, jobs, firms run by women, certificates, and their links."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from capred_portal.figures import SMALL_CELL, TOTAL, Exclusion, Figure, Scope, figure
from enterprises.filters.clusters import MemberFilter
from enterprises.models import Certificate, Cluster, ClusterMembership, Enterprise, SupplyLink

FEWEST_FIRMS = 3  # behind a total that says something of what firms told, for those who may not read it firm by firm
RUN_BY_WOMEN = Q(is_women_owned=True) | Q(is_women_led=True)
SAYS_WHO_RUNS = Q(is_women_owned__isnull=False) | Q(is_women_led__isnull=False)
MEMBERS_RULE = _(
    "Members are firms whose membership has not ended; anchor buyers and providers of services are not members. A firm"
    " of several clusters counts once."
)


@dataclass(frozen=True)
class Members:
    """What the members of one cluster, or of all, add up to."""

    firms: int
    demo: int
    jobs: int | None
    jobs_stated: int
    women: int
    women_stated: int

    @property
    def has_demo(self) -> bool:
        return self.demo > 0


@dataclass(frozen=True)
class Links:
    """What the links of these firms that are alive add up to, and how many firms stand behind the value."""

    alive: int
    demo: int
    value: Decimal | None
    stated: int
    suppliers: int
    buyers: int

    @property
    def has_demo(self) -> bool:
        return self.demo > 0


def members_of(scope: Scope) -> Any:
    """Return the memberships behind a figure: of the cluster the scope names, or of all."""
    return firms_of(scope).members()


def firms_of(scope: Scope) -> Any:
    """Return the memberships of all firms that are in the cluster now, or in any, whatever their role."""
    rows = ClusterMembership.objects.current()
    if not (slug := scope.get("cluster")):
        return rows
    cluster = Cluster.objects.active().filter(slug=slug).first()
    if cluster is None:
        raise Http404(slug)
    return rows.filter(cluster=cluster)


def count_members(members: Any) -> Members:
    """Add the members up: one query."""
    firms = Enterprise.objects.filter(pk__in=members.values("enterprise"))
    return Members(
        **firms.order_by().aggregate(
            firms=Count("pk"),
            demo=Count("pk", filter=Q(is_demo=True)),
            jobs=Sum("latest__employees"),
            jobs_stated=Count("latest__employees"),
            women=Count("pk", filter=RUN_BY_WOMEN),
            women_stated=Count("pk", filter=SAYS_WHO_RUNS),
        )
    )


def count_links(scope: Scope) -> Links:
    """Add up the links in which a firm of the cluster buys or supplies, anchor buyers included: one query."""
    stated = Q(value_usd__isnull=False)
    return Links(
        **SupplyLink.objects.alive()
        .of_firms(firms_of(scope).values("enterprise"))
        .order_by()
        .aggregate(
            alive=Count("pk"),
            demo=Count("pk", filter=Q(is_demo=True)),
            value=Sum("value_usd"),
            stated=Count("value_usd"),
            suppliers=Count("supplier", filter=stated, distinct=True),
            buyers=Count("buyer", filter=stated, distinct=True),
        )
    )


def rows_of(scope: Scope, **extra: str) -> str:
    """Return the address of the list of the members behind a figure."""
    return reverse("clusters:member_list") + scope.query(role=ClusterMembership.Role.MEMBER, **extra)


def links_of(scope: Scope, **extra: str) -> str:
    """Return the address of the list of the links behind a figure."""
    return reverse("links:list") + scope.query(cluster=scope.get("cluster") or "any", alive="yes", **extra)


def left_out(reason: Any, count: int) -> tuple[Exclusion, ...]:
    return (Exclusion(reason, count),) if count else ()


def firms_figure(scope: Scope, members: Members) -> Figure:
    """Return how many firms are members."""
    return Figure(
        code="cluster-firms",
        label=_("Members"),
        value=members.firms,
        unit=_("firms"),
        rows_url=rows_of(scope),
        has_demo=members.has_demo,
        scope=scope,
    )


def jobs_figure(scope: Scope, members: Members) -> Figure:
    """Return the jobs of the members, or why not."""
    hidden = scope.hides_small_cells and 0 < members.jobs_stated < FEWEST_FIRMS
    state: Any = "withheld" if hidden else "value" if members.jobs_stated else "missing"
    return Figure(
        code="cluster-jobs",
        label=_("Jobs of members"),
        value=members.jobs if state == "value" else None,
        unit=_("employees"),
        state=state,
        rows_url="" if scope.hides_small_cells else rows_of(scope, measure="jobs"),
        has_demo=members.has_demo,
        excluded=left_out(_("members without a number of employees"), members.firms - members.jobs_stated),
        scope=scope,
    )


def women_figure(scope: Scope, members: Members) -> Figure:
    """Return how many members women own or lead; a group that small could reveal a person."""
    small = 0 < members.women < SMALL_CELL or 0 < members.women_stated - members.women < SMALL_CELL
    hidden = scope.hides_small_cells and small
    state: Any = "withheld" if hidden else "value" if members.women_stated else "missing"
    return Figure(
        code="cluster-women",
        label=_("Members owned or led by women"),
        value=members.women if state == "value" else None,
        unit=_("firms"),
        state=state,
        rows_url="" if scope.hides_small_cells else rows_of(scope, women="yes"),
        has_demo=members.has_demo,
        excluded=left_out(_("members that do not state it"), members.firms - members.women_stated),
        scope=scope,
    )


def certificates_figure(scope: Scope, members: Any) -> Figure:
    """Return how many valid certificates the members hold: one query."""
    held = Certificate.objects.valid().filter(enterprise__in=members.values("enterprise")).order_by()
    counts = held.aggregate(all=Count("pk"), demo=Count("pk", filter=Q(is_demo=True)))
    cluster = scope.get("cluster") or "any"
    return Figure(
        code="cluster-certificates",
        label=_("Valid certificates of members"),
        value=counts["all"],
        unit=_("certificates"),
        rows_url=reverse("quality:certificate_list") + scope.query(cluster=cluster, expiry="valid"),
        has_demo=counts["demo"] > 0,
        scope=scope,
    )


def links_figure(scope: Scope, links: Links) -> Figure:
    """Return how many links of the firms of a cluster are alive."""
    return Figure(
        code="cluster-links",
        label=_("Links alive"),
        value=links.alive,
        unit=_("links"),
        rows_url=links_of(scope),
        has_demo=links.has_demo,
        scope=scope,
    )


def value_figure(scope: Scope, links: Links) -> Figure:
    """Return the yearly value of these links; one buyer or supplier alone is never shown by it."""
    few = min(links.suppliers, links.buyers) < FEWEST_FIRMS
    state: Any = "missing" if not links.stated else "withheld" if few and scope.hides_small_cells else "value"
    return Figure(
        code="cluster-link-value",
        label=_("Yearly value of links alive, US$"),
        value=links.value if state == "value" else None,
        unit=_("US$"),
        state=state,
        rows_url="" if scope.hides_small_cells else links_of(scope, measure="value"),
        has_demo=links.has_demo,
        excluded=left_out(_("links that do not state a value"), links.alive - links.stated),
        scope=scope,
    )


def cluster_figures(scope: Scope) -> list[Figure]:
    """Return all figures of a cluster with what they share counted once."""
    members = members_of(scope)
    numbers, links = count_members(members), count_links(scope)
    return [
        firms_figure(scope, numbers),
        jobs_figure(scope, numbers),
        women_figure(scope, numbers),
        certificates_figure(scope, members),
        links_figure(scope, links),
        value_figure(scope, links),
    ]


@figure(
    "cluster-firms",
    title=_("Members of clusters"),
    rule=MEMBERS_RULE,
    unit=_("firms"),
    filters=MemberFilter,
    scopes=("cluster",),
)
def cluster_firms(scope: Scope) -> dict[str, Figure]:
    return {TOTAL: firms_figure(scope, count_members(members_of(scope)))}


@figure(
    "cluster-jobs",
    title=_("Jobs of members of clusters"),
    rule=_(
        "Employees of each member in the latest year on record, added up. A total that rests on fewer than 3 firms is"
        " withheld from those who may not read what one firm told."
    ),
    unit=_("employees"),
    filters=MemberFilter,
    scopes=("cluster",),
)
def cluster_jobs(scope: Scope) -> dict[str, Figure]:
    return {TOTAL: jobs_figure(scope, count_members(members_of(scope)))}


@figure(
    "cluster-women",
    title=_("Members owned or led by women"),
    rule=_(
        "Members that women own, or that a woman leads, or both. Fewer than 5 of either kind are withheld from those"
        " who may not read what one firm told."
    ),
    unit=_("firms"),
    filters=MemberFilter,
    scopes=("cluster",),
)
def cluster_women(scope: Scope) -> dict[str, Figure]:
    return {TOTAL: women_figure(scope, count_members(members_of(scope)))}


@figure(
    "cluster-certificates",
    title=_("Valid certificates of members of clusters"),
    rule=_("Certificates of members that have not expired today; one without a last day holds."),
    unit=_("certificates"),
    filters=MemberFilter,
    scopes=("cluster",),
)
def cluster_certificates(scope: Scope) -> dict[str, Figure]:
    return {TOTAL: certificates_figure(scope, members_of(scope))}


@figure(
    "cluster-links",
    title=_("Links of firms in clusters"),
    rule=_(
        "Buyer-supplier links in which a firm of the cluster, anchor buyers included, buys or supplies and that have"
        " come to an order and have not ended. Each link counts once, also between two firms of the cluster."
    ),
    unit=_("links"),
    filters=MemberFilter,
    scopes=("cluster",),
)
def cluster_links(scope: Scope) -> dict[str, Figure]:
    return {TOTAL: links_figure(scope, count_links(scope))}


@figure(
    "cluster-link-value",
    title=_("Value of links of firms in clusters"),
    rule=_(
        "The yearly value of these links as stated last, added up. With fewer than 3 buyers or 3 suppliers behind it,"
        " it is withheld from those who may not read what one firm told."
    ),
    unit=_("US$"),
    filters=MemberFilter,
    scopes=("cluster",),
)
def cluster_link_value(scope: Scope) -> dict[str, Figure]:
    return {TOTAL: value_figure(scope, count_links(scope))}
