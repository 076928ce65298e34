"""Trade flows for tests: rows of UN Comtrade's own layout, and a small year of Cambodia's trade to be added by hand."""

from collections.abc import Iterable
from typing import Any

from capred_portal import loads, spreadsheets
from capred_portal.models import Load
from indicators.models import Correspondence, Source, TradeFlow
from tests.benchmarks.trade_rows import HEADER
from tests.factories import make_user
from tests.indicator_factories import make_source

ROW = {
    "typeCode": "C",
    "freqCode": "A",
    "refPeriodId": "20220101",
    "refYear": "2022",
    "refMonth": "52",
    "period": "2022",
    "reporterCode": "116",
    "flowCode": "M",
    "partnerCode": "156",
    "partner2Code": "0",
    "classificationCode": "H6",
    "classificationSearchCode": "HS",
    "cmdCode": "520812",
    "customsCode": "C00",
    "motCode": "0",
    "isQtyEstimated": "False",
    "netWgt": "120.5",
    "isNetWgtEstimated": "False",
    "cifvalue": "1000.25",
    "fobvalue": "",
    "primaryValue": "1000.25",
    "isAggregate": "False",
}


def comtrade_csv(*rows: dict[str, Any], header: Iterable[str] = HEADER) -> bytes:
    """Return a file of rows that differ from ROW as told."""
    names = list(header)
    return spreadsheets.write_csv(names, [[{**ROW, **row}.get(name, "") for name in names] for row in rows])


def load_file(
    content: bytes, *, source: Source | None = None, kind: str = "comtrade", file_name: str = "comtrade.csv"
) -> Load:
    """Return a load after it was carried out, or after what stopped it."""
    scope = {"source": (source or make_source()).pk}
    return loads.load_now(kind=loads.REGISTRY[kind], content=content, file_name=file_name, scope=scope, by=make_user())


def make_flow(source: Source, hs_code: str, value: float, **about: Any) -> TradeFlow:
    """Return a saved flow: imports of Cambodia from the world in 2022 unless told."""
    told = {"reporter": 116, "partner": 0, "flow": "M", "year": 2022, "classification": "H6"} | about
    digits = 0 if hs_code == "TOTAL" else len(hs_code)
    return TradeFlow.objects.create(source=source, hs_code=hs_code, digits=digits, value_usd=value, **told)


CHINA, THAILAND, UNITED_STATES = 156, 764, 842
# code -> value from the world, from China, from Thailand
GOODS = {
    "TOTAL": (1000, 600, 400),
    "52": (700, 500, 200),
    "84": (300, 100, 200),
    "5208": (700, 500, 200),
    "8452": (300, 100, 200),
    "520811": (400, 300, 100),
    "520812": (300, 200, 100),
    "845210": (100, 0, 100),
    "845221": (200, 100, 100),
}
ENDS = {  # code -> categories, end use, ISIC classes
    "520811": ("121", "intermediate", "1312"),
    "520812": ("121|122", "several", "1312|1410"),
    "845210": ("41", "capital", "2826"),
}


def make_trade(source: Source | None = None) -> Source:
    """Return an edition with the imports of 2022, and a correspondence that knows three of the four goods."""
    held = source or make_source(title_en="UN Comtrade", title_km="ស្ថិតិ UN Comtrade", publisher_km="អង្គការសហប្រជាជាតិ")
    for code, (world, china, thailand) in GOODS.items():
        for partner, value in ((0, world), (CHINA, china), (THAILAND, thailand)):
            if value:
                make_flow(held, code, value, partner=partner)
    edition = make_source(title_en="Correspondence", title_km="តារាងផ្គូផ្គង", publisher_km="អង្គការសហប្រជាជាតិ")
    for code, (bec, use, isic) in ENDS.items():
        Correspondence.objects.create(source=edition, hs_code=code, bec_codes=bec, end_use=use, isic_classes=isic)
    return held
