"""The tables of outcomes, the stages of their lives, and the goals they serve."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from capred_portal.table_columns import and_since, by_number, coded, columns_of, filters_of, plural
from capred_portal.tables import Table, demo_column, number, register
from programs.filters.choices import program_filter
from programs.filters.outcomes import OutcomeFilter
from programs.models import Outcome, OutcomeStage, Program, Workshop
from programs.tables.served import register_goals


def stages() -> QuerySet[Any]:
    """Return the active stages of outcomes that stand."""
    standing = {"outcome__archived_at": None, "outcome__workshop__archived_at": None}
    return OutcomeStage.objects.active().filter(**standing)


register(
    Table(
        name="outcomes",
        title=plural(Outcome),
        list_url="outcomes:list",
        rows=Outcome.objects.active,
        filters=and_since(OutcomeFilter),
        columns=(
            number(),
            *columns_of(Outcome, "workshop"),
            *columns_of(Workshop, "date", at="workshop"),
            coded(Program, "slug", "workshop__program"),
            *columns_of(Outcome, "kind", "theme", "text_en", "text_km", "stage", "became", "goals_confirmed"),
            *columns_of(Outcome, "updated_at"),
            demo_column(),
        ),
    )
)

register(
    Table(
        name="outcome-stages",
        title=plural(OutcomeStage),
        rows=stages,
        filters=filters_of(
            OutcomeStage,
            outcome=by_number("outcome", _("Outcome")),
            program=program_filter("outcome__workshop__program"),
        ),
        columns=(
            number(),
            *columns_of(OutcomeStage, "outcome", "stage", "reached_on", "note", "updated_at"),
            demo_column(),
        ),
    )
)

register_goals(Outcome, program="outcome__workshop__program", outcome__workshop__archived_at=None)
