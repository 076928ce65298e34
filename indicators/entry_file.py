"""The grid as a workbook: a row for each indicator and each part of its breakdowns, to be filled in and loaded."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from capred_portal.loads import REGISTRY
from indicators import cells
from indicators.dimensions import part_title
from indicators.entry import Entry
from indicators.models import Observation, Period

COLUMNS = ("indicator", "title", "period", "part", "part_title", "previous", "state", "value", "numerator",
           "denominator", "weight", "note")  # fmt: skip
LOCKED = frozenset(range(6))  # codes, titles and what was reported before are not for writing


def header() -> list[str]:
    """Return the titles of the columns as the load of observations knows them; those it does not, it leaves aside."""
    kind = REGISTRY["observations"]
    known = {column.name: str(column) for column in kind.columns}
    beside = {"title": _("Title"), "part_title": _("Part in words"), "previous": _("Reported before")}
    return [(known | beside)[name] for name in COLUMNS]


def lines(rows: Iterable[Entry], period: Period) -> Iterator[list[Any]]:
    """Yield the rows of reported indicators: the total, then the parts of its breakdowns."""
    for row in rows:
        if not row.is_reported:
            continue
        yield total(row, period)
        kept = cells.flat(row.observation.parts) if row.observation else {}
        for name in cells.part_names(row.indicator):
            about = [row.indicator.code, str(row.indicator), period.code, name, str(part_title(name))]
            yield [*about, None, None, exact(kept.get(name)), None, None, None, None]


def total(row: Entry, period: Period) -> list[Any]:
    """Return the line of a whole value; a ratio's own value is computed and left out."""
    observation = row.observation or Observation(state=Observation.State.VALUE)
    value = None if cells.is_ratio(row.indicator) else observation.value
    state = "" if row.observation is None else observation.get_state_display()
    numbers = [exact(number) for number in (value, observation.numerator, observation.denominator, observation.weight)]
    before = exact(row.before[0].value) if row.before else None
    about = [row.indicator.code, str(row.indicator), period.code, None, None, before]
    return [*about, state, *numbers, observation.note or None]


def exact(value: Decimal | None) -> Decimal | str | None:
    """Return a number without empty decimals."""
    return None if value is None else Decimal(cells.kept(value))
