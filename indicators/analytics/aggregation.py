"""How single figures add up: over periods, over places, over the parts of a total, and along a series.

A blank is never taken for 0. What is missing is counted and said, what cannot be added is refused with its reason.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from typing import Any, Literal, get_args

State = Literal["value", "missing", "not applicable", "withheld"]
Rule = Literal["sum", "latest", "weighted average", "ratio", "distinct", "none"]
Reason = Literal[
    "",
    "nothing reported",
    "not applicable",
    "withheld",
    "no weights",
    "weights add up to 0",
    "no numerator and denominator",
    "denominator is 0",
    "distinct counts cannot be added",
    "not aggregated",
]

STATES: tuple[State, ...] = get_args(State)
RULES: tuple[Rule, ...] = get_args(Rule)
UNKNOWN = "unknown"  # the part of a breakdown that nobody reported

EXACT = Context(prec=200)  # sums and products of what a database holds are exact, so that their order cannot matter


# One figure


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure of one period and place, or the state that says why there is none.

    `numerator`, `denominator` and `scale` (1, or 100 for a percentage) are those of a ratio, `weight` that of a
    weighted average. Errors: ValueError unless there is a value exactly in the state "value", for an unknown state, a
    number that is not finite, a negative weight, and a scale of 0 or less.
    """

    value: Decimal | None = None
    state: State = "value"
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    weight: Decimal | None = None
    scale: Decimal = Decimal(1)

    def __post_init__(self) -> None:
        if self.state not in STATES:
            raise ValueError(f"not a state: {self.state}")
        if (self.state == "value") != (self.value is not None):
            raise ValueError("a value belongs to the state 'value', and to no other")
        numbers = (self.value, self.numerator, self.denominator, self.weight, self.scale)
        if not all(number is None or number.is_finite() for number in numbers):
            raise ValueError("a number is not finite")
        if self.scale <= 0 or (self.weight is not None and self.weight < 0):
            raise ValueError("a scale must be above 0, a weight at least 0")

    @classmethod
    def missing(cls) -> Measured:
        """Return what nobody has reported."""
        return cls(state="missing")

    @classmethod
    def not_applicable(cls) -> Measured:
        """Return what cannot be asked of this period or place."""
        return cls(state="not applicable")

    @classmethod
    def withheld(cls) -> Measured:
        """Return what is known and may not be shown."""
        return cls(state="withheld")

    @classmethod
    def of(cls, value: Decimal | int, *, weight: Decimal | int | None = None) -> Measured:
        """Return a reported value; 0 is one."""
        return cls(value=Decimal(value), weight=None if weight is None else Decimal(weight))

    @classmethod
    def ratio(
        cls, numerator: Decimal | int | None, denominator: Decimal | int | None, scale: Decimal | int = 1
    ) -> Measured:
        """Return scale * numerator / denominator, with both kept for adding up; scale 100 makes a percentage.

        Edge cases: a denominator of 0 is not applicable, whatever the numerator (0/0 is no 0); where one of them is
        None the ratio is missing.
        """
        if numerator is None or denominator is None:
            return cls.missing()
        top, bottom, scale = Decimal(numerator), Decimal(denominator), Decimal(scale)
        if bottom == 0:
            return cls(state="not applicable", numerator=top, denominator=bottom, scale=scale)
        with localcontext(EXACT):
            scaled = top * scale
        return cls(scaled / bottom, numerator=top, denominator=bottom, scale=scale)

    @property
    def has_parts(self) -> bool:
        """Whether numerator and denominator are known, as a ratio needs them to be added up."""
        return self.numerator is not None and self.denominator is not None


# Over periods and over places


@dataclass(frozen=True, slots=True)
class Aggregate:
    """What several figures come to: from how many of them, how many were missing, and why there is no value."""

    measured: Measured
    counted: int
    missing: int
    reason: Reason = ""


def over_periods(rule: str, items: Mapping[Any, Measured]) -> Aggregate:
    """Return what the periods of one place come to under the indicator's rule; the keys must sort in time order.

    sum: sum of v_t, for flows. latest: v of the newest period with a value, for levels and for cumulative figures,
    which are never summed. weighted average: sum w v / sum w. ratio: scale * sum of numerators / sum of denominators,
    never a mean of ratios. distinct: refused for more than one part, because one person may be in several (see
    `distinct_bounds`). none: refused for more than one part. Units: those of the items.

    Every period that should have reported must be among the items, as missing if it did not. Missing ones are left
    out and counted, never taken for 0; under "latest" only those newer than the value are. Where nothing at all was
    reported the outcome is missing. What is not applicable is left out uncounted, except that a ratio keeps parts with
    a denominator of 0. A withheld part makes the outcome withheld, because a total less its other parts reveals it;
    under "latest" only the newest reported one does.

    A part that is the only applicable one stands for itself under every rule. Otherwise a weighted average is refused
    where a weight is lacking, and a ratio where a numerator or denominator is (state "missing", with the reason).

    Errors: ValueError for an unknown rule, and for ratios of different scales. Source: DESIGN section 4.
    """
    if rule == "latest":
        return _latest(items)
    return _aggregate(rule, list(items.values()))


