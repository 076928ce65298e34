"""The short word on a record's page about what last happened to it, with the way to all of it."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from capred_portal import access
from capred_portal.history import READ, last_change
from capred_portal.history_words import Piece
from capred_portal.templatetags.portal import own_language

register = template.Library()


@register.inclusion_tag("_history.html", takes_context=True)
def history_note(context: dict[str, Any], record: Any) -> dict[str, Any]:
    """Show the last change to those who may see the history of such a record; nothing to others."""
    kind, user = record._meta.model_name, context["user"]
    if not all(access.may(user, action) for action in ("history.read", READ.get(kind, "history.read"))):
        return {"shown": False}
    return {"shown": True, "kind": kind, "pk": record.pk, "event": last_change(record)}


@register.filter
def marked(pieces: Iterable[Piece]) -> SafeString:
    """Show a long text with what was added and removed, also to who hears the page."""
    return format_html_join("", "{}", ((_piece(piece),) for piece in pieces))


def _piece(piece: Piece) -> SafeString | str:
    tag, word = {"added": ("ins", _("added")), "removed": ("del", _("removed"))}.get(piece.kind, ("", ""))
    text = own_language(piece.text)
    if not tag:
        return text
    return format_html('<{0}><span class="visually-hidden">{1} </span>{2}</{0}>', tag, word, text)
