"""Rows as text: one line of JSON per row, the same bytes for the same content on every database."""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db import models
from django.db.models import F
from django.db.models.functions import Cast, Collate

from capred_portal.backups.schema import columns_of

BATCH = 1_000  # rows that are turned into text at once

Cell = Callable[[Any], Any]

_line = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_sorted = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode
_EXPONENT = re.compile(r"\de\+")


class Seal:
    """Counts rows and bytes and computes the checksum of text that passes by."""

    def __init__(self) -> None:
        self.rows, self.bytes, self._digest = 0, 0, hashlib.sha256()

    def add(self, text: bytes, rows: int = 0) -> None:
        self.rows += rows
        self.bytes += len(text)
        self._digest.update(text)

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


class BadRow(ValueError):
    """A row that the database cannot hold, or holds and cannot give; the message says which."""


def value_field(field: Any) -> Any:
    """Return the field whose values a column holds: that of the other table for a foreign key."""
    while field.remote_field:
        field = field.target_field
    return field


# From the database


def batches_of(model: Any, connection: Any) -> Iterator[tuple[list[list[Any]], bytes]]:
    """Yield the rows of a table by primary key, as cells and as text; the first text names the columns."""
    fields = columns_of(model)
    cells = {place: cell for place, field in enumerate(fields) if (cell := _cell(field))}
    yield [], _line([field.attname for field in fields]).encode() + b"\n"
    read = _readable(_rows(model, fields, connection), model._meta.db_table)
    while rows := list(islice(read, BATCH)):
        for place, cell in cells.items():
            for row in rows:
                if row[place] is not None:
                    row[place] = cell(row[place])
        yield rows, "".join(f"{_line(row)}\n" for row in rows).encode()


def _readable(rows: Iterable[tuple[Any, ...]], table: str) -> Iterator[list[Any]]:
    """Yield the rows as lists, naming the table of one that holds what its columns cannot."""
    number = 0
    try:
        for row in rows:
            yield list(row)
            number += 1
    except (ArithmeticError, ValueError) as error:
        raise BadRow(f"{table}: what follows row {number} cannot be read: {error!r}") from error


def _rows(model: Any, fields: list[Any], connection: Any) -> Iterable[tuple[Any, ...]]:
    """Read as Django reads, on the connection given; JSON comes as text, so that its null is not NULL."""
    key = value_field(model._meta.pk)
    is_text = isinstance(key, models.CharField) and connection.vendor == "postgresql"
    order = Collate(F(model._meta.pk.attname), "C") if is_text else F(model._meta.pk.attname)
    asked = [
        Cast(field.attname, models.TextField()) if isinstance(field, models.JSONField) else F(field.attname)
        for field in fields
    ]
    query = model._base_manager.order_by(order).values_list(*asked).query
    compiler = query.get_compiler(connection=connection)
    return compiler.results_iter(tuple_expected=True, chunked_fetch=True, chunk_size=BATCH)  # type: ignore[no-any-return]


def _cell(field: Any) -> Cell | None:
    """Return how a value of the field becomes a cell of JSON, or None when it is one."""
    held = value_field(field)
    for kind, cell in _CELLS:
        if isinstance(held, kind):
            return cell
    if isinstance(held, _PLAIN):
        return None
    raise TypeError(f"{field} has a type of which a backup does not know how it is written")


def _moment(value: dt.datetime) -> str:
    return value.astimezone(dt.UTC).isoformat(" ", "microseconds")


def _decimal(value: Decimal) -> str:
    return f"{value or abs(value):f}"


def _json(text: str) -> str:
    """Write JSON in one way; whole numbers without an exponent, as PostgreSQL writes them."""
    value = json.loads(text)
    written = _sorted(value)
    return _sorted(_without_exponents(value)) if _EXPONENT.search(written) else written


def _without_exponents(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_exponents(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_without_exponents(each) for each in value]
    return int(value) if isinstance(value, float) and "e+" in repr(value) else value


# The first that fits; a DateTimeField is a DateField too.
_CELLS: tuple[tuple[type[models.Field], Cell], ...] = (
    (models.DateTimeField, _moment),
    (models.DateField, dt.date.isoformat),
    (models.TimeField, dt.time.isoformat),
    (models.DecimalField, _decimal),
    (models.JSONField, _json),
    (models.UUIDField, str),
)
_PLAIN = (
    models.BooleanField,
    models.CharField,
    models.FileField,
    models.FloatField,
    models.GenericIPAddressField,
    models.IntegerField,
    models.TextField,
)


# Into the database


def rows_from(lines: Iterable[bytes], model: Any, connection: Any) -> Iterator[list[Any]]:
    """Yield rows as `bulk_load` takes them from the text of a table whose first line has been read."""
    fields = columns_of(model)
    places = {place: stored for place, field in enumerate(fields) if (stored := _stored(field, connection))}
    has_no_nul = connection.vendor == "postgresql"
    for number, line in enumerate(lines, start=1):
        row = json.loads(line)
        if has_no_nul and b"\\u0000" in line:
            _refuse_nul(row, fields, f"{model._meta.db_table}, row {number}")
        for place, stored in places.items():
            if row[place] is not None:
                row[place] = stored(row[place])
        yield row


def _stored(field: Any, connection: Any) -> Cell | None:
    """Return how a cell becomes what Django stores; PostgreSQL reads all of them as they are."""
    if connection.vendor == "postgresql":
        return None
    field = value_field(field)
    if isinstance(field, models.DateTimeField):
        return lambda text: text.removesuffix("+00:00").removesuffix(".000000")
    if isinstance(field, models.UUIDField):
        return lambda text: text.replace("-", "")
    return None


def _refuse_nul(row: list[Any], fields: list[Any], where: str) -> None:
    for cell, field in zip(row, fields, strict=True):
        if not isinstance(cell, str):
            continue
        is_json = isinstance(field, models.JSONField)
        if "\x00" in cell or (is_json and re.search(r"(?<!\\)(?:\\\\)*\\u0000", cell)):
            raise BadRow(f"{where}: {field.attname} holds a NUL character, which PostgreSQL cannot keep")
