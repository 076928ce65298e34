"""What reports cost on the rows of the demonstration: `python -m tests.benchmarks.measure_reports [--pg]`."""

import argparse
import importlib
import tempfile

from django.core.management import call_command

from tests.benchmarks.pages import database_url, prepare


def main() -> None:
    parser = argparse.ArgumentParser(description="Print what the PDF file of a report costs beside its page.")
    parser.add_argument("--pg", action="store_true", help="a private PostgreSQL instead of SQLite")
    parser.add_argument("--database", default="", help="this database, filled when empty and kept")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="benchmark-") as folder,
        database_url(options.database, pg=options.pg, folder=folder) as url,
    ):
        prepare(url, folder)
        call_command("demo", "--no-server", verbosity=0)
        importlib.import_module("tests.benchmarks.report_files").run()  # needs Django to be set up


if __name__ == "__main__":
    main()
