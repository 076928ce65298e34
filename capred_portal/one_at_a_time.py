"""Work that two machines may start at once, such as migrating, done by one after the other."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from zlib import crc32

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

PATIENCE = 60 * 60  # seconds for the other one on SQLite; a lock ends with the process that holds it
PAUSE = 0.5  # seconds between two tries on PostgreSQL


@contextmanager
def one_at_a_time(work: str, database: str = "default") -> Iterator[None]:
    """Wait until nobody else does this work on the database, and let nobody begin before it ends."""
    connection = connections[database]
    if connection.vendor == "postgresql":
        with advisory_lock(connections.create_connection(database), crc32(work.encode())):
            yield
    elif connection.is_in_memory_db():  # type: ignore[attr-defined]  # nobody else can reach it
        yield
    else:
        with file_lock(Path(connection.settings_dict["NAME"])):
            yield


@contextmanager
def advisory_lock(own: BaseDatabaseWrapper, key: int) -> Iterator[None]:
    """Hold a lock of PostgreSQL, on a connection of its own so that no transaction of the work matters."""
    with closing(own), own.cursor() as cursor:
        while not is_taken(cursor, key):  # asking again, because a statement that waits would hold up others
            time.sleep(PAUSE)
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


def is_taken(cursor: Any, key: int) -> bool:
    """Take the lock of a key if nobody holds it; tell whether it is ours."""
    cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
    return bool(cursor.fetchone()[0])


@contextmanager
def file_lock(database: Path) -> Iterator[None]:
    """Hold a lock beside a database of SQLite: another, empty one, locked in the same way on every system."""
    with closing(sqlite3.connect(f"{database}.lock", timeout=PATIENCE, isolation_level=None)) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        yield
