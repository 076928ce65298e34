"""Periods as addresses write them: quarters (2024-Q3), calendar years (2024), Australian years (2024-25)."""

import datetime
import re

Days = tuple[datetime.date, datetime.date]

FIRST_YEAR, LAST_YEAR = 1900, 2100  # of every year that is read: what lies outside is a slip
QUARTER = re.compile(r"(\d{4})-Q([1-4])")
YEAR = re.compile(r"(\d{4})(-\d{2})?")


def days_of(period: str) -> Days:
    """Return the first and the last day of a period; 2024-25 is July 2024 to June 2025.

    Errors: ValueError for what is none, as 2024-26, and for years out of range.
    """
    if quarter := QUARTER.fullmatch(period):
        year, months, first_month = int(quarter[1]), 3, 3 * int(quarter[2]) - 2
    elif found := YEAR.fullmatch(period):
        year, months, first_month = int(found[1]), 12, 7 if found[2] else 1
        if found[2] and found[2] != f"-{(year + 1) % 100:02}":
            raise ValueError(f"not a year: {period}")
    else:
        raise ValueError(f"not a period: {period}")
    if not is_in_range(year):
        raise ValueError(f"not a year of this portal: {period}")
    return datetime.date(year, first_month, 1), last_day(year, first_month, months)


def is_in_range(year: int) -> bool:
    """Tell whether a year is one that the portal reads."""
    return FIRST_YEAR <= year <= LAST_YEAR


def last_day(year: int, first_month: int, months: int) -> datetime.date:
    """Return the last day of so many months from the first of a month on."""
    month = first_month - 1 + months
    return datetime.date(year + month // 12, month % 12 + 1, 1) - datetime.timedelta(days=1)


def days_asked(year: str, quarter: str) -> Days | None:
    """Return the days both a year and a quarter leave; None where neither is asked for."""
    spans = [days_of(period) for period in (year, quarter) if period]
    if not spans:
        return None
    return max(first for first, _last in spans), min(last for _first, last in spans)
