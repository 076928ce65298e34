"""Template tags of indicators: values with their unit, periods in words, targets with their year."""

from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from indicators.models import Indicator
from indicators.readings import Reading
from indicators.shown import measured_text, period_text, value_text
from indicators.standing import Standing

register = template.Library()
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
def target_of(standing: Standing) -> SafeString | str:
    """Write the end target of a standing with its period, or that none is set."""
    target = standing.path.target
    if target is None:
        return format_html('<span class="missing">{}</span>', _("No target set"))
    value = value_text(standing.indicator, target.value)
    if target.value_high is not None:
        value = f"{value_text(standing.indicator, target.value, with_unit=False)}–"
        value += value_text(standing.indicator, target.value_high)
    return format_html('{} <small class="help">{}</small>', value, str(target.period))
