"""The note on a page of a record: its possible duplicates, what was taken into it, or what it was taken into."""

from typing import Any

from django import template

from capred_portal import access
from capred_portal.duplicates import KINDS, open_matches_of
from capred_portal.models import Merge

register = template.Library()


@register.inclusion_tag("_possible_duplicates.html", takes_context=True)
def duplicates_note(context: dict[str, Any], kind: str, record: Any) -> dict[str, Any]:
    """Show what is known about the record being counted once, to those who may see the pairs."""
    found, user = KINDS[kind], context["user"]
    if not access.may(user, found.read):
        return {"shown": False}
    merges = Merge.objects.filter(kind=kind, undone_at=None)
    into = merges.filter(merged=record.pk).order_by("-pk").first() if record.is_archived else None
    taken_in = list(merges.filter(kept=record.pk))
    records = found.records([merge.merged for merge in taken_in] + ([into.kept] if into else []))
    matches = [] if record.is_archived else list(open_matches_of(found, record.pk)[:100])
    return {
        "shown": bool(into or taken_in or matches),
        "namespace": found.namespace,
        "matches": matches,
        "into": records.get(into.kept) if into else None,
        "taken_in": [(merge, records.get(merge.merged)) for merge in taken_in],
        "may_decide": access.may(user, "match.decide"),
    }
