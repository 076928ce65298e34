"""Many rows into one table at once: COPY on PostgreSQL, the driver's executemany on SQLite; never a model per row."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from django.db import connection, models, transaction
from django.db.models import NOT_PROVIDED
from django.utils import timezone

Rows = Iterable[Sequence[Any]]
Converters = Mapping[int, Callable[[Any], Any]]  # by the place of the column

# What SQLite does not keep as Django reads it, unless the field prepares it.
_PREPARED = (models.DateTimeField, models.DecimalField, models.DurationField, models.TimeField, models.UUIDField)


def bulk_load(
    model: Any,
    columns: Sequence[str],
    rows: Rows,
    constants: Mapping[str, Any] | None = None,
    *,
    savepoint: bool = True,
) -> int:
    """Write rows of the named columns (`attname`) and return how many; all of them or, after an error, none.

    Every column without a default in the database must be named or be among the `constants`, which all rows share:
    see `defaults`. Nothing fills itself here: search keys, tokens and history are the caller's. Values are what
    the model's attributes hold, or the text the database reads; a JSON column takes JSON text too.
    Without `savepoint` an error ends the whole transaction, and SQLite keeps no copy of the pages in memory.
    """
    shared = constants or {}
    fields, shared_fields = _fields(model, columns), _fields(model, shared)
    tail = _prepared(list(shared.values()), _converters(shared_fields))
    table, names = connection.ops.quote_name(model._meta.db_table), _names([*fields, *shared_fields])
    with transaction.atomic(savepoint=savepoint):
        prepared = _all_prepared(rows, _converters(fields))
        if connection.vendor == "postgresql":
            return _copy(f"{table} ({names})", prepared, tail)
        marks = ", ".join("?" * (len(fields) + len(tail)))
        whole = ((*row, *tail) for row in prepared) if tail else prepared
        return _execute_many(f"INSERT INTO {table} ({names}) VALUES ({marks})", whole)  # noqa: S608 # our own names


def bulk_change(model: Any, columns: Sequence[str], rows: Rows, *, savepoint: bool = True) -> int:
    """Set the named columns of the rows whose primary keys come first; return how many rows were changed."""
    fields = _fields(model, (model._meta.pk.attname, *columns))
    quoted = connection.ops.quote_name
    table, (key, *names) = quoted(model._meta.db_table), [quoted(field.column) for field in fields]
    with transaction.atomic(savepoint=savepoint):
        prepared = _all_prepared(rows, _converters(fields))
        if connection.vendor != "postgresql":
            sets = ", ".join(f"{name} = ?{number}" for number, name in enumerate(names, start=2))
            return _execute_many(f"UPDATE {table} SET {sets} WHERE {key} = ?1", prepared)  # noqa: S608
        sets = ", ".join(f"{name} = changed_rows.{name}" for name in names)
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TEMP TABLE changed_rows AS SELECT {_names(fields)} FROM {table} WITH NO DATA")  # noqa: S608
            _copy("changed_rows", prepared)
            cursor.execute("ANALYZE changed_rows")
            cursor.execute(f"UPDATE {table} SET {sets} FROM changed_rows WHERE {table}.{key} = changed_rows.{key}")  # noqa: S608
            changed = int(cursor.rowcount)
            cursor.execute("DROP TABLE changed_rows")
            return changed


def defaults(model: Any, columns: Iterable[str]) -> dict[str, Any]:
    """Return what the model's fields say for every column that is not named, to be the `constants` of `bulk_load`.

    A default that must differ from row to row, such as a token, is no constant: name its column.
    """
    named, now = {*columns}, timezone.now()
    found = {}
    for field in model._meta.concrete_fields:
        given = field.primary_key or field.generated or field.db_default is not NOT_PROVIDED
        if given or field.attname in named:
            continue
        dated = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
        if dated:
            found[field.attname] = now if isinstance(field, models.DateTimeField) else timezone.localdate(now)
        elif (value := field.get_default()) is not None:
            found[field.attname] = value
    return found


def _fields(model: Any, columns: Iterable[str]) -> list[Any]:
    known = {field.attname: field for field in model._meta.concrete_fields}
    return [known[column] for column in columns]


def _names(fields: Iterable[Any]) -> str:
    return ", ".join(connection.ops.quote_name(field.column) for field in fields)


def _execute_many(statement: str, rows: Rows) -> int:
    """Run one statement for all rows on the driver's own cursor; Django's would keep the rows in memory."""
    with connection.wrap_database_errors:
        cursor = connection.connection.executemany(statement, rows)
        return max(int(cursor.rowcount), 0)


def _copy(into: str, rows: Rows, tail: Sequence[Any] = ()) -> int:
    """Stream the rows, each with the same tail; psycopg escapes them as fast as text made by hand."""
    with connection.cursor() as cursor:
        with connection.wrap_database_errors, cursor.copy(f"COPY {into} FROM STDIN") as copy:
            for row in rows:
                copy.write_row((*row, *tail))
        return int(cursor.rowcount)


def _all_prepared(rows: Rows, converters: Converters) -> Rows:
    return (_prepared(row, converters) for row in rows) if converters else rows


def _prepared(row: Sequence[Any], converters: Converters) -> list[Any]:
    """Return the row with some of its cells as the database takes them; text is left as it is."""
    cells = list(row)
    for place, convert in converters.items():
        value = cells[place]
        if value is not None and not isinstance(value, str):
            cells[place] = convert(value)
    return cells


def _converters(fields: Sequence[Any]) -> Converters:
    return {place: convert for place, field in enumerate(fields) if (convert := _converter(field))}


def _converter(field: Any) -> Callable[[Any], Any] | None:
    """Return how a column's values become what the database reads; most need nothing."""
    if isinstance(field, models.JSONField):
        return partial(json.dumps, cls=field.encoder)
    if connection.vendor != "postgresql" and isinstance(field, _PREPARED):
        return partial(field.get_db_prep_save, connection=connection)
    return None
