"""An attendance list compared with the database: who is known, what is new, changed, uncertain or wrong."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from capred_portal.columns import CLEAR
from capred_portal.load_kinds import CheckedRow, Line, stored
from capred_portal.matching import name_key, search_key, split_honorific
from capred_portal.models import Load, LoadRow, Organisation
from programs.models import Attendance, Person, Workshop
from programs.models.people import DIFFICULTY_DOMAINS, disability_from

NAMES = ("honorific", "name_en", "name_km")  # of somebody known: filled where blank, never replaced
CHUNK = 10_000  # keys looked up by one query: below what SQLite binds
PERSON = (*NAMES, "sex", "phone", "email")
PERSON_KEYS = ("name_en_key", "name_km_key", "search_key", "sound_key")  # they follow the names
ATTENDANCE = ("role", "age_band", "disability", *DIFFICULTY_DOMAINS, "days", "registered", "attended", "consent")
CANNOT_CLEAR = ("role", "days", "registered", "attended")
Outcome = LoadRow.Outcome


@dataclass
class Entry:
    """One line of the list: the organisation, person and attendance it stands for."""

    line: Line
    organisation: Organisation | None = None
    person: Person | None = None
    attendance: Attendance | None = None
    is_double: bool = False  # resembles somebody known or another line, but not enough to be the same
    before: dict[str, Any] = field(default_factory=dict)

    @property
    def is_wrong(self) -> bool:
        return bool(self.line.errors)

    @property
    def keys(self) -> set[str]:
        """The name in each script, reduced for comparison."""
        return {key for key in (name_key(self.line.text(name)) for name in ("name_en", "name_km")) if key}

    @property
    def organisation_key(self) -> str:
        return search_key(self.line.text("organisation"))

    @property
    def outcome(self) -> str:
        if self.is_wrong:
            return Outcome.WRONG
        if self.attendance is not None and self.attendance.pk:
            return Outcome.CHANGED if self.before else Outcome.UNCHANGED
        return Outcome.UNCERTAIN if self.is_double else Outcome.NEW


@dataclass
class Plan:
    """All lines of a list, and the organisations that do not exist yet, by search key."""

    entries: list[Entry]
    new_organisations: dict[str, Organisation]


class AttendanceChecker:
    """Compares a whole list at once, for a person may stand in two of its lines."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.plan = Plan([], {})

    def check(self, lines: list[Line]) -> list[CheckedRow]:
        self.plan = resolve(self.load, lines)
        return rows(self.plan)

    def counts(self) -> dict[str, Any]:
        return counts(self.plan)


# What the pages of loads show


def places(loads: Iterable[Load]) -> dict[int, tuple[str, str]]:
    """Return the workshop each list belongs to, as text and address."""
    numbers = {load.pk: load.scope.get("workshop") for load in loads}
    workshops = Workshop.objects.in_bulk(filter(None, numbers.values()))
    found = {pk: workshops[number] for pk, number in numbers.items() if number in workshops}
    return {pk: (str(workshop), reverse("workshops:attendance", args=[workshop.pk])) for pk, workshop in found.items()}


@cache
def labels() -> Mapping[str, Mapping[Any, Any]]:
    """Return the labels of all choices, by column."""
    fields = [field for model in (Person, Attendance) for field in model._meta.fields if field.choices]
    return {field.name: dict(field.flatchoices) for field in fields}


# Comparing


def check_scope(scope: dict[str, Any]) -> Any:
    """Return what is wrong with the workshop a list is for, if anything."""
    found = Workshop.objects.active().filter(pk=scope.get("workshop") or 0).exists()
    return "" if found else _("There is no such workshop. Say which one the list belongs to.")


def resolve(load: Load, lines: list[Line]) -> Plan:
    """Compare every line with the database; the number of queries does not depend on the number of lines."""
    entries = [Entry(line) for line in lines]
    for entry in entries:
        tidy(entry.line)
    good = [entry for entry in entries if not entry.is_wrong]
    new_organisations = resolve_organisations(good)
    resolve_people(good)
    refuse_repeated(good)
    good = [entry for entry in good if not entry.is_wrong]
    resolve_attendances(load, good)
    return Plan(entries, new_organisations)


