"""The table of parts of values: one row for each, what nobody told as unknown, small cells as pages have them."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _

from capred_portal.access import may
from capred_portal.figures import STATE_WORDS
from capred_portal.table_columns import filters_of, plural, titled
from capred_portal.tables import Column, Table, demo_column, register
from indicators.analytics.aggregation import Aggregate, Measured
from indicators.breakdowns import cells_shown, is_one_of_several
from indicators.cells import flat
from indicators.dimensions import DIMENSIONS, UNKNOWN
from indicators.models import Indicator, Observation
from indicators.readings import Reading
from indicators.tables.filters import of_values
from indicators.tables.observations import OF_VALUE, shown

PARTS = {key: title for each in DIMENSIONS.values() for key, title in each.parts.items()} | {UNKNOWN: _("Unknown")}
TITLES = [(each.code, each.title) for each in DIMENSIONS.values()]
STATES = [("value", _("Value")), ("missing", STATE_WORDS["missing"]), ("withheld", STATE_WORDS["withheld"])]
RULE = ("over_periods", "over_places", "unit_en")  # of the indicator: by which parts add up or do not
SOURCES: tuple[str | Combinable, ...] = (
    *("parts", "value", "period__first_day", "period__last_day", "period__code"),
    *(f"indicator__{name}" for name in RULE),
    is_one_of_several(),
)


def told() -> QuerySet[Any]:
    """Return the values that pages show and that come with parts."""
    return shown().filter(state=Observation.State.VALUE).exclude(parts={})


def made_from(*told_of_value: Any) -> tuple[Any, ...]:
    """Keep what the parts of a value are made from, until it is known who reads them."""
    return told_of_value


def parts_of(cells: list[Any], reader: Any) -> Iterator[list[Any]]:
    """Yield a row for each part of a value, as the page of the value shows them to this reader."""
    key, *about, told_of_value, _part, _state, _value, is_demo = cells
    parts, value, first_day, last_day, period, *rule, several = told_of_value
    indicator = Indicator(**dict(zip(RULE, rule, strict=True)))
    reading = Reading(period, first_day, last_day, Aggregate(Measured.of(value), 1, 0))
    hides = not may(reader, "people.read")
    for code in (each for each in parts if each in DIMENSIONS):
        found, _exceeds = cells_shown(indicator, code, reading, flat(parts), hides, is_one_of_several=several)
        for part, cell in found.items():
            yield [f"{key}:{code}:{part}", *about, code, part, cell.state, cell.value, is_demo]


register(
    Table(
        name="observation-parts",
        title=titled(plural(Observation), _("Breakdowns")),
        row=titled(Observation._meta.verbose_name or "", _("Part")),
        rows=told,
        filters=filters_of(Observation, **of_values()),
        unfold=parts_of,
        columns=(
            Column("id", _("Number"), ("pk",), about=_("Number of the value, dimension and part")),
            Column(
                "observation_id", titled(Observation._meta.verbose_name or "", _("Number")), ("pk",), kind="integer"
            ),
            *OF_VALUE,
            Column("dimension", _("Breakdowns"), SOURCES, made=made_from, choices=TITLES),
            Column("part", _("Part"), ("pk",), choices=PARTS.items()),
            Column("state", _("State"), ("pk",), choices=STATES),
            Column("value", _("Value"), ("pk",), kind="number"),
            demo_column(),
        ),
    )
)
