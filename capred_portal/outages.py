"""Which errors mean that the database is away for a while, or busy with somebody else's work: no mistake of ours."""

import sqlite3
from collections.abc import Iterator

from django.db import DatabaseError, InterfaceError

AWAY, BUSY = "away", "busy"

# SQLSTATE of PostgreSQL: https://www.postgresql.org/docs/current/errcodes-appendix.html
STATES_AWAY = ("08", "57P", "53300")  # connection lost, server stops or starts, too many connections
STATES_BUSY = ("40001", "40P01", "55P03", "57014")  # two transactions in each other's way, waited for too long
SQLITE_AWAY = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)
SQLITE_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def outage_of(error: BaseException | None) -> str | None:
    """Return AWAY or BUSY when that is what an error, or what it came from, tells of the database."""
    return next(filter(None, map(told_by, origins(error))), None)


def origins(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and those it was raised from, or while handling."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def told_by(error: BaseException) -> str | None:
    """Return what one error tells; Django wraps those of the drivers, which know more."""
    if isinstance(error, DatabaseError | InterfaceError):
        return None
    if code := getattr(error, "sqlite_errorcode", None):
        kind = code & 0xFF
        return BUSY if kind in SQLITE_BUSY else AWAY if kind in SQLITE_AWAY else None
    if hasattr(error, "sqlstate"):
        return told_by_postgres(error, error.sqlstate)
    return None


def told_by_postgres(error: BaseException, state: str | None) -> str | None:
    """Return what an error of psycopg tells; without a SQLSTATE the driver itself could not reach the server."""
    if state is None:
        kinds = {kind.__name__ for kind in type(error).__mro__}  # by name: on SQLite nobody needs to load psycopg
        lost = "OperationalError" in kinds or ("InterfaceError" in kinds and "connection" in str(error))
        return AWAY if lost else None
    return AWAY if state.startswith(STATES_AWAY) else BUSY if state in STATES_BUSY else None
