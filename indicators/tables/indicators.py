"""The tables of indicators, their goals, rules, programs and targets, and of what outcomes should move."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from capred_portal.models import Organisation
from capred_portal.table_columns import (
    and_since,
    by_number,
    coded,
    columns_of,
    demo_column_of,
    filters_of,
    one,
    plural,
    titled,
)
from capred_portal.tables import Table, demo_column, number, register
from indicators.models import ExpectedEffect, Indicator, IndicatorRule, Period, ProgramIndicator, Target
from indicators.tables.filters import IndicatorStatusFilter, indicator_filter, period_filter
from programs.filters.choices import program_filter
from programs.models import Framework, Goal, Outcome, Program

GOALS = Indicator.goals.through
KIND = django_filters.ChoiceFilter(choices=Target.Kind, label=_("Kind"), empty_label=_("Any"))
STATUS = django_filters.ChoiceFilter(choices=Target.Status, label=_("Status"), empty_label=_("Any"))


def of_program_and_indicator(model: Any) -> QuerySet[Any]:
    """Return active rows of active indicators and, where they have one, active programs."""
    return model.objects.active().filter(indicator__archived_at=None, program__archived_at=None)  # type: ignore[no-any-return]


def effects() -> QuerySet[Any]:
    """Return active expected effects of outcomes that stand on active indicators."""
    standing = Outcome.objects.active().order_by()
    return ExpectedEffect.objects.active().filter(outcome__in=standing, indicator__archived_at=None)


register(
    Table(
        name="indicators",
        title=plural(Indicator),
        list_url="indicators:list",
        rows=Indicator.objects.active,
        filters=and_since(IndicatorStatusFilter),
        columns=(
            number(),
            *columns_of(Indicator, "code", "title_en", "title_km", "definition_en", "definition_km", "level", "kind"),
            *columns_of(Indicator, "unit_en", "unit_km", "decimals", "direction", "frequency", "over_periods"),
            *columns_of(Indicator, "over_places", "derivation", "series", "owner"),
            *columns_of(Organisation, "name_en", "name_km", at="owner", whose=_("owner")),
            *columns_of(Indicator, "source_en", "source_km", "limitations_en", "limitations_km", "green_from"),
            *columns_of(Indicator, "amber_from", "signatures", "rule_version", "review_on", "retired_on", "updated_at"),
            demo_column(),
        ),
    )
)

register(
    Table(
        name="indicator-goals",
        title=titled(plural(Indicator), plural(Goal)),
        row=one(Indicator, Goal),
        rows=lambda: GOALS.objects.filter(indicator__archived_at=None, goal__archived_at=None),
        filters=filters_of(GOALS, indicator=indicator_filter()),
        demo="indicator__is_demo",
        columns=(
            number(),
            *columns_of(GOALS, "indicator"),
            coded(Indicator, "code", "indicator"),
            *columns_of(GOALS, "goal"),
            coded(Framework, "code", "goal__framework"),
            coded(Goal, "code", "goal"),
            demo_column_of("indicator"),
        ),
    )
)

register(
    Table(
        name="indicator-rules",
        title=plural(IndicatorRule),
        rows=lambda: IndicatorRule.objects.filter(indicator__archived_at=None),
        filters=filters_of(IndicatorRule, indicator=indicator_filter()),
        demo="indicator__is_demo",
        columns=(
            number(),
            coded(Indicator, "code", "indicator"),
            *columns_of(IndicatorRule, "number", "why", "made_at"),
            demo_column_of("indicator"),
        ),
    )
)

register(
    Table(
        name="program-indicators",
        title=plural(ProgramIndicator),
        rows=lambda: of_program_and_indicator(ProgramIndicator),
        filters=filters_of(ProgramIndicator, indicator=indicator_filter(), program=program_filter()),
        columns=(
            number(),
            *columns_of(ProgramIndicator, "program"),
            coded(Program, "slug", "program"),
            *columns_of(ProgramIndicator, "indicator"),
            coded(Indicator, "code", "indicator"),
            *columns_of(ProgramIndicator, "is_required", "updated_at"),
            demo_column(),
        ),
    )
)

register(
    Table(
        name="targets",
        title=plural(Target),
        rows=lambda: of_program_and_indicator(Target),
        filters=filters_of(
            Target,
            indicator=indicator_filter(),
            program=program_filter(),
            period=period_filter(),
            kind=KIND,
            status=STATUS,
        ),
        columns=(
            number(),
            *columns_of(Target, "indicator"),
            coded(Indicator, "code", "indicator"),
            *columns_of(Target, "program"),
            coded(Program, "slug", "program"),
            *columns_of(Target, "kind"),
            coded(Period, "code", "period"),
            *columns_of(Target, "part", "value", "value_high"),
            *columns_of(Indicator, "unit_en", "unit_km", at="indicator"),
            *columns_of(Target, "status", "number", "source", "why", "decided_at", "decision_reason", "updated_at"),
            demo_column(),
        ),
    )
)

register(
    Table(
        name="expected-effects",
        title=plural(ExpectedEffect),
        rows=effects,
        filters=filters_of(ExpectedEffect, indicator=indicator_filter(), outcome=by_number("outcome", _("Outcome"))),
        columns=(
            number(),
            *columns_of(ExpectedEffect, "outcome", "indicator"),
            coded(Indicator, "code", "indicator"),
            *columns_of(ExpectedEffect, "direction", "amount"),
            *columns_of(Period, "code", at="since", whose=_("compared with")),
            *columns_of(Period, "code", at="by", whose=_("by when")),
            *columns_of(ExpectedEffect, "reasoning", "updated_at"),
            demo_column(),
        ),
    )
)
