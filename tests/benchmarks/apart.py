"""Work in a process of its own, with the most memory it has had; figures and plans of statements as lines of JSON."""

import json
import multiprocessing
import re
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import django
from django.db import connection


def apart(work: Callable[..., Any], *arguments: Any) -> tuple[Any, int]:
    """Return what `work` returns, and the most memory in MB that its own, new process has had.

    The process is new and no copy of this one: a copy would begin with all that this one holds.
    """
    connection.close()
    new = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=new, initializer=django.setup) as process:
        return process.submit(_with_peak, work, *arguments).result()


def _with_peak(work: Callable[..., Any], *arguments: Any) -> tuple[Any, int]:
    return work(*arguments), peak_mb()


def peak_mb() -> int:
    """Return the most memory this program has had, as Linux tells it; `ru_maxrss` counts its starter too."""
    told = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert told
    return int(told[1]) // 1_000


def timed(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def show(figure: str, **values: Any) -> None:
    """Print a figure; a ratio that has an aim says whether it is met."""
    for value, aim in (("ratio", "aim"), ("warm_ratio", "aim"), ("peak_mb", "aim_mb")):
        if value in values and aim in values:
            met = values[value] <= values[aim]
            values[f"{value}_is_met"] = met
    print(json.dumps({"database": connection.vendor, "figure": figure, **values}, ensure_ascii=False), flush=True)


def plan(statement: str) -> list[str]:
    """Return how the database would carry a statement out; of a write on SQLite, the tables and indexes it fills."""
    is_write = not statement.startswith("SELECT")
    how = "EXPLAIN" if connection.vendor == "postgresql" or is_write else "EXPLAIN QUERY PLAN"
    with connection.cursor() as cursor:
        cursor.execute(f"{how} {statement}".replace("%", "%%"), [])
        steps = [" ".join(str(part) for part in row) for row in cursor.fetchall()]
    if is_write and connection.vendor == "sqlite":
        return [step for step in steps if "Insert" in step or "OpenWrite" in step]
    return steps
