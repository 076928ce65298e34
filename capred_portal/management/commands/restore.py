"""Restore a backup into an empty database, or only check the file."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from capred_portal.backups.reading import Backup, BadBackup
from capred_portal.backups.restoring import NotEmpty, restore
from capred_portal.backups.schema import UnknownMigrations
from capred_portal.backups.values import BadRow
from capred_portal.backups.writing import sha256_of
from capred_portal.erasures import UnknownErasure, list_path


class Command(BaseCommand):
    """Bring back what a backup holds: all of it, or nothing."""

    help = "Restore a backup into an empty database of either kind; stop web processes and workers before."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--verify-only", action="store_true", help="check the file; no database is touched")
        parser.add_argument("--sha256", help="refuse a file with another checksum than this")
        parser.add_argument(
            "--erasures", type=Path, help="the list of what was erased since, to be erased again; by default the list "
            "beside the scheduled backups",
        )  # fmt: skip
        parser.add_argument("--json", action="store_true", help="print the summary as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["file"]
        erasures = self.erasures(options["erasures"])
        try:
            with Backup(path) as backup:
                if options["sha256"] and sha256_of(path) != options["sha256"].lower():
                    raise BadBackup(f"{path} is another file: its checksum is {sha256_of(path)}.")
                if options["verify_only"]:
                    backup.check()
                    told = backup.manifest.summary()
                else:
                    told = restore(backup, erasures)
        except UnknownMigrations as error:
            raise CommandError(f"The backup was {error}. Nothing was restored.") from error
        except (BadBackup, BadRow, DatabaseError, NotEmpty, OSError, UnknownErasure) as error:
            raise CommandError(f"{str(error).strip().rstrip('.')}. Nothing was restored.") from error
        if options["json"]:
            self.stdout.write(json.dumps(told))
            return
        self.stdout.write(
            f"{path}: whole, made {told['made_at']} from {told['engine']} by release {told['portal']}\n"
            f"  {told['rows']:,} rows of {told['tables']} tables, {told['files']} uploads"
        )
        if not options["verify_only"]:
            self.tell_restored(told, erasures)

    def erasures(self, chosen: Path | None) -> Path | None:
        """Return the list to apply; one that is named must be there."""
        if chosen and not chosen.is_file():
            raise CommandError(f"There is no list of erasures {chosen}. Nothing was restored.")
        return chosen or (list_path() if list_path().is_file() else None)

    def tell_restored(self, told: dict[str, Any], erasures: Path | None) -> None:
        self.stdout.write("Restored; counts and checksums of all tables and uploads equal those of the backup.")
        if erasures:
            again = told["erased_again"]
            self.stdout.write(
                f"{len(again)} records were erased again, by {erasures}, with what was merged with them then."
            )
            self.stdout.writelines(f"  {record}\n" for record in again)
        else:
            self.stdout.write(f"No list of erasures in {list_path()}: nothing was erased again.")
        self.stdout.write("Everybody is signed out; access keys and links to frozen reports are gone.")
        self.stdout.write("Start web processes and workers again.")
