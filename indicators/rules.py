"""The rule of an indicator: changed only as a new version, after a look at what the change does."""

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from capred_portal import access
from capred_portal.models import User
from capred_portal.records import Clash, StaleRecord, writing
from indicators.models import Indicator, IndicatorRule
from indicators.readings import Reading, by_year, readings_of
from indicators.shown import measured_text, period_text
from indicators.standing import Line, lines_of
from programs.models import Program

BREAKING = ("unit_en", "derivation", "series")  # a change of these makes another measure: no line joins the two


class RuleRefused(Clash):
    """This change of a rule cannot be made; the message says why."""


# What a change would do


@dataclass(frozen=True)
class Step:
    """One yearly value or one judgement before and after the change."""

    about: Any
    before: str
    after: str

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class RuleEffect:
    """What a change of the rule does to the yearly values and to the judgements."""

    years: list[Step]
    judgements: list[Step]
    breaks_lines: bool


def effect_of(indicator: Indicator, values: Mapping[str, str]) -> RuleEffect:
    """Compare the indicator as it is with the indicator under the changed rule; nothing is saved."""
    changed = under(indicator, values)
    before, after = years_of(indicator), years_of(changed)
    years = [Step(period_text(year), before.get(year, "–"), after.get(year, "–")) for year in sorted({*before, *after})]
    return RuleEffect(years, judgements(indicator, changed), breaks_lines(indicator.rule_values, changed.rule_values))


def under(indicator: Indicator, values: Mapping[str, str]) -> Indicator:
    """Return a copy of the indicator with a changed rule, not saved."""
    changed = copy.copy(indicator)
    for name, value in values.items():
        setattr(changed, name, value)
    return changed


def years_of(indicator: Indicator) -> dict[str, str]:
    """Return the calendar years of an indicator in words."""
    readings: list[Reading] = readings_of([indicator]).get(indicator.pk, [])
    return {year.period: measured_text(indicator, year.measured) for year in by_year(indicator, readings)}


def judgements(indicator: Indicator, changed: Indicator) -> list[Step]:
    before = {line.program: line for line in lines_of([indicator])[indicator.pk]}
    after = {line.program: line for line in lines_of([changed])[changed.pk]}
    return [
        Step(program or _("The country"), words_of(before, program), words_of(after, program)) for program in before
    ]


def words_of(lines: Mapping[Program | None, Line], program: Program | None) -> str:
    if program not in lines:
        return "–"
    standing = lines[program].standing
    return ": ".join(str(words) for words in (standing.status_words, standing.reason) if words)


def breaks_lines(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    return any(before.get(name, "") != after.get(name, "") for name in BREAKING)


def line_versions(rules: Iterable[IndicatorRule]) -> dict[int, int]:
    """Return for each version of a rule the first version whose values may be joined with its own."""
    found: dict[int, int] = {}
    previous: IndicatorRule | None = None
    for rule in sorted(rules, key=lambda rule: rule.number):
        is_new = previous is None or breaks_lines(previous.rule, rule.rule)
        found[rule.number] = rule.number if is_new or previous is None else found[previous.number]
        previous = rule
    return found


# The change


def change_rule(*, indicator: Indicator, values: Mapping[str, str], why: str, by: User, expected: int) -> None:
    """Write the next version of an indicator's rule; values keep the version they were made under.

    `expected` is the version of the indicator that was read. The first change also keeps the rule as it was, as
    version 1.
    """
    access.check(by, "indicator.rule")
    if not why.strip():
        raise RuleRefused(_("Say why the rule changes."))
    with writing("indicators"):
        stored = Indicator.objects.select_for_update(no_key=True).get(pk=indicator.pk)
        if stored.version != expected:
            raise StaleRecord(stored)
        before = stored.rule_values
        for name, value in values.items():
            setattr(stored, name, value)
        if stored.rule_values == before:
            raise RuleRefused(_("This is the rule as it is: nothing would change."))
        keep_first(stored, before)
        stored.rule_version += 1
        stored.rules.create(number=stored.rule_version, rule=stored.rule_values, why=why.strip(), made_by=by)
        stored.save_version(by=by, expected=expected)


def keep_first(indicator: Indicator, rule: Mapping[str, str]) -> None:
    """Write the rule as it was from the beginning, where no version is kept yet."""
    if not indicator.rules.exists():
        first = indicator.rules.create(number=indicator.rule_version, rule=rule)
        indicator.rules.filter(pk=first.pk).update(made_at=indicator.created_at)
