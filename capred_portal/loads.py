"""The staged load: read, map, check, preview, confirm, undo; each kind of spreadsheet registers itself here."""

import hashlib
import logging
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from capred_portal import columns as cells
from capred_portal import spreadsheets
from capred_portal.languages import localized
from capred_portal.matching import search_key
from capred_portal.models import Load, LoadRow
from capred_portal.records import writing
from capred_portal.spreadsheets import SpreadsheetError, Table

logger = logging.getLogger(__name__)

MAX_ROWS = 200_000
BATCH = 1_000  # rows written by one statement
PASTED = "pasted.txt"

MESSAGES: dict[str, Any] = {
    **cells.MESSAGES,
    "missing": _("This cell must be filled."),
    "too_many_cells": _("This row has more cells than there are columns. Is a comma or a tab too many in it?"),
}

# Why a load stands still, by the code kept in `Load.problem`.
PROBLEMS: dict[str, Any] = {
    **spreadsheets.MESSAGES,
    "changed": _(
        "Records have changed since this file was checked. Look at the new result before you confirm it again."
    ),
    "no_rows": _("This file has column titles but no rows below them."),
    "unmapped": _("No column is chosen for: %(names)s. Say below which column holds it."),
    "broken": _(
        "Something went wrong on our side. Nothing was loaded. Try again; if it happens twice, tell an administrator."
    ),
}


@dataclass(frozen=True)
class Column:
    """One column a kind of load understands: its names in both languages, how its cells are read, an example."""

    name: str
    title_en: str
    title_km: str
    read: Callable[[str], Any]
    spellings: tuple[str, ...] = ()
    example: str = ""

    def __str__(self) -> str:
        return localized(self, "title")

    @property
    def keys(self) -> set[str]:
        """What a header may say, reduced for comparison."""
        return {search_key(text) for text in (self.name, self.title_en, self.title_km, *self.spellings)}


@dataclass
class Line:
    """One line of the file after reading: its number, its cells, their values, and what is wrong with them."""

    number: int
    raw: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    errors: list[dict[str, Any]] = field(default_factory=list)

    def wrong(self, column: str, code: str, **params: Any) -> None:
        """Note, once, what is wrong with a cell."""
        error = {"column": column, "code": code, "params": params}
        if error not in self.errors:
            self.errors.append(error)


Resolve = Callable[[Load, list[Line]], Any]


@dataclass(frozen=True)
class LoadKind:
    """A kind of spreadsheet: its columns, and what checking, applying and undoing mean for it.

    `resolve` compares all lines with the database and returns the kind's own plan; `rows` is the plan as rows for the
    preview; `apply` writes it; `undo_blockers` counts in SQL what stands against undoing; `undo` takes it back.
    """

    name: str
    title: Any
    columns: tuple[Column, ...]
    needs_one_of: tuple[str, ...]
    resolve: Resolve
    rows: Callable[[Any], list[LoadRow]]
    apply: Callable[[Load, Any], None]
    undo_blockers: Callable[[Load], list[tuple[Any, int]]]
    undo: Callable[[Load, Any], None]
    messages: Mapping[str, Any] = field(default_factory=dict)
    counts: Callable[[Any], dict[str, Any]] = lambda _plan: {}
    apps: tuple[str, ...] = ("programs",)
    scope: tuple[str, ...] = ()  # what a load of this kind belongs to
    check_scope: Callable[[dict[str, Any]], Any] = lambda _scope: ""  # the words for a scope that does not exist

    @property
    def limit_mb(self) -> int:
        return int(settings.UPLOAD_LIMIT_MB[self.name])

    def column(self, name: str) -> Column | None:
        """Return the column of that name."""
        return next((column for column in self.columns if column.name == name), None)


REGISTRY: dict[str, LoadKind] = {}


def register(kind: LoadKind) -> LoadKind:
    """Make a kind of load known to the pages, the command and the tasks."""
    REGISTRY[kind.name] = kind
    return kind


def kind_of(load: Load) -> LoadKind:
    return REGISTRY[load.kind]


def error_message(kind: LoadKind, error: Mapping[str, Any]) -> str:
    """Return an error of a row in the language of whoever reads it now."""
    words = str({**MESSAGES, **kind.messages}[error["code"]])
    return words % dict(error["params"])


def reasons(kind: LoadKind, row: LoadRow) -> str:
    """Return all that is wrong with a row as one text: each column's title and the reason."""
    titles = {column.name: f"{column}: " for column in kind.columns}
    return " ".join(titles.get(error["column"], "") + error_message(kind, error) for error in row.errors)


