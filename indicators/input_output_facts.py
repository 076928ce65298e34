"""The concordances of sectors and the example table that ship with the portal, each under its edition."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from capred_portal.bulk import bulk_load
from capred_portal.facts import facts, read
from capred_portal.records import writing
from indicators.inputs.balance import largest, residuals
from indicators.inputs.tables import Cells
from indicators.models import InputOutputCell, InputOutputSector, InputOutputTable, SectorConcordance, Source

ECONOMY, YEAR, CLASSIFICATION = "HRV", 2010, "cpa-a64"
EXAMPLE: dict[str, Any] = {
    "economy": ECONOMY,
    "year": YEAR,
    "layout": InputOutputTable.Layout.LABELLED,
    "classification": CLASSIFICATION,
    "unit": "thousand HRK",
    "is_example": True,
    "has_imported": True,
}
EXAMPLE_SOURCE, EXAMPLE_FILE = "croatian-iot", "table_hrv_2010"


def titles_of(classification: str) -> dict[str, tuple[str, str]]:
    """Return the sectors of a classification that ships, in order, each with its titles in English and Khmer."""
    rows = (row for row in read(__file__, "sectors") if row["classification"] == classification)
    return {row["sector"]: (row["title_en"], row["title_km"]) for row in rows}


@facts(order=37)
def write_concordances() -> None:
    """Write which divisions of ISIC sectors lie in, where their edition has none yet."""
    sources = {(code, edition): pk for pk, code, edition in Source.objects.values_list("pk", "code", "edition")}
    held = set(SectorConcordance.objects.values_list("source", "classification").distinct())
    rows = [(sources[row["source"], row["edition"]], row) for row in read(__file__, "concordances")]
    missing = [
        SectorConcordance(
            source_id=source,
            classification=row["classification"],
            sector=row["sector"],
            division=row["division"],
            weight=Decimal(row["weight"]),
        )
        for source, row in rows
        if (source, row["classification"]) not in held
    ]
    if missing:
        with writing("indicators"):
            SectorConcordance.objects.bulk_create(missing)


@facts(order=38)
def write_example_table() -> None:
    """Write the table of another country that shows how the pages work; an archived one stays away."""
    source = Source.objects.get(code=EXAMPLE_SOURCE)
    if InputOutputTable.objects.filter(source=source, economy=ECONOMY, year=YEAR).exists():
        return
    cells = [(row["block"], row["row"], row["column"], float(row["value"])) for row in read(__file__, EXAMPLE_FILE)]
    blocks: dict[str, Cells] = defaultdict(dict)
    for block, row, column, value in cells:
        blocks[block][row, column] = value
    titles = titles_of(CLASSIFICATION)
    worst = largest(residuals(blocks, list(titles)))
    with writing("indicators"):
        table = InputOutputTable.objects.create(
            source=source,
            largest_residual_pct=worst.largest_pct if worst else 0,
            residual_sector=worst.sector if worst else "",
            **EXAMPLE,
        )
        InputOutputSector.objects.bulk_create(
            InputOutputSector(table=table, position=place, code=code, title_en=english, title_km=khmer)
            for place, (code, (english, khmer)) in enumerate(titles.items(), 1)
        )
        bulk_load(InputOutputCell, ("block", "row", "column", "value"), cells, constants={"table_id": table.pk})
