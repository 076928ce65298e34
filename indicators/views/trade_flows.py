"""The list of trade flows, page by page with count and sum."""

from typing import Any

from django.db.models import Sum
from django.http import HttpResponse
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from capred_portal.access import requires
from capred_portal.htmx import PortalRequest
from capred_portal.keysets import Key, keyset_page
from capred_portal.listing import ROWS_PER_PAGE, list_response
from indicators.filters.trade import FlowFilter
from indicators.inputs.flow_rows import flow_rows
from indicators.models import TradeFlow

ORDERS: dict[str, tuple[Key, ...]] = {
    "value": (Key("value_usd", is_descending=True), Key("id", is_descending=True)),
    "code": (Key("hs_code"), Key("id")),
}


@require_safe
@requires("page.read")
@vary_on_headers("HX-Request")
def trade_flow_list(request: PortalRequest) -> HttpResponse:
    """All flows of goods that are held, page by page."""
    return list_response(request, "trade_flows/list.html", "trade_flows/_rows.html", list_context)


def list_context(request: PortalRequest) -> dict[str, Any]:
    """Return one page of flows, how many there are, and their sum where no goods are told twice."""
    chosen = FlowFilter(request.GET, TradeFlow.objects.all(), request=request)
    rows = chosen.qs
    page = keyset_page(rows.select_related("source"), request.GET, ORDERS[chosen.order], per_page=ROWS_PER_PAGE)
    context = {
        "filter": chosen,
        "page_obj": page,
        "rows": flow_rows(page.rows),
        "rows_count": rows.order_by().count(),
        "adds_up": chosen.adds_up,
        "are_held": bool(page.rows) or TradeFlow.objects.exists(),
    }
    if chosen.adds_up:
        context["rows_sum"] = rows.order_by().aggregate(sum=Sum("value_usd"))["sum"]
    return context
