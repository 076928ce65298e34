"""Imports of one year as customs tell them: which edition, year and teller, then by product, supplier and end use."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capred_portal.figures import Words
from capred_portal.plotting import NO_DATA, Cell, SvgChart, Table
from capred_portal.ranked_bars import Row, ranked_bars
from indicators.figures.trade import rows_url
from indicators.filters.trade import EACH
from indicators.inputs import trade
from indicators.inputs.import_dependency import credited
from indicators.inputs.trade import Breakdown, Flow, Part, Slice
from indicators.inputs.trade_links import concentration_of
from indicators.inputs.trade_summary import load_url
from indicators.models import Correspondence
from indicators.models.trade import WORLD

CAMBODIA, PARTNERS = "cambodia", "partners"
TELLERS: Mapping[str, Words] = {
    CAMBODIA: gettext_lazy("Cambodia (reported)"),
    PARTNERS: gettext_lazy("its partners (mirror)"),
}
MOST_DRAWN = 12
MILLION = Decimal(1_000_000)
EndUse = Correspondence.EndUse
APART = (EndUse.SEVERAL, EndUse.UNCLASSIFIED)


@dataclass(frozen=True)
class Choice:
    """One thing to choose among: the name of its parameter, its words, what may be chosen, what is."""

    name: str
    label: Words
    options: Sequence[tuple[str, Words]]
    chosen: str
    is_kept: bool = False  # as it is: chosen elsewhere on the page


@dataclass(frozen=True)
class Shown:
    """The slice on the page, and what else might be shown."""

    held: Slice
    choices: Sequence[Choice]

    @property
    def teller(self) -> Words:
        return TELLERS[told_by(self.held)]

    @property
    def about(self) -> str:
        """The source, edition, year and teller in one line."""
        words = {"source": credited(self.held.source), "year": self.held.year, "teller": self.teller}
        told = _("%(source)s. Imports of %(year)s as told by %(teller)s.") % words
        valued = _("Measured by customs, with freight and insurance (CIF).")
        if self.held.is_mirror:
            valued = _("What partners say they sold to Cambodia, without freight and insurance (FOB).")
        return f"{told} {valued}"

    @property
    def months(self) -> int:
        return self.held.months


def told_by(held: Slice) -> str:
    return PARTNERS if held.is_mirror else CAMBODIA


ASKED: Mapping[str, Callable[[Slice], str]] = {
    "edition": lambda held: str(held.source.pk),
    "year": lambda held: str(held.year),
    "told_by": told_by,
}


def shown(given: Mapping[str, str]) -> Shown | None:
    """Return what the parameters ask for; what is not held is left as it is by default. None without flows."""
    slices = [held for held in trade.editions_held() if held.flow == Flow.IMPORT]
    if not slices:
        return None
    left = slices
    for name, value_of in ASKED.items():
        left = [held for held in left if value_of(held) == given.get(name)] or left
    return Shown(left[0], choices(slices, left[0]))


def choices(slices: Sequence[Slice], held: Slice) -> list[Choice]:
    """Return what may be chosen, newest first."""
    editions = {str(each.source.pk): str(each.source) for each in slices}
    years = {str(each.year): str(each.year) for each in slices}
    tellers = {teller: words for teller, words in TELLERS.items() if any(told_by(each) == teller for each in slices)}
    return [
        Choice("edition", _("Edition"), list(editions.items()), ASKED["edition"](held)),
        Choice("year", _("Year"), list(years.items()), ASKED["year"](held)),
        Choice("told_by", _("Told by"), list(tellers.items()), ASKED["told_by"](held)),
    ]


def imports_parts(given: Mapping[str, str]) -> dict[str, Any]:
    """Return the pictures of the imports that are asked for; at most eight queries."""
    found = shown(given)
    if found is None:
        return {"shown": None, "load_url": load_url()}
    chapters, partners = trade.imports_by_chapter(found.held), trade.imports_by_partner(found.held)
    chapters = with_codes(chapters) if chapters else None
    of_chapter, of_partner = partial(chapter_rows, found.held), partial(partner_rows, found.held)
    uses = trade.imports_by_end_use(found.held)
    is_whole = found.held.coarsest in found.held.world_levels  # partners that report are never known to be all
    return {
        "shown": found,
        "load_url": load_url(),
        "chapters": chapters and part_chart(found, chapters, _("HS chapter"), CHAPTERS_TITLE, of_chapter),
        "chapters_concentration": concentration(chapters, is_whole=is_whole),
        "partners": partners and part_chart(found, partners, _("Supplier"), PARTNERS_TITLE, of_partner),
        "partners_concentration": concentration(partners, is_whole=is_whole),
        "end_uses": uses and end_use_chart(found, uses),
    }


def with_codes(told: Breakdown) -> Breakdown:
    """Return chapters with their codes before their names."""
    return replace(told, parts=[replace(part, title=f"{part.code} {part.title}") for part in told.parts])


# Pictures

CHAPTERS_TITLE = gettext_lazy("%(first)s: %(share)s of imports of US$ %(total)s million, the most of all (%(year)s)")
PARTNERS_TITLE = gettext_lazy("%(first)s supplies %(share)s of imports of US$ %(total)s million (%(year)s)")


def part_chart(
    found: Shown, told: Breakdown, corner: str, title: Words, rows_of: Callable[[Part], str]
) -> SvgChart | None:
    """Draw the largest parts of the imports; the table has them all with their rows, and what no part tells."""
    if not told.parts:
        return None
    first = told.parts[0]
    words = {"first": first.title, "share": percent(told.share(first)), "total": millions(told.total)}
    return SvgChart(
        title=str(title) % {**words, "year": found.held.year},
        source=found.about,
        picture=ranked_bars([bar(told, part) for part in told.parts[:MOST_DRAWN]], names=[_("Share of imports")]),
        table=part_table(told, corner, rows_of, rows_url(found.held)),
        has_demo=found.held.source.is_demo,
    )


def end_use_chart(found: Shown, told: Breakdown) -> SvgChart | None:
    """Draw end uses: those that are certain first; what has several, and what has none, are told apart, at the end."""
    values = {part.code: part for part in told.parts}
    order = [*(part for part in told.parts if part.code not in APART), *(values[use] for use in APART if use in values)]
    shares = {use: percent(share_of(told, values.get(use))) for use in (EndUse.INTERMEDIATE, *APART)}
    words = {"share": shares[EndUse.INTERMEDIATE], "year": found.held.year}
    words |= {"several": shares[EndUse.SEVERAL], "unclassified": shares[EndUse.UNCLASSIFIED]}
    return SvgChart(
        title=_(
            "Intermediate goods are %(share)s of imports (%(year)s); %(several)s may be for several uses and"
            " %(unclassified)s is not classified"
        )
        % words,
        source=found.about,
        picture=ranked_bars([bar(told, part) for part in order], names=[_("Share of imports")]),
        table=part_table(told, _("End use"), no_rows, rows_url(found.held)),
        has_demo=found.held.source.is_demo,
    )


def share_of(told: Breakdown, part: Part | None) -> Decimal | None:
    return Decimal(0) if part is None else told.share(part)


def bar(told: Breakdown, part: Part) -> Row:
    """Return the bar of one part: its share, its value beside it."""
    share = told.share(part)
    dollars = _("US$ %(value)s million") % {"value": millions(part.value)}
    return part.title, [(share, f"{percent(share)} · {dollars}")]


def part_table(told: Breakdown, corner: str, rows_of: Callable[[Part], str], total_url: str) -> Table:
    """Return all parts, what none of them tells, and the total as a table; values lead to the flows behind them."""
    rows = [line(told, part.title, part.value, rows_of(part)) for part in told.parts]
    if told.rest:
        rows.append(line(told, _("told by none of these"), told.rest))
    rows.append(line(told, _("Total"), told.total, total_url))
    return Table(corner, [_("US$ million"), _("Share of imports")], rows)


def line(told: Breakdown, title: str, value: Decimal, url: str = "") -> tuple[str, list[Cell]]:
    """Return one row of the table: a value and its share in the total."""
    return title, [Cell(millions(value), url), Cell(percent(value / told.total if told.total else None))]


# Rows


def chapter_rows(held: Slice, part: Part) -> str:
    """Return the list of flows that add up to one chapter."""
    level = held.finest(trade.CHAPTER, trade.HEADING, trade.SUBHEADING)
    partner = {} if held.is_mirror else {"partner": WORLD if level in held.world_levels else EACH}
    return flows_url(held, code=part.code, level=level, **partner)


def partner_rows(held: Slice, part: Part) -> str:
    """Return the list of flows that add up to one partner."""
    return flows_url(held, partner=part.code)


def no_rows(_part: Part) -> str:
    """Return no list: the flows do not know their end use."""
    return ""


def flows_url(held: Slice, **asked: Any) -> str:
    """Return the list of the flows of a slice, narrowed to what is asked."""
    path, _mark, query = rows_url(held).partition("?")
    return f"{path}?{urlencode({**dict(parse_qsl(query)), **asked})}"


def concentration(told: Breakdown | None, *, is_whole: bool) -> str:
    """Return the index of concentration of the parts in words, or why there is none."""
    index = concentration_of([part.value for part in told.parts], told.total) if told and is_whole else None
    if index is None:
        return _("No index of concentration: the parts do not add up to a total that is told on its own.")
    return _("Index of concentration (Herfindahl-Hirschman, 0 to 1): %(index)s.") % {"index": f"{index:.2f}"}


def percent(share: Decimal | None) -> str:
    return NO_DATA if share is None else f"{100 * share:,.1f} %"


def millions(value: Decimal) -> str:
    """Return US$ in millions; small values keep a digit, and what is not 0 is never written as 0."""
    amount = value / MILLION
    if amount and abs(amount) < Decimal("0.05"):
        return "<0.1"
    return f"{amount:,.0f}" if abs(amount) >= 10 else f"{amount:,.1f}"
