"""Loads of the register beside raw writes of the same rows: CSV, rows without number, a workbook through its page."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.test import Client

from capred_portal import loads
from capred_portal.bulk import bulk_load, defaults
from capred_portal.exports import xlsx_file
from capred_portal.load_tables import as_row
from capred_portal.models import Load, User
from enterprises.loaders.enterprises import EnterpriseTable
from enterprises.models import Enterprise
from tests.benchmarks.apart import apart, plan, show, timed
from tests.benchmarks.bulk import finish, first_free
from tests.benchmarks.firms import HEADER, Firms
from tests.benchmarks.measure import BACKEND

KIND = "enterprises"
AIM = 5  # times a raw write
CSV_MB, XLSX_MB = 500, 1_000
SEEN = ("new", "changed", "unchanged", "uncertain", "wrong")
COLUMNS = ("creation_digest", *EnterpriseTable.fields.values(), *EnterpriseTable.computed)

# Floors


def ready_rows(path: Path) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a file as the table takes them, worked out before the clock runs."""
    kind, table = loads.REGISTRY[KIND], EnterpriseTable()
    with path.open("rb") as file:
        opened = loads.open_rows(kind, file, path.name)
        mapping = loads.propose_mapping(kind, opened.header)
        for line in loads.read_lines(kind, opened, mapping):
            values = table.complete(loads.stored(line.values))
            yield (str(line.number), *as_row(table, values))


def write_raw(path: Path) -> tuple[float, int]:
    """Write the rows of a file into the indexed table as they are; return the seconds and the rows."""
    rows = list(ready_rows(path))
    constants = defaults(Enterprise, COLUMNS)
    return timed(partial(bulk_load, Enterprise, COLUMNS, rows, constants=constants)), len(rows)


def floor_of(path: Path) -> float:
    """Return how long one raw write of the same rows takes into the same table as it is; take them out again."""
    first = first_free(Enterprise)
    (seconds, rows), _peak = apart(write_raw, path)
    show(f"floor: raw write of {path.stem} rows", rows=rows, seconds=round(seconds, 2))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM enterprises_enterprise WHERE id >= %s", [first])
    finish([Enterprise])
    return float(seconds)


def show_raw_write() -> None:
    """Print the statement of the raw write, and which indexes it fills; COPY has no plan, INSERT fills the same."""
    names = ", ".join(map(connection.ops.quote_name, (*COLUMNS, *defaults(Enterprise, COLUMNS))))
    nothing = ", ".join(["NULL"] * (names.count(",") + 1))
    insert = f"INSERT INTO enterprises_enterprise ({names}) VALUES "
    sql = (
        f"COPY enterprises_enterprise ({names}) FROM STDIN" if connection.vendor == "postgresql" else f"{insert}(?, …)"
    )
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, "enterprises_enterprise")
    indexes = [name for name, about in found.items() if about["index"] or about["unique"]]
    show("floor: statement of the raw write", sql=sql, plan=plan(f"{insert}({nothing})"), indexes=indexes)


# Loads


def load_file(path: Path) -> dict[str, Any]:
    """Take a file through every step; return the seconds of checking and writing, and what became of its rows."""
    by = User.objects.get(username="staff0")
    with path.open("rb") as file:
        load = loads.receive(
            kind=loads.REGISTRY[KIND], content=file, file_name=path.name, scope={}, by=by, enqueue=False
        )
    return check_and_write(load.pk)


def check_and_write(number: int) -> dict[str, Any]:
    """Do the two tasks of a load as its worker does, the confirmation in between."""
    check = timed(lambda: loads.check_load.func(number))
    Load.objects.filter(pk=number, state=Load.State.CHECKED).update(state=Load.State.CONFIRMED)
    write = timed(lambda: loads.apply_load.func(number))
    load = Load.objects.get(pk=number)
    assert load.state == Load.State.DONE, (load.state, load.problem)
    return {"check_s": round(check, 2), "write_s": round(write, 2), **{name: load.counts[name] for name in SEEN}}


def measure_loads(numbered: Path, later: Path, unnumbered: Path) -> None:
    """Load all rows, the later file with 5 % changed, and the rows without a number, each beside its raw write."""
    show_raw_write()
    floor = floor_of(numbered)
    show_load("load into the empty register", numbered, floor)
    show_load("load with all rows present and 5 % changed", later, floor)
    show_load("load of rows without number into the filled register", unnumbered, floor_of(unnumbered))


def show_load(name: str, path: Path, floor: float) -> None:
    """Load a file in a process of its own, and print what it took beside the raw write."""
    found, peak = apart(load_file, path)
    ratio = round((found["check_s"] + found["write_s"]) / floor, 2)
    show(name, ratio=ratio, aim=AIM, peak_mb=peak, aim_mb=CSV_MB, **found)
    finish([Enterprise])


# A workbook through the page


def measure_workbook(place: Path, rows: int) -> None:
    """Load a workbook into the empty register through its page, then by the worker; empty the register again."""
    path, firms = place / "firms.xlsx", Firms(rows, 0)
    apart(write_workbook, path, rows)
    (number, seconds), peak = apart(load_by_page, path)
    about = {"rows": rows, "mb": round(path.stat().st_size / 1e6, 1), "aim_mb": XLSX_MB}
    show("XLSX: the page that takes the file", seconds=round(seconds, 1), peak_mb=peak, **about)
    found, peak = apart(check_and_write, number)
    assert found["new"] == firms.count, found
    show("XLSX: the worker that loads it", peak_mb=peak, **about, **found)
    empty()


def write_workbook(path: Path, rows: int) -> None:
    with path.open("wb") as file, xlsx_file(HEADER, Firms(rows, 0).numbered()) as made:
        while piece := made.read(1 << 20):
            file.write(piece)


def load_by_page(path: Path) -> tuple[int, float]:
    """Send the file as a browser does; return the load's number, and how long the answer took."""
    client = Client()
    client.force_login(User.objects.get(username="staff0"), BACKEND)
    with path.open("rb") as file:
        seconds = timed(lambda: client.post("/enterprises/load/", {"file": file, "cells": ""}))
    return Load.objects.latest("pk").pk, seconds


def empty() -> None:
    """Take all firms out again, and the previews of their loads."""
    tables = ("capred_portal_loadrow", "capred_portal_match", "enterprises_enterprise", "capred_portal_load")
    with transaction.atomic(), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'DELETE FROM "{table}"')
    finish([Enterprise])
