"""Periods as an address asks for them: a quarter or a calendar year, in digits of either script, told of or not."""

import re

from capred_portal.matching import ascii_digits
from capred_portal.periods import is_in_range
from indicators.models import Period

PERIOD = re.compile("([0-9]{4})(?:-Q[1-4])?")


def period_of(code: str) -> Period | None:
    """Return a period that is not saved; None for what is no quarter as 2026-Q3 or year as 2026 that is in range."""
    found = PERIOD.fullmatch(ascii_digits(code))
    return Period.of_code(found[0]) if found and is_in_range(int(found[1])) else None
