"""The tables of trade in goods, and of what HS codes mean in other classifications."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from capred_portal.table_columns import by_number, columns_of, demo_column_of, filters_of, plural, titled
from capred_portal.tables import Column, Table, number, register
from indicators import economies
from indicators.filters.trade import FlowFilter
from indicators.models import Correspondence, SectorConcordance, Source, TradeFlow

BEGINS = django_filters.CharFilter(field_name="hs_code", lookup_expr="startswith", label=_("HS code begins with"))
SOURCE = by_number("source", _("Source"))


def economy(name: str) -> Iterator[Column]:
    """Yield the columns of an economy of a flow: its number at the UN Statistics Division, and its names."""
    field: Any = TradeFlow._meta.get_field(name)
    about = field.verbose_name
    yield from columns_of(TradeFlow, name)
    yield Column(f"{name}_en", titled(about, _("name in English")), (name,), made=partial(economies.name_in, "en"))
    yield Column(f"{name}_km", titled(about, _("name in Khmer")), (name,), made=partial(economies.name_in, "km"))


register(
    Table(
        name="trade-flows",
        title=plural(TradeFlow),
        list_url="import_dependency:trade_flows",
        rows=TradeFlow.objects.all,
        filters=FlowFilter,
        demo="source__is_demo",
        columns=(
            number(),
            *columns_of(TradeFlow, "source"),
            *columns_of(Source, "code", "edition", at="source"),
            *economy("reporter"),
            *economy("partner"),
            *columns_of(TradeFlow, "flow", "classification", "hs_code", "digits", "year", "month"),
            *columns_of(TradeFlow, "value_usd", "cif_usd", "fob_usd", "net_weight_kg", "is_estimated"),
            demo_column_of("source"),
        ),
    )
)

register(
    Table(
        name="correspondences",
        title=plural(Correspondence),
        rows=Correspondence.objects.all,
        filters=filters_of(Correspondence, source=SOURCE, code=BEGINS),
        demo="source__is_demo",
        columns=(
            number(),
            *columns_of(Correspondence, "source", "hs_code", "title_en", "title_km", "bec_codes", "end_use"),
            *columns_of(Correspondence, "isic_classes"),
            demo_column_of("source"),
        ),
    )
)

register(
    Table(
        name="concordances",
        title=plural(SectorConcordance),
        rows=SectorConcordance.objects.all,
        filters=filters_of(
            SectorConcordance,
            source=by_number("source", _("Source")),
            classification=django_filters.CharFilter(label=_("Classification")),
        ),
        demo="source__is_demo",
        columns=(
            number(),
            *columns_of(SectorConcordance, "source", "classification", "sector", "division", "weight"),
            demo_column_of("source"),
        ),
    )
)
