"""Periods as an address asks for them: a quarter or a calendar year, in digits of either script, told of or not."""

import re

from capred_portal.matching import ascii_digits
from indicators.models import Period

PERIOD = re.compile(r"(?:19|20)[0-9]{2}(?:-Q[1-4])?")


def period_of(code: str) -> Period | None:
    """Return a period that is not saved; None for what is neither a quarter as 2026-Q3 nor a year as 2026."""
    found = PERIOD.fullmatch(ascii_digits(code))
    return Period.of_code(found[0]) if found else None
