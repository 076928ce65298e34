"""Whether the portal can work: its database answers and is migrated, its folders can be written, a worker is seen."""

import datetime as dt
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django_tasks import task_backends
from django_tasks_db import DatabaseBackend

from capred_portal.models import ScheduledJob
from capred_portal.schedule import REGISTRY, is_due

QUICK = "2s"  # for one statement: who asks about health asks again soon
SLACK = dt.timedelta(minutes=5)  # SQLite lets no heart beat while a large load is written


def readiness() -> dict[str, bool]:
    """Return which parts of the portal are as they should be."""
    try:
        with quick_statements():
            migrated = not pending_migrations()
            answers = {"database": True, "migrations": migrated, "worker": migrated and is_worker_seen()}
    except (DatabaseError, InterfaceError):
        answers = {"database": False, "migrations": False, "worker": False}
    return answers | {"storage": all(is_writable(Path(each)) for each in (settings.MEDIA_ROOT, settings.BACKUP_ROOT))}


@contextmanager
def quick_statements() -> Iterator[None]:
    """Give every statement little time; only PostgreSQL can, and only it may be far away."""
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = '{QUICK}'")
        yield
        cursor.execute("SET LOCAL statement_timeout TO DEFAULT")  # a transaction around this one goes on


@cache
def known_migrations() -> frozenset[tuple[str, str]]:
    """Return the migrations of this release, read from its files once."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).graph.nodes)


def pending_migrations() -> list[tuple[str, str]]:
    """Return the migrations that the database lacks, as app and name."""
    return sorted(known_migrations() - MigrationRecorder(connection).applied_migrations().keys())


def is_worker_seen() -> bool:
    """Tell whether workers queue what is due; nobody needs one where tasks run inside the request."""
    if not isinstance(task_backends["default"], DatabaseBackend):
        return True
    rows, now = ScheduledJob.objects.in_bulk([*REGISTRY]), timezone.now() - SLACK
    return all(name in rows and not is_due(each, rows[name], now) for name, each in REGISTRY.items())


def is_writable(folder: Path) -> bool:
    """Tell whether a file can be written there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"written")
    except OSError:
        return False
    return True
