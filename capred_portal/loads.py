"""The staged load: receive, check, preview, confirm, write, undo; every step is safe to repeat."""

import gc
import io
import json
import logging
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any, BinaryIO

from django.core.files import File
from django.core.files.base import ContentFile
from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from capred_portal.background import queue_task
from capred_portal.bulk import bulk_load
from capred_portal.load_files import (
    PASTED,
    checksum_of,
    header_of,
    is_workbook,
    layout_of,
    lines_of,
    open_rows,
    remembered_mapping,
)
from capred_portal.load_kinds import (
    MESSAGES,
    PROBLEMS,
    REGISTRY,
    CheckedRow,
    Checker,
    Column,
    Line,
    LoadKind,
    error_message,
    in_chunks,
    kind_of,
    problem_message,
    propose_mapping,
    read_lines,
    reasons,
    register,
    restored,
    stored,
)
from capred_portal.models import Load, LoadRow
from capred_portal.records import writing
from capred_portal.spreadsheets import SpreadsheetError

__all__ = [
    "MESSAGES",
    "PASTED",
    "PROBLEMS",
    "REGISTRY",
    "CheckedRow",
    "Checker",
    "Column",
    "Line",
    "LoadKind",
    "error_message",
    "kind_of",
    "open_rows",
    "problem_message",
    "propose_mapping",
    "read_lines",
    "reasons",
    "register",
    "remembered_mapping",
    "restored",
    "stored",
]

logger = logging.getLogger(__name__)

MOST_OF_NAME = 60  # of the name of a file in the storage
BATCH = 1_000  # rows written by one statement of the ORM
KEPT = 5_000  # rows of the preview written by one transaction
UNDO_AT_ONCE = 5_000  # rows that are taken back while the page waits

CUT_OFF = (InterfaceError, OperationalError)  # the database is locked or away: tried again, never "broken"

_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_ROW_COLUMNS = ("line", "outcome", "raw", "values", "errors", "target", "target_version", "before", "key")


class Superseded(Exception):
    """Another attempt works on this load; this one must stop."""


class Moved(Exception):
    """Records have changed since the preview."""


# Steps


def token_of(load: Load) -> uuid.UUID:
    """Return the creation token of every record a load creates: it finds them again, and no step creates twice."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"load:{load.pk}")


def receive(
    *, kind: LoadKind, content: bytes | BinaryIO, file_name: str, scope: dict[str, Any], by: Any, enqueue: bool = True
) -> Load:
    """Keep a file that can be read and set its checking going; SpreadsheetError when it cannot be read."""
    file: Any = io.BytesIO(content) if isinstance(content, bytes) else content
    checksum, lines = checksum_of(file)
    header = header_of(kind, file, file_name, count=lines > kind.max_rows or is_workbook(file_name))
    stored_as = file_name[-MOST_OF_NAME:]
    kept = ContentFile(content, name=stored_as) if isinstance(content, bytes) else File(file, name=stored_as)
    with transaction.atomic():
        load = Load.objects.create(
            kind=kind.name,
            scope=scope,
            file=kept,
            file_name=file_name,
            checksum=checksum,
            layout=layout_of(header),
            mapping={"header": header, "columns": remembered_mapping(kind, header)},
            rows_total=0 if kind.read or is_workbook(file_name) else min(lines, kind.max_rows),
            created_by=by,
        )
        if enqueue:
            queue_task(check_load, load.pk)
    return load


def load_now(*, kind: LoadKind, content: bytes | BinaryIO, file_name: str, scope: dict[str, Any], by: Any) -> Load:
    """Take a file through every step without waiting; what is wrong stays out, all else is written or nothing."""
    load = receive(kind=kind, content=content, file_name=file_name, scope=scope, by=by, enqueue=False)
    check_load.func(load.pk)
    load.refresh_from_db()
    if may_write(load) and waiting(load).update(state=Load.State.CONFIRMED):
        apply_load.func(load.pk)
    load.refresh_from_db()
    return load


def earlier_loads(load: Load) -> Any:
    """Return loads of the same content for the same scope that were carried out."""
    same = Load.objects.filter(kind=load.kind, checksum=load.checksum, scope=load.scope, state=Load.State.DONE)
    return same.exclude(pk=load.pk)


def remap(load: Load, mapping: dict[str, int]) -> None:
    """Check the file again with another choice of columns."""
    with transaction.atomic():
        standing = Load.objects.filter(pk=load.pk, state__in=[Load.State.CHECKED, Load.State.FAILED])
        chosen = load.mapping | {"columns": mapping}
        if standing.exclude(file="").update(mapping=chosen, state=Load.State.UPLOADED, problem="", counts={}):
            queue_task(check_load, load.pk)


def waiting(load: Load) -> Any:
    """Return the load's row as long as it waits for confirmation."""
    return Load.objects.filter(pk=load.pk, state=Load.State.CHECKED)


