"""Examples of the addresses of pairs that may be the same, one pair and one merge of each kind; see tests/routes.py."""

from typing import Any

from capred_portal.duplicates import KINDS, MatchKind
from capred_portal.merging import merge_records
from capred_portal.models import Match, Merge, User

REASONS = [["same_name", 62, "100"], ["same_phone", 32], ["other_sex", -25]]


def for_duplicates(by: User) -> dict[str, list[dict[str, Any]]]:
    """Return arguments for a pair and a merge of each kind."""
    found: dict[str, list[dict[str, Any]]] = {}
    for kind in KINDS.values():
        pair, merge = {"pk": pair_of(kind).pk}, {"pk": merge_of(kind, by).pk}
        found |= {
            f"{kind.namespace}:duplicates": [{}, {"?": {"decision": "same"}}, {"?": {"grade": "sure"}}],
            f"{kind.namespace}:duplicates_find": [{}],
            f"{kind.namespace}:duplicate": [pair],
            f"{kind.namespace}:duplicate_decide": [pair],
            f"{kind.namespace}:duplicate_merge": [pair],
            f"{kind.namespace}:merge_undo": [merge],
        }
    return found


def pair_of(kind: MatchKind) -> Match:
    """Return an open pair of the kind's newest invented records, made once."""
    if match := Match.objects.filter(kind=kind.name, decision=Match.Decision.OPEN).first():
        return match
    second, first = newest(kind, 2)
    return Match.objects.create(
        kind=kind.name, first=first.pk, second=second.pk, grade="ask", score=69, reasons=REASONS, is_demo=True
    )


def merge_of(kind: MatchKind, by: User) -> Merge:
    """Return a merge of two more of them, made once."""
    if merge := Merge.objects.filter(kind=kind.name).first():
        return merge
    take_in, keep = newest(kind, 4)[2:]
    return merge_records(kind=kind, keep=keep, take_in=take_in, choices=[], by=by)


def newest(kind: MatchKind, count: int) -> list[Any]:
    return list(kind.model.objects.active().filter(is_demo=True).order_by("-pk")[:count])
