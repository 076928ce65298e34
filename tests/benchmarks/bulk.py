"""Rows into a table as fast as each database takes them: COPY on PostgreSQL, one executemany on SQLite."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models

NOW = "2026-06-30 03:00:00"  # UTC; the moment every row was written unless it says otherwise


def write_rows(model: Any, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows of the named columns; every other column gets its default. Dates and times come as ISO text."""
    constants = {
        field.column: NOW if isinstance(field, models.DateTimeField) and not field.null else field.get_default()
        for field in model._meta.concrete_fields
        if field.column not in columns and not field.primary_key
    }
    names = ", ".join(f'"{name}"' for name in (*columns, *constants))
    into = f'"{model._meta.db_table}" ({names})'
    copy = copy_rows if connection.vendor == "postgresql" else insert_rows
    copy(into, rows, tuple(constants.values()))


def copy_rows(into: str, rows: Iterable[Sequence[Any]], constants: tuple[Any, ...]) -> None:
    """Stream the rows as COPY's text; no value of ours holds a tab, a line break or a backslash."""
    with connection.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
        for row in rows:
            copy.write("\t".join(["\\N" if value is None else str(value) for value in (*row, *constants)]) + "\n")


def insert_rows(into: str, rows: Iterable[Sequence[Any]], constants: tuple[Any, ...]) -> None:
    """Insert the rows with one statement, on the driver's own cursor."""
    count = into.count(",") + 1
    connection.ensure_connection()
    connection.connection.execute("PRAGMA cache_size=-1500000")  # 1.5 GB: indexes are filled in random order
    statement = f"INSERT INTO {into} VALUES ({', '.join('?' * count)})"
    connection.connection.executemany(statement, ((*row, *constants) for row in rows))


def first_free(model: Any) -> int:
    """Return the number after the last row's."""
    return (model._base_manager.aggregate(last=models.Max("pk"))["last"] or 0) + 1


def finish(written: Iterable[Any]) -> None:
    """Let the database's own numbering go on after our rows, and let it look at its tables."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(written)):
            cursor.execute(statement)
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
