"""Whether outcomes moved what they should: the change of an indicator against the change that was expected."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from indicators.analytics.aggregation import Point, change
from indicators.models import ExpectedEffect, Indicator
from indicators.readings import Reading, readings_of
from indicators.series import breaks_of, published_readings
from indicators.shown import value_text
from programs.models import Outcome


@dataclass(frozen=True)
class Effect:
    """An expected effect with the readings it is measured between, and what came of it."""

    expected: ExpectedEffect
    start: Reading | None
    end: Reading | None
    moved: Decimal | None  # in the expected direction; below 0 the other way
    is_comparable: bool = True

    @property
    def code(self) -> str:
        """What came of it, in one word for the look of its tag."""
        if not self.is_comparable:
            return "not comparable"
        if self.moved is None:
            return "not yet"
        if self.moved < 0:
            return "other way"
        if self.moved == 0:
            return "not moved"
        return "reached" if self.moved >= self.expected.amount else "partly"

    @property
    def mark(self) -> str:
        return {"reached": "good", "partly": "warn", "other way": "bad", "not moved": "warn"}.get(self.code, "grey")

    @property
    def words(self) -> str:
        """Say what came of it: moved by 5 of the 6 expected, not yet, moved the other way."""
        if self.code in ("reached", "partly"):
            numbers = {"moved": self.number_of(self.moved), "expected": self.amount}
            return _("Moved by %(moved)s of the %(expected)s expected") % numbers
        if self.code == "other way" and self.moved is not None:
            return _("Moved the other way, by %(moved)s") % {"moved": self.text_of(-self.moved)}
        words = {"not comparable": _("Not comparable"), "not moved": _("Did not move"), "not yet": _("Not yet")}
        return words[self.code]

    @property
    def why(self) -> str:
        """Say why nothing can be said, where that is so."""
        if self.code == "not comparable":
            return _("The two values are of different editions or rules, or lie on both sides of a break.")
        if self.start is None:
            return _("There is no value for %(period)s.") % {"period": self.expected.since}
        return _("There is no later value yet.") if self.end is None else ""

    @property
    def amount(self) -> str:
        return self.text_of(self.expected.amount)

    @property
    def is_final(self) -> bool:
        """Whether the value compared is the one of the period the effect is due in."""
        return self.end is not None and self.end.last_day >= self.expected.by.last_day

    def number_of(self, value: Decimal | None) -> str:
        return value_text(self.expected.indicator, value, with_unit=False)

    def text_of(self, value: Decimal | None) -> str:
        return value_text(self.expected.indicator, value)


def effects_on(indicator: Indicator) -> list[Effect]:
    """Return what should move an indicator, from two queries."""
    return measured(_expected().filter(indicator=indicator, outcome__in=Outcome.objects.active().order_by()))


def effects_of(outcome: Outcome) -> list[Effect]:
    """Return what an outcome should move, from two queries."""
    return measured(_expected().filter(outcome=outcome, indicator__archived_at=None))


def _expected() -> QuerySet[ExpectedEffect]:
    rows = ExpectedEffect.objects.active().order_by("by__last_day", "pk")
    return rows.select_related("indicator", "outcome__workshop", "since", "by")


def measured(expected: Iterable[ExpectedEffect]) -> list[Effect]:
    """Return expected effects with what came of them, in their order."""
    expected = list(expected)
    indicators = {each.indicator for each in expected}
    readings = published_readings(each for each in indicators if each.series) | readings_of(indicators)
    return [effect(each, readings.get(each.indicator_id, [])) for each in expected]


def effect(expected: ExpectedEffect, readings: Sequence[Reading]) -> Effect:
    """Compare the value of the first period with the newest until the effect is due, of one edition and rule alone."""
    since, due = expected.since, expected.by.last_day
    known = [reading for reading in readings if reading.value is not None]
    starts = [reading for reading in known if reading.period == since.code]
    later = [reading for reading in known if since.last_day < reading.first_day and reading.last_day <= due]
    if not starts or not later:
        return Effect(expected, next(iter(starts), None), None, None)
    newest = [reading for reading in later if reading.last_day == later[-1].last_day]
    for start, end in product(starts, newest):
        moved = change(_point(start), _point(end), breaks_of(expected.indicator))
        if moved is not None:
            lowers = expected.direction == ExpectedEffect.Direction.LOWER
            return Effect(expected, start, end, -moved if lowers else moved)
    return Effect(expected, starts[0], newest[0], None, is_comparable=False)


def _point(reading: Reading) -> Point:
    return Point(reading.period, reading.value, reading.edition, reading.rule_version)
