"""The tables of input-output tables, their sectors and cells, and of the scenarios that are kept."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from capred_portal.table_columns import by_number, columns_of, demo_column_of, filters_of, plural, titled
from capred_portal.tables import Table, demo_column, number, register
from indicators.models import InputOutputCell, InputOutputSector, InputOutputTable, Scenario

BLOCK = django_filters.ChoiceFilter(choices=InputOutputCell.Block, label=titled(_("block")), empty_label=_("Any"))


def of_active_tables(model: Any) -> QuerySet[Any]:
    return model.objects.filter(table__archived_at=None)  # type: ignore[no-any-return]


register(
    Table(
        name="input-output-tables",
        title=plural(InputOutputTable),
        list_url="input_output:list",
        rows=InputOutputTable.objects.active,
        filters=filters_of(InputOutputTable),
        columns=(
            number(),
            *columns_of(InputOutputTable, "source", "economy", "year", "layout", "classification", "unit"),
            *columns_of(InputOutputTable, "is_example", "has_imported", "has_jobs", "job_unit", "tolerance_pct"),
            *columns_of(InputOutputTable, "largest_residual_pct", "residual_sector", "updated_at"),
            demo_column(),
        ),
    )
)

register(
    Table(
        name="input-output-sectors",
        title=plural(InputOutputSector),
        rows=lambda: of_active_tables(InputOutputSector),
        filters=filters_of(InputOutputSector, table=by_number("table", _("Table"))),
        demo="table__is_demo",
        columns=(
            number(),
            *columns_of(InputOutputSector, "table", "position", "code", "title_en", "title_km"),
            demo_column_of("table"),
        ),
    )
)

register(
    Table(
        name="input-output-cells",
        title=plural(InputOutputCell),
        rows=lambda: of_active_tables(InputOutputCell),
        filters=filters_of(InputOutputCell, table=by_number("table", _("Table")), block=BLOCK),
        demo="table__is_demo",
        columns=(
            number(),
            *columns_of(InputOutputCell, "table", "block", "row", "column", "value"),
            demo_column_of("table"),
        ),
    )
)

register(
    Table(
        name="scenarios",
        title=plural(Scenario),
        list_url="scenarios:list",
        rows=Scenario.objects.active,
        filters=filters_of(Scenario, table=by_number("table", _("Table"))),
        columns=(
            number(),
            *columns_of(Scenario, "title_en", "title_km", "table", "spread_pct", "note_en", "note_km", "updated_at"),
            demo_column(),
        ),
    )
)
