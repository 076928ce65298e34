"""Erasing a person: names and contacts go wherever they are repeated, what was counted stays."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Length
from django.utils import timezone
from simple_history.utils import get_history_manager_for_model

from capred_portal.blanking import (
    UNDER_WAY,
    blank_history,
    blank_load_rows,
    blank_log,
    blank_reports,
    forget_exports,
    forget_kept_files,
    forget_mails,
    forget_upload,
)
from capred_portal.erasures import eraser
from capred_portal.matching import name_key, split_honorific
from capred_portal.models import Export, Load, LoadRow, Match, Merge
from capred_portal.records import writing
from programs.matches import settle_marks
from programs.models import Attendance, Person, Statement
from programs.models.people import DIFFICULTY_DOMAINS

KIND, LIST = "person", "attendance"
REASON = "erased"  # in the history
WORDS_EN, WORDS_KM = "(erased with the person's details)", "(បានលុបជាមួយទិន្នន័យផ្ទាល់ខ្លួន)"
CHUNK = 2_000
DIGITS = 8  # of a phone number, from its end: the same however it is written
NAMES = ("name_en", "name_km")
NAME_KEYS = ("name_en_key", "name_km_key", "search_key", "sound_key")
CHECKSUM = 64  # characters of a form's digest; that of a load is the number of a line, which names nobody


def erased_values(number: int) -> dict[str, Any]:
    """Return what is kept of a person who was erased."""
    return {
        "honorific": "",
        "name_en": f"Erased person {number}",
        "name_km": f"បុគ្គលដែលបានលុប {number}",
        "organisation": None,
        "phone": "",
        "email": "",
    }


# Finding


@dataclass
class Traces:
    """What a person is or was called, and how they could be reached."""

    keys: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)  # names, phones and addresses as they were written
    emails: set[str] = field(default_factory=set)

    def stand_in(self, told: dict[str, Any]) -> bool:
        """Tell whether a line of a list, or its values, names the person."""
        names = (split_honorific(str(told.get(name) or ""))[1] for name in NAMES)
        return bool(
            {name_key(name) for name in names} & self.keys
            or digits(str(told.get("phone") or "")) in self.phones
            or str(told.get("email") or "").strip().lower() in self.emails
        )


def digits(phone: str) -> str:
    """Return the last digits of a phone number, enough to tell it from others."""
    return "".join(letter for letter in phone if letter.isdecimal())[-DIGITS:]


def same_people(number: int) -> list[int]:
    """Return the numbers of all records that were merged into one with this, this one first."""
    return joined_by(Merge.objects.filter(kind=KIND, undone_at=None), [number])


def once_the_same(numbers: list[int]) -> list[int]:
    """Return the numbers of other records that were merged with these and taken apart again."""
    return joined_by(Merge.objects.filter(kind=KIND), numbers)[len(numbers) :]


def joined_by(merges: Any, numbers: list[int]) -> list[int]:
    """Return these numbers and, after them, all that merges join to them."""
    found, fresh = [*numbers], [*numbers]
    while fresh:
        pairs = merges.filter(Q(kept__in=fresh) | Q(merged__in=fresh)).values_list("kept", "merged")
        ends = {end for pair in pairs for end in pair}
        fresh = sorted(ends - set(found))
        found += fresh
    return found


def traces_of(numbers: list[int]) -> Traces:
    """Collect every spelling, phone and address of these people, those of earlier versions too."""
    traces = Traces()
    history = get_history_manager_for_model(Person).filter(id__in=numbers)
    columns = ("name_en", "name_km", "phone", "email", "erased_at")
    for rows in (Person.objects.filter(pk__in=numbers), history):
        for name_en, name_km, phone, email, erased_at in rows.order_by().values_list(*columns).distinct():
            if erased_at is None:
                traces.texts |= {name_en, name_km, phone, email} - {""}
                traces.keys |= {name_key(name_en), name_key(name_km)} - {""}
                traces.phones |= {digits(phone)} - {""}
                traces.emails |= {email.lower()} - {""}
    return traces


def names_in_reports(numbers: list[int]) -> dict[str, str]:
    """Return every spelling of these people's names, with honorific and without, and what stands there from now on."""
    words: dict[str, str] = {}
    history = get_history_manager_for_model(Person).filter(id__in=numbers)
    for rows, key in ((Person.objects.filter(pk__in=numbers), "pk"), (history, "id")):
        told = rows.filter(erased_at=None).order_by().values_list(key, "honorific", *NAMES).distinct()
        for number, honorific, *names in told:
            new = erased_values(number)
            for column, name in zip(NAMES, names, strict=True):
                if name:
                    words |= {name: new[column], f"{honorific} {name}".strip(): new[column]}
    return words


