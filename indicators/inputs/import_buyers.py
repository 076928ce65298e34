"""Imported goods led on to the sectors that buy them, as an input-output table of Cambodia divides such imports."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.db.models import Sum
from django.db.models.functions import Left
from django.utils.translation import gettext as _

from indicators.inputs import trade
from indicators.inputs.tables import divisions_of, sector_titles
from indicators.inputs.trade import Slice
from indicators.inputs.trade_links import MOST, Link, Sums, add, largest, links
from indicators.models import Correspondence, InputOutputCell, InputOutputTable

FINAL, OPEN, REST = "-final", "-open", "-rest"  # no sector has such a code
Shares = Mapping[str, Mapping[str, float]]  # division -> buying sector -> part, 0 to 1


def buyer_links(held: Slice, table: InputOutputTable, *, most: int = MOST) -> list[Link] | None:
    """Return the links partner -> chapter -> buying sector.

    Intermediate goods that one ISIC division makes are divided among buyers as the imported inputs of that division
    are in the table. Goods for capital and consumption end in one node; goods of several uses or makers, and those
    the table has no buyers for, in another. None where partners, six digits, the correspondence or the concordance
    are not held. Six queries.
    """
    known = trade.correspondences() if trade.SUBHEADING in held.levels and held.has_partners else {}
    shares = buyer_shares(table) if known else {}
    level = held.finest(trade.CHAPTER, trade.HEADING, trade.SUBHEADING)
    if level is None or not shares:
        return None
    arriving: Sums = {}
    told = held.of_partners.of_level(level).annotate(chapter=Left("hs_code", 2)).order_by()
    for partner, chapter, value in told.values_list(held.partner_field, "chapter").annotate(value=Sum("value_usd")):
        add(arriving, (str(partner), chapter), value)
    leaving: Sums = {}
    for code, value in held.whole(trade.SUBHEADING).values_list("hs_code").annotate(value=Sum("value_usd")):
        for end, part in ends_of(known.get(code), shares).items():
            add(leaving, (code[:2], end), value * Decimal(repr(part)))
    partners, chapters = largest(arriving, 0, most), largest(arriving, 1, most)
    leaving = with_few_buyers(leaving, largest(leaving, 1, most) | {FINAL, OPEN})
    titles = {**sector_titles(table), **last_titles()}
    return [
        *links(arriving, ("partner", "chapter"), (partners, chapters), {}),
        *links(leaving, ("chapter", "buyer"), (chapters, {end for _chapter, end in leaving}), titles),
    ]


def with_few_buyers(leaving: Sums, named: set[str]) -> Sums:
    """Return the links to the buyers that are named, and to one that stands for all others."""
    together: Sums = {}
    for (chapter, buyer), value in leaving.items():
        add(together, (chapter, buyer if buyer in named else REST), value)
    return together


def last_titles() -> dict[str, str]:
    """Return the names of the nodes that are no sector."""
    return {FINAL: _("capital and consumption goods"), OPEN: _("buyer not known"), REST: _("other sectors")}


def ends_of(known: Correspondence | None, shares: Shares) -> Mapping[str, float]:
    """Return the buyers of goods with their parts, which add up to 1."""
    if known is None or known.end_use in (trade.EndUse.SEVERAL, trade.EndUse.UNCLASSIFIED):
        return {OPEN: 1.0}
    if known.end_use != trade.EndUse.INTERMEDIATE:
        return {FINAL: 1.0}
    return shares.get(trade.division_of(known)) or {OPEN: 1.0}


def buyer_shares(table: InputOutputTable) -> Shares:
    """Return how the imported inputs of each ISIC division are divided among buying sectors; three queries at most."""
    divisions = divisions_of(table)
    if not divisions:
        return {}
    sums: dict[str, dict[str, float]] = {}
    cells = table.cells.filter(block=InputOutputCell.Block.IMPORTED, value__gt=0).order_by()
    for row, column, value in cells.values_list("row", "column", "value"):
        for division, weight in divisions.get(row, ()):
            buyers = sums.setdefault(division, {})
            buyers[column] = buyers.get(column, 0.0) + value * float(weight)
    return {
        division: {buyer: value / sum(buyers.values()) for buyer, value in buyers.items()}
        for division, buyers in sums.items()
    }
