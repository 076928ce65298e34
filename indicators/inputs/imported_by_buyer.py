"""Imported inputs by who buys them and by what is bought, from a loaded input-output table of Cambodia."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from capred_portal.plotting import NO_DATA, Cell, SvgChart, Table
from capred_portal.ranked_bars import Row, ranked_bars
from indicators.analytics.accounts import Accounts, NotInTable
from indicators.analytics.import_dependency import imported_input_share
from indicators.inputs.import_dependency import credited
from indicators.inputs.tables import accounts_of, sector_titles, table_asked, tables_offered
from indicators.models import InputOutputTable

if TYPE_CHECKING:
    import pandas as pd

MOST_DRAWN = 15
LEAST = 0.01  # of all inputs: the share of less moves nothing


def buyers_parts(given: Mapping[str, str]) -> dict[str, Any]:
    """Return what the table that is asked for says; without a table of Cambodia, that there is none. Four queries."""
    tables = [table for table in tables_offered() if table.is_cambodian]
    table = table_asked(given, tables) if tables else None
    if table is None:
        return {"table": None, "tables": tables}
    return {"table": table, "tables": tables, **shares_of(table, accounts_of(table), sector_titles(table))}


def shares_of(table: InputOutputTable, accounts: Accounts, titles: Mapping[str, str]) -> dict[str, Any]:
    """Return both pictures of a table; one that does not tell imports apart has none."""
    try:
        shares = imported_input_share(accounts)
    except NotInTable:
        return {"by_buyer": None, "by_input": None}
    imports, domestic = accounts.require("imports"), accounts.require("domestic")
    bought = domestic.sum(axis=0) + imports
    words = {"share": percent(shares.whole), "year": table.year}
    buyers = share_chart(
        table,
        shares.by_buyer,
        bought,
        titles,
        title=_("%(share)s of all inputs are imported; the most by %(most)s: %(top)s (%(year)s)"),
        corner=_("Buying sector"),
        words=words,
    )
    if accounts.imported is None:
        return {"by_buyer": buyers, "by_input": None}
    used = (accounts.imported + domestic).sum(axis=1)
    inputs = share_chart(
        table,
        shares.by_input,
        used,
        titles,
        title=_("Of the inputs used, the largest imported share is that of %(most)s: %(top)s (%(year)s)"),
        corner=_("Input"),
        words=words,
    )
    return {"by_buyer": buyers, "by_input": inputs}


def share_chart(
    table: InputOutputTable,
    shares: pd.Series[float],
    inputs: pd.Series[float],
    titles: Mapping[str, str],
    *,
    title: str,
    corner: str,
    words: Mapping[str, Any],
) -> SvgChart | None:
    """Draw the highest shares of sectors with at least 1 % of all inputs; the table has every sector."""
    ordered = shares.sort_values(ascending=False, kind="stable", na_position="last")
    large = [code for code in ordered.index if isfinite(ordered[code]) and inputs[code] >= LEAST * inputs.sum()]
    if not large:
        return None
    rows: list[Row] = [
        (titles.get(code, code), [(float(ordered[code]), percent(ordered[code]))]) for code in large[:MOST_DRAWN]
    ]
    cells = [
        (titles.get(code, code), [Cell(percent(ordered[code])), Cell(f"{inputs[code]:,.0f}")]) for code in ordered.index
    ]
    return SvgChart(
        title=title % {**words, "most": rows[0][0], "top": rows[0][1][0][1]},
        source=credited(table.source) + ".",
        picture=ranked_bars(rows, names=[_("Imported share of inputs")], most=1),
        table=Table(corner, [_("Imported share of inputs"), _("Inputs, %(unit)s") % {"unit": table.unit_words}], cells),
        has_demo=table.is_demo,
    )


def percent(share: float) -> str:
    """Return a share between 0 and 1 in percent; – where it is not known."""
    return f"{100 * share:,.1f} %" if isfinite(share) else NO_DATA
