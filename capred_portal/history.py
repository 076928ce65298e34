"""What happened to a record and to its parts, newest first: rows of the history and of loads as events in words."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.apps import apps
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from capred_portal.history_reasons import (
    DOOR,
    ERASED,
    OF_LOADS,
    OF_MERGES,
    RESTORED,
    can_be_merged,
    in_language,
    read_reason,
)
from capred_portal.history_words import Change, Difference, Names, ask_names, differences, in_words, told_fields
from capred_portal.loads import token_of
from capred_portal.models import Erasure, Load, User
from capred_portal.records import Record

PER_PAGE = 10
FETCHED = 40  # rows of one table read for a page: what happened at one moment is not torn apart

# What may be read of a kind of record, beside its history.
READ = {
    "person": "people.read",
    "attendance": "people.read",
    "statement": "people.read",
    "support": "money.read",
    "programbudget": "money.read",
    "enterprise": "firm.read",
    "enterpriseyear": "firm.read",
    "supplylink": "firm.read",
}
# Parts of a record beside those that are made on its page and never move.
MORE_PARTS = {"indicators.expectedeffect.outcome", "indicators.programindicator.program"}
NO_PARTS = {"capred_portal.comment"}  # comments stand on the page themselves

TITLES = {
    "created": gettext_lazy("Created"),
    "added": gettext_lazy("Added"),
    "loaded": gettext_lazy("Loaded from a file"),
    "changed": gettext_lazy("Changed"),
    "archived": gettext_lazy("Archived"),
    "back": gettext_lazy("Brought back"),
    "load": gettext_lazy("Changed by a load"),
    "undone": gettext_lazy("Changed back: a load was undone"),
    "taken_into": gettext_lazy("Taken into another record"),
    "took_in": gettext_lazy("Another record was taken in"),
    "apart": gettext_lazy("Taken apart again"),
    "restored": gettext_lazy("Restored to an earlier version"),
    "erased": gettext_lazy("Personal data erased"),
}


@dataclass
class Event:
    """Something that happened to a record, or to a part of it, or to several parts at once."""

    when: dt.datetime
    code: str
    model: Any
    by: int | None = None
    row: Any = None  # of the history, with the key of the one before it
    is_part: bool = False
    count: int = 0  # of parts, where many changed at once
    number: int = 0  # of the load, the other record or the version restored
    token: Any = None  # of what was created
    reason: str = ""
    who: str = ""
    part: str = ""
    link: str = ""
    link_text: str = ""
    found: list[Difference] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    @property
    def title(self) -> str:
        """What happened, in a few words."""
        if self.code == "restored" and self.number:
            return _("Restored to version %(number)s") % {"number": self.number}
        return str(TITLES[self.code])

    @property
    def says_nothing(self) -> bool:
        """Whether it was saved although no field that readers are told of differs."""
        return self.code in ("changed", "load", "undone") and not (self.changes or self.count or self.reason)

    @property
    def starts_unknown(self) -> bool:
        """Whether what it said before is kept only in the load that made it."""
        return self.row is not None and self.row.before_id is None and self.row.version > 1


@dataclass(frozen=True)
class Day:
    """The events of one day."""

    date: dt.date
    ago: str
    events: list[Event]


@dataclass(frozen=True)
class Timeline:
    """One page of what happened, and where the older one begins."""

    days: list[Day]
    older: str = ""


# Rows of the history


def versions(model: Any, **where: Any) -> QuerySet[Any]:
    """Return the last row the history holds of each version, with the key of that of the version before."""
    rows = model.history.model.objects
    key = model._meta.pk.attname
    same = rows.filter(**{key: OuterRef(key)})
    later = same.filter(version=OuterRef("version"), history_id__gt=OuterRef("history_id"))
    earlier = same.filter(version__lt=OuterRef("version")).order_by("-history_id").values("history_id")
    found = rows.filter(~Exists(later), **where).annotate(before_id=Subquery(earlier[:1]))
    return found.order_by("-history_date", "-history_id")  # type: ignore[no-any-return]


def earlier_rows(model: Any, rows: Iterable[Any]) -> dict[int, Any]:
    """Return the rows before the given ones, by their keys, with one query."""
    keys = [row.before_id for row in rows if row.before_id]
    return model.history.model.objects.in_bulk(keys) if keys else {}


def sets_of(model: Any, rows: Iterable[Any]) -> dict[tuple[int, str], frozenset[Any]]:
    """Return what the sets of records held in rows of the history, with one query per set."""
    numbers = [row.history_id for row in rows]
    found: dict[tuple[int, str], frozenset[Any]] = {}
    for one in told_fields(model):
        if one.many_to_many and numbers:
            table = getattr(model.history.model, one.name).model
            member = f"{one.m2m_reverse_field_name()}_id"
            pairs = table.objects.filter(history_id__in=numbers).order_by("history_id")
            for number, members in groupby(pairs.values_list("history_id", member), key=lambda pair: pair[0]):
                found[number, one.name] = frozenset(key for _number, key in members)
    return found


@cache
def parts_of(model: Any) -> tuple[tuple[Any, str], ...]:
    """Return the models whose records are parts of this one's, each with the name of its key to the whole."""
    found = []
    for relation in model._meta.related_objects:
        part, key = relation.related_model, relation.field
        has_page = not issubclass(part, Record) or hasattr(part, "get_absolute_url")
        belongs = not key.editable or f"{part._meta.label_lower}.{key.name}" in MORE_PARTS
        if belongs and not has_page and part._meta.label_lower not in NO_PARTS:
            found.append((part, key.attname))
    return tuple(sorted(found, key=lambda pair: pair[0]._meta.label_lower))


