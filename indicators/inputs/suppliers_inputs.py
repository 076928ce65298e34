"""Which HS headings an input may be: those of the goods of a sector of an input-output table, by its ISIC divisions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from indicators.inputs.suppliers_ranking import HEADING
from indicators.inputs.tables import divisions_of, sector_titles
from indicators.models import Correspondence, InputOutputCell, InputOutputTable, Source

MOST_INPUTS = 8
USED_AS_INPUTS = (Correspondence.EndUse.INTERMEDIATE, Correspondence.EndUse.SEVERAL)


@dataclass(frozen=True)
class Heading:
    """A heading whose goods a sector may make: how many of its items are inputs, and how many others make too."""

    code: str
    items: int
    shared: int  # items that classes of other divisions make as well
    title_en: str
    title_km: str


@dataclass(frozen=True)
class BoughtInput:
    """What a sector buys abroad of the goods of one sector, in the unit of the table."""

    sector: str
    title: str
    value: float


@dataclass(frozen=True)
class SectorGoods:
    """A sector of a table: what it buys abroad, its ISIC divisions by weight, and the headings of its goods."""

    table: InputOutputTable
    code: str
    title: str
    bought: Sequence[BoughtInput]
    divisions: Sequence[tuple[str, Decimal]]
    source: Source | None
    headings: Sequence[Heading]


def goods_of(table: InputOutputTable, code: str) -> SectorGoods | None:
    """Return what is known of a sector's inputs and goods; None where the table has no such sector."""
    titles = sector_titles(table)
    if code not in titles:
        return None
    divisions = divisions_of(table).get(code, [])
    source, rows = inputs_held() if divisions else (None, [])
    return SectorGoods(
        table=table,
        code=code,
        title=titles[code],
        bought=bought_abroad(table, code, titles),
        divisions=divisions,
        source=source,
        headings=headings_in(rows, {division for division, _weight in divisions}),
    )


def bought_abroad(table: InputOutputTable, buyer: str, titles: Mapping[str, str]) -> list[BoughtInput]:
    """Return the largest imported inputs of a sector, by the sector that makes such goods."""
    cells = table.cells.filter(block=InputOutputCell.Block.IMPORTED, column=buyer, value__gt=0).order_by("-value")
    rows = cells.values_list("row", "value")[:MOST_INPUTS]
    return [BoughtInput(row, titles.get(row, row), round(value, 1)) for row, value in rows]


def inputs_held() -> tuple[Source | None, list[Correspondence]]:
    """Return the items that are inputs by the edition of the correspondence in force."""
    held = Correspondence.objects.filter(source__archived_at=None)
    in_force = held.order_by("source__is_superseded", "-source").values("source")[:1]
    rows = list(held.filter(source=in_force).select_related("source").order_by("hs_code"))
    used = [row for row in rows if row.end_use in USED_AS_INPUTS]
    return (rows[0].source if rows else None), used


def headings_in(rows: Sequence[Correspondence], divisions: set[str]) -> list[Heading]:
    """Return the headings with an item that a class of these divisions makes, in the order of their codes."""
    found: dict[str, list[Correspondence]] = defaultdict(list)
    for row in rows:
        if any(code[:2] in divisions for code in row.classes):
            found[row.hs_code[:HEADING]].append(row)
    return [
        Heading(
            code=code,
            items=len(items),
            shared=sum(any(one[:2] not in divisions for one in item.classes) for item in items),
            title_en=items[0].title_en,
            title_km=items[0].title_km,
        )
        for code, items in found.items()
        if len(code) == HEADING
    ]
