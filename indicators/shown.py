"""How values and periods of indicators are written: rounded as the indicator says, with its unit, in words."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from capred_portal.figures import number
from indicators.analytics.aggregation import Measured
from indicators.models import Indicator


def value_text(indicator: Indicator, value: Decimal | None, *, with_unit: bool = True) -> str:
    """Return a value with the decimals of its indicator, thousands separated, and its unit; – where there is none."""
    if value is None:
        return "–"
    rounded = value.quantize(Decimal(1).scaleb(-indicator.decimals), ROUND_HALF_UP)
    text = f"{rounded:,}" if indicator.decimals else number(rounded)
    if not with_unit:
        return text
    return f"{text} %" if indicator.unit_en == "%" else f"{text} {indicator.unit}"


def measured_text(indicator: Indicator, measured: Measured, *, with_unit: bool = True) -> str:
    """Return a value, or the word for why there is none: – missing, n/a not applicable, withheld."""
    words = {"not applicable": _("n/a"), "withheld": _("withheld")}
    return words.get(measured.state, "") or value_text(indicator, measured.value, with_unit=with_unit)


def period_text(code: str) -> str:
    """Return a period in words: Q3 2024, 2024, or July 2024 to June 2025 for an Australian year."""
    year, dash, rest = code.partition("-")
    if rest.startswith("Q"):
        return _("Q%(number)s %(year)s") % {"number": rest[1:], "year": year}
    if dash:
        return _("July %(first)s to June %(last)s") % {"first": year, "last": int(year) + 1}
    return code
