"""Print what the pages of indicators cost at 2 million observations, as ratios to floors of the same run.

    python -m tests.benchmarks.indicators [--pg] [--scale 0.1] [--only PART] [--database URL]

500 indicators, ten years of quarters, 2,000,000 observations of programs and provinces, and a tenth of the portal of
`tests.benchmarks.pages` around them. Prints one line of JSON per figure, with its aim beside it, and the statements of
the floors with their plans. Not run by CI.
"""

import argparse
import importlib
import tempfile
import time

from tests.benchmarks.pages import database_url, prepare


def main() -> None:
    parser = argparse.ArgumentParser(description="Print what the pages of indicators cost at 2 million observations.")
    parser.add_argument("--pg", action="store_true", help="a private PostgreSQL instead of SQLite")
    parser.add_argument("--database", default="", help="this database, filled when empty and kept")
    parser.add_argument("--scale", type=float, default=1.0, help="1.0 is 500 indicators and 2,000,000 observations")
    parser.add_argument("--only", default="", help="only figures whose name has this in it")
    parser.add_argument("--explain", action="store_true", help="show how the slowest queries are carried out")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="benchmark-") as folder,
        database_url(options.database, pg=options.pg, folder=folder) as url,
    ):
        prepare(url, folder)
        rows = importlib.import_module("tests.benchmarks.indicator_rows")  # these need Django to be set up
        measure = importlib.import_module("tests.benchmarks.measure_indicators")
        start = time.perf_counter()
        found = rows.build_indicators(options.scale)
        measure.show("rows", build_s=round(time.perf_counter() - start, 1), **found)
        measure.run(only=options.only, explain=options.explain)


if __name__ == "__main__":
    main()