def may_write(load: Load) -> bool:
    """Tell whether wrong rows can stay out: a table that is one whole is written whole or not at all."""
    return not (kind_of(load).is_whole and load.counts.get("wrong"))


def confirm(load: Load) -> bool:
    """Set the writing of a checked load going; false when somebody was quicker, or when it cannot be written."""
    with transaction.atomic():
        if not may_write(load) or not waiting(load).update(state=Load.State.CONFIRMED, problem=""):
            return False
        queue_task(apply_load, load.pk)
    return True


# Checking


def examine(load: Load, kind: LoadKind, file: Any) -> Iterator[tuple[list[CheckedRow], dict[str, Any]]]:
    """Yield the preview of a load a chunk at a time, each with the counts so far; writes nothing.

    SpreadsheetError says why there is none.
    """
    checker = kind.start(load)
    tally: Counter[str] = Counter()
    for lines in in_chunks(lines_of(load, kind, file), kind.chunk):
        rows = checker.check(lines)
        tally.update(str(row.outcome) for row in rows)
        counts = {str(outcome): tally[outcome] for outcome in LoadRow.Outcome.values}
        yield rows, counts | checker.counts()
    if not tally:
        raise SpreadsheetError("nothing_needed" if any(checker.counts().values()) else "no_rows")


@task()
def check_load(load_id: int) -> None:
    """Compare a file with the database and keep the preview; repeating it changes nothing."""
    load = Load.objects.get(pk=load_id)
    if load.state == Load.State.UPLOADED:
        check(load)


def check(load: Load, problem: str = "") -> None:
    """Compare a load's file with the database from the start; a later attempt makes this one stop."""
    spare_memory()
    counts: dict[str, Any] = {}
    try:
        begin(load)
        with closing(load.file.open("rb")) as file, collector_at_rest():
            for rows, counted in examine(load, kind_of(load), file):
                keep_rows(load, rows)
                counts = counted
        if mine(load).update(state=Load.State.CHECKED, counts=counts, problem=problem):
            Load.objects.filter(pk=load.pk).update(rows_total=F("rows_done"))
    except Superseded:
        return
    except SpreadsheetError as error:
        fail(load, error.code, problem={name: str(value) for name, value in error.params.items()})
    except CUT_OFF:
        raise
    except Exception:
        logger.exception("checking load %s", load.pk)
        fail(load, "broken")


def spare_memory() -> None:
    """Let SQLite read the database file without mapping it: a load walks through all of it, a page does not."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA mmap_size = 0")


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Let no search for cycles go over the rows that stream by: they hold none, and it takes a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def begin(load: Load) -> None:
    """Make this the newest attempt, and take out what an earlier one kept; Superseded once one of them has ended."""
    uploaded = Load.objects.filter(pk=load.pk, state=Load.State.UPLOADED)
    with transaction.atomic():
        if not uploaded.update(run=F("run") + 1, rows_done=0, checked_from=timezone.now()):
            raise Superseded
        load.refresh_from_db()
        load.rows.all().delete()


def mine(load: Load) -> Any:
    """Return the load's row as long as this attempt is the newest."""
    return Load.objects.filter(pk=load.pk, run=load.run, state=Load.State.UPLOADED)


def keep_rows(load: Load, rows: list[CheckedRow]) -> None:
    """Store a part of the preview; the transactions are short, so that others can save in between."""
    for start in range(0, len(rows), KEPT):
        part = rows[start : start + KEPT]
        with transaction.atomic():
            if not mine(load).update(rows_done=F("rows_done") + len(part)):
                raise Superseded
            bulk_load(LoadRow, _ROW_COLUMNS, map(kept_row, part), constants={"load_id": load.pk})