@cache
def kinds() -> dict[str, Any]:
    """Return every model of records by its name in addresses."""
    return {model._meta.model_name or "": model for model in apps.get_models() if issubclass(model, Record)}


# Events


def event_of(row: Any, model: Any, *, is_part: bool) -> Event:
    """Return what a row of the history says happened; what changed is found later, with the row before it."""
    code, number = read_reason(row.history_change_reason)
    if row.version == 1:
        code = "added" if is_part else "created"
    by = row.history_user_id or row.updated_by_id
    event = Event(row.history_date, code or "changed", model, by, row, is_part, number=number)
    if row.history_change_reason == DOOR:
        event.reason = in_language(DOOR)
    if code in OF_MERGES and not can_be_merged(model):
        event.code, event.number, event.reason = "changed", 0, in_language(row.history_change_reason)
    return event


def happened(record: Any, before: dt.datetime | None) -> list[Event]:
    """Return what happened last before a moment, newest first, not yet in words; a constant number of queries."""
    model: Any = type(record)
    until = {"history_date__lt": before} if before else {}
    rows = versions(model, **{model._meta.pk.attname: record.pk}, **until)[:FETCHED]
    found = [event_of(row, model, is_part=False) for row in rows]
    found += [*beginning(record), *erasures(record)]
    for part, key in parts_of(model):
        found += part_events(part, {key: record.pk}, until)
    earlier = (event for event in found if before is None or event.when < before)
    return sorted(earlier, key=lambda event: (event.when, not event.is_part), reverse=True)


def beginning(record: Any) -> list[Event]:
    """Return how the record came to be, where the history has no row of it: loads write none."""
    if record.history.filter(version=1).exists():
        return []
    return [Event(record.created_at, "created", type(record), record.created_by_id, token=record.creation_token)]


def erasures(record: Any) -> list[Event]:
    """Return when personal data of the record were erased, where no version of its own says so."""
    if record.history.filter(history_change_reason=ERASED).exists():
        return []
    rows = Erasure.objects.filter(kind=record._meta.model_name, number=record.pk, written_at=record.created_at)
    return [Event(row.erased_at, "erased", type(record), row.erased_by_id, reason=row.reason) for row in rows]


def part_events(part: Any, of: dict[str, Any], until: dict[str, Any]) -> Iterator[Event]:
    """Yield what happened to the parts of one kind: one by one, or together where a file or a merge did it."""
    alone = Q(history_change_reason=None) | Q(history_change_reason="") | Q(history_change_reason__startswith=RESTORED)
    for row in versions(part, **of, **until).filter(alone)[:FETCHED]:
        yield event_of(row, part, is_part=True)
    together = versions(part, **of).exclude(alone).order_by().values("history_change_reason", "history_user_id")
    counted = together.annotate(rows=Count("history_id"), when=Max("history_date"))
    for reason, by, rows, when in counted.values_list("history_change_reason", "history_user_id", "rows", "when"):
        code, number = read_reason(reason)
        if code in OF_LOADS | {ERASED}:
            yield Event(when, code, part, by, None, True, rows, number)
        else:
            yield Event(when, "changed", part, by, None, True, rows, reason=in_language(reason))
    history = part.history.model.objects.filter(**{part._meta.pk.attname: OuterRef("pk")}, version=1)
    silent = part._base_manager.filter(~Exists(history), **of).order_by().values("creation_token", "created_by_id")
    made = silent.annotate(rows=Count("pk"), when=Min("created_at"))
    for token, by, rows, when in made.values_list("creation_token", "created_by_id", "rows", "when"):
        yield Event(when, "added", part, by, None, True, rows, token=token)


def timeline(record: Any, before: dt.datetime | None = None) -> Timeline:
    """Return one page of a record's history in words, newest first, by days."""
    found = happened(record, before)
    page, rest = found[:PER_PAGE], found[PER_PAGE:]
    while rest and rest[0].when == page[-1].when:
        page.append(rest.pop(0))
    put_in_words(page)
    days = [
        Day(date, ago(date), list(events))
        for date, events in groupby(page, key=lambda event: timezone.localdate(event.when))
    ]
    return Timeline(days, page[-1].when.isoformat() if rest else "")


