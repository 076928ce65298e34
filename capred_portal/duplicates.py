"""Records that may be the same: kinds register what is compared, pairs are found and kept, people decide about them."""

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from capred_portal.background import queue_task
from capred_portal.bulk import bulk_change, bulk_load
from capred_portal.matching.blocks import find_pairs
from capred_portal.matching.pairs import Known
from capred_portal.models import DuplicateSearch, Match
from capred_portal.records import writing
from capred_portal.worker import on_given_up

logger = logging.getLogger(__name__)

AT_ONCE = 500  # rows named in one statement

# What each piece of evidence says, by its code in capred_portal.matching.pairs.WEIGHTS.
REASONS = {
    "same_name": _("The same name, in sound or spelling (fewer points the less alike)"),
    "same_registration": _("The same registration number"),
    "same_phone": _("The same phone number"),
    "same_email": _("The same email address"),
    "same_organisation": _("The same organization"),
    "same_place": _("The same province"),
    "same_sector": _("The same sector"),
    "other_email": _("Another email address"),
    "other_words": _("A word for the trade that the other name lacks"),
    "other_phone": _("Another phone number"),
    "other_sector": _("Another sector"),
    "other_organisation": _("Another organization"),
    "other_place": _("Another province"),
    "other_sex": _("Another sex"),
    "other_registration": _("Another registration number"),
    "other_trade": _("Another trade in the name"),
    "other_number": _("Another number in the name, as of a branch"),
    "other_name": _("Another name: never more than new, except with the same registration number"),
}


class Merged(Exception):
    """The pair was merged: it has to be taken apart before anybody can decide otherwise."""


def nothing_to_settle(numbers: Iterable[int]) -> None:
    """Settle nothing: the kind's records keep no sums."""


@dataclass(frozen=True)
class MatchKind:
    """One kind of record that is counted once."""

    name: str  # "person", as in Match.kind
    model: Any
    title: Any
    namespace: str  # of its addresses, which come from capred_portal.urls.duplicates
    read: str  # the action of whoever may see the pairs
    known: Callable[[Any], Iterator[Known]]  # from a queryset, as a stream of few columns
    fields: tuple[str, ...]  # shown side by side, and chosen one by one in a merge
    follows: Mapping[str, str] = field(default_factory=dict)  # field -> the field it is a part of: district, province
    related: tuple[str, ...] = ()  # what is read together with the records
    better: Mapping[str, Q] = field(default_factory=dict)  # model label -> which of two rows that clash is kept
    settle: Callable[[Iterable[int]], None] = nothing_to_settle  # what follows from rows having moved

    @property
    def plural(self) -> str:
        """What the records are called on pages."""
        return str(capfirst(self.model._meta.verbose_name_plural))

    def records(self, numbers: Iterable[int]) -> dict[int, Any]:
        """Return records by number, archived ones too."""
        found: dict[int, Any] = self.model._base_manager.select_related(*self.related).in_bulk(list(numbers))
        return found


KINDS: dict[str, MatchKind] = {}


def register(kind: MatchKind) -> None:
    """Make a kind known; called when its app starts."""
    KINDS[kind.name] = kind


# Finding


@dataclass
class Counter:
    """Counts what runs through it."""

    number: int = 0

    def __call__(self, rows: Iterable[Known]) -> Iterator[Known]:
        for row in rows:
            self.number += 1
            yield row


Pair = tuple[int, int]
Finding = tuple[str, int, str, bool]  # grade, score, reasons as JSON, is_demo


def find(kind: MatchKind) -> DuplicateSearch:
    """Find the pairs among all active records and keep them; a later search makes this one stop.

    Invented records are compared with invented ones only.
    """
    run = begin(kind)
    counted = Counter()
    found: dict[Pair, Finding] = {}
    active = kind.model._default_manager.active().order_by()
    for is_demo in (False, True):
        for match in find_pairs(counted(kind.known(active.filter(is_demo=is_demo)))):
            reasons = [[reason.code, reason.points, *reason.values] for reason in match.reasons]
            found[match.first, match.second] = (match.grade, match.score, json.dumps(reasons), is_demo)
    return keep(kind, run, found, counted.number)


def begin(kind: MatchKind) -> int:
    """Note that a search starts, and return its number."""
    with transaction.atomic():
        DuplicateSearch.objects.get_or_create(kind=kind.name)
        searches = DuplicateSearch.objects.filter(kind=kind.name)
        searches.update(run=F("run") + 1, started_at=timezone.now())
        return searches.values_list("run", flat=True).get()


