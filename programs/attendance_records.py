"""How a compared attendance list is written, and how it is taken back."""

from typing import Any

from django.db.models import CharField, Exists, F, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from simple_history.utils import bulk_update_with_history, get_history_manager_for_model

from capred_portal.load_kinds import CheckedRow, Line, restored
from capred_portal.loads import BATCH, hanging_on, token_of
from capred_portal.models import Load, LoadRow, Organisation
from programs.attendance_load import ATTENDANCE, PERSON, PERSON_KEYS, Plan, resolve, rows
from programs.consent import forget_contacts, note_consent
from programs.models import Attendance, Person

Outcome = LoadRow.Outcome
WRITTEN = (*ATTENDANCE, "organisation", "consent_notice")

# Writing


def reason_of(load: Load) -> str:
    """Return what the history says of a change that a load made."""
    return f"load {load.pk}"


def write(load: Load) -> bool:
    """Compare once more and write, or return False when something has moved since the preview."""
    kept = {row.line: row for row in load.rows.all()}
    lines = [Line(row.line, (), {}, restored(row.values), row.errors) for row in kept.values()]
    plan = resolve(load, lines)
    if any(promise(row) != promise(kept[row.line]) for row in rows(plan)):
        return False
    apply(load, plan)
    return True


def promise(row: LoadRow | CheckedRow) -> tuple[Any, ...]:
    """What a preview promised about a line."""
    return row.outcome, row.target, row.before


def apply(load: Load, plan: Plan) -> None:
    """Write the plan in a constant number of steps; every created record carries the load's token."""
    entries = [entry for entry in plan.entries if entry.outcome not in (Outcome.WRONG, Outcome.UNCHANGED)]
    used = {entry.organisation_key for entry in entries}
    create(load, [row for key, row in sorted(plan.new_organisations.items()) if key in used])
    people = {entry.line.number: entry.person for entry in entries if entry.person and entry.person.pk is None}
    rows = {
        entry.line.number: entry.attendance for entry in entries if entry.attendance and entry.attendance.pk is None
    }
    changed_people = [
        entry.person for entry in entries if entry.person and entry.person.pk and {*entry.before} & {*PERSON}
    ]
    changed_rows = [
        entry.attendance
        for entry in entries
        if entry.attendance and entry.attendance.pk and {*entry.before} & {*ATTENDANCE, "organisation"}
    ]
    answered = [entry.attendance for entry in entries if entry.attendance and "consent" in entry.before]
    note_consent(filter(None, [*rows.values(), *answered]), load.scope["workshop"])
    create(load, list(people.values()), list(people))
    for entry in entries:
        if entry.attendance and entry.attendance.pk is None:
            entry.attendance.person = entry.person
    create(load, list(rows.values()), list(rows))
    update(changed_people, (*PERSON, *PERSON_KEYS), load.created_by, reason_of(load))
    update(changed_rows, WRITTEN, load.created_by, reason_of(load))
    note_targets(load)
    obey_refusals(load)


def create(load: Load, records: list[Any], numbers: list[int] | None = None) -> None:
    """Create records with the load's token; the line numbers tell them apart."""
    token = token_of(load)
    for number, record in zip(numbers or range(1, len(records) + 1), records, strict=True):
        record.creation_token, record.creation_digest = token, str(number)
        record.created_by = record.updated_by = load.created_by
    if records:
        type(records[0])._default_manager.bulk_create(records, batch_size=BATCH)


def update(records: list[Any], names: tuple[str, ...], by: Any, reason: str) -> None:
    """Save records as their next versions, with their history."""
    if not records:
        return
    now = timezone.now()
    for record in records:
        record.version, record.updated_by, record.updated_at = record.version + 1, by, now
        for name in names:
            record._meta.get_field(name).pre_save(record, False)
    saved = [*names, "version", "updated_by", "updated_at"]
    bulk_update_with_history(
        records, type(records[0]), saved, batch_size=BATCH, default_user=by, default_change_reason=reason
    )