def put_in_words(events: list[Event]) -> None:
    """Find what each event changed, and the names of all it speaks of, with queries per table and not per event."""
    names = Names()
    for model, group in by_model(event for event in events if event.row is not None):
        compare(model, group)
    find_loads(events)
    for event in events:
        ask_names(names, event.found)
        names.ask(User, [event.by])
        if event.code in OF_LOADS | {"loaded"}:
            names.ask(Load, [event.number])
        elif event.code in OF_MERGES and not event.is_part:
            names.ask(event.model, [event.number])
        if event.is_part and event.row is not None:
            names.ask(event.model, [event.row.pk_of_record])
    names.look_up()
    for event in events:
        tell(event, names)


def by_model(events: Iterable[Event]) -> Iterator[tuple[Any, list[Event]]]:
    ordered = sorted(events, key=lambda event: event.model._meta.label)
    return ((model, list(group)) for model, group in groupby(ordered, key=attrgetter("model")))


def compare(model: Any, events: list[Event]) -> None:
    """Set beside each event of one table which fields differ from the version before, and whether it was archived."""
    rows = [event.row for event in events]
    before = earlier_rows(model, rows)
    sets = sets_of(model, [*rows, *before.values()]) if before else {}
    for event in events:
        row, old = event.row, before.get(event.row.before_id)
        row.pk_of_record = getattr(row, model._meta.pk.attname)
        if old is not None:
            event.found = differences(old, row, sets, told_fields(model))
        was_away = old is not None and old.archived_at is not None
        if row.archived_at and not was_away:
            code, number = read_reason(row.archive_reason)
            if code in OF_MERGES and can_be_merged(model):
                event.code, event.number, event.reason = code, number, ""
            else:
                event.code, event.number, event.reason = "archived", 0, in_language(row.archive_reason)
        elif was_away and not row.archived_at and event.code not in OF_MERGES:
            event.code = "back"


def find_loads(events: list[Event]) -> None:
    """Find the loads that created records: their tokens are made of the load's number."""
    made = [event for event in events if event.token]
    if not made:
        return
    first, last = min(event.when for event in made), max(event.when for event in made)
    loads = Load.objects.filter(created_at__lte=last, finished_at__gte=first).only("pk")
    numbers = {token_of(load): load.pk for load in loads}
    for event in made:
        if event.token in numbers:
            event.code, event.number = "loaded", numbers[event.token]


def tell(event: Event, names: Names) -> None:
    """Put one event in words."""
    event.who = names.of(User, event.by) if event.by else ""
    event.changes = [in_words(one, names) for one in event.found]
    meta = event.model._meta
    if event.count:
        kind = meta.verbose_name if event.count == 1 else meta.verbose_name_plural
        event.part = _("%(kind)s: %(count)s") % {"kind": capfirst(str(kind)), "count": event.count}
    elif event.is_part:
        name = names.of(event.model, event.row.pk_of_record)
        event.part = _("%(kind)s “%(name)s”") % {"kind": capfirst(str(meta.verbose_name)), "name": name}
    if load := names.record(Load, event.number) if event.code in OF_LOADS | {"loaded"} else None:
        event.link, event.link_text = load.get_absolute_url(), load.file_name
    elif event.code in OF_MERGES and (other := names.record(event.model, event.number)):
        event.link, event.link_text = other.get_absolute_url(), f"{other} (#{event.number})"


def moment(text: str) -> dt.datetime | None:
    """Return the moment an address names; one that makes no sense is none."""
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if timezone.is_aware(found) else None


def ago(date: dt.date) -> str:
    """Return how long ago a day was."""
    days = (timezone.localdate() - date).days
    if days <= 1:
        return _("Yesterday") if days == 1 else _("Today")
    if days < 60:
        return ngettext("%(count)s day ago", "%(count)s days ago", days) % {"count": days}
    if days < 730:
        return ngettext("%(count)s month ago", "%(count)s months ago", days // 30) % {"count": days // 30}
    return ngettext("%(count)s year ago", "%(count)s years ago", days // 365) % {"count": days // 365}


# The last change alone


def last_change(record: Any) -> Event:
    """Return what happened last to the record itself, with the names of the fields that changed."""
    model = type(record)
    newest = versions(model, **{model._meta.pk.attname: record.pk})
    if (row := newest.select_related("history_user", "updated_by").first()) is None:
        who = record.created_by
        return Event(record.created_at, "created", model, who=str(who) if who else "")
    event = event_of(row, model, is_part=False)
    compare(model, [event])
    who = row.history_user or row.updated_by
    event.who = str(who) if who else ""
    event.changes = [Change(one.name, str(one.verbose_name)) for one, _old, _new in event.found]
    return event
