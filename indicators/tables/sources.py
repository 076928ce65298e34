"""The tables of editions of sources, and of the values they publish."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from capred_portal.periods import FIRST_YEAR, LAST_YEAR
from capred_portal.table_columns import by_number, columns_of, filters_of, plural
from capred_portal.tables import Table, demo_column, number, register
from indicators.models import SeriesValue, Source

CODE = django_filters.CharFilter(field_name="code", label=_("Series"))
ECONOMY = django_filters.CharFilter(field_name="economy", label=_("Economy"))
YEAR = django_filters.NumberFilter(field_name="year", label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)


def published() -> QuerySet[Any]:
    """Return active values of active editions."""
    return SeriesValue.objects.active().filter(source__archived_at=None)


register(
    Table(
        name="sources",
        title=plural(Source),
        list_url="indicators:sources",
        rows=Source.objects.active,
        filters=filters_of(Source, code=django_filters.CharFilter(label=_("Code"))),
        columns=(
            number(),
            *columns_of(Source, "code", "edition", "edition_km", "title_en", "title_km", "publisher", "publisher_km"),
            *columns_of(Source, "published_on", "retrieved_on", "link", "terms", "confidence", "is_modelled"),
            *columns_of(Source, "is_superseded", "note_en", "note_km", "updated_at"),
            demo_column(),
        ),
    )
)

register(
    Table(
        name="published-values",
        title=plural(SeriesValue),
        rows=published,
        filters=filters_of(SeriesValue, source=by_number("source", _("Source")), code=CODE, economy=ECONOMY, year=YEAR),
        columns=(
            number(),
            *columns_of(SeriesValue, "source"),
            *columns_of(Source, "code", "edition", at="source"),
            *columns_of(SeriesValue, "code", "economy", "sector", "partner", "product", "dimensions", "year", "value"),
            *columns_of(SeriesValue, "unit", "confidence", "updated_at"),
            demo_column(),
        ),
    )
)
