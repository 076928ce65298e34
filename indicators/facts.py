"""The periods values are about."""

from capred_portal.facts import facts
from capred_portal.records import writing
from indicators.models import Period

YEARS = range(1990, 2041)
FIRST_YEAR_OF_QUARTERS = 2015


@facts(order=30)
def write_periods() -> None:
    """Write calendar years and quarters that are not there yet."""
    known = set(Period.objects.values_list("code", flat=True))
    with writing("indicators"):
        for year in YEARS:
            if str(year) not in known:
                Period.objects.year(year)
            for quarter in range(1, 5) if year >= FIRST_YEAR_OF_QUARTERS else ():
                if f"{year}-Q{quarter}" not in known:
                    Period.objects.quarter(year, quarter)