def keep(kind: MatchKind, run: int, found: dict[Pair, Finding], records: int) -> DuplicateSearch:
    """Store the pairs: new ones are added, decisions stay, what is open and was not found again goes."""
    with writing("capred_portal"):
        search = DuplicateSearch.objects.select_for_update().get(kind=kind.name)
        if search.run != run:
            return search
        search.pairs = len(found)
        changed, vanished = compare_with_kept(kind, found)
        columns = ("first", "second", "grade", "score", "reasons", "is_demo")
        new = ((*pair, *finding) for pair, finding in found.items())
        bulk_load(Match, columns, new, constants={"kind": kind.name, "decision": Match.Decision.OPEN.value})
        bulk_change(Match, ("grade", "score", "reasons"), changed)
        for start in range(0, len(vanished), AT_ONCE):
            gone = vanished[start : start + AT_ONCE]
            Match.objects.filter(pk__in=gone, decision=Match.Decision.OPEN).delete()
        Match.objects.filter(kind=kind.name, decision=Match.Decision.OPEN).exclude(both_active(kind)).delete()
        search.records, search.finished_at = records, timezone.now()
        search.save()
    return search


def compare_with_kept(kind: MatchKind, found: dict[Pair, Finding]) -> tuple[list[tuple[Any, ...]], list[int]]:
    """Take the pairs that are already kept out of what was found; return which changed, and which are gone."""
    changed: list[tuple[Any, ...]] = []
    vanished: list[int] = []
    columns = ("pk", "first", "second", "grade", "score", "reasons", "decision")
    for pk, first, second, *before, decision in Match.objects.filter(kind=kind.name).values_list(*columns).iterator():
        finding = found.pop((first, second), None)
        if finding is None:
            vanished += [pk] if decision == Match.Decision.OPEN else []
        elif finding[:3] != (before[0], before[1], json.dumps(before[2])):
            changed.append((pk, *finding[:3]))
    return changed, vanished


def both_active(kind: MatchKind) -> Q:
    """Return the condition that neither record of a pair is archived."""
    active = kind.model._default_manager.active().order_by()
    return Q(Exists(active.filter(pk=OuterRef("first")))) & Q(Exists(active.filter(pk=OuterRef("second"))))


@task()
def find_later(name: str) -> None:
    """Search in the background; repeating it changes nothing."""
    try:
        find(KINDS[name])
    except Exception:
        logger.exception("searching for duplicates of %s", name)
        search_failed(name)


def start_search(kind: MatchKind) -> bool:
    """Set a search going; false when one is under way."""
    with transaction.atomic():
        search, _is_new = DuplicateSearch.objects.select_for_update().get_or_create(kind=kind.name)
        if search.is_under_way:
            return False
        begin(kind)
        queue_task(find_later, kind.name)
    return True


@on_given_up(find_later)
def search_failed(name: str) -> None:
    """Note that no search is under way any more."""
    DuplicateSearch.objects.filter(kind=name).update(started_at=None)


# Deciding


def decide(kind: MatchKind, match: Match, decision: str, *, by: Any) -> None:
    """Remember that two records are not the same, or that nobody has decided; they are the same by a merge only."""
    is_open = decision == Match.Decision.OPEN
    with writing("capred_portal", kind.model._meta.app_label):
        locked = Match.objects.select_for_update().get(pk=match.pk)
        if locked.decision == Match.Decision.SAME:
            raise Merged(match)
        locked.decision = Match.Decision.OPEN if is_open else Match.Decision.DIFFERENT
        locked.decided_by, locked.decided_at = (None, None) if is_open else (by, timezone.now())
        locked.save()
        kind.settle([match.first, match.second])


def matches_of(kind: MatchKind, number: int) -> Any:
    """Return every pair one record is in."""
    return Match.objects.filter(Q(first=number) | Q(second=number), kind=kind.name)


def open_matches(kind: MatchKind) -> Any:
    """Return the pairs nobody has decided about, of active records."""
    return Match.objects.filter(both_active(kind), kind=kind.name, decision=Match.Decision.OPEN)


def open_matches_of(kind: MatchKind, number: int) -> Any:
    """Return the pairs one record is in about which nobody has decided."""
    return matches_of(kind, number).filter(both_active(kind), decision=Match.Decision.OPEN)


def as_json(value: Any) -> Any:
    """Return a field's value as JSON keeps it: dates and decimal numbers as text."""
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))