def words_in_reports(numbers: list[int]) -> dict[str, str]:
    """Return what these people said, line by line, and their offices, and what reports that name them say instead."""
    words: dict[str, str] = {}
    managers: tuple[Any, ...] = (Statement.objects, get_history_manager_for_model(Statement))
    for rows in managers:
        columns = ("text_en", "text_km", "office_en", "office_km")
        for *texts, office_en, office_km in rows.filter(person__in=numbers).values_list(*columns):
            for text, new in zip(texts, (WORDS_EN, WORDS_KM), strict=True):
                words |= {line.strip(): new for line in text.splitlines() if line.strip()}
            words |= {office: "–" for office in (office_en, office_km) if office}
    return words


def load_rows_of(numbers: list[int], traces: Traces) -> Iterator[LoadRow]:
    """Yield the lines of attendance lists that tell of these people.

    Those that became their attendances do; of those that became nobody's, such as wrong ones, all that name them:
    of two people of one name no line that somebody else's record rests on is touched.
    """
    rows = LoadRow.objects.filter(load__kind=LIST).select_related("load")
    attendances = Attendance.objects.filter(person__in=numbers).values("pk")
    yield from rows.filter(target__in=attendances).order_by("pk").iterator(CHUNK)
    for row in rows.filter(target=None).order_by("pk").iterator(CHUNK):
        if traces.stand_in(row.raw) or traces.stand_in(row.values):
            yield row


# Erasing


def written_at(number: int) -> dt.datetime | None:
    """Return when the record of a person was created."""
    return Person.objects.filter(pk=number).values_list("created_at", flat=True).first()


@eraser(KIND, written_at=written_at, numbers=same_people)
def erase_person(number: int, *, by: Any, reason: str) -> dict[str, int]:
    """Erase a person and the records merged into them; return how many rows were changed, by table."""
    numbers = same_people(number)
    traces, words, beside = traces_of(numbers), names_in_reports(numbers), words_in_reports(numbers)
    with writing("capred_portal", "programs"):
        hold_lists()
        rows = list(load_rows_of(numbers, traces))
        counts = Counter(people=erase_people(numbers, by), attendances=erase_answers(numbers, by))
        counts["statements"] = erase_statements(numbers, by)
        counts["history"] = erase_history(numbers) + erase_elsewhere(numbers, traces)
        counts["load_rows"] = blank_load_rows([row.pk for row in rows])
        counts["uploads"] = erase_uploads(rows)
        counts["matches"] = erase_matches(numbers)
        counts["merges"] = erase_merges(numbers)
        counts["mails"] = forget_mails(address_among(traces.emails))
        counts["kept_files"] = forget_kept_files()
        counts["exports"] = forget_exports(Export.objects.all())  # any of them may name the person
        counts["reports"] = blank_reports(words, beside)
    return {name: count for name, count in counts.items() if count}


def hold_lists() -> None:
    """Let no list under way be read or written meanwhile: a line that is not there yet would be missed."""
    loads = Load.objects.select_for_update().filter(kind=LIST, state__in=UNDER_WAY).order_by("pk")
    list(loads.values_list("pk", flat=True))


def address_among(emails: Iterable[str]) -> Q:
    """Return the condition that a mail goes to one of these addresses."""
    found = Q(pk=None)
    for email in sorted(emails):
        found |= Q(address__iexact=email)
    return found


def erase_people(numbers: list[int], by: Any) -> int:
    """Replace names and empty contacts of people not erased before."""
    people = Person.objects.select_for_update().filter(pk__in=numbers, erased_at=None).order_by("pk")
    for person in people:
        for name, value in erased_values(person.pk).items():
            setattr(person, name, value)
        person.is_possible_duplicate, person.erased_at = False, timezone.now()
        save(person, by)
    return len(people)


def save(record: Any, by: Any) -> None:
    """Save a record as its next version, without the checksum of what was typed and the reason for archiving."""
    if len(record.creation_digest) == CHECKSUM:
        record.creation_token, record.creation_digest = None, ""
    record.archive_reason = REASON if record.archive_reason else ""
    record._change_reason = REASON
    record.save_version(by=by, expected=record.version)


def erase_answers(numbers: list[int], by: Any) -> int:
    """Empty the six answers about difficulties, which no figure counts; age and disability stay, for figures do."""
    rows = Attendance.objects.select_for_update().filter(person__in=numbers).order_by("pk")
    told = [row for row in rows if tells(row)]
    for row in told:
        for name in DIFFICULTY_DOMAINS:
            setattr(row, name, None)
        save(row, by)
    return len(told)


