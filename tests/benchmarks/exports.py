"""Fill a register at national scale and print what its table costs as files, as ratios to bare queries of the same run.

    python -m tests.benchmarks.exports [--pg] [--scale 0.1] [--database URL]

Prints one line of JSON per figure, with its aim beside it. Each file is made in a process of its own, so that its peak
memory is its own. Not run by CI.
"""

import argparse
import importlib
import os
import tempfile

from tests.benchmarks.pages import database_url, prepare
from tests.benchmarks.register import FIRMS, UNNUMBERED


def main() -> None:
    parser = argparse.ArgumentParser(description="Print what the files of a table cost at national scale.")
    parser.add_argument("--pg", action="store_true", help="a private PostgreSQL instead of SQLite")
    parser.add_argument("--database", default="", help="this database, filled when empty and kept")
    parser.add_argument("--scale", type=float, default=1.0, help="1.0 is 753,670 enterprises")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="benchmark-") as folder,
        database_url(options.database, pg=options.pg, folder=folder) as url,
    ):
        os.environ["MEDIA_ROOT"] = f"{folder}/uploads"
        prepare(url, folder)
        measure = importlib.import_module("tests.benchmarks.measure_exports")  # needs Django to be set up
        measure.run(folder, round(FIRMS * options.scale), round(UNNUMBERED * options.scale))


if __name__ == "__main__":
    main()
