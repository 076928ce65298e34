"""Made-up rows of UN Comtrade in its layout of 47 columns: any number of them, always the same."""

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

HEADER = (
    "typeCode,freqCode,refPeriodId,refYear,refMonth,period,reporterCode,reporterISO,reporterDesc,flowCode,flowDesc,"
    "partnerCode,partnerISO,partnerDesc,partner2Code,partner2ISO,partner2Desc,classificationCode,"
    "classificationSearchCode,isOriginalClassification,cmdCode,cmdDesc,aggrLevel,isLeaf,customsCode,customsDesc,mosCode,"
    "motCode,motDesc,qtyUnitCode,qtyUnitAbbr,qty,isQtyEstimated,altQtyUnitCode,altQtyUnitAbbr,altQty,"
    "isAltQtyEstimated,netWgt,isNetWgtEstimated,grossWgt,isGrossWgtEstimated,cifvalue,fobvalue,primaryValue,"
    "legacyEstimationFlag,isReported,isAggregate"
).split(",")
PARTNERS = (0, 36, 50, 104, 156, 276, 344, 360, 392, 410, 418, 458, 490, 608, 699, 702, 704, 764, 826, 842)
WORDS = "Fabrics; of cotton, containing 85% or more by weight, dyed, plain weave, weighing over 100g/m2"


def goods() -> Iterator[str]:
    """Yield TOTAL, then every chapter with some of its headings and subheadings."""
    yield "TOTAL"
    for chapter in (f"{number:02}" for number in range(1, 98) if number != 77):
        yield chapter
        for heading in range(1, 9):
            yield f"{chapter}{heading:02}"
            yield from (f"{chapter}{heading:02}{part}0" for part in range(1, 6))


def rows(count: int, *, changed: int = 0) -> Iterator[list[str]]:
    """Yield rows, newest year first: each flow, code and partner; of a hundred rows the first `changed` differ."""
    codes = list(goods())
    found = (
        (year, flow, code, partner)
        for year in range(2023, 1990, -1)
        for flow in ("M", "X")
        for code in codes
        for partner in PARTNERS
    )
    for number, about in enumerate(islice(found, count)):
        yield row(number, *about, again=number % 100 < changed)


def row(number: int, year: int, flow: str, code: str, partner: int, *, again: bool = False) -> list[str]:
    """Return one annual row of Cambodia's."""
    value = (number * 7919) % 90_000_000 / 8 + 100 + again
    cif, fob = (f"{value}", "") if flow == "M" else ("", f"{value}")
    digits = 0 if code == "TOTAL" else len(code)
    return [
        *("C", "A", f"{year}0101", str(year), "52", str(year), "116", "KHM", "Cambodia", flow),
        *(
            "Import" if flow == "M" else "Export",
            str(partner),
            "W00",
            "Partner",
            "0",
            "W00",
            "World",
            "H6",
            "HS",
            "True",
        ),
        *(code, WORDS, str(digits), str(digits == 6), "C00", "TOTAL CPC", "0", "0", "TOTAL MOT", "8", "kg"),
        *(f"{value / 3:.3f}", "False", "-1", "N/A", "0.0", "False", f"{value / 3:.3f}", "False", "0.0", "False"),
        *(cif, fob, f"{value}", "0", "True", "False"),
    ]


def write_file(path: Path, count: int, *, changed: int = 0) -> None:
    """Write a file of so many rows as Comtrade sends it."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(rows(count, changed=changed))
