"""The table of values: of every value the version that pages show, and what a round reported of it."""

from typing import Any

import django_filters
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from capred_portal.table_columns import coded, columns_of, filters_of, one, plural
from capred_portal.tables import Column, Table, invented, number, register
from indicators.models import Indicator, Observation, Period, RoundEntry
from indicators.tables.filters import of_values
from programs.models import Program

STATUS = django_filters.ChoiceFilter(
    choices=[each for each in Observation.Status.choices if each[0] != Observation.Status.DRAFT],
    label=_("Status"),
    empty_label=_("Any"),
)


def shown() -> QuerySet[Any]:
    """Return the versions that pages show; what its author still works on is not among them."""
    shown_ones = Observation.objects.shown().exclude(status=Observation.Status.DRAFT)
    return shown_ones.filter(indicator__archived_at=None, program__archived_at=None)


def reported() -> Any:
    """Return the expression of what the last round that told a value said of it, whichever version that was."""
    entries = RoundEntry.objects.filter(observation__slot=OuterRef("slot"), round__archived_at=None)
    return Subquery(entries.order_by("-pk").values("value")[:1])


OF_VALUE = (
    *columns_of(Observation, "indicator"),
    coded(Indicator, "code", "indicator"),
    *columns_of(Observation, "program"),
    coded(Program, "slug", "program"),
    coded(Period, "code", "period"),
    *columns_of(Period, "first_day", "last_day", at="period"),
    *columns_of(Observation, "province"),
)

register(
    Table(
        name="observations",
        title=plural(Observation),
        row=one(Observation),
        rows=shown,
        filters=filters_of(Observation, **of_values(), status=STATUS),
        columns=(
            number(),
            *OF_VALUE,
            *columns_of(Observation, "state", "value"),
            *columns_of(Indicator, "unit_en", "unit_km", at="indicator"),
            *columns_of(Observation, "numerator", "denominator", "weight", "status", "is_counted", "number"),
            Column("reported_value", _("Reported by a round"), (reported(),), kind="number"),
            *columns_of(Observation, "rule_version", "origin", "note", "why", "submitted_at", "verified_at"),
            *columns_of(Observation, "accepted_at", "updated_at"),
            invented(),
        ),
    )
)
