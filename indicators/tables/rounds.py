"""The tables of reporting rounds, and of the figures that each of them reported."""

from django.utils.translation import gettext_lazy as _

from capred_portal.table_columns import and_since, by_number, coded, columns_of, demo_column_of, filters_of, plural
from capred_portal.tables import Table, demo_column, number, register
from enterprises.models import Province
from indicators.filters.rounds import RoundFilter
from indicators.models import Indicator, Observation, Period, ReportingRound, RoundEntry
from indicators.tables.filters import of_values
from programs.models import Program

register(
    Table(
        name="rounds",
        title=plural(ReportingRound),
        list_url="rounds:list",
        rows=ReportingRound.objects.active,
        filters=and_since(RoundFilter),
        columns=(
            number(),
            *columns_of(ReportingRound, "program"),
            coded(Program, "slug", "program"),
            coded(Period, "code", "period"),
            *columns_of(ReportingRound, "due_on", "status", "closed_at", "signed_at", "accepted_at", "updated_at"),
            demo_column(),
        ),
    )
)

register(
    Table(
        name="round-figures",
        title=plural(RoundEntry),
        rows=lambda: RoundEntry.objects.filter(round__archived_at=None),
        filters=filters_of(RoundEntry, round=by_number("round", _("Round")), **of_values("observation__")),
        demo="observation__is_demo",
        columns=(
            number(),
            *columns_of(RoundEntry, "round", "observation"),
            coded(Program, "slug", "observation__program"),
            coded(Period, "code", "observation__period"),
            coded(Indicator, "code", "observation__indicator"),
            coded(Province, "code", "observation__province"),
            *columns_of(RoundEntry, "state", "value"),
            *columns_of(Indicator, "unit_en", "unit_km", at="observation__indicator"),
            *columns_of(RoundEntry, "rule_version"),
            *columns_of(Observation, "number", at="observation"),
            *columns_of(ReportingRound, "status", "closed_at", at="round"),
            demo_column_of("observation"),
        ),
    )
)
