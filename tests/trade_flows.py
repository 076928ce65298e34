"""Trade flows and a correspondence for tests of pages: two suppliers, three chapters, added up by hand."""

from typing import Any

from indicators.models import Correspondence, Source, TradeFlow
from indicators.models.trade import CAMBODIA, WORLD
from tests.indicator_factories import make_source

CHINA, VIETNAM = 156, 704
# Code, end use, classes that make it, and the imports from China and from Viet Nam in millions of US$.
GOODS: tuple[tuple[str, str, str, int, int], ...] = (
    ("520811", "intermediate", "1312", 60, 10),
    ("600410", "intermediate", "1391", 0, 10),
    ("847130", "several", "2620", 10, 0),
    ("847990", "unclassified", "", 10, 0),
)
MILLION = 1_000_000


def make_flows(year: int = 2022, *, is_mirror: bool = False, source: Source | None = None, **fields: Any) -> Source:
    """Make the imports of Cambodia at 0, 2 and 6 digits, with the world; as a mirror, what the partners exported."""
    source = source or make_source(title_km="ស្ថិតិ UN Comtrade", publisher_km="អង្គការសហប្រជាជាតិ")
    told: dict[tuple[int, str], int] = {}
    for code, _use, _classes, *values in GOODS:
        for partner, value in zip((CHINA, VIETNAM), values, strict=True):
            for other in (partner,) if is_mirror else (partner, WORLD):
                for level in ("TOTAL", code[:2], code):
                    told[other, level] = told.get((other, level), 0) + value
    TradeFlow.objects.bulk_create(
        TradeFlow(
            source=source,
            reporter=partner if is_mirror else CAMBODIA,
            partner=CAMBODIA if is_mirror else partner,
            flow="X" if is_mirror else "M",
            classification="H6",
            hs_code=code,
            digits=0 if code == "TOTAL" else len(code),
            year=year,
            value_usd=value * MILLION,
            **fields,
        )
        for (partner, code), value in told.items()
        if value
    )
    return source


def make_correspondence(source: Source | None = None) -> Source:
    """Make what the goods are for and who makes them."""
    source = source or make_source(title_km="តារាងផ្គូផ្គង", publisher_km="អង្គការសហប្រជាជាតិ")
    Correspondence.objects.bulk_create(
        Correspondence(source=source, hs_code=code, end_use=use, isic_classes=classes)
        for code, use, classes, *_values in GOODS
    )
    return source
