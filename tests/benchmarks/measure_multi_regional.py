"""The load of a multi-regional workbook, in a process of its own."""

import time
from pathlib import Path

import xlsxwriter

from capred_portal import loads
from capred_portal.models import Load, User
from indicators.models import InputOutputTable
from tests.benchmarks.apart import apart, show
from tests.multi_regional import multi_regional_rows

SECTORS = 35
AIM_MB = 1_000
SHEET = "ADB MRIO 2022"


def write_workbook(path: Path, economies: int) -> int:
    """Write a workbook of so many economies, Cambodia among them; return how many cells it has."""
    names = ["CAM", *(f"E{number:02}" for number in range(1, economies))]
    cells = 0
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet(SHEET)
        for number, row in enumerate(multi_regional_rows(names, SECTORS)):
            sheet.write_row(number, 0, row)
            cells += len(row)
    return cells


def load_workbook(path: Path) -> float:
    """Take the workbook through every step; return the seconds."""
    start = time.perf_counter()
    with path.open("rb") as file:
        kind = loads.REGISTRY[InputOutputTable.Layout.ADB]
        by = User.objects.get(username="reader")
        load = loads.load_now(kind=kind, content=file, file_name=path.name, scope={}, by=by)
    assert load.state == Load.State.DONE, loads.problem_message(load)
    return time.perf_counter() - start


def run(folder: str, economies: int) -> None:
    """Print the figures of one workbook."""
    User.objects.get_or_create(username="reader", defaults={"role": "staff", "email": "reader@example.org"})
    path = Path(folder) / f"{SHEET}.xlsx"
    cells, _peak = apart(write_workbook, path, economies)
    seconds, peak_mb = apart(load_workbook, path)
    table = InputOutputTable.objects.get(load__isnull=False)
    show(
        "load: block of Cambodia from a multi-regional workbook",
        economies=economies,
        cells=cells,
        file_mb=round(path.stat().st_size / 1e6),
        kept=table.cells.count(),
        seconds=round(seconds, 1),
        peak_mb=peak_mb,
        aim_mb=AIM_MB,
    )
