"""The admin of places, clusters and accredited bodies."""

from django.contrib import admin

from capred_portal.record_admin import PortalAdmin, RecordAdmin
from enterprises.models import Accreditation, Cluster, ClusterMembership, District, Province


@admin.register(Province)
class ProvinceAdmin(PortalAdmin):
    """The capital and provinces, by their official codes."""

    list_display = ["code", "iso_code", "name_en", "name_km"]
    list_display_links = ["code", "name_en", "name_km"]
    search_fields = ["code", "iso_code", "name_en", "name_km"]


@admin.register(District)
class DistrictAdmin(PortalAdmin):
    """Districts, municipalities and khans, by their official codes."""

    list_display = ["code", "name_en", "name_km", "unit", "province"]
    list_display_links = ["code", "name_en", "name_km"]
    list_filter = ["unit", "province"]
    list_select_related = ["province"]
    search_fields = ["code", "name_en", "name_km"]


# Clusters and quality infrastructure


@admin.register(Cluster)
class ClusterAdmin(RecordAdmin):
    """Clusters; firms join on the cluster's own page."""

    pairs = ("name",)
    list_display = ["__str__", "slug", "stage", "lead"]
    list_filter = ["stage"]
    list_select_related = ["lead"]
    search_fields = ["search_key"]


@admin.register(ClusterMembership)
class ClusterMembershipAdmin(RecordAdmin):
    """Firms in clusters, as what, and since when."""

    parents = ("cluster",)
    list_display = ["enterprise", "cluster", "role", "joined_on", "left_on"]
    list_filter = ["role"]
    list_select_related = ["enterprise", "cluster"]
    search_fields = ["enterprise__search_key"]


@admin.register(Accreditation)
class AccreditationAdmin(RecordAdmin):
    """What organisations are accredited for."""

    pairs = ("scope",)
    list_display = ["organisation", "scope_en", "accredited_by", "expires_on"]
    list_select_related = ["organisation"]
    search_fields = ["organisation__search_key"]
    date_hierarchy = "expires_on"