def over_places(rule: str, items: Mapping[Any, Measured]) -> Aggregate:
    """Return what the places of one period come to under the indicator's rule.

    Formulas, units and edge cases: see `over_periods`. Errors: also ValueError for "latest", as no place is the latest.
    """
    if rule == "latest":
        raise ValueError("latest is a rule over periods, not over places")
    return _aggregate(rule, list(items.values()))


def distinct_bounds(items: Mapping[Any, Measured]) -> tuple[Decimal, Decimal] | None:
    """Return the least and the most that distinct people or firms in all parts together can be.

    Largest part <= distinct <= sum of parts: the least if all parts hold the same people, the most if no two share
    one. Only reported parts are looked at, so that the upper bound holds for these alone. None without any. Unit: that
    of the items. Errors: ValueError for a negative count. Source: DESIGN section 4; union bound.
    """
    counts = [item.value for item in items.values() if item.value is not None]
    if any(count < 0 for count in counts):
        raise ValueError("a count is negative")
    return (max(counts), _total(counts)) if counts else None


def _total(numbers: Iterable[Decimal]) -> Decimal:
    with localcontext(EXACT):
        return sum(numbers, Decimal(0))


def _nothing(items: Collection[Measured], missing: int) -> Aggregate:
    """Return the outcome where no part has a value: not applicable if that is true of all, else missing."""
    if items and not missing:
        return Aggregate(Measured.not_applicable(), 0, 0, "not applicable")
    return Aggregate(Measured.missing(), 0, missing, "nothing reported")


def _latest(items: Mapping[Any, Measured]) -> Aggregate:
    missing = 0
    for key in sorted(items, reverse=True):
        if items[key].state == "value":
            return Aggregate(items[key], 1, missing)
        if items[key].state == "withheld":
            return Aggregate(Measured.withheld(), 0, missing, "withheld")
        missing += items[key].state == "missing"
    return _nothing(items.values(), missing)


def _aggregate(rule: str, items: list[Measured]) -> Aggregate:
    """Return the outcome of any rule that does not look at the order of its parts."""
    if rule not in RULES:
        raise ValueError(f"not a rule of aggregation: {rule}")
    reported = [item for item in items if item.state == "value" or (rule == "ratio" and item.has_parts)]
    missing = sum(item.state == "missing" for item in items)
    withheld = sum(item.state == "withheld" for item in items)
    if not reported and not withheld:
        return _nothing(items, missing)
    if rule in REFUSALS and len(reported) + missing + withheld > 1:
        return Aggregate(Measured.not_applicable(), len(reported), missing, REFUSALS[rule])
    if withheld:
        return Aggregate(Measured.withheld(), len(reported), missing, "withheld")
    alone = len(reported) == 1 and not missing
    measured, reason = (reported[0], _own_reason(reported[0])) if alone else COMPUTED[rule](reported)
    return Aggregate(measured, len(reported), missing, reason)


def _own_reason(item: Measured) -> Reason:
    return "" if item.state == "value" else "denominator is 0"


def _sum(items: list[Measured]) -> tuple[Measured, Reason]:
    return Measured(_total(item.value for item in items if item.value is not None)), ""


def _weighted_average(items: list[Measured]) -> tuple[Measured, Reason]:
    pairs = [(item.value, item.weight) for item in items if item.value is not None and item.weight is not None]
    if len(pairs) < len(items):
        return Measured.missing(), "no weights"
    weight = _total(weight for _, weight in pairs)
    if weight == 0:
        return Measured.not_applicable(), "weights add up to 0"
    with localcontext(EXACT):
        products = [value * weight for value, weight in pairs]
    return Measured(_total(products) / weight, weight=weight), ""


def _ratio(items: list[Measured]) -> tuple[Measured, Reason]:
    pairs = [(i.numerator, i.denominator) for i in items if i.numerator is not None and i.denominator is not None]
    if len(pairs) < len(items):
        return Measured.missing(), "no numerator and denominator"
    if len({item.scale for item in items}) > 1:
        raise ValueError("ratios of different scales")
    ratio = Measured.ratio(_total(top for top, _ in pairs), _total(bottom for _, bottom in pairs), items[0].scale)
    return ratio, _own_reason(ratio)


REFUSALS: dict[str, Reason] = {"distinct": "distinct counts cannot be added", "none": "not aggregated"}
COMPUTED: dict[str, Callable[[list[Measured]], tuple[Measured, Reason]]] = {
    "sum": _sum,
    "weighted average": _weighted_average,
    "ratio": _ratio,
}


# Over the parts of a total


class AboveTotal(ValueError):
    """The parts of a breakdown come to more than its total."""

    def __init__(self, total: Decimal, parts: Decimal) -> None:
        super().__init__(f"the parts come to {parts}, the total is {total}")
        self.total, self.parts = total, parts