def tidy(line: Line) -> None:
    """Part honorifics from names and check what one line must say; lines that were compared before stay as they are."""
    for name in ("name_en", "name_km"):
        honorific, bare = split_honorific(line.text(name))
        if honorific:
            line.values[name] = bare
            line.values["honorific"] = line.values.get("honorific") or honorific
    if not line.errors and not (line.text("name_en") or line.text("name_km")):
        line.wrong("name_en", "no_name")
    for name in CANNOT_CLEAR:
        if line.values.get(name) is CLEAR:
            line.wrong(name, "cannot_clear")


def resolve_organisations(entries: list[Entry]) -> dict[str, Organisation]:
    """Find the organisations by name or acronym; return those to create."""
    names = {entry.organisation_key: entry.line.text("organisation") for entry in reversed(entries)}
    known = organisations_named(names.values())
    new = {}
    for key, name in names.items():
        if key and key not in known:
            is_khmer = any("\u1780" <= letter <= "\u17ff" for letter in name)
            new[key] = Organisation(name_km=name) if is_khmer else Organisation(name_en=name)
    for entry in entries:
        entry.organisation = known.get(entry.organisation_key) or new.get(entry.organisation_key)
    return new


def organisations_named(names: Iterable[str]) -> dict[str, Organisation]:
    """Return search key -> active organisation for names in either language and acronyms; two queries a chunk."""
    keys = sorted({search_key(name) for name in names} - {""})
    active = Organisation.objects.active().order_by("-pk")
    found: dict[str, Organisation] = {}
    for organisation in active.exclude(acronym="") if keys else []:
        found[search_key(organisation.acronym)] = organisation
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        for organisation in active.filter(Q(name_en_key__in=chunk) | Q(name_km_key__in=chunk)):
            found |= dict.fromkeys((organisation.name_en_key, organisation.name_km_key), organisation)
    return {key: found[key] for key in keys if key in found}


def resolve_people(entries: list[Entry]) -> None:
    """Match people known by exact phone or exact name and organisation; mark those who only resemble somebody."""
    phones = {entry.line.text("phone") for entry in entries} - {""}
    names = {key for entry in entries for key in entry.keys}
    by_phone, by_name = defaultdict(list), defaultdict(list)
    for person in people_like(names, phones):
        by_phone[person.phone].append(person)
        for key in {person.name_en_key, person.name_km_key} & names:
            by_name[key].append(person)
    for entry in entries:
        phone = entry.line.text("phone")
        callers = by_phone[phone] if phone else []
        namesakes = [person for key in sorted(entry.keys) for person in by_name[key]]
        known = [person for person in callers if names_agree(entry, person)]
        known += [person for person in namesakes if same_organisation(entry, person)]
        entry.person = known[0] if known else None
        entry.is_double = not known and bool(callers or namesakes)


def people_like(names: set[str], phones: set[str]) -> list[Person]:
    """Return active people with one of these names or phones, those known longest first."""
    found: dict[int, Person] = {}
    active = Person.objects.identified().order_by("pk")
    for values, condition in ((names, ("name_en_key", "name_km_key")), (phones, ("phone",))):
        keys = sorted(values)
        for start in range(0, len(keys), CHUNK):
            chunk, any_of = keys[start : start + CHUNK], Q()
            for name in condition:
                any_of |= Q(**{f"{name}__in": chunk})
            found |= {person.pk: person for person in active.filter(any_of)}
    return [found[pk] for pk in sorted(found)]


def names_agree(entry: Entry, person: Person) -> bool:
    """Tell whether a name is the same in one script, or cannot be compared because the scripts differ."""
    theirs = {"name_en": person.name_en_key, "name_km": person.name_km_key}
    ours = {name: name_key(entry.line.text(name)) for name in theirs}
    if entry.keys & set(theirs.values()):
        return True
    return not any(ours[name] and theirs[name] for name in theirs)


def same_organisation(entry: Entry, person: Person) -> bool:
    """Tell whether line and person name the same organisation, or neither names one."""
    return person.organisation_id == (entry.organisation.pk if entry.organisation else None) and not (
        entry.organisation and entry.organisation.pk is None
    )


