"""A backup and its restore beside the database's own tools: pg_dump and pg_restore, or SQLite's backup; with memory."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import django
from django.db import connection

from capred_portal.backups.writing import write_backup
from tests.benchmarks.apart import apart, show, timed
from tests.machine import find_postgres


def own_copy(path: Path) -> float:
    """Return how long the database's own tool takes to copy everything to a file, as compressed as ours is."""
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        with closing(sqlite3.connect(name)) as source, closing(sqlite3.connect(path)) as target:
            return timed(partial(source.backup, target))
    about, programs = connection.settings_dict, find_postgres()
    assert programs
    command = [str(programs / "pg_dump"), "-Fc", "-Z1", "-f", str(path), "-U", about["USER"], "-h", about["HOST"]]
    return timed(partial(subprocess.run, [*command, str(about["NAME"])], check=True))


def timed_backup(path: Path) -> tuple[float, dict[str, Any]]:
    told: dict[str, Any] = {}
    return timed(lambda: told.update(write_backup(path))), told


def timed_restore(path: Path, database_url: str, folder: Path) -> float:
    """Return how long a restore takes into a database that was only migrated."""
    env = {**os.environ, "DATABASE_URL": database_url, "MEDIA_ROOT": str(folder / "media")}
    manage = partial(subprocess.run, check=True, env=env, stdout=subprocess.DEVNULL)
    manage([sys.executable, "manage.py", "migrate", "--verbosity=0"])
    return timed(partial(manage, [sys.executable, "manage.py", "restore", str(path)]))


def main() -> None:
    """Measure the database of DATABASE_URL; the first argument may be the address of an empty one to restore into."""
    django.setup()
    folder = Path(tempfile.mkdtemp(prefix="backup-"))
    try:
        own, path = own_copy(folder / "own"), folder / "portal.zip"
        (seconds, told), peak = apart(timed_backup, path)
        about = {"rows": told["rows"], "mb": round(told["bytes"] / 1e6, 1), "own_mb": size_mb(folder / "own")}
        ratio = round(seconds / own, 1)
        show(
            "backup, read again",
            seconds=round(seconds, 1),
            own_seconds=round(own, 1),
            ratio=ratio,
            peak_mb=peak,
            **about,
        )
        if len(sys.argv) > 1:
            seconds = timed_restore(path, sys.argv[1], folder)
            show("restore, compared", seconds=round(seconds, 1), rows=told["rows"])
    finally:
        shutil.rmtree(folder)


def size_mb(path: Path) -> float:
    return round(path.stat().st_size / 1e6, 1)


if __name__ == "__main__":
    main()
