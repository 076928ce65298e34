"""Where the period of a program, its workshops and today lie on one line; positions in per cent."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

MOST_LABELS = 7


@dataclass(frozen=True)
class Dot:
    """A workshop on the line."""

    position: str
    workshop: Any


@dataclass(frozen=True)
class Timeline:
    """A line from the first to the last year that matters."""

    start: str
    length: str
    open_start: str  # the dashed part, where the last day is not stated
    open_length: str
    is_open: bool
    today: str
    today_anchor: str
    years: list[tuple[str, int]]
    dots: list[Dot]


def timeline(
    starts_on: datetime.date | None, ends_on: datetime.date | None, workshops: Iterable[Any], today: datetime.date
) -> Timeline | None:
    """Return the line, or None when no day is known; a period without a last day stays open on its right."""
    workshops = list(workshops)
    known = [day for day in (starts_on, ends_on) if day] + [workshop.date for workshop in workshops]
    if not known:
        return None
    first, last = min(known), max(*known, today)
    line_years = range(first.year, last.year + (1 if ends_on else 2))  # an open period shows the year to come
    line_start = datetime.date(first.year, 1, 1)
    days = (datetime.date(line_years.stop, 1, 1) - line_start).days

    def at(day: datetime.date) -> float:
        return 100 * (day - line_start).days / days

    step = -(-len(line_years) // MOST_LABELS)
    begin, until = at(starts_on or first), at(ends_on or last)
    return Timeline(
        start=percent(begin),
        length=percent(until - begin),
        open_start=percent(until),
        open_length=percent(100 - until),
        is_open=ends_on is None,
        today=percent(at(today)) if first.year <= today.year else "",
        today_anchor="end" if at(today) > 80 else "start",
        years=[(percent(at(datetime.date(year, 1, 1))), year) for year in line_years[::step]],
        dots=[Dot(percent(at(workshop.date)), workshop) for workshop in workshops],
    )


def percent(number: float) -> str:
    """Return a position as SVG wants it, whatever the reader's number format."""
    return f"{number:.2f}%"
