"""What many figures come to, from their counts and sums alone: a database adds up what would be read row by row."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from indicators.analytics.aggregation import REFUSALS, RULES, Aggregate, Measured


@dataclass(frozen=True, slots=True)
class Totals:
    """The figures of one period: how many say what, and the sums of those that have a value; None where none does.

    `ratios` counts those with a value that have numerator and denominator, `zeros` those among them whose denominator
    is 0, `weighed` those with a value that have a weight; `product` is the sum of value times weight.
    """

    told: int
    missing: int
    not_applicable: int
    value: Decimal | None = None
    ratios: int = 0
    zeros: int = 0
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    weighed: int = 0
    weight: Decimal | None = None
    product: Decimal | None = None

    def fits(self, rule: str) -> bool:
        """Tell whether the sums say all the rule asks: not where it adds up the values of several ratios."""
        if self.zeros:
            return False
        if rule == "ratio":
            return self.ratios == self.told
        return not self.ratios or rule in REFUSALS or self.told + self.missing == 1


def over_totals(rule: str, totals: Totals, *, scale: int = 1) -> Aggregate:
    """Return what `over_places` returns for figures with these totals; `scale` is that of their ratios.

    Errors: ValueError for an unknown rule, for "latest", and for totals that do not fit the rule.
    """
    if rule not in RULES or rule == "latest" or not totals.fits(rule):
        raise ValueError(f"these totals do not fit the rule {rule}")
    told, missing = totals.told, totals.missing
    if not told:
        is_none_asked = totals.not_applicable and not missing
        if is_none_asked:
            return Aggregate(Measured.not_applicable(), 0, 0, "not applicable")
        return Aggregate(Measured.missing(), 0, missing, "nothing reported")
    if rule in REFUSALS and told + missing > 1:
        return Aggregate(Measured.not_applicable(), told, missing, REFUSALS[rule])
    if rule == "ratio" or totals.ratios:
        return Aggregate(Measured.ratio(totals.numerator, totals.denominator, scale), told, missing)
    if told == 1 and not missing:
        return Aggregate(Measured(totals.value, weight=totals.weight), told, missing)
    if rule == "weighted average":
        return _weighted_average(totals)
    return Aggregate(Measured(totals.value), told, missing)


def _weighted_average(totals: Totals) -> Aggregate:
    told, missing = totals.told, totals.missing
    if totals.weighed < told or totals.product is None or totals.weight is None:
        return Aggregate(Measured.missing(), told, missing, "no weights")
    if totals.weight == 0:
        return Aggregate(Measured.not_applicable(), told, missing, "weights add up to 0")
    return Aggregate(Measured(totals.product / totals.weight, weight=totals.weight), told, missing)
