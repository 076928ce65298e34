"""Trade flows as rows of a page: names in the reader's language for every code."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from enterprises.hs import chapters
from indicators import economies
from indicators.inputs.trade import correspondence_titles
from indicators.models import TradeFlow
from indicators.models.trade import ALL_GOODS


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
