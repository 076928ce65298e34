"""The tables of accredited bodies, and of where the register is declared complete."""

from typing import Any

from django.db.models import QuerySet

from capred_portal.models import Organisation
from capred_portal.table_columns import and_since, columns_of, filters_of, one, plural
from capred_portal.tables import Table, invented, number, register
from enterprises.filters.choices import province_filter
from enterprises.filters.quality import AccreditationFilter
from enterprises.models import Accreditation, Completeness


def accreditations() -> QuerySet[Any]:
    """Return what active organisations are accredited for, expired or not."""
    return Accreditation.objects.active().filter(organisation__archived_at=None)


register(
    Table(
        name="accreditations",
        title=plural(Accreditation),
        row=one(Accreditation),
        list_url="quality:body_list",
        rows=accreditations,
        filters=and_since(AccreditationFilter),
        columns=(
            number(),
            *columns_of(Accreditation, "organisation"),
            *columns_of(Organisation, "name_en", "name_km", at="organisation"),
            *columns_of(Accreditation, "scope_en", "scope_km", "accredited_by", "issued_on", "expires_on", "source"),
            *columns_of(Accreditation, "updated_at"),
            invented(),
        ),
    )
)

register(
    Table(
        name="completeness",
        title=plural(Completeness),
        row=one(Completeness),
        list_url="enterprises:completeness",
        rows=Completeness.objects.active,
        filters=filters_of(Completeness, province=province_filter()),
        columns=(
            number(),
            *columns_of(Completeness, "province", "sector", "declared_on", "source", "updated_at"),
            invented(),
        ),
    )
)
