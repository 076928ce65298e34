"""The tables of accredited bodies, of sectors without certificates, and of where the register is complete."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from capred_portal.models import Organisation
from capred_portal.table_columns import and_since, columns_of, filters_of, plural
from capred_portal.tables import Column, Table, demo_column, number, register
from enterprises.figures.quality import certified_divisions, division_of, exporting_firms
from enterprises.filters.choices import province_filter
from enterprises.filters.quality import AccreditationFilter
from enterprises.models import Accreditation, Completeness, Sector


def accreditations() -> QuerySet[Any]:
    """Return what active organisations are accredited for, expired or not."""
    return Accreditation.objects.active().filter(organisation__archived_at=None)


def uncertified() -> QuerySet[Any]:
    """Return the divisions in which firms export and none is certified; invented where all these firms are."""
    exporting = exporting_firms().annotate(division=division_of("sector_id"))
    here = exporting.filter(division=OuterRef("pk"))
    rows: QuerySet[Any] = Sector.objects.divisions().filter(pk__in=exporting.values("division"))
    firms = Subquery(here.values("division").annotate(firms=Count("pk")).values("firms"))
    is_demo = ~Exists(here.filter(is_demo=False))
    found: QuerySet[Any] = rows.exclude(pk__in=certified_divisions()).annotate(firms=firms, is_demo=is_demo)
    return found


register(
    Table(
        name="uncertified-sectors",
        title=_("Sectors that export without a certified firm"),
        list_url="quality:uncertified_list",
        rows=uncertified,
        filters=filters_of(Sector),
        columns=(
            *columns_of(Sector, "code", "title_en", "title_km"),
            Column("firms", _("Firms that export"), ("firms",), kind="integer", action="firm.read"),
            demo_column(),
        ),
    )
)

register(
    Table(
        name="accreditations",
        title=plural(Accreditation),
        list_url="quality:body_list",
        rows=accreditations,
        filters=and_since(AccreditationFilter),
        columns=(
            number(),
            *columns_of(Accreditation, "organisation"),
            *columns_of(Organisation, "name_en", "name_km", at="organisation"),
            *columns_of(Accreditation, "scope_en", "scope_km", "accredited_by", "issued_on", "expires_on", "source"),
            *columns_of(Accreditation, "updated_at"),
            demo_column(),
        ),
    )
)

register(
    Table(
        name="completeness",
        title=plural(Completeness),
        list_url="enterprises:completeness",
        rows=Completeness.objects.active,
        filters=filters_of(Completeness, province=province_filter()),
        columns=(
            number(),
            *columns_of(Completeness, "province", "sector", "declared_on", "source", "updated_at"),
            demo_column(),
        ),
    )
)
