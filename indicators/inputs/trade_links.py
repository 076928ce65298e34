"""Where imports come from and who makes such goods at home: links for a flow picture, concentration of suppliers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.db.models.functions import Left
from django.utils.translation import gettext as _

from enterprises.hs import chapters
from indicators import economies
from indicators.analytics.import_dependency import NotWhole, herfindahl_hirschman
from indicators.inputs import trade
from indicators.inputs.trade import Slice

MOST = 12  # partners and chapters drawn by name
OTHERS = "others"


@dataclass(frozen=True)
class Node:
    """One end of a link: what it is (partner, chapter, division, end use), its code and its name."""

    kind: str
    code: str
    title: str


@dataclass(frozen=True)
class Link:
    """What goes from one node to another, in US$."""

    start: Node
    end: Node
    value: Decimal


Sums = dict[tuple[str, str], Decimal]


def flow_links(held: Slice, *, end: str = "division", most: int = MOST) -> list[Link] | None:
    """Return the links partner -> chapter -> `end` ("division" that makes such goods at home, or "end use").

    Each step adds up one level of codes: chapters as told by partner, goods of six digits as told of all partners; so
    what flows into a chapter and out of it may differ by what one level withholds. Goods that several divisions make,
    or none known, end in nodes of their own. All but the `most` largest partners and chapters are put together.
    None where partners, six digits or the correspondence are not held. Four queries.
    """
    level = held.finest(trade.CHAPTER, trade.HEADING, trade.SUBHEADING)
    known = trade.correspondences() if trade.SUBHEADING in held.levels and held.has_partners else {}
    if level is None or not known:
        return None
    arriving: Sums = {}
    told = held.of_partners.of_level(level).annotate(chapter=Left("hs_code", 2))
    for partner, chapter, value in told.values_list(held.partner_field, "chapter").annotate(value=Sum("value_usd")):
        add(arriving, (str(partner), chapter), value)
    leaving: Sums = {}
    goods = held.whole(trade.SUBHEADING).values_list("hs_code").annotate(value=Sum("value_usd"))
    for code, value in goods:
        row = known.get(code)
        last = trade.division_of(row) if end == "division" else row.end_use if row else trade.EndUse.UNCLASSIFIED
        add(leaving, (code[:2], str(last)), value)
    partners, named = largest(arriving, 0, most), largest(arriving, 1, most)
    ends = trade.division_titles() if end == "division" else trade.end_use_titles()
    return [
        *links(arriving, ("partner", "chapter"), (partners, named), {}),
        *links(leaving, ("chapter", end), (named, {code for _chapter, code in leaving}), ends),
    ]


def add(sums: Sums, key: tuple[str, str], value: Decimal) -> None:
    sums[key] = sums.get(key, Decimal(0)) + value


def largest(sums: Sums, side: int, most: int) -> set[str]:
    """Return the codes on one side of links that carry most."""
    totals: dict[str, Decimal] = {}
    for key, value in sums.items():
        totals[key[side]] = totals.get(key[side], Decimal(0)) + value
    return set(sorted(totals, key=lambda code: (-totals[code], code))[:most])


def links(
    sums: Sums, kinds: tuple[str, str], named: tuple[set[str], set[str]], titles: Mapping[str, str]
) -> list[Link]:
    """Return the links between named nodes, largest first; the others on either side are one node."""
    together: Sums = {}
    for (first, second), value in sums.items():
        add(together, (first if first in named[0] else OTHERS, second if second in named[1] else OTHERS), value)
    ordered = sorted(together.items(), key=lambda item: (-item[1], item[0]))
    return [
        Link(node(kinds[0], first, titles), node(kinds[1], second, titles), value)
        for (first, second), value in ordered
        if value
    ]


def node(kind: str, code: str, titles: Mapping[str, str]) -> Node:
    """Return a node with its name in the reader's language; `titles` are those of divisions or end uses."""
    if code == OTHERS:
        return Node(kind, code, _("other partners") if kind == "partner" else _("other goods"))
    if kind == "partner":
        return Node(kind, code, economies.title(int(code)))
    if kind == "chapter":
        title = chapters().get(code, _("not specified"))
        return Node(kind, code, f"{code} {title}")
    return Node(kind, code, titles.get(code, code))


# Concentration


@dataclass(frozen=True)
class Concentration:
    """How concentrated the suppliers of something are (HHI, 0 to 1), or why that cannot be said."""

    index: float | None
    suppliers: int
    total: Decimal
    is_whole: bool  # the partners add up to the world


def supplier_concentration(held: Slice, hs_code: str = "") -> Concentration | None:
    """Return the HHI of suppliers of all goods or of a heading; its denominator is the partner World, as told.

    None where nothing is held. The index is None where the partners do not add up to the world, or where only the
    partners tell (a mirror knows no world).
    """
    found = trade.imports_by_partner(held, hs_code)
    if found is None:
        return None
    level = len(hs_code) or held.coarsest
    index = concentration_of([part.value for part in found.parts], found.total) if level in held.world_levels else None
    return Concentration(index, len(found.parts), found.total, index is not None)


def concentration_of(values: Sequence[Decimal], total: Decimal) -> float | None:
    """Return the HHI of values under a total; None where they are not the whole of it."""
    import pandas as pd  # slow to load, and most pages need none

    told: Any = pd.Series([float(value) for value in values], dtype=float)
    try:
        return herfindahl_hirschman(told, float(total)) if total else None
    except NotWhole:
        return None
