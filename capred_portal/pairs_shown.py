"""Two records side by side in words: what they say, why they may be the same, and what can be chosen in a merge."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from capred_portal.duplicates import REASONS, MatchKind
from capred_portal.fields import NormalCharField
from capred_portal.merging import attname, differing
from capred_portal.models import Match, Merge


@dataclass(frozen=True)
class Side:
    """One field of two records, in words."""

    name: str
    label: str
    first: str
    second: str
    differs: bool


@dataclass(frozen=True)
class Evidence:
    """One reason for or against a pair, in words, with its points."""

    text: str
    points: int


@dataclass(frozen=True)
class ShownPair:
    """A pair as a page shows it; a record that is gone is None."""

    match: Match
    first: Any
    second: Any
    sides: list[Side]
    reasons: list[Evidence]
    merge: Merge | None

    @property
    def can_be_decided(self) -> bool:
        """Whether both records are still there and nobody has merged them."""
        both = self.first is not None and self.second is not None
        return both and not (self.first.is_archived or self.second.is_archived) and self.match.decision != "same"


@dataclass(frozen=True)
class Choice:
    """One field in which two records differ, with the value proposed for the merged record."""

    name: str
    label: str
    kept: str
    taken_in: str
    takes_in: bool  # proposed: the value of the record taken in


def shown_pairs(kind: MatchKind, matches: Iterable[Match]) -> list[ShownPair]:
    """Return pairs with their records, from a constant number of queries."""
    matches = list(matches)
    records = kind.records({number for match in matches for number in (match.first, match.second)})
    merged = [match for match in matches if match.decision == Match.Decision.SAME]
    numbers = {number for match in merged for number in (match.first, match.second)}
    merges = Merge.objects.filter(kind=kind.name, merged__in=numbers, undone_at=None).order_by("pk") if merged else []
    by_pair = {frozenset((merge.kept, merge.merged)): merge for merge in merges}
    return [
        ShownPair(
            match=match,
            first=records.get(match.first),
            second=records.get(match.second),
            sides=sides(kind, records.get(match.first), records.get(match.second)),
            reasons=[evidence(*reason) for reason in match.reasons],
            merge=by_pair.get(frozenset((match.first, match.second))),
        )
        for match in matches
    ]


def sides(kind: MatchKind, first: Any, second: Any) -> list[Side]:
    """Return the fields of two records that either has, in words."""
    if first is None or second is None:
        return []
    differs = differing(kind, first, second)
    found = [
        Side(name, label(kind, name), shown(first, name), shown(second, name), name in differs) for name in kind.fields
    ]
    return [side for side in found if side.first or side.second]


def label(kind: MatchKind, name: str) -> str:
    return capfirst(str(kind.model._meta.get_field(name).verbose_name))


def shown(record: Any, name: str) -> str:
    """Return a field's value in words; empty where nothing is known."""
    field = record._meta.get_field(name)
    value = getattr(record, name)
    if value is None or value == "":
        return ""
    if isinstance(field, models.BooleanField):
        return _("yes") if value else _("no")
    if isinstance(field, models.DateField):
        return date_format(value, "SHORT_DATE_FORMAT")
    return str(getattr(record, f"get_{name}_display")() if field.choices else value)


def evidence(code: str, points: int, *values: str) -> Evidence:
    """Return a kept reason in words."""
    if code == "same_name":
        return Evidence(_("Names alike: %(percent)s %%") % {"percent": values[0] if values else 100}, points)
    if code == "other_name":
        return Evidence(_("Another name"), points)
    return Evidence(str(REASONS[code]), points)


def choices(kind: MatchKind, keep: Any, take_in: Any) -> list[Choice]:
    """Return the fields to choose from; what follows another field that differs is chosen with it."""
    names = differing(kind, keep, take_in)
    found = []
    for name in names:
        if kind.follows.get(name) in names:
            continue
        parts = [name, *(part for part, whole in kind.follows.items() if whole == name)]
        kept, theirs = (" · ".join(filter(None, [shown(one, part) for part in parts])) for one in (keep, take_in))
        found.append(Choice(name, label(kind, name), kept, theirs, is_fuller(kind, name, keep, take_in)))
    return found


def is_fuller(kind: MatchKind, name: str, keep: Any, take_in: Any) -> bool:
    """Whether the one taken in says more: something instead of nothing, or a longer text."""
    mine, theirs = (getattr(record, attname(kind, name)) for record in (keep, take_in))
    if mine is None or mine == "" or theirs is None or theirs == "":
        return theirs is not None and theirs != ""
    is_text = isinstance(kind.model._meta.get_field(name), NormalCharField)
    return is_text and len(theirs) > len(mine)
