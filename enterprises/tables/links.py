"""The tables of the ledger: links as they stand, or stood on the day asked for, and the stages they reached."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from capred_portal.table_columns import and_since, by_number, columns_of, filters_of, plural
from capred_portal.tables import Column, Table, demo_column, number, register
from enterprises.filters.links import LinkFilter
from enterprises.models import Enterprise, LinkStage, SupplyLink

FIRM = ("name_en", "name_km", "sector", "province")


def stages() -> QuerySet[Any]:
    """Return the active stages of links that stand."""
    return LinkStage.objects.active().filter(link__in=SupplyLink.objects.standing().order_by())


def is_verified(when: Any) -> bool:
    return when is not None


LINK_COLUMNS = (
    number(),
    *columns_of(SupplyLink, "supplier"),
    *columns_of(Enterprise, *FIRM, at="supplier", whose=_("supplier")),
    *columns_of(SupplyLink, "buyer"),
    *columns_of(Enterprise, *FIRM, at="buyer", whose=_("buyer")),
    *columns_of(SupplyLink, "hs_code", "product_en", "product_km", "replaces_import"),
    Column("stage", _("Stage"), ("stage_then",), choices=SupplyLink.Stage.choices),
    Column("stage_since", _("Stage reached on"), ("since_then",), kind="date"),
    Column("value_usd", _("Yearly value in US$"), ("value_then",), kind="number", action="firm.read"),
    Column("is_verified", _("Verified"), ("verified_at",), kind="yes or no", made=is_verified),
    *columns_of(SupplyLink, "attributed_pct", "updated_at"),
    demo_column(),
)

register(
    Table(
        name="links",
        title=plural(SupplyLink),
        list_url="links:list",
        rows=SupplyLink.objects.standing,
        filters=and_since(LinkFilter),
        columns=LINK_COLUMNS,
    )
)

register(
    Table(
        name="link-stages",
        title=plural(LinkStage),
        rows=stages,
        filters=filters_of(LinkStage, link=by_number("link", _("Link"))),
        columns=(
            number(),
            *columns_of(LinkStage, "link", "stage", "reached_on"),
            *columns_of(LinkStage, "value_usd", "note_en", "note_km", action="firm.read"),
            *columns_of(LinkStage, "updated_at"),
            demo_column(),
        ),
    )
)
