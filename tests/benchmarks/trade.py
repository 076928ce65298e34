"""Load a million rows of UN Comtrade and print what loads and lists cost, as ratios to floors of the same run.

    python -m tests.benchmarks.trade [--pg] [--scale 0.1] [--only load|pages] [--database URL]

Prints one line of JSON per figure, with its aim beside it. Each load runs in a process of its own, so that its peak
memory is its own. Not run by CI.
"""

import argparse
import importlib
import os
import tempfile

from tests.benchmarks.pages import database_url, prepare

ROWS = 1_000_000


def main() -> None:
    parser = argparse.ArgumentParser(description="Print what trade flows cost at national scale.")
    parser.add_argument("--pg", action="store_true", help="a private PostgreSQL instead of SQLite")
    parser.add_argument("--database", default="", help="this database, filled when empty and kept")
    parser.add_argument("--scale", type=float, default=1.0, help="1.0 is 1,000,000 rows")
    parser.add_argument("--only", default="", choices=["", "load", "pages"])
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="benchmark-") as folder,
        database_url(options.database, pg=options.pg, folder=folder) as url,
    ):
        os.environ["MEDIA_ROOT"] = f"{folder}/uploads"
        prepare(url, folder)
        measure = importlib.import_module("tests.benchmarks.measure_trade")  # needs Django to be set up
        measure.run(folder, round(ROWS * options.scale), only=options.only)


if __name__ == "__main__":
    main()
