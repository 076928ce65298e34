"""The tables of values: the version of each that pages show, what a round reported of it, its steps, and periods."""

from typing import Any

import django_filters
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from capred_portal.access import may
from capred_portal.table_columns import and_since, by_number, coded, columns_of, demo_column_of, filters_of, plural
from capred_portal.tables import Column, Table, demo_column, number, register
from indicators.filters.review import WaitingFilter
from indicators.models import Indicator, Observation, Period, ReviewEvent, RoundEntry
from indicators.tables.filters import indicator_filter, of_values
from programs.filters.choices import program_filter
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


def of_drafts(reader: Any) -> Q:
    """Return the condition of the steps of drafts, which the ministry alone reads."""
    return Q() if may(reader, "people.read") else Q(observation__status=Observation.Status.DRAFT)


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

VALUE_COLUMNS = (
    number(),
    *OF_VALUE,
    *columns_of(Observation, "state", "value"),
    *columns_of(Indicator, "unit_en", "unit_km", at="indicator"),
    *columns_of(Observation, "numerator", "denominator", "weight", "status", "is_counted", "number"),
    Column("reported_value", _("Reported by a round"), (reported(),), kind="number"),
    *columns_of(Observation, "rule_version", "origin", "note", "why", "submitted_at", "verified_at"),
    *columns_of(Observation, "accepted_at", "updated_at"),
    demo_column(),
)

register(
    Table(
        name="observations",
        title=plural(Observation),
        rows=shown,
        filters=filters_of(Observation, **of_values(), status=STATUS),
        columns=VALUE_COLUMNS,
    )
)

register(
    Table(
        name="values-to-review",
        title=_("Values that wait for you, or your drafts"),
        list_url="review:list",
        rows=lambda: Observation.objects.filter(archived_at=None),
        filters=and_since(WaitingFilter),
        columns=VALUE_COLUMNS,
    )
)

register(
    Table(
        name="review-steps",
        title=plural(ReviewEvent),
        rows=lambda: ReviewEvent.objects.filter(observation__archived_at=None),
        withheld=of_drafts,
        filters=filters_of(
            ReviewEvent,
            observation=by_number("observation", _("Value")),
            indicator=indicator_filter("observation__indicator"),
            program=program_filter("observation__program"),
        ),
        demo="observation__is_demo",
        columns=(
            number(),
            *columns_of(ReviewEvent, "observation", "kind", "from_status", "to_status", "at"),
            demo_column_of("observation"),
        ),
    )
)

register(
    Table(
        name="periods",
        title=plural(Period),
        demo="",
        rows=Period.objects.all,
        filters=filters_of(Period),
        columns=(number(), *columns_of(Period, "code", "kind", "first_day", "last_day")),
    )
)