def note_targets(load: Load) -> None:
    """Write beside each line which attendance it became and the version the load gave it."""
    made = Attendance.objects.filter(creation_token=token_of(load), creation_digest=Cast(OuterRef("line"), CharField()))
    new = load.rows.filter(outcome__in=[Outcome.NEW, Outcome.UNCERTAIN])
    new.update(target=Subquery(made.values("pk")[:1]))
    versions = Attendance.objects.filter(pk=OuterRef("target")).values("version")[:1]
    load.rows.exclude(target=None).update(target_version=Subquery(versions, output_field=IntegerField()))


def obey_refusals(load: Load) -> None:
    """Keep no phone and e-mail of people who did not consent: not in their records, not in the lines kept."""
    refused = list(load.rows.filter(values__consent=False))
    for row in refused:
        for kept in (row.values, row.raw, row.before):
            for name in ("phone", "email"):
                kept.pop(name, None)
    LoadRow.objects.bulk_update(refused, ["values", "raw", "before"], batch_size=BATCH)
    people = Attendance.objects.filter(pk__in=load.rows.filter(values__consent=False).values("target"))
    forget_contacts(people.values_list("person", flat=True), load.created_by)


# Taking back


def undo_blockers(load: Load) -> list[tuple[Any, int]]:
    """Count, in SQL, what was changed since and what hangs on what the load created."""
    token = token_of(load)
    people, organisations = (model.objects.filter(creation_token=token) for model in (Person, Organisation))
    written = load.rows.filter(outcome__in=[Outcome.NEW, Outcome.UNCERTAIN, Outcome.CHANGED])
    as_left = Attendance.objects.active().filter(pk=OuterRef("target"), version=OuterRef("target_version"))
    changed = get_history_manager_for_model(Person).filter(history_change_reason=reason_of(load))
    person_as_left = Person.objects.active().filter(pk=OuterRef("id"), version=OuterRef("version"))
    fresh = Q(version=1, archived_at=None)
    return [
        (gettext_lazy("attendances changed since"), written.filter(~Exists(as_left)).count()),
        (
            gettext_lazy("people changed since"),
            people.exclude(fresh).count() + changed.filter(~Exists(person_as_left)).count(),
        ),
        (gettext_lazy("organisations changed since"), organisations.exclude(fresh).count()),
        *hanging_on(people, token),
        *hanging_on(organisations, token),
    ]


def undo(load: Load, by: Any) -> None:
    """Give changed records their values of before, and archive what the load created."""
    touched = list(load.rows.exclude(target=None).exclude(before={}))
    attendances = Attendance.objects.select_related("person").in_bulk([row.target for row in touched])
    people, changed = [], []
    for row in touched:
        attendance = attendances[row.target]
        if set_back(attendance.person, row.before, PERSON):
            people.append(attendance.person)
        if (
            set_back(attendance, row.before, (*ATTENDANCE, "organisation_id", "consent_notice_id"))
            and row.outcome == Outcome.CHANGED
        ):
            changed.append(attendance)
    reason = _("Load %(number)s was undone") % {"number": load.pk}
    update(people, (*PERSON, *PERSON_KEYS), by, reason)
    update(changed, WRITTEN, by, reason)
    for model in (Attendance, Person, Organisation):
        archive_all(model.objects.active().filter(creation_token=token_of(load)), by, reason)


def set_back(record: Any, before: dict[str, Any], names: tuple[str, ...]) -> bool:
    """Set the fields of a record that were different before; tell whether there were any."""
    found = [name for name in names if name in before]
    for name in found:
        setattr(record, name, before[name])
    return bool(found)


def archive_all(records: Any, by: Any, reason: str) -> None:
    """Archive rows with one statement, and write their history."""
    now, rows = timezone.now(), list(records)
    for row in rows:
        row.archived_at, row.archived_by, row.archive_reason = now, by, reason
        row.version, row.updated_by, row.updated_at = row.version + 1, by, now
    records.update(
        archived_at=now, archived_by=by, archive_reason=reason, version=F("version") + 1, updated_by=by, updated_at=now
    )
    if rows:
        history = get_history_manager_for_model(type(rows[0]))
        history.bulk_history_create(rows, batch_size=BATCH, update=True, default_user=by, default_change_reason=reason)
