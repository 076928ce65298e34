"""A million trade flows loaded beside a raw write of the same rows, then loaded again, then shown page by page."""

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.test import Client, override_settings

from capred_portal import loads
from capred_portal.bulk import bulk_load
from capred_portal.facts import write_facts
from capred_portal.models import User
from indicators.loaders.comtrade_flows import FIELDS, record
from indicators.models import Source, TradeFlow
from tests.benchmarks.apart import apart, show, timed
from tests.benchmarks.bulk import finish
from tests.benchmarks.measure import BACKEND, Slow, cost
from tests.benchmarks.measure_loads import check_and_write
from tests.benchmarks.trade_rows import rows, write_file

AIM, PAGE_AIM, AIM_MB = 5, 4, 500
COLUMNS = [*FIELDS.values(), "digits"]
LIST = "/import-dependency/flows/"


def run(folder: str, count: int, *, only: str) -> None:
    """Measure what was asked for; the loads need an edition without flows."""
    write_facts()
    for role in ("staff", "officer"):
        User.objects.get_or_create(username=f"{role}0", defaults={"role": role})
    if only != "pages" or not TradeFlow.objects.exists():
        measure_loads(Path(folder), count)
    if only in ("", "pages"):
        measure_pages()


def edition() -> Source:
    """Return the edition that is measured."""
    about = {"title_en": "UN Comtrade", "publisher": "UN", "confidence": "V"}
    return Source.objects.get_or_create(code="benchmark", edition="1", defaults=about)[0]


# Loads


def ready_rows(count: int) -> Iterator[list[Any]]:
    """Yield the rows as the table takes them."""
    for cells in rows(count):
        year, reporter, flow, partner, code = (cells[place] for place in (3, 6, 9, 11, 20))
        told = (int(reporter), flow, code, int(partner), int(year), 0, "H6", cells[43], cells[41] or None)
        values = dict(zip(FIELDS, (*told, cells[42] or None, cells[37], False), strict=True))
        yield record(values)


def write_raw(count: int) -> tuple[float, float]:
    """Write the rows into the indexed table as they are; return the seconds, and those of this processor."""
    ready, shared = list(ready_rows(count)), {"source_id": edition().pk}
    start = time.process_time()
    seconds = timed(partial(bulk_load, TradeFlow, COLUMNS, ready, constants=shared))
    return seconds, time.process_time() - start


def load_file(path: Path) -> dict[str, Any]:
    """Take a file through every step; return the seconds of checking and writing, and what became of its rows."""
    by, scope = User.objects.get(username="staff0"), {"source": edition().pk}
    with path.open("rb") as file:
        kind = loads.REGISTRY["comtrade"]
        load = loads.receive(kind=kind, content=file, file_name=path.name, scope=scope, by=by, enqueue=False)
    start = time.process_time()
    return {**check_and_write(load.pk), "cpu_s": round(time.process_time() - start, 2)}


def measure_loads(place: Path, count: int) -> None:
    """Load all rows into an empty edition, then the same file with 5 % changed, each beside one raw write."""
    edition()
    first, later = place / "comtrade.csv", place / "later.csv"
    write_file(first, count)
    write_file(later, count, changed=5)
    (floor, cpu), _peak = apart(write_raw, count)
    name = "floor: raw write of the same flows into the indexed table"
    show(name, rows=count, seconds=round(floor, 2), cpu_s=round(cpu, 2))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM indicators_tradeflow")
    finish([TradeFlow])
    for name, path in (("load into an empty edition", first), ("load with all rows there, 5 % changed", later)):
        found, peak = apart(load_file, path)
        ratio = round((found["check_s"] + found["write_s"]) / floor, 2)
        if connection.vendor == "sqlite":  # all its work is done here: on a machine that others use, this counts
            found["cpu_ratio"] = round(found["cpu_s"] / cpu, 2)
        show(name, ratio=ratio, aim=AIM, peak_mb=peak, aim_mb=AIM_MB, mb=path.stat().st_size // 1_000_000, **found)
        finish([TradeFlow])


# Pages


def addresses() -> dict[str, str]:
    """Return the addresses to measure, by name."""
    year = f"source={edition().pk}&year=2023"
    return {
        "flows": LIST,
        "flows of one year and level": f"{LIST}?{year}&flow=M&level=6",
        "flows of a heading": f"{LIST}?{year}&flow=M&code=5208",
        "flows of a partner": f"{LIST}?{year}&partner=156&level=2",
        "flows in order of code": f"{LIST}?{year}&sort=code",
        "competitiveness": "/competitiveness/",
    }


def measure_pages() -> None:
    """Print what the pages cost, cold and warm, beside a page that shows nothing."""
    with override_settings(ROOT_URLCONF="tests.benchmarks.urls"):
        for role in ("officer", "staff"):
            client = Client()
            client.force_login(User.objects.get(username=f"{role}0"), BACKEND)
            for name, address in addresses().items():
                show(f"page: {name}", role=role, aim=PAGE_AIM, **cost(client, address, 15, name, Slow()))