def refuse_repeated(entries: list[Entry]) -> None:
    """Report a person who stands in two lines; mark lines that share a name or a phone without being the same."""
    first: dict[Any, Entry] = {}
    shared: dict[Any, Entry] = {}
    for entry in entries:
        phone = entry.line.text("phone")
        keys: list[Any] = [("name", key, entry.organisation_key) for key in entry.keys]
        keys += [("phone", phone, key) for key in entry.keys if phone]
        keys += [("person", entry.person.pk)] if entry.person else []
        earlier = next((first[key] for key in keys if key in first), None)
        if earlier is not None:
            entry.line.wrong("name_en", "repeated", line=earlier.line.number)
            continue
        first |= dict.fromkeys(keys, entry)
        for key in [*(("name", key) for key in entry.keys), *([("phone", phone)] if phone else [])]:
            other = shared.setdefault(key, entry)
            if other is not entry:
                entry.is_double = entry.is_double or entry.person is None
                other.is_double = other.is_double or other.person is None


def resolve_attendances(load: Load, entries: list[Entry]) -> None:
    """Find who is on the list already, and note every field that would change, with the value before."""
    workshop = load.scope["workshop"]
    listed = {
        row.person_id: row
        for row in Attendance.objects.active().filter(workshop=workshop).select_related("organisation")
    }
    for entry in entries:
        attendance = listed.get(entry.person.pk) if entry.person else None
        entry.attendance = attendance or Attendance(workshop_id=workshop, load=load if load.pk else None)
        entry.person = entry.person or Person(is_possible_duplicate=entry.is_double)
        change_person(entry, entry.person)
        change_attendance(entry, entry.attendance)


def change_person(entry: Entry, person: Person) -> None:
    """Set what the line says of the person; without consent phone and e-mail are not kept."""
    values = {name: entry.line.values[name] for name in PERSON if entry.line.values.get(name) is not None}
    if entry.line.values.get("consent") is False:
        values |= {"phone": CLEAR, "email": CLEAR}
    for name, value in values.items():
        new, old = "" if value is CLEAR else value, getattr(person, name)
        if person.pk is None:
            setattr(person, name, new)
        elif new != old and not (name in NAMES and old):
            entry.before[name] = old
            setattr(person, name, new)
    if person.pk is None:
        person.organisation = entry.organisation


def change_attendance(entry: Entry, attendance: Attendance) -> None:
    """Set what the line says of the attendance; the answers about difficulties decide about disability."""
    old = {name: getattr(attendance, name) for name in ATTENDANCE}
    for name in ATTENDANCE:
        value = entry.line.values.get(name)
        if value is not None:
            blank = "" if isinstance(old[name], str) else None
            setattr(attendance, name, blank if value is CLEAR else value)
    difficulties = [getattr(attendance, name) for name in DIFFICULTY_DOMAINS]
    attendance.disability = disability_from(difficulties, attendance.disability)
    changed = {name: value for name, value in old.items() if value != getattr(attendance, name)}
    wants = entry.line.values.get("organisation")
    before, after = attendance.organisation, None if wants is CLEAR else entry.organisation
    if wants is not None and before is not after and (before is None or after is None or before.pk != after.pk):
        changed |= {"organisation": str(before) if before else "", "organisation_id": before.pk if before else None}
        attendance.organisation = after
    if "consent" in changed:
        changed["consent_notice_id"] = attendance.consent_notice_id
    if attendance.pk:
        entry.before |= changed


def rows(plan: Plan) -> list[CheckedRow]:
    """Return the plan as rows for the preview."""
    return [
        CheckedRow(
            line=entry.line.number,
            outcome=entry.outcome,
            raw=entry.line.raw,
            values=stored(entry.line.values),
            errors=entry.line.errors,
            target=entry.attendance.pk if entry.attendance else None,
            before={} if entry.is_wrong else entry.before,
        )
        for entry in plan.entries
    ]


def counts(plan: Plan) -> dict[str, Any]:
    """Return what the preview says beside its rows: the organisations that would be created."""
    used = {entry.organisation_key for entry in plan.entries if not entry.is_wrong}
    return {"new_organisations": [str(row) for key, row in sorted(plan.new_organisations.items()) if key in used]}
