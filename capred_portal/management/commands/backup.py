"""Write a backup: database and uploads in one file, checked after it was written."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from capred_portal.backups.reading import BadBackup
from capred_portal.backups.rotation import back_up_by_hand, backup_folder
from capred_portal.backups.schema import UnknownMigrations
from capred_portal.backups.values import BadRow
from capred_portal.backups.writing import write_backup


class Command(BaseCommand):
    """Write a backup to a file, or into the folder of scheduled backups."""

    help = "Write database and uploads to one file, which must not exist; people can go on working meanwhile."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="without it, the scheduled backup is made now")
        parser.add_argument("--json", action="store_true", help="print the summary as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["file"]
        try:
            told = write_backup(path) if path else back_up_by_hand()
        except (BadBackup, BadRow, OSError) as error:
            raise CommandError(str(error)) from error
        except UnknownMigrations as error:
            raise CommandError(f"The database was {error}.") from error
        if options["json"]:
            self.stdout.write(json.dumps(told))
            return
        self.stdout.write(
            f"{path or backup_folder() / told['file']}: {told['bytes']:,} bytes, read again and found whole\n"
            f"  {told['rows']:,} rows of {told['tables']} tables, {told['files']} uploads, from {told['engine']}\n"
            f"  sha256 {told['sha256']}"
        )
        if told["missing_files"]:
            self.stdout.write(f"  {told['missing_files']} uploads that rows name are missing; the manifest names them")
