"""The tables of official codes: provinces, districts, sectors of ISIC, and the definitions of size classes."""

import django_filters
from django.utils.translation import gettext_lazy as _

from capred_portal.table_columns import columns_of, filters_of, plural
from capred_portal.tables import Table, number, register
from enterprises.filters.choices import province_filter
from enterprises.models import District, Province, Sector, SizeDefinition

LEVEL = django_filters.ChoiceFilter(choices=Sector.Level, label=_("Level"), empty_label=_("Any"))
CLASS = django_filters.ChoiceFilter(choices=SizeDefinition.SizeClass, label=_("Size class"), empty_label=_("Any"))

register(
    Table(
        name="provinces",
        title=plural(Province),
        demo="",
        rows=Province.objects.all,
        filters=filters_of(Province),
        columns=tuple(columns_of(Province, "code", "iso_code", "name_en", "name_km", "source")),
    )
)

register(
    Table(
        name="districts",
        title=plural(District),
        demo="",
        rows=District.objects.all,
        filters=filters_of(District, province=province_filter()),
        columns=tuple(columns_of(District, "code", "province", "name_en", "name_km", "unit", "source")),
    )
)

register(
    Table(
        name="sectors",
        title=plural(Sector),
        demo="",
        rows=Sector.objects.all,
        filters=filters_of(Sector, level=LEVEL),
        columns=tuple(columns_of(Sector, "code", "level", "section", "title_en", "title_km", "source")),
    )
)

register(
    Table(
        name="size-definitions",
        title=plural(SizeDefinition),
        demo="",
        rows=SizeDefinition.objects.all,
        filters=filters_of(SizeDefinition, size_class=CLASS),
        columns=(
            number(),
            *columns_of(SizeDefinition, "edition", "valid_from", "valid_until", "branch", "size_class"),
            *columns_of(SizeDefinition, "employees_min", "employees_max", "turnover_usd_min", "turnover_usd_max"),
            *columns_of(SizeDefinition, "assets_usd_min", "assets_usd_max", "unconfirmed", "source"),
        ),
    )
)
