"""The table of enterprises as a CSV file and as a workbook written in the background, beside bare queries."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db.models import F

from capred_portal.background_exports import ask_for, write_export
from capred_portal.facts import write_facts
from capred_portal.models import Export, User
from capred_portal.tables import CHUNK, TABLES, Requester, TableExport
from enterprises.models import Enterprise
from tests.benchmarks.apart import apart, show, timed
from tests.benchmarks.bulk import finish
from tests.benchmarks.firms import Firms, write_file
from tests.benchmarks.measure_filled import EXPORT_AIM, EXPORT_MB, client_of, exhaust
from tests.benchmarks.measure_loads import write_raw

TABLE = "enterprises"
Times = tuple[float, float]


def run(folder: str, count: int, unnumbered: int) -> None:
    """Fill an empty register, then measure its files for who reads all columns and for who reads few."""
    write_facts()
    for role in ("staff", "officer"):
        User.objects.get_or_create(username=f"{role}0", defaults={"role": role})
    if not Enterprise.objects.exists():
        firms, place = Firms(count, unnumbered), Path(folder)
        for name, rows in (("numbered", firms.numbered), ("unnumbered", firms.without_number)):
            apart(write_raw, write_file(place / f"{name}.csv", rows))
        finish([Enterprise])
    for role in ("staff", "officer"):
        measure(role)


def measure(role: str) -> None:
    """Print the bare query and both files; every row must be in them."""
    count = Enterprise.objects.active().count()
    floor, peak = apart(read_bare_rows, role)
    show("floor: bare query of the same columns", role=role, rows=count, **cost(floor, floor, peak))
    (taken, lines, told), peak = apart(take_csv, role)
    assert lines - 1 == told == count, (lines, told, count)
    show("table as CSV", role=role, rows=told, **cost(taken, floor, peak), aim=EXPORT_AIM, aim_mb=EXPORT_MB)
    (taken, told), peak = apart(write_workbook, role)
    assert told == count, (told, count)
    show("table as a workbook in the background", role=role, rows=told, **cost(taken, floor, peak), aim_mb=EXPORT_MB)


def both_timed(work: Callable[[], Any]) -> Times:
    """Return the seconds by the clock, and those of this program alone, which a busy machine does not change."""
    start = time.process_time()
    seconds = timed(work)
    return seconds, time.process_time() - start


def cost(taken: Times, floor: Times, peak: int) -> dict[str, Any]:
    (seconds, own), (floor_seconds, floor_own) = taken, floor
    ratios = {"ratio": round(seconds / floor_seconds, 2), "own_ratio": round(own / floor_own, 2)}
    return {"seconds": round(seconds, 1), "own_seconds": round(own, 1), **ratios, "peak_mb": peak}


def read_bare_rows(role: str) -> Times:
    """Read the query of the file to its end, with nothing made of its rows."""
    taken = TableExport(TABLES[TABLE], Requester(User.objects.get(username=f"{role}0")))
    sources = [F(each) if isinstance(each, str) else each for column in taken.columns for each in column.sources]
    return both_timed(lambda: exhaust(taken.rows.values_list(*sources).iterator(chunk_size=CHUNK)))


def take_csv(role: str) -> tuple[Times, int, int]:
    """Ask for the file as a browser does; return the seconds, the lines in it, and how many rows it said."""
    client: Any = client_of(role)
    lines, told = 0, 0

    def take() -> None:
        nonlocal lines, told
        response = client.get(f"/tables/{TABLE}.csv")
        told = int(response.headers["X-Row-Count"])
        for part in response.streaming_content:
            lines += part.count(b"\r\n")

    return both_timed(take), lines, told


def write_workbook(role: str) -> tuple[Times, int]:
    """Write the workbook as the worker does; return the seconds and the rows in it."""
    export = ask_for(TABLES[TABLE], {}, user=User.objects.get(username=f"{role}0"), rows=0)
    taken = both_timed(lambda: write_export.func(export.pk))
    export.refresh_from_db()
    assert export.state == Export.State.READY, export.problem
    return taken, export.rows_count or 0
