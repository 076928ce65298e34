"""Template tags every page uses: two-language text, figures, permissions, numbers."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from capred_portal import access
from capred_portal.figures import Figure, number
from capred_portal.filters import Fields, fields_of
from capred_portal.languages import reading_language, text_of

register = template.Library()
register.filter("number", number)


@register.simple_tag
def bilingual(record: Any, name: str, most: int | None = None) -> SafeString | str:
    """Show a two-language field in the reader's language, or in the other one with a visible mark.

    `most` is how many letters it may have where there is little room.
    """
    text, language, is_fallback = text_of(record, name)
    text = text if most is None else Truncator(text).chars(most)
    if not is_fallback:
        return text
    mark = _("in English") if language == "en" else _("in Khmer")
    return format_html(
        '<span class="fallback"><span lang="{}">{}</span> <small class="fallback-mark">{}</small></span>',
        language,
        text,
        mark,
    )


@register.simple_tag
def bilingual_lines(record: Any, name: str) -> SafeString | str:
    """Show a two-language text of several lines, as paragraphs."""
    text, language, is_fallback = text_of(record, name)
    paragraphs = [format_html("<p>{}</p>", line) for line in text.splitlines() if line.strip()]
    mark = _("in English") if language == "en" else _("in Khmer")
    return format_html(
        '<div lang="{}"{}>{}{}</div>',
        language,
        SafeString(' class="fallback"') if is_fallback else "",
        SafeString("".join(paragraphs)),
        format_html('<small class="fallback-mark" lang="{}">{}</small>', reading_language(), mark)
        if is_fallback
        else "",
    )


@register.filter
def own_language(content: Any) -> SafeString | str:
    """Mark a name or text from the records with its language where that is not the reader's, for screen readers."""
    text = str(content)
    is_khmer = any("\u1780" <= letter <= "\u17ff" for letter in text)
    is_latin = any(letter.isascii() and letter.isalpha() for letter in text)
    if reading_language() == "km" and is_latin and not is_khmer:
        return format_html('<span lang="en">{}</span>', text)
    if reading_language() == "en" and is_khmer:
        return format_html('<span lang="km">{}</span>', text)
    return text


@register.filter
def may(user: Any, action: str) -> bool:
    """Tell whether to show a button; the view checks again."""
    return access.may(user, action)


@register.simple_tag
def filter_fields(filters: Any) -> Fields:
    """Return the fields of a list's filters: those in sight, and the others."""
    return fields_of(filters)


@register.inclusion_tag("_figure.html")
def figure_tile(figure: Figure, label: str = "") -> dict[str, Any]:
    """Show a figure as a tile with its way to "why this number?"."""
    return {"figure": figure, "label": label or figure.label}


@register.inclusion_tag("_figure_value.html")
def figure_value(figure: Figure) -> dict[str, Any]:
    """Show a figure's value in running text or a table: number, –, n/a or withheld."""
    return {"figure": figure}


@register.filter
def item(mapping: Any, key: Any) -> Any:
    """Look a key up in a mapping."""
    return mapping.get(key)
