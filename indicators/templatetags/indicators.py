"""Template tags of indicators: values with their unit, periods in words, targets with their year."""

from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from indicators.dimensions import part_title
from indicators.models import Indicator, Target
from indicators.readings import Reading
from indicators.shown import measured_text, period_text, value_text
from indicators.standing import Standing

register = template.Library()
register.filter("part_name", part_title)
register.filter("period_name", period_text)


@register.simple_tag
def indicator_value(indicator: Indicator, value: Decimal | None) -> str:
    """Write a value with the decimals and the unit of its indicator."""
    return value_text(indicator, value)


@register.simple_tag
def reading_value(reading: Reading, indicator: Indicator) -> str:
    """Write what a reading says: a value, or why there is none."""
    return measured_text(indicator, reading.measured)


@register.simple_tag
def reading_number(reading: Reading, indicator: Indicator) -> str:
    """Write what a reading says without its unit, which stands beside it in small letters."""
    return measured_text(indicator, reading.measured, with_unit=False)


@register.simple_tag
def target_of(standing: Standing) -> SafeString | str:
    """Write the end target of a standing with its period, or that none is set."""
    target = standing.path.target
    if target is None:
        return format_html('<span class="missing">{}</span>', _("No target set"))
    value = target_words(standing.indicator, target)
    return format_html('{} <small class="help">{}</small>', value, str(target.period))


@register.simple_tag
def target_value(target: Target) -> str:
    """Write the value of a target with the unit of its indicator, or both ends of its range."""
    return target_words(target.indicator, target)


def target_words(indicator: Indicator, target: Target) -> str:
    if target.value_high is None:
        return value_text(indicator, target.value)
    return f"{value_text(indicator, target.value, with_unit=False)}–{value_text(indicator, target.value_high)}"
