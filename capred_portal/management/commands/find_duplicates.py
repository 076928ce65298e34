"""Find pairs of people or enterprises that may be the same: `manage.py find_duplicates person`."""

import json
import resource
import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from capred_portal.duplicates import KINDS, find


class Command(BaseCommand):
    """Search all records of one kind and keep the pairs for people to decide about; nothing is merged."""

    help = "Find pairs that may be the same. Nothing is merged: people decide on the page of pairs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=sorted(KINDS))
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.perf_counter()
        search = find(KINDS[options["kind"]])
        result = {
            "kind": search.kind,
            "records": search.records,
            "pairs": search.pairs,
            "seconds": round(time.perf_counter() - started, 1),
            "peak_mb": peak_memory_mb(),
        }
        if options["json"]:
            self.stdout.write(json.dumps(result))
        else:
            self.stdout.write(", ".join(f"{name}: {value}" for name, value in result.items()))


def peak_memory_mb() -> int:
    """Return the most memory this process has had so far."""
    units = 1_000_000 if sys.platform == "darwin" else 1_000  # macOS counts bytes, Linux kilobytes
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // units
