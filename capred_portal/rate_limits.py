"""How often something may be asked for: counted in the database, so that all web processes count together."""

import hashlib
import math

from django.db import connection, transaction
from django.utils import timezone

from capred_portal.models import RateWindow


def seconds_to_wait(what: str, by: str, *, most: int, seconds: int) -> int:
    """Count one request and return 0, or return how many seconds are left until another is counted.

    `most` requests are let through in each stretch of `seconds`, which begins on the clock. `by` may be personal, such
    as an address: only its digest is kept, and that for as long as `RateWindow` rows are.
    """
    now = timezone.now().timestamp()
    window = int(now // seconds)
    key = f"{what}:{window}:{hashlib.sha256(by.encode()).hexdigest()[:32]}"
    left = math.ceil((window + 1) * seconds - now)
    return left if counted(key) > most else 0


def counted(key: str) -> int:
    """Add one to a count and return it, in one statement that both databases know."""
    table = connection.ops.quote_name(RateWindow._meta.db_table)
    statement = (
        f"INSERT INTO {table} (key, started_at, count) VALUES (%s, %s, 1)"  # noqa: S608 # the name of our own table
        f" ON CONFLICT (key) DO UPDATE SET count = {table}.count + 1 RETURNING count"
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [key, timezone.now()])
        return int(cursor.fetchone()[0])
