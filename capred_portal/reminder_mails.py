"""Mails of reminders: one for each person and run, with all that is new to them; and the links that stop them."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from capred_portal import reminders
from capred_portal.mails import mail_headers, post
from capred_portal.models import Mail, Reminder, User
from capred_portal.reminders import REGISTRY, Due, Kind, Noted

MAIL = "reminders"
ALL = "all"  # in the place of a kind: every kind
LINES = 20  # of one kind in a mail or on the page; the rest is a number
IN_SUBJECT = 3
KEPT = dt.timedelta(days=400)  # what was told of things that are over


def site_address() -> str:
    """Return the address of the portal without a slash at its end, where no request tells it: SITE_URL, or a guess."""
    if settings.SITE_URL:
        return str(settings.SITE_URL).rstrip("/")
    host = next((host for host in settings.ALLOWED_HOSTS if host.strip("*.")), "localhost").lstrip(".")
    return f"{'https' if settings.BEHIND_TLS else 'http'}://{host}"


# Links that stop a kind of reminders: signed, so that they work without signing in


def signer() -> Signer:
    return Signer(salt="capred_portal.reminders.stop", sep="~")


def stop_token(user: int, kind: str) -> str:
    return signer().sign(f"{user}.{kind}")


def stop_path(user: int, kind: str) -> str:
    """Return the path of the page that stops one kind for one person."""
    return reverse("account_reminders_stop", args=[stop_token(user, kind)])


def read_token(token: str) -> tuple[User, list[Kind]] | None:
    """Return whose reminders a link stops, and of which kinds; None for a link that is not ours."""
    try:
        number, _dot, name = signer().unsign(token).partition(".")
    except BadSignature:
        return None
    user = User.objects.filter(pk=int(number), is_active=True).first()
    kinds = reminders.in_order() if name == ALL else [REGISTRY[name]] if name in REGISTRY else []
    return (user, kinds) if user and kinds else None


def stop_headers(mail: Mail, kind: str = ALL) -> dict[str, str]:
    """Return what lets a mail program offer to unsubscribe with one click, as RFC 8058 has it."""
    if mail.person_id is None:
        return {}
    link = f"{site_address()}{stop_path(mail.person_id, kind)}"
    return {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def stop_headers_of_reminders(mail: Mail) -> dict[str, str]:
    """Return the same for a mail of reminders: one about one kind of thing stops that kind, any other all of them."""
    told = [name for name in REGISTRY if mail.person_id and stop_path(mail.person_id, name) in mail.body]
    return stop_headers(mail, told[0] if len(told) == 1 else ALL)


mail_headers(MAIL, stop_headers_of_reminders)


def foot(person: User, kinds: Iterable[Kind], site: str) -> str:
    """Return the last lines of a mail, in the language that is on: where to choose, and how to stop each kind."""
    stops = [(kind.title, f"{site}{stop_path(person.pk, kind.name)}") for kind in kinds]
    text = render_to_string("reminders/foot.txt", {"stops": stops, "site": site})
    return text.strip() + "\n"


# The mail


@dataclass(frozen=True)
class Line:
    """What one person is to read in this mail, and the rows that are then told."""

    kind: Kind
    due: Due
    rows: frozenset[int]


@dataclass(frozen=True)
class Group:
    """The lines of one kind, the most urgent first, and how many there are beyond those shown."""

    kind: Kind
    lines: Sequence[tuple[str, Due]]  # each with its words, on one line
    more: int
    count: int


def groups_of(found: Iterable[tuple[Kind, Due]]) -> list[Group]:
    """Return lines by their kind, in the language that is on."""
    dues: dict[str, list[Due]] = defaultdict(list)
    for kind, due in found:
        dues[kind.name].append(due)
    groups = []
    for kind in reminders.in_order():
        if own := sorted(dues[kind.name], key=lambda due: -due.urgency):
            lines = [(" ".join(due.words().split()), due) for due in own[:LINES]]
            groups.append(Group(kind, lines, len(own) - len(lines), sum(due.count for due in own)))
    return groups


def remind(now: dt.datetime | None = None) -> dict[str, int]:
    """Write to everybody for whom something new is due and whose time it is, one mail each; return how many.

    It may run twice, and at once: what a mail tells is claimed in the transaction that keeps the mail.
    """
    now = now or timezone.now()
    people = reminders.reachable()
    choices = reminders.Choices(people)
    found = reminders.due_for(people, now, choices)
    rows = reminders.note(reminders.keys_of(found), now)
    lines_by_person: dict[int, list[Line]] = defaultdict(list)
    for kind, due in found:
        own = [rows[key] for key in ((due.user, kind.name, key) for key in due.keys) if key in rows]
        if fresh := untold(own, due, choices.of(due.user, kind), now):
            lines_by_person[due.user].append(Line(kind, due, fresh))
    totals = Counter(due.user for _kind, due in found)
    sent = sum(write(people[pk], lines, totals[pk], now) for pk, lines in lines_by_person.items())
    return {"waiting": len(found), "mails": sent}


def untold(rows: Iterable[Noted], due: Due, frequency: str, now: dt.datetime) -> frozenset[int]:
    """Return the rows of a line that nobody told, when it is time to tell one of them; else nothing."""
    fresh = [row for row in rows if row.told_at is None]
    is_due = any(reminders.is_time(frequency, row.noticed_at, now) for row in fresh)
    is_due = is_due and (due.not_before is None or due.not_before <= now)
    return frozenset(row.pk for row in fresh) if is_due else frozenset()


def write(person: User, lines: Sequence[Line], total: int, now: dt.datetime) -> bool:
    """Write one mail with what is new to a person, unless another worker did; both are kept or neither."""
    with transaction.atomic():
        mine = reminders.claim(frozenset().union(*(line.rows for line in lines)), now)
        new = [(line.kind, line.due) for line in lines if line.rows & mine]
        if new:
            subject, body = mail_text(person, new, waiting=total - len(new), site=site_address())
            post(MAIL, person.email, subject, body, person=person)
    return bool(new)


def mail_text(person: User, new: Collection[tuple[Kind, Due]], *, waiting: int, site: str) -> tuple[str, str]:
    """Return subject and text of a mail in the language of its reader."""
    with override(person.language):
        groups = groups_of(new)
        subject = " · ".join(group.kind.counted(group.count) for group in groups[:IN_SUBJECT])
        context: dict[str, Any] = {"groups": groups, "waiting": waiting, "site": site, "person": person}
        context["foot"] = foot(person, [group.kind for group in groups], site)
        return subject, render_to_string("reminders/mail.txt", context).strip() + "\n"


# What is kept


def forget(now: dt.datetime | None = None) -> int:
    """Delete reminders noticed long ago whose thing is over; return how many went."""
    now = now or timezone.now()
    still = reminders.keys_of(reminders.due_for(reminders.reachable(), now))
    old = Reminder.objects.filter(noticed_at__lt=now - KEPT).values_list("pk", "user", "kind", "key")
    over = [pk for pk, *key in old if tuple(key) not in still]
    return sum(Reminder.objects.filter(pk__in=piece).delete()[0] for piece in reminders.pieces(over))
