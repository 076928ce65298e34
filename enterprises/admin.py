"""The admin of places, sectors, enterprises and their parts, clusters, accredited bodies and links."""

from django.contrib import admin
from django.http import HttpRequest

from capred_portal.record_admin import PortalAdmin, RecordAdmin
from enterprises.forms.enterprises import CertificateForm, EnterpriseAdminForm, ProductForm, YearForm
from enterprises.forms.links import LinkAdminForm
from enterprises.models import (
    Accreditation,
    Certificate,
    Cluster,
    ClusterMembership,
    Completeness,
    District,
    Enterprise,
    EnterpriseYear,
    LinkStage,
    Product,
    Province,
    Sector,
    SizeDefinition,
    SupplyLink,
)


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


# Sectors and sizes


@admin.register(Sector)
class SectorAdmin(PortalAdmin):
    """All of ISIC Rev.4, by its official codes."""

    list_display = ["code", "level", "title_en", "title_km"]
    list_display_links = ["code", "title_en", "title_km"]
    list_filter = ["level", "section"]
    search_fields = ["code", "title_en", "title_km"]


@admin.register(SizeDefinition)
class SizeDefinitionAdmin(PortalAdmin):
    """The official definitions of size classes; a correction counts at once."""

    list_display = ["edition", "branch", "size_class", "employees_min", "employees_max", "unconfirmed"]
    list_display_links = ["edition", "branch", "size_class"]
    list_filter = ["edition", "branch"]


# Enterprises and their parts


@admin.register(Enterprise)
class EnterpriseAdmin(RecordAdmin):
    """Firms; their years, products and certificates are added on the firm's own page."""

    form = EnterpriseAdminForm
    pairs = ("name",)
    list_display = ["__str__", "registration_number", "sector", "province"]
    list_filter = ["legal_form", "province"]
    list_select_related = ["sector", "province"]
    search_fields = ["search_key"]


@admin.register(EnterpriseYear)
class EnterpriseYearAdmin(RecordAdmin):
    """What firms were in one year; a correction here is checked and settled as on the firm's own page."""

    form = YearForm
    parents = ("enterprise",)
    list_display = ["enterprise", "year", "employees", "source"]
    list_filter = ["year"]
    list_select_related = ["enterprise"]
    search_fields = ["enterprise__search_key"]


@admin.register(Product)
class ProductAdmin(RecordAdmin):
    """What firms make."""

    form = ProductForm
    pairs = ("name",)
    parents = ("enterprise",)
    list_display = ["__str__", "enterprise", "hs_code"]
    list_select_related = ["enterprise"]
    search_fields = ["enterprise__search_key"]


@admin.register(Certificate)
class CertificateAdmin(RecordAdmin):
    """Certificates of firms."""

    form = CertificateForm
    parents = ("enterprise",)
    list_display = ["standard", "enterprise", "issuer", "expires_on"]
    list_select_related = ["enterprise"]
    search_fields = ["enterprise__search_key"]
    date_hierarchy = "expires_on"


@admin.register(Completeness)
class CompletenessAdmin(RecordAdmin):
    """Where the register is declared complete; declaring is a verifier's act on its own page."""

    list_display = ["__str__", "declared_on", "source", "created_by"]
    list_select_related = ["province", "sector", "created_by"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


# Clusters and accredited bodies


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


# The ledger of links


@admin.register(SupplyLink)
class SupplyLinkAdmin(RecordAdmin):
    """Links; they are entered on the pages of the ledger, where each begins with a stage."""

    form = LinkAdminForm
    pairs = ("product",)
    list_display = ["__str__", "hs_code", "stage", "stage_since", "verified_by"]
    list_filter = ["stage", "replaces_import"]
    list_select_related = ["buyer", "supplier", "verified_by"]
    search_fields = ["search_key"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(LinkStage)
class LinkStageAdmin(RecordAdmin):
    """Stages of links; stage and day are corrected on the link's own page, which holds them in order."""

    parents = ("link",)
    readonly_fields = ["stage", "reached_on"]
    list_display = ["link", "stage", "reached_on", "value_usd"]
    list_filter = ["stage"]
    list_select_related = ["link__buyer", "link__supplier"]
    search_fields = ["link__search_key"]
    date_hierarchy = "reached_on"