def tells(row: Attendance) -> bool:
    """Tell whether an attendance says more than figures count."""
    said_why = row.archive_reason not in ("", REASON)
    return said_why or len(row.creation_digest) == CHECKSUM or any(getattr(row, name) for name in DIFFICULTY_DOMAINS)


def erase_statements(numbers: list[int], by: Any) -> int:
    """Replace what these people said at workshops, and the offices they held."""
    rows = Statement.objects.select_for_update().filter(person__in=numbers).exclude(text_en=WORDS_EN).order_by("pk")
    for row in rows:
        row.text_en, row.text_km, row.office_en, row.office_km = WORDS_EN, WORDS_KM, "", ""
        save(row, by)
    return len(rows)


def erase_history(numbers: list[int]) -> int:
    """Let every earlier version hold what the last one does, and call them so in the administration's log."""
    changed = 0
    for person in Person.objects.filter(pk__in=numbers):
        keys = {key: getattr(person, key) for key in NAME_KEYS}
        changed += blank_history(Person, [person.pk], **erased_values(person.pk), **keys, erased_at=person.erased_at)
        blank_log(Person, [person.pk], str(person))
    forget_typed(Person, numbers)
    unsaid = {"office_en": "", "office_km": "", "text_en": WORDS_EN, "text_km": WORDS_KM}
    for model, values in ((Attendance, dict.fromkeys(DIFFICULTY_DOMAINS)), (Statement, unsaid)):
        rows = list(model.objects.filter(person__in=numbers).values_list("pk", flat=True))
        changed += blank_history(model, rows, **values)
        blank_log(model, rows, REASON)
        forget_typed(model, rows)
    return changed


def erase_elsewhere(numbers: list[int], traces: Traces) -> int:
    """Take what other records held of these people while they were merged with them out of their earlier versions."""
    changed = 0
    for other in Person.objects.filter(pk__in=once_the_same(numbers)):
        names = {name: getattr(other, name) for name in NAME_KEYS}
        for name in (*NAMES, "phone", "email"):
            own = getattr(other, name)
            told = get_history_manager_for_model(Person).filter(id=other.pk, **{f"{name}__in": traces.texts - {own}})
            if rows := told.update(**{name: own}, **(names if name in NAMES else {})):
                blank_log(Person, [other.pk], str(other))
                changed += rows
    return changed


def forget_typed(model: Any, numbers: list[int]) -> None:
    """Take checksums of what was typed, and free texts, out of the history."""
    history = get_history_manager_for_model(model).filter(id__in=numbers)
    typed = history.annotate(digest_length=Length("creation_digest")).filter(digest_length=CHECKSUM)
    typed.update(creation_token=None, creation_digest="")
    history.exclude(archive_reason="").update(archive_reason=REASON)


def erase_uploads(rows: list[LoadRow]) -> int:
    """Delete the files of the lists that named these people, and of those nobody has read yet: they may name them."""
    naming = {row.load_id for row in rows}
    failed_unread = Q(state=Load.State.FAILED) & ~Exists(LoadRow.objects.filter(load=OuterRef("pk")))
    unread = (Q(state=Load.State.UPLOADED) | failed_unread) & Q(kind=LIST) & ~Q(file="")
    loads = Load.objects.select_for_update().filter(Q(pk__in=naming) | unread).order_by("pk")
    return sum(forget_upload(load, "erased" if load.pk in naming else "erased_unread") for load in loads)


def erase_matches(numbers: list[int]) -> int:
    """Forget why these people were taken for others, and every pair that is not of records merged into one."""
    pairs = Match.objects.filter(Q(first__in=numbers) | Q(second__in=numbers), kind=KIND)
    others = {end for pair in pairs.values_list("first", "second") for end in pair} - set(numbers)
    changed = pairs.filter(decision=Match.Decision.SAME).exclude(reasons=[]).update(reasons=[])
    changed += pairs.exclude(decision=Match.Decision.SAME).delete()[0]
    settle_marks(others)
    return changed


def erase_merges(numbers: list[int]) -> int:
    """Take the values that were compared and chosen out of merges of these people."""
    merges = list(Merge.objects.filter(Q(kept__in=numbers) | Q(merged__in=numbers), kind=KIND))
    for merge in merges:
        for side, number in (("kept", merge.kept), ("merged", merge.merged)):
            if number in numbers and side in merge.before:
                merge.before[side] = {name: erased_values(number).get(name, "") for name in merge.before[side]}
        merge.after = {}
    Merge.objects.bulk_update(merges, ["before", "after"])
    return len(merges)
