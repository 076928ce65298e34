"""Trade flows as rows of a page and of a file: names in the reader's language for every code."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from enterprises.hs import chapters
from indicators import economies
from indicators.inputs.trade import correspondence_titles
from indicators.models import Source, TradeFlow
from indicators.models.trade import ALL_GOODS

BATCH = 5_000


@dataclass(frozen=True)
class FlowRow:
    """One flow with the names of its economies and goods."""

    flow: TradeFlow
    reporter: str
    partner: str
    goods: str

    @property
    def period(self) -> str:
        return period_text(self.flow.year, self.flow.month)


def period_text(year: int, month: int) -> str:
    """Return 2023 or 2023-04."""
    return f"{year}-{month:02}" if month else str(year)


def flow_rows(flows: Sequence[TradeFlow]) -> list[FlowRow]:
    """Return flows as rows; one query for the titles of their goods."""
    titles = correspondence_titles({flow.hs_code for flow in flows if flow.digits == 6})
    return [
        FlowRow(flow, economies.title(flow.reporter), economies.title(flow.partner), goods_title(flow.hs_code, titles))
        for flow in flows
    ]


def goods_title(code: str, titles: dict[str, str]) -> str:
    """Return the name of goods: of their own, or else of their chapter."""
    if code == ALL_GOODS:
        return _("all goods")
    return titles.get(code) or chapters().get(code[:2], _("not specified"))


def header() -> list[str]:
    return [
        *(_("Period"), _("Reporter"), _("Reporter code"), _("Flow"), _("Partner"), _("Partner code")),
        *(_("Classification"), _("HS code"), _("Value, US$"), _("CIF value, US$"), _("FOB value, US$")),
        *(_("Net weight, kg"), _("Estimated"), _("Edition")),
    ]


def file_rows(flows: Any) -> Iterator[list[Any]]:
    """Return the cells of each flow while they come from the database; words are looked up while the language holds."""
    named, kinds = economies.titles(), {code: str(label) for code, label in TradeFlow.Flow.choices}
    editions = {source.pk: str(source) for source in Source.objects.filter(pk__in=flows.order_by().values("source"))}
    answers = {True: _("yes"), False: _("no")}
    columns = ("year", "month", "reporter", "flow", "partner", "classification", "hs_code")
    values = ("value_usd", "cif_usd", "fob_usd", "net_weight_kg", "is_estimated", "source")
    told = flows.order_by("pk").values_list(*columns, *values).iterator(chunk_size=BATCH)

    def cells() -> Iterator[list[Any]]:
        for year, month, reporter, flow, partner, classification, code, *amounts, estimated, source in told:
            yield [
                *(period_text(year, month), named.get(reporter, ""), reporter, kinds.get(flow, flow)),
                *(named.get(partner, ""), partner, classification, code, *amounts),
                *(answers[estimated], editions.get(source, "")),
            ]

    return cells()
