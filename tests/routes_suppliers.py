"""Examples of the addresses of the page of suppliers, made of demonstration rows; tests/routes.py walks them."""

from typing import Any

from enterprises.models import Enterprise

Arguments = dict[str, list[dict[str, Any]]]

NEED = {"hs": "4819", "standard": "iso 9001", "quantity": "5000", "unit": "pieces"}


def for_suppliers() -> Arguments:
    """Return arguments for the page without an input, with one and what the buyer needs, and its file."""
    firm = Enterprise.objects.filter(is_demo=True).earliest("pk")
    return {
        "suppliers:list": [
            {},
            {"?": NEED},
            {"?": NEED | {"group": "lacks", "province": "03", "members": "yes"}},
            {"?": {"hs": "9"}},
            {"?": {"sector": "C"}},
        ],
        "suppliers:imports": [{"?": {"hs": "4819"}}, {"?": {"hs": "x"}}],
        "suppliers:export": [{"format_name": name, "?": NEED} for name in ("csv", "xlsx")],
        "workshops:new": [{}, {"?": {"title": "Suppliers of HS 4819", "summary": "Cartons", "firm": firm.pk}}],
        "links:new": [{}, {"?": {"supplier": firm.pk, "hs_code": "4819", "stage": "introduced"}}],
    }
