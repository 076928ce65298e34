"""What a person says of one value: a number or a percentage, never mixed; whole or wrong; usual or to be explained."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from capred_portal import columns
from capred_portal.columns import CellError
from capred_portal.figures import Words
from indicators.analytics.aggregation import Measured
from indicators.dimensions import DIMENSIONS
from indicators.models import Indicator, Observation

State = Observation.State
PLACES = Decimal("0.000001")  # what the database keeps of a value
FACTOR = 3  # how far from all that was reported before a value is called unusual
MOST_COMPARED = 8  # reported values

MESSAGES: dict[str, Any] = {
    **columns.MESSAGES,
    "above_total": _("%(dimension)s: the parts come to %(parts)s, more than the total (%(total)s)."),
    "maybe_share": _("Did you mean %(percent)s%%? Write %(percent)s%%, or %(value)s%% if it is that little."),
    "needs_ratio": _("Write the number counted and out of how many: the value is computed."),
    "negative": _("A number of parts, a weight or a whole cannot be below 0."),
    "needs_weight": _("Write the weight of this value."),
    "not_percent": _("“%(value)s” is a percentage, but this is reported in %(unit)s. Write the number alone."),
    "ratio_differs": _("%(numerator)s of %(denominator)s is %(computed)s, not %(value)s."),
    "state_and_value": _("Write a number, or say that there is none: not both."),
    "unusual": _("Unusual: was %(range)s before. Say why in the note."),
    "value_missing": _("Write the value, or say that it is not available."),
}

_SIGN = re.compile(r"\s*(?:%|per ?cent|ភាគរយ)\s*$", re.IGNORECASE)

Problem = tuple[str, str, dict[str, Any]]  # the column or part, the code of the message, what it mentions


# Numbers


def has_sign(cell: str) -> bool:
    """Tell whether a cell says itself that it is a percentage."""
    return bool(_SIGN.search(cell))


def read_number(cell: str, *, is_percent: bool, unit: Words) -> Any:
    """Read a number in either kind of digits; a percent sign only where percent is the unit."""
    bare = _SIGN.sub("", cell)
    if has_sign(cell) and not is_percent:
        raise CellError("not_percent", cell.strip(), unit=unit)
    if has_sign(cell) and not bare.strip():
        raise CellError("number", cell.strip())
    return columns.decimal(bare, max_digits=24, decimal_places=6)


def plain(value: Decimal | None) -> str:
    """Return a number as a cell shows it, 1,234.5; nothing for none."""
    if value is None:
        return ""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def kept(value: Decimal) -> str:
    """Return a number as the parts of a value keep it."""
    return plain(value).replace(",", "")


# What was reported before


def range_of(history: Sequence[Decimal]) -> str:
    """Return what was reported before in words: 12 – 19, or the one number there is."""
    least, most = min(history), max(history)
    return plain(least) if least == most else f"{plain(least)} – {plain(most)}"


def is_unusual(value: Decimal | None, history: Sequence[Decimal]) -> bool:
    """Tell whether a value is more than 3 times the largest or below a third of the smallest reported before."""
    if value is None or not history:
        return False
    least, most = min(history), max(history)
    above = most * FACTOR if most >= 0 else most / FACTOR
    below = least / FACTOR if least >= 0 else least * FACTOR
    return value > above or value < below


def maybe_share(value: Decimal | None, cell: str, history: Sequence[Decimal], *, is_percent: bool) -> bool:
    """Tell whether 0.45 was typed where 45 may be meant: percent, no sign, and far below what was reported before."""
    if not is_percent or value is None or not 0 < value < 1 or has_sign(cell):
        return False
    return not history or value * FACTOR < min(history)


def share_params(value: Decimal) -> dict[str, Any]:
    """Return what the question about a share mentions."""
    return {"value": plain(value), "percent": plain(value * 100)}


# One value as a whole


@dataclass
class Told:
    """What was written of one value: its numbers, and those of its parts by dimension:key."""

    state: str = ""
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    weight: Decimal | None = None
    parts: Mapping[str, Decimal | None] = field(default_factory=dict)

    @property
    def says_nothing(self) -> bool:
        numbers = (self.value, self.numerator, self.denominator, self.weight, *self.parts.values())
        return self.state in ("", State.VALUE) and all(each is None for each in numbers)


def is_ratio(indicator: Indicator) -> bool:
    """Tell whether the value is computed from a numerator and a denominator."""
    return Indicator.Rule.RATIO in (indicator.over_periods, indicator.over_places)


def is_weighted(indicator: Indicator) -> bool:
    return Indicator.Rule.WEIGHTED in (indicator.over_periods, indicator.over_places)


def has_additive_parts(indicator: Indicator) -> bool:
    """Tell whether the parts of a breakdown come to the total; those of a percentage or an average do not."""
    return not (is_ratio(indicator) or is_weighted(indicator) or indicator.is_percent)


def part_names(indicator: Indicator) -> Iterator[str]:
    """Yield the parts an indicator is broken down into, as sex:f."""
    for dimension in indicator.breakdowns:
        if dimension in DIMENSIONS:
            yield from (f"{dimension}:{key}" for key in DIMENSIONS[dimension].parts)


def settle(indicator: Indicator, told: Told) -> tuple[dict[str, Any], list[Problem]]:
    """Return the fields of the observation that is meant, and what is wrong with it."""
    values: dict[str, Any] = {"state": told.state or State.VALUE, "value": None, "parts": {}}
    values |= {"numerator": None, "denominator": None, "weight": None}
    if values["state"] != State.VALUE:
        silent = Told(value=told.value, numerator=told.numerator, denominator=told.denominator, parts=told.parts)
        return values, [] if silent.says_nothing else [("state", "state_and_value", {})]
    problems = list(_settle_ratio(indicator, told, values) if is_ratio(indicator) else _settle_value(told, values))
    if is_weighted(indicator):
        values["weight"] = told.weight
        problems += [("weight", "needs_weight", {})] if told.weight is None else []
        problems += [("weight", "negative", {})] if told.weight is not None and told.weight < 0 else []
    values["parts"] = nested(told.parts)
    if has_additive_parts(indicator) and values["value"] is not None:
        problems += parts_problems(values["value"], told.parts)
    return values, problems


def _settle_value(told: Told, values: dict[str, Any]) -> Iterator[Problem]:
    values["value"] = told.value
    if told.value is None:
        yield "value", "value_missing", {}


def _settle_ratio(indicator: Indicator, told: Told, values: dict[str, Any]) -> Iterator[Problem]:
    """Compute the value of a ratio; a whole of 0 is not applicable, and 0 of 0 is no 0."""
    top, bottom = told.numerator, told.denominator
    if top is None or bottom is None:
        yield "numerator" if top is None else "denominator", "needs_ratio", {}
        return
    if bottom < 0:
        yield "denominator", "negative", {}
        return
    ratio = Measured.ratio(top, bottom, 100 if indicator.is_percent else 1)
    values |= {"numerator": top, "denominator": bottom}
    values["value"] = None if ratio.value is None else ratio.value.quantize(PLACES)
    values["state"] = State.NOT_APPLICABLE if ratio.value is None else State.VALUE
    if told.value is not None and (values["value"] is None or abs(told.value - values["value"]) >= Decimal("0.5")):
        shown = {"numerator": plain(top), "denominator": plain(bottom), "value": plain(told.value)}
        yield "value", "ratio_differs", shown | {"computed": plain(values["value"]) or "–"}


def parts_problems(total: Decimal, parts: Mapping[str, Decimal | None]) -> Iterator[Problem]:
    """Yield what is wrong with the parts of a total: below 0, or together above it. Less is fine: some are unknown."""
    sums: dict[str, Decimal] = {}
    for name, part in parts.items():
        if part is not None:
            dimension = name.partition(":")[0]
            sums[dimension] = sums.get(dimension, Decimal(0)) + part
            if part < 0:
                yield name, "negative", {}
    for dimension, together in sums.items():
        if together > total:
            title = DIMENSIONS[dimension].title
            params = {"dimension": title, "parts": plain(together), "total": plain(total)}
            yield dimension, "above_total", params


def nested(parts: Mapping[str, Decimal | None]) -> dict[str, dict[str, str]]:
    """Return parts as an observation keeps them: by dimension, numbers as text."""
    found: dict[str, dict[str, str]] = {}
    for name, part in parts.items():
        if part is not None:
            dimension, _colon, key = name.partition(":")
            found.setdefault(dimension, {})[key] = kept(part)
    return found


def flat(parts: Mapping[str, Mapping[str, str]]) -> dict[str, Decimal]:
    """Return the parts an observation keeps by dimension:key."""
    return {f"{dimension}:{key}": Decimal(part) for dimension, row in parts.items() for key, part in row.items()}
