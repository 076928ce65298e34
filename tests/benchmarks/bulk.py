"""The rows of a portal at national scale into their tables, all written at one moment."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models

from capred_portal.bulk import bulk_load, defaults

NOW = "2026-06-30 03:00:00"  # UTC; the moment every row was written unless it says otherwise


def write_rows(model: Any, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows of the named columns; every other column gets its default. Dates and times come as ISO text."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA cache_size=-1500000")  # 1.5 GB: indexes are filled in random order
    shared = {name: NOW if isinstance(value, datetime) else value for name, value in defaults(model, columns).items()}
    bulk_load(model, columns, rows, shared)


def first_free(model: Any) -> int:
    """Return the number after the last row's."""
    return (model._base_manager.aggregate(last=models.Max("pk"))["last"] or 0) + 1


def finish(written: Iterable[Any]) -> None:
    """Let the database's own numbering go on after our rows, and let it look at its tables."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(written)):
            cursor.execute(statement)
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
