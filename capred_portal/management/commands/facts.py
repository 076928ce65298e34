"""Write the real facts that ship with the portal: provinces, strategies, CAPRED, the workshop of 14 August 2024."""

from typing import Any

from django.core.management.base import BaseCommand

from capred_portal.facts import write_facts
from capred_portal.one_at_a_time import one_at_a_time


class Command(BaseCommand):
    """Write the facts; run after every migrate."""

    help = "Write the real facts that ship with the portal. Safe to repeat; people's changes are kept."

    def handle(self, *args: Any, **options: Any) -> None:
        with one_at_a_time("facts"):
            write_facts()
        if options["verbosity"] > 0:
            self.stdout.write("facts written")
