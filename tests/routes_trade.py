"""Examples of the addresses of trade flows; tests/routes.py walks them."""

from typing import Any

from tests.trade_factories import make_flow, make_trade

Arguments = dict[str, list[dict[str, Any]]]


def for_trade() -> Arguments:
    """Return arguments for the list of flows: everything, one telling of each good, nothing; and its files."""
    source = make_trade()
    make_flow(source, "TOTAL", 900, reporter=156, partner=116, flow="X", net_weight_kg="12.5", is_estimated=True)
    one = {"source": source.pk, "year": 2022, "period": "year", "flow": "M", "teller": "reported", "partner": 0}
    return {
        "import_dependency:trade_flows": [
            {},
            {"?": one | {"level": 2}},
            {"?": {"teller": "mirror", "sort": "code"}},
            {"?": {"code": "0101"}},
        ],
    }
