"""The results of an IATI file: one for each indicator, with baseline, targets, signed values and their parts."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from xml.etree.ElementTree import Element, SubElement

from django.utils.translation import gettext as _

from indicators.dimensions import UNKNOWN
from indicators.models import Indicator, Source, Target
from indicators.program_values import SignedSeries, exact_text, number_in
from indicators.readings import Reading
from indicators.standards.narratives import in_both, narrated, texts_of

LEVELS = {Indicator.Level.OUTPUT: "1", Indicator.Level.OUTCOME: "2", Indicator.Level.IMPACT: "3"}
UNIT, PERCENTAGE, QUALITATIVE = "1", "2", "5"
Days = tuple[dt.date, dt.date]


@dataclass(frozen=True)
class Actual:
    """A value or a part of one; without a number, its comment says why."""

    value: Decimal | None
    comment: Callable[[str], str] | None = None
    part: tuple[str, str] | None = None  # a dimension, and a key of it


@dataclass
class Slot:
    """What is known of one period: its targets, and the signed value with its parts: numbers, and words for none."""

    targets: list[Target] = field(default_factory=list)
    numbers: list[Actual] = field(default_factory=list)
    words: list[Actual] = field(default_factory=list)


Slots = Sequence[tuple[Days, Slot]]


def add_result(top: Element, series: SignedSeries) -> None:
    """Add one indicator as a result of its own, and beside its numbers what is none."""
    indicator = series.indicator
    adds_up = "1" if indicator.over_places == Indicator.Rule.SUM else "0"
    level = LEVELS[Indicator.Level(indicator.level)]
    result = SubElement(top, "result", {"type": level, "aggregation-status": adds_up})
    narrated(result, "title", texts_of(indicator, "title"))
    slots = sorted(_slots(series).items(), key=lambda pair: pair[0])
    _add_numbers(result, series, slots, adds_up)
    _add_words(result, indicator, slots)


def _add_numbers(result: Element, series: SignedSeries, slots: Slots, adds_up: str) -> None:
    """Add the indicator as it is measured: baseline, targets, numbers."""
    indicator = series.indicator
    about = {"measure": PERCENTAGE if indicator.is_percent else UNIT, "aggregation-status": adds_up}
    if indicator.direction != Indicator.Direction.RANGE:
        about["ascending"] = "1" if indicator.direction == Indicator.Direction.UP else "0"
    element = SubElement(result, "indicator", about)
    narrated(element, "title", texts_of(indicator, "title"))
    narrated(element, "description", in_both(partial(described, indicator)))
    _add_baseline(element, series.path.baseline)
    for days, slot in slots:
        if slot.targets or slot.numbers:
            _add_period(element, days, slot.targets, slot.numbers)


def _add_words(result: Element, indicator: Indicator, slots: Slots) -> None:
    """Add what is missing, does not apply or is withheld, if anything: IATI has every actual a number but these."""
    told = [(days, slot.words) for days, slot in slots if slot.words]
    if told:
        element = SubElement(result, "indicator", {"measure": QUALITATIVE, "aggregation-status": "0"})
        narrated(element, "title", in_both(partial(words_title, indicator)))
        for days, words in told:
            _add_period(element, days, [], words)


def words_title(indicator: Indicator, language: str) -> str:
    """Return the title of what is no number, where that of the indicator is known in the language."""
    title = getattr(indicator, f"title_{language}")
    return _("%(title)s: why there is no number") % {"title": title} if title else ""


def described(indicator: Indicator, language: str) -> str:
    """Return the definition with the unit, where both are known in the language."""
    definition, unit = (getattr(indicator, f"{name}_{language}") for name in ("definition", "unit"))
    words = [definition, _("Unit: %(unit)s.") % {"unit": unit} if unit else ""]
    return " ".join(filter(None, words)) if definition else ""


def _slots(series: SignedSeries) -> dict[Days, Slot]:
    """Return what is known by the days of its period; of a summed indicator targets count from the baseline."""
    slots: dict[Days, Slot] = {}
    for reading in series.readings:
        slot = slots.setdefault((reading.first_day, reading.last_day), Slot())
        for each in _actuals(series, reading):
            (slot.words if each.value is None else slot.numbers).append(each)
    for target in (*series.path.milestones, series.path.target):
        if target is not None:
            slots.setdefault(target_days(series, target), Slot()).targets.append(target)
    return slots


def target_days(series: SignedSeries, target: Target) -> Days:
    baseline = series.path.baseline
    if series.indicator.over_periods == Indicator.Rule.SUM and baseline is not None:
        return baseline.period.last_day + dt.timedelta(days=1), target.period.last_day
    return target.period.first_day, target.period.last_day


def _add_baseline(element: Element, baseline: Target | None) -> None:
    if baseline is not None:
        day = baseline.period.last_day
        about = {"iso-date": str(day), "year": str(day.year), "value": exact_text(baseline.value)}
        _add_comment(SubElement(element, "baseline", about), partial(target_words, baseline))


def _add_period(parent: Element, days: Days, targets: Iterable[Target], actuals: Iterable[Actual]) -> None:
    period = SubElement(parent, "period")
    for name, day in zip(("period-start", "period-end"), days, strict=True):
        SubElement(period, name, {"iso-date": str(day)})
    for target in targets:
        element = SubElement(period, "target", {"value": exact_text(target.value)})
        _add_comment(element, partial(target_words, target))
    for each in actuals:
        _add_actual(period, each)


def target_words(target: Target, language: str) -> str:
    """Return where a baseline or target is from, and both ends where it is a range."""
    words = [source_words(target.source, language) if target.source else _("Approved by the ministry.")]
    if target.value_high is not None:
        ends = {"low": exact_text(target.value), "high": exact_text(target.value_high)}
        words.append(_("Best within %(low)s to %(high)s.") % ends)
    return " ".join(filter(None, words))


def source_words(source: Source, language: str) -> str:
    """Return the publication and its edition, where its title is known in the language."""
    title = getattr(source, f"title_{language}")
    edition = (source.edition_km if language == "km" else "") or source.edition
    return _("Source: %(source)s.") % {"source": f"{title}, {edition}"} if title else ""


def _actuals(series: SignedSeries, reading: Reading) -> Iterator[Actual]:
    """Yield the value, then its parts."""
    yield Actual(reading.value, partial(reading_words, series, reading))
    for dimension, cells in series.cells(reading).items():
        for key, cell in cells.items():
            if cell.state == "missing" or (key == UNKNOWN and not cell.value and cell.state == "value"):
                continue
            why = None if cell.state == "value" else partial(state_words, cell.state)
            yield Actual(number_in(cell), why, (dimension, key))


def _add_actual(period: Element, actual: Actual) -> None:
    element = SubElement(period, "actual", {} if actual.value is None else {"value": exact_text(actual.value)})
    if actual.part:
        name, value = actual.part
        SubElement(element, "dimension", {"name": name, "value": value})
    if actual.comment:
        _add_comment(element, actual.comment)


def _add_comment(element: Element, words: Callable[[str], str]) -> None:
    narrated(element, "comment", in_both(words))


def state_words(state: str, _language: str) -> str:
    """Return why there is no value."""
    return {
        "missing": _("Not available."),
        "not applicable": _("Does not apply."),
        "withheld": _("Withheld: so few that a person or firm could be recognized."),
    }[state]


def reading_words(series: SignedSeries, reading: Reading, language: str) -> str:
    """Return the signatures of a value and its source, after the word for why there is none."""
    accepted, all_parts = reading.signed
    signed = _("Signed by the ministry.")
    if accepted == all_parts and all_parts:
        signed = _("Signed by the ministry and accepted by the embassy.")
    elif accepted:
        counts = {"accepted": accepted, "count": all_parts}
        signed = _("Signed by the ministry; %(accepted)s of %(count)s values accepted by the embassy.") % counts
    state = "" if reading.value is not None else state_words(reading.measured.state, language)
    source = getattr(series.indicator, f"source_{language}")
    return " ".join(filter(None, (state, signed, _("Source: %(source)s.") % {"source": source} if source else "")))
