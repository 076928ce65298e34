"""The door of a workshop: whether it is open, the codes that lead there and to one's own page, who is on the list."""

import datetime as dt
from typing import Any

from django.core import signing
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.crypto import get_random_string

from capred_portal.records import identity_of, writing
from programs.models import Arrival, Attendance, CheckIn, Workshop

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without those easily taken for others: people type the address
LENGTH = 8
LAST_MINUTE = dt.time(23, 59)
LONGEST = dt.timedelta(days=31)
FARTHEST = dt.timedelta(days=366)  # for a workshop in years to come, whose year may be a slip
MOST_NEW = 2_000  # names that one opening writes onto the list by itself
OWN, WELCOME = "programs.check_in.own", "programs.check_in.welcome"  # what a signature is for


# The door


def check_in_of(workshop: Workshop) -> CheckIn | None:
    return CheckIn.objects.filter(workshop=workshop).first()


def open_check_in_of(workshop: Workshop) -> CheckIn | None:
    return CheckIn.objects.open().filter(workshop=workshop).first()


def check_in_with_code(code: str) -> CheckIn | None:
    """Return the open door with this code; capitals are no mistake, and what no code can be is not looked up."""
    code = code.lower()
    if len(code) != LENGTH or not set(code) <= set(LETTERS):
        return None
    return CheckIn.objects.open().select_related("workshop__province").filter(code=code).first()


def last_day(workshop: Workshop) -> dt.date:
    return workshop.end_date or workshop.date


def closing_by_default(workshop: Workshop) -> dt.datetime:
    """Return the end of the workshop's last day, or of today where that is over."""
    today = timezone.localdate()
    day = min(max(last_day(workshop), today), today + FARTHEST)
    return timezone.make_aware(dt.datetime.combine(day, LAST_MINUTE))


def latest_closing(workshop: Workshop) -> dt.datetime:
    """Return until when a door may be open: a day after the workshop, or a month from now."""
    return max(closing_by_default(workshop) + dt.timedelta(days=1), timezone.now() + LONGEST)


def open_check_in(*, workshop: Workshop, closes_at: dt.datetime, by: Any) -> CheckIn:
    """Open the door with a new code; one that stands open keeps its code and only closes at another time."""
    with writing("programs"):
        Workshop.objects.select_for_update(no_key=True).get(pk=workshop.pk)
        door = check_in_of(workshop) or CheckIn(workshop=workshop, opened_at=timezone.now(), closes_at=timezone.now())
        if not door.is_open:
            door.code, door.opened_at, door.opened_by = get_random_string(LENGTH, LETTERS), timezone.now(), by
        door.closes_at = closes_at
        door.save()
    return door


def close_check_in(workshop: Workshop) -> None:
    """Let nobody sign in from now on."""
    now = timezone.now()
    with writing("programs"):
        CheckIn.objects.filter(workshop=workshop, opened_at__lte=now, closes_at__gt=now).update(closes_at=now)


def is_full(door: CheckIn) -> bool:
    """Whether so many new names came by themselves since it was opened that somebody must look first."""
    rows = Attendance.objects.filter(workshop=door.workshop_id, created_by=None, load=None)
    return rows.filter(created_at__gte=door.opened_at).count() >= MOST_NEW


def short_address(address: str) -> str:
    """Return an address as short as it can be typed."""
    return address.partition("://")[2].rstrip("/")


# Codes of one's own


def personal_code(attendance: Attendance) -> str:
    """Return the code of one attendance: its mark, signed."""
    return signing.Signer(salt=OWN, sep=".").sign(identity_of(attendance))


def attendance_with(code: str) -> Attendance | None:
    """Return the attendance of a code; none when it is guessed, or when person, row or workshop are gone."""
    try:
        mark = signing.Signer(salt=OWN, sep=".").unsign(code)
    except signing.BadSignature:
        return None
    rows = Attendance.objects.active().filter(workshop__archived_at=None)
    rows = rows.filter(person__archived_at=None, person__erased_at=None)
    number = mark.partition("-")[0]
    row = rows.select_related("person", "organisation", "workshop__province").filter(pk=number).first()
    return row if row and identity_of(row) == mark else None


def welcome_code(workshop: Workshop, at: dt.datetime) -> str:
    """Return what the page of thanks is made of: when somebody signed in where, and nothing of who."""
    return signing.dumps([identity_of(workshop), at.isoformat()], salt=WELCOME)


def welcome_of(code: str) -> tuple[Workshop, dt.datetime] | None:
    """Return workshop and time of a page of thanks; none when it is guessed."""
    try:
        mark, at = signing.loads(code, salt=WELCOME)
    except signing.BadSignature:
        return None
    number = str(mark).partition("-")[0]
    workshop = Workshop.objects.active().select_related("province").filter(pk=number).first()
    return (workshop, dt.datetime.fromisoformat(at)) if workshop and identity_of(workshop) == mark else None


# The list


def listed(workshop: Workshop) -> QuerySet[Attendance]:
    """Return everybody on a list by name, each with what is known of the arrival."""
    rows = workshop.attendances.active().select_related("person", "organisation")
    told = {name: F(f"arrival__{name}") for name in ("arrived_at", "way", "invited_at")}
    return rows.annotate(**told).order_by("person__name_en_key", "person__name_km_key", "pk")


def latest(workshop: Workshop, most: int = 5) -> list[Any]:
    """Return those who arrived last."""
    rows = Arrival.objects.filter(attendance__workshop=workshop, attendance__archived_at=None)
    rows = rows.filter(attendance__attended=True).exclude(arrived_at=None)
    return list(rows.select_related("attendance__person").order_by("-arrived_at", "-pk")[:most])


def expected(workshop: Workshop) -> QuerySet[Attendance]:
    """Return those who registered and have not come yet, of whom there is still a name."""
    rows = workshop.attendances.active().filter(registered=True, attended=False)
    return rows.filter(person__archived_at=None, person__erased_at=None)
