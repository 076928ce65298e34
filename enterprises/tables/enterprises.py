"""The tables of enterprises, their years, products and certificates; what one firm told is for those who keep them."""

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from capred_portal.filters import SearchFilter
from capred_portal.periods import FIRST_YEAR, LAST_YEAR
from capred_portal.table_columns import and_since, by_number, columns_of, filters_of, plural
from capred_portal.tables import Table, demo_column, number, register
from enterprises.filters.choices import SectorFilter, province_filter
from enterprises.filters.enterprises import EnterpriseFilter
from enterprises.filters.quality import CertificateFilter
from enterprises.models import Certificate, Enterprise, EnterpriseYear, Product
from enterprises.tables.sized import SIZE_CLASS

FIRM = ("name_en", "name_km", "sector", "province")  # what everybody may know of a firm
KEPT = "firm.read"


def of_firms(**more: Any) -> dict[str, Any]:
    """Return the filters of what is told of firms: by name, number, province and sector."""
    return {
        "q": SearchFilter(),
        "enterprise": by_number("enterprise", _("Enterprise")),
        "province": province_filter("enterprise__province"),
        "sector": SectorFilter(field_name="enterprise__sector"),
        **more,
    }


register(
    Table(
        name="enterprises",
        title=plural(Enterprise),
        list_url="enterprises:list",
        rows=Enterprise.objects.active,
        filters=and_since(EnterpriseFilter),
        columns=(
            number(),
            *columns_of(Enterprise, *FIRM),
            SIZE_CLASS,
            *columns_of(
                Enterprise,
                *("registration_number", "district", "address", "phone", "founded_year", "registered_on"),
                *("legal_form", "is_women_owned", "is_women_led", "owner_has_disability", "organisation"),
                action=KEPT,
            ),
            *columns_of(
                EnterpriseYear,
                *("year", "employees", "turnover_usd", "export_share_pct", "imported_input_share_pct"),
                at="latest",
                whose=_("Latest year"),
                action=KEPT,
            ),
            *columns_of(Enterprise, "updated_at"),
            demo_column(),
        ),
    )
)

register(
    Table(
        name="enterprise-years",
        title=plural(EnterpriseYear),
        action=KEPT,
        rows=EnterpriseYear.objects.standing,
        filters=filters_of(
            EnterpriseYear,
            **of_firms(year=django_filters.NumberFilter(label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)),
        ),
        columns=(
            number(),
            *columns_of(EnterpriseYear, "enterprise"),
            *columns_of(Enterprise, *FIRM, at="enterprise"),
            *columns_of(EnterpriseYear, "year", "employees", "women", "men", "with_disability", "turnover_usd"),
            *columns_of(EnterpriseYear, "assets_usd", "export_share_pct", "imported_input_share_pct", "source"),
            *columns_of(EnterpriseYear, "updated_at"),
            demo_column(),
        ),
    )
)

register(
    Table(
        name="products",
        title=plural(Product),
        rows=Product.objects.standing,
        filters=filters_of(
            Product,
            **of_firms(
                code=django_filters.CharFilter(
                    field_name="hs_code", lookup_expr="startswith", label=_("HS code begins with")
                )
            ),
        ),
        columns=(
            number(),
            *columns_of(Product, "enterprise"),
            *columns_of(Enterprise, *FIRM, at="enterprise"),
            *columns_of(Product, "hs_code", "name_en", "name_km"),
            *columns_of(Product, "capacity", "capacity_unit", action=KEPT),
            *columns_of(Product, "updated_at"),
            demo_column(),
        ),
    )
)

CERTIFICATE_COLUMNS = (
    number(),
    *columns_of(Certificate, "enterprise"),
    *columns_of(Enterprise, *FIRM, at="enterprise"),
    *columns_of(Certificate, "standard", "issuer", "scope_en", "scope_km"),
    *columns_of(Certificate, "number", action=KEPT),
    *columns_of(Certificate, "issued_on", "expires_on", "updated_at"),
    demo_column(),
)

register(
    Table(
        name="certificates",
        title=plural(Certificate),
        list_url="quality:certificate_list",
        rows=Certificate.objects.standing,
        filters=and_since(CertificateFilter),
        columns=CERTIFICATE_COLUMNS,
    )
)
