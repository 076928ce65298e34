"""Reminders: the kinds of things people hear of, how often they want to, what is due now, and that it is told once."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from capred_portal.access import VERIFIER, may
from capred_portal.figures import Words
from capred_portal.methods import Rule, chapter
from capred_portal.models import Reminder, ReminderChoice, User

Frequency = ReminderChoice.Frequency

MORNING = 7  # the hour in Phnom Penh at which daily and weekly mails are written
WEEK = dt.timedelta(days=7)
AT_A_TIME = 5_000  # keys looked up by one query
People = Mapping[int, User]
Finder = Callable[[People, dt.datetime], Iterable["Due"]]


@dataclass(frozen=True)
class Due:
    """One line somebody should read: what it says, where it leads, and under which keys it counts as told.

    `words` are asked for in the reader's language. A later step of the same thing has another key, so it is told again.
    A mail waits until `not_before`.
    """

    user: int
    keys: tuple[str, ...]
    words: Callable[[], str]
    path: str
    urgency: int = 0
    count: int = 1  # of the things it is about
    is_demo: bool = False
    not_before: dt.datetime | None = None


@dataclass(frozen=True)
class Kind:
    """One kind of thing to hear of: whom it can concern, how often they hear unless they choose, how it is counted.

    `rule` says in words who hears of what.
    """

    name: str
    title: Words
    rule: Words
    actions: tuple[str, ...]  # in the matrix: whoever may do one of them is concerned
    order: int  # the most urgent first
    counted: Callable[[int], str]
    frequency: str
    find: Finder

    def concerns(self, user: User) -> bool:
        return any(may(user, action) for action in self.actions)


class Noted(NamedTuple):
    """The row of one key: when it was noticed, and when it was told."""

    pk: int
    noticed_at: dt.datetime
    told_at: dt.datetime | None


Key = tuple[int, str, str]  # user, kind and key of a reminder
Found = list[tuple[Kind, Due]]
REGISTRY: dict[str, Kind] = {}


def reminder(
    name: str,
    title: Words,
    rule: Words,
    *,
    actions: tuple[str, ...],
    order: int,
    counted: Callable[[int], str],
    frequency: str = Frequency.AT_ONCE,
) -> Callable[[Finder], Finder]:
    """Register a function that finds what is due now for some people, in a constant number of queries."""

    def register(find: Finder) -> Finder:
        REGISTRY[name] = Kind(name, title, rule, actions, order, counted, frequency, find)
        return find

    return register


def kinds_for(user: User) -> list[Kind]:
    """Return the kinds that can concern somebody, the most urgent first."""
    return [kind for kind in in_order() if kind.concerns(user)]


def in_order() -> list[Kind]:
    return sorted(REGISTRY.values(), key=lambda kind: kind.order)


# Who wants to hear how often


class Choices:
    """How often some people want to hear of each kind, from one query."""

    def __init__(self, people: Collection[int]) -> None:
        rows = ReminderChoice.objects.filter(user__in=people).values_list("user", "kind", "frequency")
        self.rows = {(user, kind): frequency for user, kind, frequency in rows}

    def of(self, user: int, kind: Kind) -> str:
        return self.rows.get((user, kind.name), kind.frequency)


def reachable() -> dict[int, User]:
    """Return everybody a mail can reach, by number."""
    return User.objects.filter(is_active=True).exclude(email="").in_bulk()


def verifiers(people: People) -> set[int]:
    return {pk for pk, user in people.items() if user.role == VERIFIER}


def choose(user: User, chosen: Mapping[str, str]) -> None:
    """Keep how often somebody wants to hear of some kinds; what everybody begins with is not kept."""
    other = {name: how for name, how in chosen.items() if how != REGISTRY[name].frequency}
    with transaction.atomic():
        user.reminder_choices.filter(kind__in=set(chosen) - set(other)).delete()
        ReminderChoice.objects.bulk_create(
            [ReminderChoice(user=user, kind=name, frequency=how) for name, how in sorted(other.items())],
            update_conflicts=True,
            unique_fields=["user", "kind"],
            update_fields=["frequency"],
        )


# When a mail is due


def is_time(frequency: str, noticed_at: dt.datetime, now: dt.datetime) -> bool:
    """Tell whether what was noticed then is told by now to somebody who wants to hear so often."""
    if frequency == Frequency.AT_ONCE:
        return True
    return frequency != Frequency.NEVER and noticed_at < last_round(frequency, now)


def last_round(frequency: str, now: dt.datetime) -> dt.datetime:
    """Return the last time daily or weekly mails were to be written: at seven in the morning, or that of a Monday."""
    at = morning(now)
    if frequency == Frequency.WEEKLY:
        at -= dt.timedelta(days=at.weekday())
    if at > now:
        at -= WEEK if frequency == Frequency.WEEKLY else dt.timedelta(days=1)
    return at


def morning(now: dt.datetime) -> dt.datetime:
    """Return seven o'clock of the day: what a date brings is not told in the night."""
    return timezone.localtime(now).replace(hour=MORNING, minute=0, second=0, microsecond=0)


