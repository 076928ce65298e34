"""The kinds of spreadsheet that can be loaded: their columns, how a line is read, what each kind must be able to do."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any, BinaryIO, Protocol

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from capred_portal import columns as cells
from capred_portal import spreadsheets
from capred_portal.languages import localized
from capred_portal.matching import search_key
from capred_portal.models import Load, LoadRow

_PLAIN = (str, int, bool, type(None))  # what JSON keeps as it is
MOST_KEPT = 50_000  # different cells of a column whose values are remembered while a file is read

MESSAGES: dict[str, Any] = {
    **cells.MESSAGES,
    "cannot_clear": _("This cannot be emptied. Write a value or leave the cell blank."),
    "missing": _("This cell must be filled."),
    "repeated": _("This is already in line %(line)s of this file."),
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
    "erased": _(
        "This file named somebody whose personal data was erased, so it was deleted. Load a list without them."
    ),
    "erased_unread": _(
        "Somebody's personal data was erased before this file was read. Nobody could know whom it names, so it was"
        " deleted. Load a list without them."
    ),
    "kept_no_longer": _("This file was not loaded in time. It was deleted, for files are not kept for ever."),
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
    repeats: bool = False  # few different cells in many rows: each is read once

    def __str__(self) -> str:
        return localized(self, "title")

    @property
    def keys(self) -> set[str]:
        """What a header may say, reduced for comparison."""
        return {search_key(text) for text in (self.name, self.title_en, self.title_km, *self.spellings)}


@dataclass(slots=True)
class Line:
    """One line of the file after reading: its number, its cells, their values, and what is wrong with them."""

    number: int
    cells: Sequence[str]
    places: Mapping[str, int]
    values: dict[str, Any] = field(default_factory=dict)
    errors: list[dict[str, Any]] = field(default_factory=list)

    @property
    def raw(self) -> dict[str, str]:
        """What the file says, by column."""
        return {name: self.cells[place] for name, place in self.places.items()}

    def text(self, name: str) -> str:
        """Return the text of a column; nothing where it is blank, emptied or wrong."""
        value = self.values.get(name)
        return value if isinstance(value, str) else ""

    def wrong(self, column: str, code: str, **params: Any) -> None:
        """Note, once, what is wrong with a cell."""
        error = {"column": column, "code": code, "params": params}
        if error not in self.errors:
            self.errors.append(error)


@dataclass(slots=True)
class CheckedRow:
    """One line of the preview, as `LoadRow` will keep it."""

    line: int
    outcome: str
    raw: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    errors: Sequence[Mapping[str, Any]] = ()
    target: int | None = None
    target_version: int | None = None
    before: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""


class Checker(Protocol):
    """Compares the lines of one file with the database, a chunk at a time, in the order of the file."""

    def check(self, lines: list[Line]) -> list[CheckedRow]: ...

    def counts(self) -> dict[str, Any]: ...


def nowhere(_loads: Iterable[Load]) -> dict[int, tuple[str, str]]:
    return {}


@dataclass(frozen=True)
class LoadKind:
    """A kind of spreadsheet: its columns, and what checking, writing and undoing mean for it.

    `start` returns a Checker for one load. `write` writes what the kept rows promise and returns True, or returns
    False when the records have moved since; it runs in a transaction. `undo_blockers` counts in SQL what stands
    against undoing; `undo` takes the load back.

    A kind whose files have no fixed columns reads them itself: `read` yields their lines, table after table, and may
    raise SpreadsheetError; `columns` are then what its preview shows. Such a load is written whole or not at all.
    """

    name: str
    title: Any
    columns: tuple[Column, ...]
    needs_one_of: tuple[str, ...]
    start: Callable[[Load], Checker]
    write: Callable[[Load], bool]
    undo_blockers: Callable[[Load], list[tuple[Any, int]]]
    undo: Callable[[Load, Any], None]
    personal: bool = False  # its files name people: they and their rows go after a time
    about: Any = ""  # what it is for, in a sentence
    messages: Mapping[str, Any] = field(default_factory=dict)
    apps: tuple[str, ...] = ("programs",)
    scope: tuple[str, ...] = ()  # what a load of this kind belongs to
    check_scope: Callable[[dict[str, Any]], Any] = lambda _scope: ""  # the words for a scope that does not exist
    ask: Callable[[], Sequence[tuple[str, str]]] | None = None  # what a scope may be, where the page asks for it
    fields: Callable[[], dict[str, Any]] | None = None  # form fields of the page, each a part of the scope
    read: Callable[[Load, BinaryIO], Iterator["Line"]] | None = None
    summary: str = ""  # the template that says above the preview what was found
    example: Callable[[], list[list[str]]] | None = None  # a small table to fill in, its titles first
    guide: str = ""  # the template that says what its files look like, where they have no fixed columns
    chunk: int | None = None  # lines compared at a time; None: only the whole file can be compared
    max_rows: int = 200_000
    max_rows_xlsx: int = 200_000
    places: Callable[[Iterable[Load]], dict[int, tuple[str, str]]] = nowhere  # text and address, by number of load
    labels: Callable[[], Mapping[str, Mapping[Any, Any]]] = dict  # column -> value -> what the preview shows
    shown: tuple[tuple[str, ...], ...] = ()  # the columns that tell lines apart in the preview
    url_of: Callable[[int], str] = lambda _pk: ""  # the page of the record a line became

    @property
    def is_asked_whole(self) -> bool:
        """Whether the page can ask all that a load of this kind belongs to."""
        return bool(self.ask or self.fields or not self.scope)

    @property
    def has_template(self) -> bool:
        """Whether there is an empty table to fill in."""
        return bool(self.example or not self.read)

    @property
    def is_whole(self) -> bool:
        """Whether a load is written whole or, with a wrong row, not at all."""
        return self.read is not None

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


# Words


def error_message(kind: LoadKind, error: Mapping[str, Any]) -> str:
    """Return an error of a row in the language of whoever reads it now."""
    words = str({**MESSAGES, **kind.messages}[error["code"]])
    return words % dict(error["params"])


def reasons(kind: LoadKind, row: LoadRow | CheckedRow) -> str:
    """Return all that is wrong with a row as one text: each column's title and the reason."""
    titles = {column.name: f"{column}: " for column in kind.columns}
    return " ".join(titles.get(error["column"], "") + error_message(kind, error) for error in row.errors)


