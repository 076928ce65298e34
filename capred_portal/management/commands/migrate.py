"""Migrate the database: Django's command, safe to start on several machines at once."""

from typing import Any

from django.core.management.commands import migrate

from capred_portal.one_at_a_time import one_at_a_time


class Command(migrate.Command):
    """Who comes second waits, and finds nothing left to do."""

    def handle(self, *args: Any, **options: Any) -> None:
        with one_at_a_time("migrate", options["database"]):
            super().handle(*args, **options)
