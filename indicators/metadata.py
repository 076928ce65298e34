"""The rules of an indicator in words: how its values add up over periods and places, and when it is on track."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capred_portal.figures import Words, number
from indicators.models import Indicator

Rule = Indicator.Rule

OVER_PERIODS: dict[str, Words] = {
    Rule.SUM: gettext_lazy("A year is the sum of its quarters."),
    Rule.LATEST: gettext_lazy("A year is the value of its last quarter with a value; quarters are never summed."),
    Rule.WEIGHTED: gettext_lazy("A year is the average of its quarters, each with its weight."),
    Rule.RATIO: gettext_lazy(
        "A year is all numerators together over all denominators together, never a mean of ratios."
    ),
    Rule.DISTINCT: gettext_lazy(
        "People or firms are counted once: a year is counted anew, never summed from quarters."
    ),
    Rule.NONE: gettext_lazy("Quarters are never added up."),
}
OVER_PLACES: dict[str, Words] = {
    Rule.SUM: gettext_lazy("Programs and provinces are summed."),
    Rule.WEIGHTED: gettext_lazy("Programs and provinces are averaged, each with its weight."),
    Rule.RATIO: gettext_lazy("Programs and provinces: all numerators together over all denominators together."),
    Rule.DISTINCT: gettext_lazy("Somebody may be in several programs or provinces: they are never summed."),
    Rule.NONE: gettext_lazy("Programs and provinces are never added up."),
}
SIGNATURES: dict[str, Words] = {
    Indicator.Signatures.NONE: gettext_lazy("None: published elsewhere"),
    Indicator.Signatures.MINISTRY: gettext_lazy("A verifier of the ministry"),
    Indicator.Signatures.BOTH: gettext_lazy("A verifier of the ministry, then an officer of the embassy"),
}


def thresholds(indicator: Indicator) -> str:
    """Say when an indicator is on track, behind, or far behind."""
    shares = {"green": number(indicator.green_from * 100), "amber": number(indicator.amber_from * 100)}
    return (
        _("On track from %(green)s %% of the progress expected by now, behind from %(amber)s %%, far behind below.")
        % shares
    )


def rule_fields(rule: dict[str, str]) -> list[tuple[Words, str]]:
    """Return the fields of one version of a rule with their names and values in words."""
    told: list[tuple[Words, str]] = []
    for name in Indicator.RULE_FIELDS:
        field: Any = Indicator._meta.get_field(name)
        value = str(rule.get(name, ""))
        words = dict(field.flatchoices).get(value, value)
        if value:
            told.append((field.verbose_name, str(words)))
    return told
