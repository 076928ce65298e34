"""Build a portal at national scale and print what each page costs, as ratios to a page that shows nothing.

    python -m tests.benchmarks.pages [--pg] [--scale 0.1] [--pages list] [--explain] [--database URL]

Prints one line of JSON per figure. The database lives in a temporary folder or a private PostgreSQL cluster and goes
when the run ends; with --database it is filled when empty and kept.
"""

import argparse
import importlib
import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

import django
from django.core.management import call_command

from tests.machine import postgres_cluster

POSTGRES_OPTIONS = "-c shared_buffers=512MB -c work_mem=16MB -c effective_cache_size=2GB -c random_page_cost=1.1"


@contextmanager
def database_url(wanted: str, *, pg: bool, folder: str) -> Iterator[str]:
    """Yield the address of the database to measure."""
    if wanted or not pg:
        yield wanted or f"sqlite:///{folder}/portal.sqlite3"
        return
    with postgres_cluster(POSTGRES_OPTIONS) as socket:
        yield f"postgres://test@/{socket}/postgres"


def prepare(url: str, folder: str) -> None:
    """Start Django on this database as a server would: no debugging, hashed and compressed static files."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "capred_portal.settings",
        "ALLOWED_HOSTS": "testserver",
        "DATABASE_URL": url,
        "DEBUG": "0",
        "SECRET_KEY": "only-for-benchmarks-and-long-enough-for-nobody-to-mind-4711",
        "STATIC_ROOT": f"{folder}/static",
        "STATIC_STORAGE": "whitenoise.storage.CompressedManifestStaticFilesStorage",
    }
    django.setup()
    call_command("build_assets", verbosity=0)
    call_command("collectstatic", "--no-input", verbosity=0)
    call_command("migrate", verbosity=0)


def main() -> None:
    parser = argparse.ArgumentParser(description="Print what each page costs at national scale.")
    parser.add_argument("--pg", action="store_true", help="a private PostgreSQL instead of SQLite")
    parser.add_argument("--database", default="", help="this database, filled when empty and kept")
    parser.add_argument("--scale", type=float, default=1.0, help="1.0 is 20,000 workshops and 1,000,000 attendances")
    parser.add_argument("--pages", default="", help="only pages whose name has this in it")
    parser.add_argument("--repeat", type=int, default=15, help="how often each warm page is asked for")
    parser.add_argument("--explain", action="store_true", help="show how the slowest queries are carried out")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="benchmark-") as folder,
        database_url(options.database, pg=options.pg, folder=folder) as url,
    ):
        prepare(url, folder)
        measure = importlib.import_module("tests.benchmarks.measure")  # needs Django to be set up
        start = time.perf_counter()
        rows = measure.fill(options.scale)
        print(json.dumps({"build_s": round(time.perf_counter() - start, 1), **rows}), flush=True)
        measure.run(only=options.pages, repeat=options.repeat, explain=options.explain)


if __name__ == "__main__":
    main()