def problem_message(load: Load) -> str:
    """Return why a load stands still, in the language of whoever reads it now."""
    code, _colon, names = load.problem.partition(":")
    kind = kind_of(load)
    words = {**kind.messages, **PROBLEMS}
    if code not in words:
        return str(load.problem)
    params = load.counts.get("problem", {})
    titles = [str(column) for column in kind.columns if column.name in names.split(",")]
    return str(words[code]) % {**params, "names": ", ".join(titles) or params.get("names", "")}


# Reading


def propose_mapping(kind: LoadKind, header: list[str]) -> dict[str, int]:
    """Return for each column of the kind the position in the file whose header says it, in either language."""
    positions = {
        search_key(title): position for position, title in reversed(list(enumerate(header))) if search_key(title)
    }
    found = {column.name: [positions[key] for key in column.keys if key in positions] for column in kind.columns}
    return {name: min(places) for name, places in found.items() if places}


class Remembered(dict[str, Any]):
    """What the cells of a column say, each read once: its value, None for a blank, or a CellError."""

    def __init__(self, column: Column) -> None:
        super().__init__()
        self.read = column.read

    def __missing__(self, cell: str) -> Any:
        value = attempt(self.read, cell)
        if len(self) < MOST_KEPT:
            self[cell] = value
        return value


def attempt(read: Callable[[str], Any], cell: str) -> Any:
    """Return what a cell says, or the CellError that says what is wrong with it."""
    try:
        return read(cell)
    except cells.CellError as error:
        return error


def read_lines(
    kind: LoadKind, table: spreadsheets.Table | spreadsheets.StreamedTable, mapping: Mapping[str, int]
) -> Iterator[Line]:
    """Read every mapped cell of every row; an error does not stop the next cell. Blank cells have no value."""
    width = len(table.header)
    places = {column.name: mapping[column.name] for column in kind.columns if column.name in mapping}
    readers: list[tuple[str, int, Callable[[str], Any]]] = [
        (
            column.name,
            mapping[column.name],
            Remembered(column).__getitem__ if column.repeats else partial(attempt, column.read),
        )
        for column in kind.columns
        if column.name in mapping
    ]
    for number, row in table.rows:
        line = Line(number, row, places)
        if len(row) > width:
            line.wrong("", "too_many_cells")
        values = line.values
        for name, place, read in readers:
            if cell := row[place]:
                value = read(cell)
                if isinstance(value, cells.CellError):
                    line.wrong(name, value.code, **{key: str(param) for key, param in value.params.items()})
                elif value is not None:
                    values[name] = value
        yield line


def in_chunks(lines: Iterable[Line], size: int | None) -> Iterator[list[Line]]:
    """Yield the lines in lists of at most `size`, or all in one."""
    chunk: list[Line] = []
    for line in lines:
        chunk.append(line)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def stored(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return read values as JSON can keep them; blank cells are left out."""
    return {name: as_json(value) for name, value in values.items() if value is not None}


def as_json(value: Any) -> Any:
    """Return one value as JSON keeps it: days in ISO form, decimals as text."""
    if value.__class__ in _PLAIN:
        return value
    if value is cells.CLEAR:
        return cells.CLEAR.value
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def restored(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return kept values as they were read; days and decimals stay text."""
    return {name: cells.CLEAR if value == cells.CLEAR.value else value for name, value in values.items()}