# What is due, and what was told of it


def due_for(people: People, now: dt.datetime, choices: Choices | None = None) -> Found:
    """Return what is due now for some people; with their choices, only what they want to hear of."""
    found: Found = []
    for kind in in_order():
        own = {pk: user for pk, user in people.items() if kind.concerns(user) and wants(pk, kind, choices)}
        found += [(kind, due) for due in kind.find(own, now) if due.user in own] if own else []
    return found


def wants(user: int, kind: Kind, choices: Choices | None) -> bool:
    return choices is None or choices.of(user, kind) != Frequency.NEVER


def keys_of(found: Iterable[tuple[Kind, Due]]) -> set[Key]:
    return {(due.user, kind.name, key) for kind, due in found for key in due.keys}


def note(wanted: Collection[Key], now: dt.datetime) -> dict[Key, Noted]:
    """Keep what is due as noticed, and return the rows of all of it; two workers at once make one row."""
    known = noted(wanted)
    if new := sorted(set(wanted) - set(known)):
        rows = [Reminder(user_id=user, kind=kind, key=key, noticed_at=now) for user, kind, key in new]
        Reminder.objects.bulk_create(rows, ignore_conflicts=True)
        known |= noted(new)
    return known


def noted(wanted: Collection[Key]) -> dict[Key, Noted]:
    """Return the rows of these keys that are there."""
    users, kinds = {user for user, _kind, _key in wanted}, {kind for _user, kind, _key in wanted}
    rows = Reminder.objects.filter(user__in=users, kind__in=kinds)
    known: dict[Key, Noted] = {}
    for keys in pieces(sorted({key for _user, _kind, key in wanted})):
        for row in rows.filter(key__in=keys):
            known[row.user_id, row.kind, row.key] = Noted(row.pk, row.noticed_at, row.told_at)
    return {key: row for key, row in known.items() if key in wanted}


def pieces(keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (keys[start : start + AT_A_TIME] for start in range(0, len(keys), AT_A_TIME))


def claim(rows: Collection[int], now: dt.datetime) -> set[int]:
    """Count reminders as told, in the transaction of the mail that tells them; return those nobody told before."""
    untold = Reminder.objects.select_for_update().filter(pk__in=rows, told_at=None).order_by("pk")
    mine = set(untold.values_list("pk", flat=True)) if rows else set()
    Reminder.objects.filter(pk__in=mine).update(told_at=now)
    return mine


def tell_now(name: str, people: People, keys: Collection[str], *, everybody: bool = False) -> set[int]:
    """Return who is to hear of an event by a mail of its own, and count its keys as told to them.

    Those who want to hear at once, or `everybody`; not whom another mail told a moment ago. All others read of it in
    their next mail. Called in the transaction of the mails.
    """
    kind, choices, now = REGISTRY[name], Choices(people), timezone.now()
    eager = {pk for pk in people if everybody or choices.of(pk, kind) == Frequency.AT_ONCE}
    hearing: set[int] = set()
    for some in pieces(sorted(keys) if eager else []):
        new = (Reminder(user_id=pk, kind=name, key=key, noticed_at=now) for pk in sorted(eager) for key in some)
        Reminder.objects.bulk_create(new, ignore_conflicts=True)
        rows = Reminder.objects.filter(user__in=eager, kind=name, key__in=some, told_at=None)
        mine = dict(rows.select_for_update().order_by("pk").values_list("pk", "user"))
        Reminder.objects.filter(pk__in=mine).update(told_at=now)
        hearing |= set(mine.values())
    return hearing


# What the page of methods says


def reminder_rules() -> list[Rule]:
    """Return when mails come, and who hears of what."""
    when = (
        _("At once: within five minutes. Values handed in one after another come half an hour after the last."),
        _("Once a day: at seven in the morning. Once a week: on Monday at seven."),
        _("One mail holds all that is new. Each thing is told once, and again when it is worse, as a month overdue."),
        _("What is no longer true when the mail is written is left out."),
    )
    rules = [Rule("reminder-mails", _("When mails come"), when, url=reverse("account_reminders"))]
    return rules + [Rule(f"reminder-{kind.name}", kind.title, (kind.rule,)) for kind in in_order()]


chapter(96, "reminders", _("Reminders by mail"), rules=reminder_rules, apart=True)
