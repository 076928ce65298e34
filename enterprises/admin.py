"""The admin of places."""

from django.contrib import admin

from capred_portal.record_admin import PortalAdmin
from enterprises.models import District, Province


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
