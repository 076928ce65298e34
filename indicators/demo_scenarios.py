"""Demonstration rows: two invented questions to the example table, kept to be opened and compared."""

import random

from capred_portal.demo import makes, remove, removes
from indicators.models import InputOutputTable, Scenario

# Title in both languages, and shifts of (input, buyer, percent), each sector by the end of its code.
SCENARIOS = [
    (
        ("A quarter of imported textiles made at home", "មួយភាគបួននៃវាយនភណ្ឌនាំចូល ផលិតក្នុងប្រទេស"),
        [("C13-C15", "C13-C15", 25)],
    ),
    (
        ("Half of imported farm products for food made at home", "ពាក់កណ្តាលនៃផលិតផលកសិកម្មនាំចូលសម្រាប់អាហារ ផលិតក្នុងប្រទេស"),
        [("A01", "C10-C12", 50)],
    ),
]


@makes(order=46)
def make_scenarios(_generator: random.Random) -> None:
    """Make two scenarios of the example table, where it is held and has their sectors."""
    table = InputOutputTable.objects.active().filter(is_example=True, has_imported=True).first()
    if table is None:
        return
    codes = list(table.sectors.values_list("code", flat=True))
    for title, shifts in SCENARIOS:
        found = [
            {"input": bought, "buyer": buyer, "share_pct": str(share)}
            for *ends, share in shifts
            for bought, buyer in [[code_of(codes, str(end)) for end in ends]]
        ]
        if all(row["input"] and row["buyer"] for row in found):
            Scenario.objects.create(table=table, title_en=title[0], title_km=title[1], shifts=found, is_demo=True)


def code_of(codes: list[str], end: str) -> str:
    """Return the code that ends so, or nothing."""
    return next((code for code in codes if code.endswith(end)), "")


@removes(order=1)
def remove_scenarios() -> int:
    """Delete the invented scenarios."""
    return remove(Scenario.objects.filter(is_demo=True))
