"""What is bought abroad of one HS code, by year and partner; and the headings of which most is bought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.db.models.functions import Left
from django.utils.translation import gettext as _

from capred_portal.figures import Words
from capred_portal.plotting import Cell, SvgChart, Table
from capred_portal.ranked_bars import ranked_bars
from enterprises.hs import chapters
from indicators import economies
from indicators.inputs import trade
from indicators.inputs.imports_shown import TELLERS, Shown, millions, percent, told_by
from indicators.inputs.suppliers_ranking import CHAPTER, HEADING, ITEM
from indicators.inputs.trade import Breakdown, HeadingYear, Part, Slice
from indicators.models import Source, TradeFlow

MOST_HEADINGS = 40
MOST_DRAWN = 12
MOST_PARTNERS = 3  # named in a row


@dataclass(frozen=True)
class YearRow:
    """The imports of a code in one year: their value, who tells it in which edition, and the largest partners."""

    year: int
    value: str
    teller: Words
    source: Source
    partners: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Imported:
    """One heading of which much is bought abroad."""

    code: str
    chapter: str
    value: str
    share: str


def imports_parts(code: str) -> dict[str, Any]:
    """Return what the page shows of the imports of a code; `years` is None where nothing that is held tells it."""
    slices = trade.editions_held()
    told, years = years_told(code, slices) if code else ("", None)
    return {
        "code": code,
        "told": told,
        "is_held": bool(slices),
        "years": None if years is None else [year_row(year) for year in years],
        "chart": partner_chart(told, years[0]) if years else None,
    }


def years_told(code: str, slices: Sequence[Slice]) -> tuple[str, Sequence[HeadingYear] | None]:
    """Return the years of a code; of the newest added up from its items; or of the heading or chapter it is in."""
    years = trade.imports_of(code, slices)
    if years is None and len(code) < ITEM:
        years = added_up(code, slices)
    if years is None and len(code) > CHAPTER:
        return years_told(code[: len(code) - 2], slices)
    return code, years


def added_up(code: str, slices: Sequence[Slice]) -> list[HeadingYear] | None:
    """Return the newest year that is told by items, added up over those of a code; two queries."""
    held = next((each for each in slices if each.flow == TradeFlow.Flow.IMPORT and ITEM in each.levels), None)
    if held is None:
        return None
    items = {"hs_code__range": (code, code.ljust(ITEM, "9"))}
    total = trade.value_of(held.whole(ITEM).filter(**items)) or Decimal(0)
    partners = held.of_partners.of_level(ITEM).filter(**items).values_list(held.partner_field)
    parts = [
        Part(str(partner), economies.title(partner), value)
        for partner, value in partners.annotate(value=Sum("value_usd")).order_by("-value", held.partner_field)
    ]
    return [HeadingYear(held, "", total, parts)]


def year_row(told: HeadingYear) -> YearRow:
    """Return one year in words; years of different tellers or editions are not compared."""
    whole = Breakdown(told.total, told.partners)
    partners = [(part.title, percent(whole.share(part))) for part in told.partners[:MOST_PARTNERS]]
    return YearRow(told.held.year, millions(told.total), TELLERS[told_by(told.held)], told.held.source, partners)


def partner_chart(code: str, told: HeadingYear) -> SvgChart | None:
    """Draw from whom a code is bought in its newest year; None where no partner is told."""
    if not told.partners:
        return None
    whole, first = Breakdown(told.total, told.partners), told.partners[0]
    words = {"first": first.title, "share": percent(whole.share(first)), "total": millions(told.total)}
    title = _("%(first)s supplies %(share)s of imports of HS %(code)s, US$ %(total)s million (%(year)s)")
    return SvgChart(
        title=title % {**words, "code": code, "year": told.held.year},
        source=Shown(told.held, ()).about,
        picture=ranked_bars(
            [(part.title, [beside(whole, part)]) for part in told.partners[:MOST_DRAWN]], names=[_("Share of imports")]
        ),
        table=Table(
            _("Supplier"),
            [_("US$ million"), _("Share of imports")],
            [(part.title, [Cell(millions(part.value)), Cell(percent(whole.share(part)))]) for part in told.partners],
        ),
        has_demo=told.held.source.is_demo,
    )


def beside(whole: Breakdown, part: Part) -> tuple[Decimal | None, str]:
    """Return the share of a supplier, and what is written beside its bar."""
    share = whole.share(part)
    words = {"share": percent(share), "value": millions(part.value)}
    return share, _("%(share)s · US$ %(value)s million") % words


def largest_parts() -> dict[str, Any]:
    """Return the headings of which most was bought abroad in the newest year held; none without such codes."""
    held = trade.newest()
    level = held.finest(HEADING, ITEM) if held else None
    if held is None or level is None:
        return {"largest": [], "largest_about": ""}
    told = held.whole(level).annotate(code=Left("hs_code", HEADING)).values_list("code")
    rows = told.annotate(value=Sum("value_usd")).filter(value__gt=0).order_by("-value", "code")[:MOST_HEADINGS]
    return {
        "largest": [imported(code, value, held.total) for code, value in rows],
        "largest_about": Shown(held, ()).about,
    }


def imported(code: str, value: Decimal, total: Decimal | None) -> Imported:
    """Return one heading in words; it has no title of its own in the portal, its chapter has."""
    share = percent(value / total) if total else ""
    return Imported(code, chapters().get(code[:CHAPTER], ""), millions(value), share)
