"""The tables of clusters: what they are, their sectors and provinces, and the firms in them."""

from django.utils.translation import gettext_lazy as _

from capred_portal.models import Organisation
from capred_portal.table_columns import (
    and_since,
    by_number,
    coded,
    columns_of,
    demo_column_of,
    filters_of,
    one,
    plural,
    titled,
)
from capred_portal.tables import Table, demo_column, number, register
from enterprises.filters.clusters import ClusterListFilter, MemberFilter
from enterprises.models import Cluster, ClusterMembership, Enterprise, Province, Sector

SECTORS, PROVINCES = Cluster.sectors.through, Cluster.provinces.through
OF_CLUSTER = {"cluster": by_number("cluster", _("Cluster"))}

register(
    Table(
        name="clusters",
        title=plural(Cluster),
        list_url="clusters:list",
        rows=Cluster.objects.active,
        filters=and_since(ClusterListFilter),
        columns=(
            number(),
            *columns_of(Cluster, "slug", "name_en", "name_km", "stage", "lead"),
            *columns_of(Organisation, "name_en", "name_km", at="lead", whose=_("lead organisation")),
            *columns_of(Cluster, "needs_en", "needs_km", "updated_at"),
            demo_column(),
        ),
    )
)

register(
    Table(
        name="cluster-members",
        title=plural(ClusterMembership),
        list_url="clusters:member_list",
        rows=ClusterMembership.objects.standing,
        filters=and_since(MemberFilter),
        columns=(
            number(),
            *columns_of(ClusterMembership, "cluster"),
            coded(Cluster, "slug", "cluster"),
            *columns_of(ClusterMembership, "enterprise"),
            *columns_of(Enterprise, "name_en", "name_km", "sector", "province", at="enterprise"),
            *columns_of(ClusterMembership, "role", "joined_on", "left_on", "updated_at"),
            demo_column(),
        ),
    )
)

register(
    Table(
        name="cluster-sectors",
        title=titled(_("Clusters"), _("Sectors")),
        row=one(Cluster, Sector),
        rows=lambda: SECTORS.objects.filter(cluster__archived_at=None),
        filters=filters_of(SECTORS, **OF_CLUSTER),
        demo="cluster__is_demo",
        columns=(
            number(),
            *columns_of(SECTORS, "cluster"),
            coded(Cluster, "slug", "cluster"),
            *columns_of(Sector, "code", "title_en", "title_km", at="sector"),
            demo_column_of("cluster"),
        ),
    )
)

register(
    Table(
        name="cluster-provinces",
        title=titled(_("Clusters"), _("Provinces")),
        row=one(Cluster, Province),
        rows=lambda: PROVINCES.objects.filter(cluster__archived_at=None),
        filters=filters_of(PROVINCES, **OF_CLUSTER),
        demo="cluster__is_demo",
        columns=(
            number(),
            *columns_of(PROVINCES, "cluster"),
            coded(Cluster, "slug", "cluster"),
            *columns_of(Province, "code", "name_en", "name_km", at="province"),
            demo_column_of("cluster"),
        ),
    )
)
