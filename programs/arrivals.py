"""Who arrives at a workshop, written once: by themselves at the door, by a helper, or ticked on the list."""

import datetime as dt
import hashlib
import json
import uuid
from typing import Any

from django.db import IntegrityError
from django.utils import timezone

from capred_portal.history_reasons import DOOR
from capred_portal.load_kinds import Line
from capred_portal.models import Organisation
from capred_portal.privacy import notice_in_force
from capred_portal.records import Record, StaleRecord, writing
from programs.attendance_load import Entry, resolve_organisations, resolve_people
from programs.check_in import is_full
from programs.models import Arrival, Attendance, CheckIn, Person, Workshop

Told = dict[str, Any]

PERSONAL = ("honorific", "name_en", "name_km", "sex", "phone")
ANSWERS = ("age_band", "disability")
TRIES = 3  # somebody may save the same person, or the same row, at this very moment


class CheckInIsFull(Exception):
    """So many new names were written at a door that it takes no more before somebody has looked."""


def write(record: Record, by: Any) -> None:
    """Save a new record, or the next version of one; the history says that it was at the door."""
    record._change_reason = DOOR  # type: ignore[attr-defined]
    if record.pk is None:
        record.created_by = record.updated_by = by
        record.save()
    else:
        record.save_version(by=by, expected=record.version)


def held(number: int) -> Attendance:
    """Return a row of a list as it is now; nobody else changes it until the transaction ends."""
    return Attendance.objects.select_for_update(no_key=True).get(pk=number)


# Arriving


def arrive(number: int, *, way: Arrival.Way, by: Any) -> Arrival:
    """Note that somebody on the list came, once, whoever asks for it and however often."""
    with writing("programs"):
        return record_arrival(held(number), way=way, by=by)


def tick(number: int, *, by: Any) -> None:
    """Note that somebody came while the door is closed: the day is over, and nobody knows the hour."""
    with writing("programs"):
        row = held(number)
        if not row.attended:
            row.attended = True
            write(row, by)


def record_arrival(
    row: Attendance, *, way: Arrival.Way, by: Any, token: uuid.UUID | None = None, is_changed: bool = False
) -> Arrival:
    """Note an arrival unless it is noted, and save the row if it says more; called in a transaction that holds it."""
    came_before = row.pk is not None and row.attended
    if is_changed or not came_before:
        row.attended = True
        write(row, by)
    arrival, _is_new = Arrival.objects.get_or_create(attendance=row)
    if arrival.arrived_at is None or not came_before:
        arrival.arrived_at, arrival.way, arrival.noted_by, arrival.token = timezone.now(), way, by, token
        arrival.save()
    return arrival


def take_back(number: int, *, by: Any) -> None:
    """Undo an arrival that was a mistake: the person stays on the list, as one who did not come."""
    with writing("programs"):
        row = held(number)
        nothing = {"arrived_at": None, "way": "", "noted_by": None, "token": None}
        Arrival.objects.filter(attendance=row).update(**nothing)
        if row.attended:
            row.attended = False
            write(row, by)


# Signing in on one's own phone


def sign_in(*, code: str, told: Told, token: uuid.UUID) -> dt.datetime | None:
    """Write who signed in at an open door and return when; none when the door has closed meanwhile.

    The same form sent twice is one arrival at one time. Who has arrived already is welcome, and nothing changes.
    Raises CheckInIsFull where it would write yet another new name.
    """
    for attempt in range(TRIES):
        try:
            with writing("capred_portal", "programs"):
                doors = CheckIn.objects.open().select_for_update(of=("self",))
                door = doors.select_related("workshop").filter(code=code).first()
                return sign_in_at(door, told, token) if door else None
        except (IntegrityError, StaleRecord):
            if attempt == TRIES - 1:
                raise
    return None


def sign_in_at(door: CheckIn, told: Told, token: uuid.UUID) -> dt.datetime:
    """Find or write the person, the row of the list and the arrival; the door is held, so one after the other."""
    sent = uuid.uuid5(token, f"{door.workshop_id} {digest(told)}")
    earlier = Arrival.objects.filter(token=sent).exclude(arrived_at=None).first()
    if earlier and earlier.arrived_at:
        return earlier.arrived_at
    entry = Entry(Line(1, (), {}, dict(told)))
    new_organisations = resolve_organisations([entry])
    resolve_people([entry])
    row = row_of(door.workshop, entry.person)
    if signed_in_before(row):
        return timezone.now()
    if row.pk is None and is_full(door):
        raise CheckInIsFull
    for organisation in new_organisations.values():
        write(organisation, None)
    person = entry.person or Person(is_possible_duplicate=entry.is_double, organisation=entry.organisation)
    fill_missing(person, told | {"consent": consent_of(row, told)})
    row.person = person
    is_changed = answer(row, told, entry.organisation)
    arrival = record_arrival(row, way=Arrival.Way.SELF, by=None, token=sent, is_changed=is_changed)
    return arrival.arrived_at if arrival.token == sent and arrival.arrived_at else timezone.now()


def signed_in_before(row: Attendance) -> bool:
    """Whether the person told everything already; what somebody else says later changes nothing."""
    return row.pk is not None and row.attended and Arrival.objects.filter(attendance=row, way=Arrival.Way.SELF).exists()


def digest(told: Told) -> str:
    """Return a checksum of what was told: a form sent again after a change is another one."""
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()


def kept(told: Told) -> dict[str, Any]:
    """Return what is kept of a person; without consent no phone."""
    without = ("phone",) if told["consent"] is False else ()
    return {name: told.get(name) or "" for name in PERSONAL if name not in without}


def fill_missing(person: Person, told: Told) -> None:
    """Fill what is not known yet of a person; nothing is replaced or emptied, for nobody proved who they are.

    Where somebody refuses and contacts of before are kept, the list says so, and staff confirm that they go.
    """
    if person.pk is not None:
        person.refresh_from_db(from_queryset=Person.objects.select_for_update(no_key=True))
    missing = {name: value for name, value in kept(told).items() if value and not getattr(person, name)}
    for name, value in missing.items():
        setattr(person, name, value)
    if missing or person.pk is None:
        write(person, None)


def row_of(workshop: Workshop, person: Person | None) -> Attendance:
    """Return the row on the list of somebody known, held, or a new one that is not saved yet."""
    rows = Attendance.objects.active().filter(workshop=workshop, person=person)
    number = rows.values_list("pk", flat=True).first() if person else None
    return Attendance(workshop=workshop) if number is None else held(number)


def consent_of(row: Attendance, told: Told) -> bool:
    """Return what holds after an answer at the door: a no is heard from anybody, and only staff turn it into a yes."""
    return row.consent is not False and bool(told["consent"])


def answer(row: Attendance, told: Told, organisation: Organisation | None) -> bool:
    """Set answers not known yet; tell whether the row says more now. Consent is to the notice that the door showed."""
    before = [getattr(row, name) for name in (*ANSWERS, "organisation_id", "consent")]
    for name in ANSWERS:
        setattr(row, name, getattr(row, name) or told.get(name) or "")
    row.organisation = row.organisation or organisation
    if row.consent is not (consent := consent_of(row, told)):
        row.consent, row.consent_notice = consent, notice_in_force() if consent else None
    return before != [getattr(row, name) for name in (*ANSWERS, "organisation_id", "consent")]