def problem_message(load: Load) -> str:
    """Return why a load stands still, in the language of whoever reads it now."""
    code, _colon, names = load.problem.partition(":")
    if code not in PROBLEMS:
        return str(load.problem)
    params = load.counts.get("problem", {})
    titles = [str(column) for column in kind_of(load).columns if column.name in names.split(",")]
    return str(PROBLEMS[code]) % {**params, "names": ", ".join(titles) or params.get("names", "")}


# Reading


def token_of(load: Load) -> uuid.UUID:
    """Return the creation token of every record a load creates: it finds them again, and no step creates twice."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"load:{load.pk}")


def read(kind: LoadKind, content: bytes, file_name: str) -> Table:
    """Return the table of a file or of pasted cells, or raise SpreadsheetError."""
    if file_name == PASTED:
        titles = [str(column) for column in kind.columns]
        known = {key for column in kind.columns for key in column.keys}
        text = content.decode()
        first = next((line for line in text.splitlines() if line.strip()), "")
        has_header = bool({search_key(cell) for cell in first.split("\t")} & known)
        return spreadsheets.parse_pasted(text, columns=() if has_header else titles, max_rows=MAX_ROWS)
    return spreadsheets.read_table(content, file_name, max_rows=MAX_ROWS)


def propose_mapping(kind: LoadKind, header: list[str]) -> dict[str, int]:
    """Return for each column of the kind the position in the file whose header says it, in either language."""
    positions = {
        search_key(title): position for position, title in reversed(list(enumerate(header))) if search_key(title)
    }
    found = {column.name: [positions[key] for key in column.keys if key in positions] for column in kind.columns}
    return {name: min(places) for name, places in found.items() if places}


def read_lines(kind: LoadKind, table: Table, mapping: Mapping[str, int]) -> list[Line]:
    """Read every mapped cell of every row; an error does not stop the next cell."""
    lines = []
    width = len(table.header)
    places = [(column, mapping[column.name]) for column in kind.columns if column.name in mapping]
    for number, row in table.rows:
        line = Line(number, {column.name: row[place] for column, place in places})
        if len(row) > width:
            line.wrong("", "too_many_cells")
        for column, place in places:
            try:
                line.values[column.name] = column.read(row[place])
            except cells.CellError as error:
                line.wrong(column.name, error.code, **{name: str(value) for name, value in error.params.items()})
        lines.append(line)
    return lines


# Steps


def receive(
    *, kind: LoadKind, content: bytes, file_name: str, scope: dict[str, Any], by: Any, enqueue: bool = True
) -> Load:
    """Keep a file that can be read and set its checking going; SpreadsheetError when it cannot be read."""
    table = read(kind, content, file_name)
    with transaction.atomic():
        load = Load.objects.create(
            kind=kind.name,
            scope=scope,
            file=ContentFile(content, name=file_name),
            file_name=file_name,
            checksum=hashlib.sha256(content).hexdigest(),
            mapping={"header": table.header, "columns": propose_mapping(kind, table.header)},
            created_by=by,
        )
        if enqueue:
            transaction.on_commit(partial(check_load.enqueue, load.pk))
    return load


def load_now(*, kind: LoadKind, content: bytes, file_name: str, scope: dict[str, Any], by: Any) -> Load:
    """Take a file through every step without waiting; all of it or nothing."""
    with transaction.atomic():
        load = receive(kind=kind, content=content, file_name=file_name, scope=scope, by=by, enqueue=False)
        check_load.func(load.pk)
        Load.objects.filter(pk=load.pk, state=Load.State.CHECKED).update(state=Load.State.CONFIRMED)
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
        waiting = Load.objects.filter(pk=load.pk, state__in=[Load.State.CHECKED, Load.State.FAILED])
        chosen = load.mapping | {"columns": mapping}
        if waiting.update(mapping=chosen, state=Load.State.UPLOADED, problem="", counts={}):
            transaction.on_commit(partial(check_load.enqueue, load.pk))


def confirm(load: Load) -> bool:
    """Set the writing of a checked load going; false when somebody was quicker."""
    with transaction.atomic():
        waiting = Load.objects.filter(pk=load.pk, state=Load.State.CHECKED)
        if not waiting.update(state=Load.State.CONFIRMED, problem=""):
            return False
        transaction.on_commit(partial(apply_load.enqueue, load.pk))
    return True


def examine(load: Load, kind: LoadKind, content: bytes) -> tuple[list[LoadRow], dict[str, Any]]:
    """Return the preview of a load and its counts; writes nothing. SpreadsheetError says why there is none."""
    table = read(kind, content, load.file_name)
    mapping = load.mapping["columns"]
    if not any(name in mapping for name in kind.needs_one_of):
        raise SpreadsheetError("unmapped:" + ",".join(kind.needs_one_of))
    if not table.rows:
        raise SpreadsheetError("no_rows")
    plan = kind.resolve(load, read_lines(kind, table, mapping))
    rows = kind.rows(plan)
    return rows, tally(rows) | kind.counts(plan)


def tally(rows: Iterable[LoadRow]) -> dict[str, Any]:
    """Return the number of rows of each outcome."""
    counts = Counter(row.outcome for row in rows)
    return {str(outcome): counts[outcome] for outcome in LoadRow.Outcome.values}


@task()
def check_load(load_id: int) -> None:
    """Compare a file with the database and keep the preview; repeating it changes nothing."""
    load = Load.objects.get(pk=load_id)
    if load.state != Load.State.UPLOADED:
        return
    try:
        with load.file.open("rb") as file:
            rows, counts = examine(load, kind_of(load), file.read())
    except SpreadsheetError as error:
        fail(load, error.code, problem={name: str(value) for name, value in error.params.items()})
        return
    except Exception:
        logger.exception("checking load %s", load_id)
        fail(load, "broken")
        return
    with transaction.atomic():
        locked = Load.objects.select_for_update().get(pk=load_id)
        if locked.state == Load.State.UPLOADED and locked.mapping == load.mapping:
            keep_preview(locked, rows, counts)


def keep_preview(load: Load, rows: list[LoadRow], counts: dict[str, Any], problem: str = "") -> None:
    """Store the rows of a preview in the place of earlier ones."""
    load.rows.all().delete()
    for row in rows:
        row.load = load
    LoadRow.objects.bulk_create(rows, batch_size=BATCH)
    load.state, load.counts, load.problem = Load.State.CHECKED, counts, problem
    load.save()


def fail(load: Load, code: str, **counts: Any) -> None:
    """Note why a load could not go on."""
    load.state, load.problem, load.counts = Load.State.FAILED, code, load.counts | counts
    load.finished_at = timezone.now()
    load.save()


@task()
def apply_load(load_id: int) -> None:
    """Write a confirmed load in one transaction; repeating it changes nothing."""
    load = Load.objects.get(pk=load_id)
    try:
        with writing(*kind_of(load).apps):
            load = Load.objects.select_for_update().get(pk=load_id)
            if load.state == Load.State.CONFIRMED:
                carry_out(load)
    except Exception:
        logger.exception("applying load %s", load_id)
        fail(load, "broken")


def carry_out(load: Load) -> None:
    """Compare once more; write when nothing has moved since the preview, else show the new preview."""
    kind = kind_of(load)
    kept = {row.line: row for row in load.rows.all()}
    lines = [Line(row.line, row.raw, restored(row.values), row.errors) for row in kept.values()]
    plan = kind.resolve(load, lines)
    rows = kind.rows(plan)
    if any(promise(row) != promise(kept[row.line]) for row in rows):
        keep_preview(load, rows, tally(rows) | kind.counts(plan), problem="changed")
        return
    kind.apply(load, plan)
    load.state, load.finished_at = Load.State.DONE, timezone.now()
    load.save()


def promise(row: LoadRow) -> tuple[Any, ...]:
    """What a preview promised about a line."""
    return row.outcome, row.target, row.before


def stored(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return read values as JSON can keep them; blank cells are left out."""
    return {name: value.value if value is cells.CLEAR else value for name, value in values.items() if value is not None}


def restored(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return kept values as they were read."""
    return {name: cells.CLEAR if value == cells.CLEAR.value else value for name, value in values.items()}


def undo(load: Load, *, by: Any) -> list[tuple[Any, int]]:
    """Take a load back, or return what stands against it, with counts."""
    kind = kind_of(load)
    with writing(*kind.apps):
        locked = Load.objects.select_for_update().get(pk=load.pk)
        if locked.state != Load.State.DONE:
            return []
        blockers = [(reason, count) for reason, count in kind.undo_blockers(locked) if count]
        if not blockers:
            kind.undo(locked, by)
            locked.state, locked.finished_at = Load.State.UNDONE, timezone.now()
            locked.save()
    return blockers


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
