"""Load a multi-regional workbook of 72 economies and 35 sectors and print the time and the most memory it takes.

    python -m tests.benchmarks.multi_regional [--economies 72] [--pg] [--database URL]

Every cell is filled, about 2,520 rows of 2,880 numbers. Prints one line of JSON per figure. Not run by CI.
"""

import argparse
import importlib
import os
import tempfile

from tests.benchmarks.pages import database_url, prepare

ECONOMIES = 72


def main() -> None:
    parser = argparse.ArgumentParser(description="Print what the load of a multi-regional workbook costs.")
    parser.add_argument("--pg", action="store_true", help="a private PostgreSQL instead of SQLite")
    parser.add_argument("--database", default="", help="this database, filled when empty and kept")
    parser.add_argument("--economies", type=int, default=ECONOMIES)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="benchmark-") as folder,
        database_url(options.database, pg=options.pg, folder=folder) as url,
    ):
        os.environ["MEDIA_ROOT"] = f"{folder}/uploads"
        prepare(url, folder)
        measure = importlib.import_module("tests.benchmarks.measure_multi_regional")  # needs Django to be set up
        measure.run(folder, options.economies)


if __name__ == "__main__":
    main()
