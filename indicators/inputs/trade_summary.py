"""What the trade summary tells of imports: groups of products and the five largest suppliers, and what it does not."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from capred_portal.figures import number
from capred_portal.line_charts import decimals_shown
from capred_portal.plotting import Cell, SvgChart, Table
from capred_portal.ranked_bars import ranked_bars
from indicators import economies
from indicators.analytics.import_dependency import NotWhole, herfindahl_hirschman
from indicators.competitiveness import STAGES
from indicators.inputs.import_dependency import ALL_IMPORTS, Published, credited, in_dollars, of_stage, percent
from indicators.models import SeriesValue, Source
from indicators.series import HOME, exact

SHARES, DOLLARS, COUNT = (
    "Partner share(%)-Top 5 Import Partner",
    "Trade (US$ Mil)-Top 5 Import Partner",
    "No. Of Import partners",
)
WHOLE = decimals_shown(0)
WRITTEN = {"Hong Kong, China": 344, "Other Asia, nes": 490, "Vietnam": 704}  # as the summary writes, unlike others


@dataclass(frozen=True)
class Supplier:
    """One partner the summary names: its share in imports (%) and their value (millions of US$)."""

    name: str
    share: Decimal
    dollars: Decimal


@dataclass(frozen=True)
class Suppliers:
    """The partners the summary names for its newest year, the largest first, and of how many."""

    year: int
    source: Source
    named: Sequence[Supplier]
    all: int | None  # how many partners there are

    @property
    def share(self) -> Decimal:
        return sum((each.share for each in self.named), Decimal(0))


def suppliers() -> Suppliers | None:
    """Return the largest suppliers of the newest year, of the edition in force; one query."""
    rows = SeriesValue.objects.active().filter(code__in=(SHARES, DOLLARS, COUNT), economy=HOME)
    told = list(rows.select_related("source").order_by("year", "-source__is_superseded", "source_id", "pk"))
    newest = next((row for row in reversed(told) if row.code == SHARES), None)
    if newest is None:
        return None
    found = [row for row in told if (row.year, row.source_id) == (newest.year, newest.source_id)]
    dollars = {row.partner: exact(row.value) for row in found if row.code == DOLLARS}
    named = [
        Supplier(partner_title(row.partner), exact(row.value), dollars[row.partner])
        for row in found
        if row.code == SHARES and row.partner in dollars
    ]
    count = next((int(row.value) for row in found if row.code == COUNT), None)
    return Suppliers(newest.year, newest.source, sorted(named, key=lambda each: -each.share), count)


def partner_title(name: str) -> str:
    """Return the name of a partner in the reader's language; as the summary writes it where we do not know it."""
    codes = {title: code for code, title in economies.names("en").items()} | WRITTEN
    return economies.title(codes[name]) if name in codes else name


def suppliers_chart(found: Suppliers) -> SvgChart:
    """Draw the suppliers that are named."""
    first = found.named[0]
    rows = [(each.name, [(each.share, percent(each.share))]) for each in found.named]
    table = [(each.name, [Cell(percent(each.share)), Cell(WHOLE(each.dollars))]) for each in found.named]
    words = {"first": first.name, "share": percent(first.share), "year": found.year}
    words |= {"named": len(found.named), "together": percent(found.share)}
    return SvgChart(
        title=_("%(first)s supplies %(share)s of imports; the %(named)s largest suppliers %(together)s (%(year)s)")
        % words,
        source=credited(found.source) + ".",
        picture=ranked_bars(rows, names=[_("Share of imports")]),
        table=Table(_("Supplier"), [_("Share of imports"), _("US$ million")], table),
        has_demo=found.source.is_demo,
        code="supplier-concentration",
    )


def concentration_words(found: Suppliers, total: Decimal | None) -> str:
    """Return the index of concentration over all suppliers, or why there is none."""
    import pandas as pd

    named = pd.Series({each.name: float(each.dollars) for each in found.named})
    try:
        index = herfindahl_hirschman(named, None if total is None else float(total))
    except NotWhole:
        all_of_them = number(found.all) if found.all else _("an unknown number")
        return _(
            "No index of concentration: it needs the share of every supplier, and the summary names %(named)s of"
            " %(all)s."
        ) % {"named": len(found.named), "all": all_of_them}
    return _("Index of concentration (Herfindahl-Hirschman, 0 to 1): %(index)s.") % {"index": f"{index:.2f}"}


def products_chart(found: Published) -> SvgChart | None:
    """Draw the groups of products by value, with their shares."""
    year, source = found.year(ALL_IMPORTS), found.source(ALL_IMPORTS)
    total = found.value(ALL_IMPORTS)
    groups = []
    for product, name in STAGES.items():
        dollars, share = (found.value(key(product), year) for key in (in_dollars, of_stage))
        if dollars is not None and share is not None:
            groups.append((str(name), dollars, share))
    if not groups or source is None or total is None:
        return None
    groups.sort(key=lambda group: -group[1])
    rows = [(name, [(dollars, f"{WHOLE(dollars)} ({percent(share)})")]) for name, dollars, share in groups]
    cells = [(name, [Cell(WHOLE(dollars)), Cell(percent(share))]) for name, dollars, share in groups]
    return SvgChart(
        title=_("US$ %(total)s million of goods came in (%(year)s); the largest group is %(group)s")
        % {"total": WHOLE(total), "year": year, "group": groups[0][0]},
        source=credited(source) + ".",
        picture=ranked_bars(rows, names=[_("US$ million")]),
        table=Table(_("Group of products"), [_("US$ million"), _("Share of imports")], cells),
        has_demo=source.is_demo,
    )


def summary_parts(found: Published) -> dict[str, Any]:
    """Return what is told of imports until flows are loaded; one query."""
    named = suppliers()
    return {
        "products": products_chart(found),
        "suppliers": suppliers_chart(named) if named else None,
        "concentration": concentration_words(named, found.value(ALL_IMPORTS, str(named.year))) if named else "",
        "load_url": load_url(),
    }


def load_url() -> str:
    """Return where a file of trade flows is loaded."""
    return reverse("loads:new_kind", args=["comtrade"])