def kept_row(row: CheckedRow) -> tuple[Any, ...]:
    """Return a row of the preview as its table takes it; most of its JSON is empty."""
    said = (_as_json(row.raw) if row.raw else "{}", _as_json(row.values) if row.values else "{}")
    errors, before = _as_json(row.errors) if row.errors else "[]", _as_json(row.before) if row.before else "{}"
    return row.line, row.outcome, *said, errors, row.target, row.target_version, before, row.key


def fail(load: Load, code: str, **counts: Any) -> None:
    """Note why a load could not go on, unless another attempt has taken over."""
    unfinished = (Load.State.UPLOADED, Load.State.CONFIRMED, Load.State.UNDOING)
    still_mine = Load.objects.filter(pk=load.pk, run=load.run, state__in=unfinished)
    counted = load.counts | counts
    still_mine.update(state=Load.State.FAILED, problem=code, counts=counted, finished_at=timezone.now())


# Writing


@task()
def apply_load(load_id: int) -> None:
    """Write a confirmed load in one transaction; repeating it changes nothing."""
    load = Load.objects.get(pk=load_id)
    spare_memory()
    try:
        with writing(*kind_of(load).apps):
            take_turns(kind_of(load))
            load = Load.objects.select_for_update().get(pk=load_id)
            if load.state == Load.State.CONFIRMED:
                carry_out(load)
        if load.state == Load.State.UPLOADED:  # an earlier attempt was ended while it looked again
            check(load, problem="changed")
    except CUT_OFF:
        raise
    except (IntegrityError, Moved):
        confirmed = Load.objects.filter(pk=load_id, state=Load.State.CONFIRMED)
        if confirmed.update(state=Load.State.UPLOADED):
            check(load, problem="changed")
    except Exception:
        logger.exception("applying load %s", load_id)
        fail(load, "broken")


def take_turns(kind: LoadKind) -> None:
    """Let loads of the same apps be written one after the other: records without a number may be in two of them."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for app in sorted(kind.apps):
                cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"loads of {app}"])


def carry_out(load: Load) -> None:
    """Write what the preview promised, or raise Moved when records have changed since."""
    if not kind_of(load).write(load):
        raise Moved
    load.state, load.finished_at = Load.State.DONE, timezone.now()
    load.save()


def undo(load: Load, *, by: Any) -> list[tuple[Any, int]]:
    """Take a load back, or return what stands against it, with counts."""
    kind = kind_of(load)
    with writing(*kind.apps):
        take_turns(kind)
        locked = Load.objects.select_for_update().get(pk=load.pk)
        if locked.state not in (Load.State.DONE, Load.State.UNDOING):
            return []
        blockers = undo_blockers(locked)
        if not blockers:
            kind.undo(locked, by)
            locked.finished_at = timezone.now()
        locked.state = Load.State.DONE if blockers else Load.State.UNDONE
        locked.save()
    return blockers


def undo_blockers(load: Load) -> list[tuple[Any, int]]:
    """Return what stands against taking a load back, with counts; with its rows gone nobody knows what was before."""
    if not load.file:
        return [(_("rows of the file, kept no longer"), load.rows_total)]
    return [(reason, count) for reason, count in kind_of(load).undo_blockers(load) if count]


def undo_later(load: Load, *, by: Any) -> bool:
    """Set the undoing of a large load going; false when it is small enough to wait for, or not done."""
    with transaction.atomic():
        done = Load.objects.filter(pk=load.pk, state=Load.State.DONE, rows_total__gt=UNDO_AT_ONCE)
        if not done.update(state=Load.State.UNDOING):
            return False
        queue_task(undo_load, load.pk, by.pk)
    return True


@task()
def undo_load(load_id: int, user_id: int) -> None:
    """Take a load back in the background; repeating it changes nothing."""
    load = Load.objects.get(pk=load_id)
    if load.state == Load.State.UNDOING:
        undo(load, by=load.created_by._meta.model._default_manager.get(pk=user_id))


# What kinds share


def hanging_on(created: Any, token: uuid.UUID) -> list[tuple[Any, int]]:
    """Count, relation by relation, the active rows that hang on created records and are not of the load itself."""
    found = []
    for relation in created.model._meta.related_objects:
        rows = relation.related_model._default_manager.filter(**{f"{relation.field.name}__in": created.values("pk")})
        if hasattr(relation.related_model, "creation_token"):
            rows = rows.filter(archived_at=None).exclude(creation_token=token)
        found.append((relation.related_model._meta.verbose_name_plural, rows.count()))
    return found
