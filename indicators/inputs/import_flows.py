"""Imports as a flow: from where, as what goods, to which use; with a table of Cambodia, to which buying sector."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capred_portal.figures import Words
from capred_portal.interactive import InteractiveChart
from capred_portal.interactive_flows import Band, sankey
from indicators.inputs.import_buyers import buyer_links
from indicators.inputs.imports_shown import Choice, Shown, millions, percent, shown
from indicators.inputs.tables import tables_offered
from indicators.inputs.trade_links import OTHERS, Link, flow_links
from indicators.inputs.trade_summary import load_url
from indicators.models import InputOutputTable

END_USE, DIVISION, BUYER = "end-use", "division", "buyer"
ENDS: Mapping[str, Words] = {
    END_USE: gettext_lazy("End use"),
    DIVISION: gettext_lazy("Industry that could make it here"),
    BUYER: gettext_lazy("Buying sector"),
}
COLUMNS = {"partner": 0, "chapter": 1}
MILLION = 1_000_000


@dataclass(frozen=True)
class Flows:
    """The picture of the flows, what may be chosen, and what a reader must know of the last step."""

    chart: InteractiveChart | None
    choices: Sequence[Choice]
    note: Words


NOTES: Mapping[str, Words] = {
    END_USE: gettext_lazy(
        "The last step follows the correspondence of HS codes with broad economic categories. Goods with several uses"
        " and goods that are not classified stand apart."
    ),
    DIVISION: gettext_lazy(
        "The last step names the industry that makes such goods, not the one that buys them. Goods that several"
        " industries make stand apart."
    ),
    BUYER: gettext_lazy(
        "The last step is modelled: intermediate goods that one industry makes are divided among buyers as the"
        " input-output table divides imports of that kind. Customs do not tell who buys."
    ),
}


def flows_parts(given: Mapping[str, str]) -> dict[str, Any]:
    """Return the flow picture that is asked for."""
    found = shown(given)
    if found is None:
        return {"shown": None, "load_url": load_url()}
    table = next((each for each in tables_offered() if each.is_cambodian and each.has_imported), None)
    ends = [end for end in ENDS if end != BUYER or table is not None]
    end = given.get("to") if given.get("to") in ends else (BUYER if table else END_USE)
    choice = Choice("to", _("Goods end at"), [(each, ENDS[each]) for each in ends], str(end))
    flows = Flows(
        flow_chart(found, str(end), table),
        [*(replace(each, is_kept=True) for each in found.choices), choice],
        NOTES[str(end)],
    )
    return {"shown": found, "flows": flows, "chart": flows.chart, "table": table, "load_url": load_url()}


def flow_chart(found: Shown, end: str, table: InputOutputTable | None) -> InteractiveChart | None:
    """Draw partner, chapter and end; None where partners, six digits or the correspondence are not held."""
    used = table if end == BUYER else None
    step = "division" if end == DIVISION else "end use"
    links = buyer_links(found.held, used) if used else flow_links(found.held, end=step)
    if not links:
        return None
    return InteractiveChart(
        "flows",
        title_of(links, found.held.year),
        f"{found.about} {used}." if used else found.about,
        sankey(
            [band(link) for link in links],
            columns=[_("Supplier"), _("Goods"), ENDS[end]],
            unit=_("US$ million"),
        ),
        has_demo=found.held.source.is_demo or bool(used and used.is_demo),
    )


def band(link: Link) -> Band:
    """Return a link as it is drawn, in millions of US$."""
    start, end = ((COLUMNS.get(node.kind, 2), node.title) for node in (link.start, link.end))
    return Band(start, end, float(link.value) / MILLION, _("US$ %(value)s million") % {"value": millions(link.value)})


def title_of(links: Sequence[Link], year: int) -> str:
    """Say which flow from one supplier is the largest, and its share in what is drawn."""
    arriving = [link for link in links if link.start.kind == "partner"]
    named = [link for link in arriving if OTHERS not in (link.start.code, link.end.code)] or arriving
    top = max(named, key=lambda link: link.value)
    total = sum((link.value for link in arriving), Decimal(0))
    words = {"goods": top.end.title, "partner": top.start.title, "share": percent(top.value / total), "year": year}
    return _("The largest flow: %(goods)s from %(partner)s, %(share)s of imports (%(year)s)") % words
