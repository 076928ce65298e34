"""How the values of a program moved against the quarter before, in words, and how far they are signed."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capred_portal.figures import Words
from indicators.changes import WORDS, step_text, way_of
from indicators.listed import review_words
from indicators.models import Indicator, Observation, Period
from indicators.program_values import ProgramValue
from indicators.readings import PUBLISHED, Reading
from indicators.shown import measured_text

# Those that moved come first, then those that stayed, then those that cannot be compared.
WAYS: dict[str, Words] = {
    "rose": gettext_lazy("rose"),
    "fell": gettext_lazy("fell"),
    "same": gettext_lazy("no change"),
    "new": gettext_lazy("no value the quarter before"),
    "rule": WORDS["rule"],
    "none": gettext_lazy("no value this quarter"),
}
ORDER = list(WAYS)
COUNTED: dict[str, Words] = {
    "rose": gettext_lazy("%(count)s rose"),
    "fell": gettext_lazy("%(count)s fell"),
    "same": gettext_lazy("%(count)s did not change"),
    "open": gettext_lazy("%(count)s cannot be compared"),
}
NO_YEAR_BEFORE = gettext_lazy("no value the year before")


@dataclass(frozen=True)
class Move:
    """One value of a program in a quarter beside the quarter before."""

    value: ProgramValue
    before: Reading | None
    way: str
    step: Decimal | None = None

    @property
    def before_text(self) -> str:
        return measured_text(self.value.indicator, self.before.measured) if self.before else "–"

    @property
    def is_wanted(self) -> bool | None:
        """Whether it moved as the indicator wants it; None where it did not move, or for a range."""
        found = way_of(self.value.indicator, self.step) if self.step else ""
        return {"better": True, "worse": False}.get(found)

    @property
    def judged(self) -> Words:
        """Better or worse in words; nothing where neither can be said."""
        return "" if self.is_wanted is None else WORDS["better" if self.is_wanted else "worse"]

    @property
    def signed(self) -> str:
        return review_words(self.value.reading) if self.value.reading else ""

    @property
    def step_text(self) -> str:
        return step_text(self.value.indicator, self.step) if self.step else ""

    @property
    def words(self) -> Words:
        return NO_YEAR_BEFORE if self.way == "new" and self.value.is_of_year else WAYS[self.way]

    @property
    def source(self) -> str:
        """Where the value comes from: records that are counted, or the program's own report, and its edition."""
        reading, indicator = self.value.reading, self.value.indicator
        if reading is not None and reading.edition:
            return reading.edition
        is_derived = indicator.kind == Indicator.Kind.DERIVED
        return _("records of this portal") if is_derived else _("report of the program")


def moves_of(values: Iterable[ProgramValue], period: Period) -> list[Move]:
    """Return how each value moved, in the order of the values; the value of a year against the year before."""
    quarter = Period.quarters_until(period.first_day, 2)[0].code
    year = str(period.first_day.year - 1)
    return [move_of(value, year if value.is_of_year else quarter) for value in values]


def move_of(value: ProgramValue, code: str) -> Move:
    """Compare a value with that of the quarter or year of this code, where both are told under one rule."""
    before = next((each for each in value.standing.readings if each.period == code), None)
    if value.reading is None or value.value is None:
        return Move(value, before, "none")
    if before is None or before.value is None:
        return Move(value, before, "new")
    if before.rule_version != value.reading.rule_version:
        return Move(value, before, "rule")
    step = value.value - before.value
    return Move(value, before, "same" if not step else "rose" if step > 0 else "fell", step)


def moved_first(moves: Iterable[Move]) -> list[Move]:
    """Return what moved before what did not; where it moved, what is worse before what is better."""
    return sorted(moves, key=lambda move: (ORDER.index(move.way) > 1, ORDER.index(move.way), move.is_wanted or False))


def finding(moves: Sequence[Move]) -> str:
    """Say in one sentence how many values moved which way."""
    if not moves:
        return _("This program reports no indicator.")
    told = sum(move.way != "none" for move in moves)
    if not told:
        return _("No indicator has a value for this quarter yet.")
    counts = Counter("open" if move.way in ("new", "rule") else move.way for move in moves)
    parts = [words % {"count": counts[way]} for way, words in COUNTED.items() if counts[way]]
    words = _("%(told)s of %(all)s indicators have a value. Against the quarter before: %(parts)s.")
    return words % {"told": told, "all": len(moves), "parts": ", ".join(str(part) for part in parts)}


def signatures(moves: Iterable[Move]) -> str:
    """Say how far the values of the quarter are signed: 7 of 9 accepted; nothing where nobody signs."""
    signed = [move.value.reading for move in moves if move.value.reading is not None]
    ours = [reading for reading in signed if reading.status != PUBLISHED]
    accepted = sum(reading.status == Observation.Status.ACCEPTED for reading in ours)
    if not ours:
        return ""
    return _("%(accepted)s of %(all)s accepted") % {"accepted": accepted, "all": len(ours)}
