"""Template tags of the strategy pages: titles of goals, figures by goal, cells of the coverage map."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from capred_portal.figures import Figure, number
from capred_portal.templatetags.portal import bilingual

register = template.Library()


@register.simple_tag
def goal_title(goal: Any) -> SafeString | str:
    """Show a goal's title, in the other language with a mark, or its place with "to be confirmed"."""
    return bilingual(goal, "title") if goal.is_confirmed else goal.title


@register.filter
def for_goal(values: dict[int, Any], goal: Any) -> Any:
    """Return what is kept under the key of a goal."""
    return values.get(goal.pk)


@register.filter
def of_goal(figures: dict[str, Figure], goal: Any) -> Figure | None:
    """Return the figure of a goal from figures keyed by goal."""
    return figures.get(str(goal.pk))


@register.simple_tag
def coverage_cell(figures: dict[str, dict[str, Figure]], noun: str, goal: Any) -> SafeString:
    """Show one cell of the coverage map: a number that leads to its rows, or a gap."""
    figure = figures[noun][str(goal.pk)]
    value = int(figure.value or 0)
    shade = 0 if value == 0 else 1 if value < 3 else 2 if value < 10 else 3
    if value == 0:
        return format_html('<td class="cell-0">0<span class="visually-hidden"> {}</span></td>', _("a gap"))
    return format_html('<td class="cell-{}"><a href="{}">{}</a></td>', shade, figure.rows_url, number(value))