def unknown_of(total: Decimal, parts: Mapping[str, Decimal | None]) -> Decimal:
    """Return what of the total no named part accounts for: total - sum of the parts.

    The total is primary, the parts may be partial: a part of None was not reported and is in the outcome, and so is
    a part that was itself reported as UNKNOWN. Unit: that of the total; counts and amounts from 0. Not for ratios,
    whose parts do not add up. Errors: AboveTotal where the parts exceed the total; ValueError for a negative number.
    Source: DESIGN section 4.
    """
    known = {name: part for name, part in parts.items() if part is not None}
    if total < 0 or any(part < 0 for part in known.values()):
        raise ValueError("a part or total is negative")
    reported = _total(known.values())
    if reported > total:
        raise AboveTotal(total, reported)
    with localcontext(EXACT):
        return total - reported + known.get(UNKNOWN, Decimal(0))


def with_unknown(total: Decimal, parts: Mapping[str, Decimal | None]) -> dict[str, Decimal]:
    """Return the reported parts in their order and, last, UNKNOWN, so that the values add up to the total.

    UNKNOWN is there even where it is 0. Formula, units, edge cases and errors: see `unknown_of`.
    """
    known = {name: part for name, part in parts.items() if part is not None and name != UNKNOWN}
    return {**known, UNKNOWN: unknown_of(total, parts)}


# Along a series


@dataclass(frozen=True, slots=True)
class Point:
    """A figure in a series, with the edition of its source and the version of its rule; None is a gap."""

    period_key: str
    value: Decimal | None
    edition: str = ""
    rule_version: int = 1


def series_pieces(points: Sequence[Point], breaks: Collection[str] = ()) -> list[tuple[Point, ...]]:
    """Return the pieces of a series that may each be drawn as one line, points in time order.

    One piece per edition and rule version: two are never joined, even where they follow each other. `breaks` are the
    period keys before which a series is declared broken; no piece holds points of both sides. Keys must sort in time
    order. A point without value stays in its piece as a gap. Pieces come in the order of their first points, whatever
    the order of `points`. Errors: ValueError for a period that comes twice in one edition and rule version.
    Source: DESIGN section 3 (facts) and 4 (progress: other edition, not comparable).
    """
    marks = sorted(breaks)
    pieces: dict[tuple[str, int, int], list[Point]] = {}
    for point in sorted(points, key=lambda point: (point.period_key, point.edition, point.rule_version)):
        segment = bisect_right(marks, point.period_key)
        piece = pieces.setdefault((point.edition, point.rule_version, segment), [])
        if piece and piece[-1].period_key == point.period_key:
            raise ValueError(f"{point.period_key} comes twice in {point.edition or 'one edition'}")
        piece.append(point)
    return [tuple(piece) for piece in pieces.values()]


def change(first: Point, last: Point, breaks: Collection[str] = ()) -> Decimal | None:
    """Return last - first, in their unit; None where the two are not comparable.

    They are not with different editions or rule versions, across a declared break (see `series_pieces`), and where
    one has no value. Errors: ValueError where `last` is the earlier one. Source: DESIGN section 3 (facts).
    """
    if last.period_key < first.period_key:
        raise ValueError("the last point is earlier than the first")
    if (first.edition, first.rule_version) != (last.edition, last.rule_version):
        return None
    if first.value is None or last.value is None or any(first.period_key < key <= last.period_key for key in breaks):
        return None
    return last.value - first.value


# Quarters and the years they make


def quarter_key(quarter: str) -> tuple[int, int]:
    """Return year and number of a quarter written 2024-Q3. Errors: ValueError for anything else."""
    match = re.fullmatch(r"([0-9]{4})-Q([1-4])", quarter)
    if not match:
        raise ValueError(f"not a quarter: {quarter}")
    return int(match[1]), int(match[2])


def calendar_year(quarter: str) -> str:
    """Return the calendar year of a quarter: 2024-Q3 is in 2024. Errors: see `quarter_key`."""
    return f"{quarter_key(quarter)[0]:04}"


def australian_year(quarter: str) -> str:
    """Return the Australian financial year (July to June) of a quarter: 2024-Q3 is in 2024-25, 2024-Q2 in 2023-24.

    Errors: see `quarter_key`.
    """
    year, number = quarter_key(quarter)
    first = year if number >= 3 else year - 1
    return f"{first:04}-{(first + 1) % 100:02}"


def quarters_of(year: str) -> tuple[str, ...]:
    """Return the four quarters of a calendar year (2024) or an Australian one (2024-25), oldest first.

    Errors: ValueError for anything else, also for 2024-26.
    """
    match = re.fullmatch(r"([0-9]{4})(-[0-9]{2})?", year)
    if not match:
        raise ValueError(f"not a year: {year}")
    first = int(match[1])
    if match[2] is None:
        return tuple(f"{first:04}-Q{number}" for number in (1, 2, 3, 4))
    quarters = tuple(f"{first + later:04}-Q{number}" for later, number in ((0, 3), (0, 4), (1, 1), (1, 2)))
    if australian_year(quarters[0]) != year:
        raise ValueError(f"not a year: {year}")
    return quarters
