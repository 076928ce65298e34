"""The table of workshops."""

from capred_portal.table_columns import and_since, coded, columns_of, plural
from capred_portal.tables import Table, demo_column, number, register
from programs.filters.workshops import WorkshopFilter
from programs.models import Program, Workshop

register(
    Table(
        name="workshops",
        title=plural(Workshop),
        list_url="workshops:list",
        rows=Workshop.objects.active,
        filters=and_since(WorkshopFilter),
        columns=(
            number(),
            *columns_of(Workshop, "title_en", "title_km", "date", "end_date", "starts_at", "ends_at", "program"),
            coded(Program, "slug", "program"),
            *columns_of(Workshop, "province", "venue_en", "venue_km", "head_count", "summary_en", "summary_km"),
            *columns_of(Workshop, "goals_confirmed", "source", "updated_at"),
            demo_column(),
        ),
    )
)
