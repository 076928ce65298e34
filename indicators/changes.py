"""How a value moved from another: the difference in its unit and in percent, and whether that is the wanted way."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capred_portal.figures import Words
from indicators.models import Indicator, Observation, RoundEntry
from indicators.shown import value_text

# Whether the value moved as the indicator wants it, in words; nothing is said of a range.
WORDS: dict[str, Words] = {
    "better": gettext_lazy("better"),
    "worse": gettext_lazy("worse"),
    "same": gettext_lazy("no change"),
    "moved": "",
    "rule": gettext_lazy("not comparable: the rule changed between the two"),
}


@dataclass(frozen=True)
class Change:
    """The step from one value to another: how far, in what share of the first, and whether it is the wanted way."""

    text: str
    percent: str
    way: str

    @property
    def words(self) -> Words:
        return WORDS[self.way]


Told = Observation | RoundEntry  # a version, or what a round reported of it


def value_of(told: Told) -> str:
    """Return what a version says: its value with its unit, or in words why there is none."""
    if told.state != Observation.State.VALUE:
        return str(told.get_state_display())
    return value_text(told.indicator, told.value)


def change_between(before: Told | None, now: Told | None) -> Change | None:
    """Return how a value moved; None where one of the two has no value.

    A percentage moves by points and has no percent of percent; nothing is a percent of 0.
    """
    if before is None or now is None or before.value is None or now.value is None:
        return None
    if before.rule_version != now.rule_version:
        return Change("", "", "rule")
    indicator, step = now.indicator, now.value - before.value
    if step == 0:
        return Change("", "", "same")
    share = "" if indicator.is_percent or before.value == 0 else f"{signed(100 * step / abs(before.value), 1)} %"
    return Change(step_text(indicator, step), share, way_of(indicator, step))


def step_text(indicator: Indicator, step: Decimal) -> str:
    """Return a difference with its sign and unit; of percentages in points."""
    if indicator.is_percent:
        return _("%(step)s points") % {"step": signed(step, indicator.decimals)}
    size = value_text(indicator, abs(step))
    return f"+{size}" if step > 0 else f"−{size}"


def signed(value: Decimal, decimals: int) -> str:
    """Return a number with its sign, as a typographer writes it."""
    return f"{value:+,.{decimals}f}".replace("-", "−")


def way_of(indicator: Indicator, step: Decimal) -> str:
    """Tell whether a step is the wanted way; of a range that depends on where the value stands."""
    if indicator.direction == Indicator.Direction.RANGE:
        return "moved"
    return "better" if (step > 0) == (indicator.direction == Indicator.Direction.UP) else "worse"
