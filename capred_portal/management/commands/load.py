"""Load a spreadsheet from the command line: the same steps as the pages, all rows or none."""

import hashlib
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from capred_portal import access, loads, spreadsheets
from capred_portal.models import Load, LoadRow, User


class Command(BaseCommand):
    """Check a file, and write it when every row is right."""

    help = "Load a spreadsheet. With a wrong row nothing is written, every wrong row is listed, and the exit code is 1."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=sorted(loads.REGISTRY))
        parser.add_argument("file", type=Path)
        parser.add_argument("--workshop", type=int, help="number of the workshop the list belongs to")
        parser.add_argument("--user", help="who loads it: needed unless --dry-run")
        parser.add_argument("--dry-run", action="store_true", help="only check; write nothing")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        kind = loads.REGISTRY[options["kind"]]
        content = self.content_of(options["file"], kind)
        scope = {name: options[name] for name in kind.scope}
        if problem := kind.check_scope(scope):
            raise CommandError(str(problem))
        by = self.user_named(options["user"], needed=not options["dry_run"])
        try:
            table = loads.read(kind, content, options["file"].name)
            mapping = {"header": table.header, "columns": loads.propose_mapping(kind, table.header)}
            load = Load(kind=kind.name, scope=scope, file_name=options["file"].name, mapping=mapping, created_by=by)
            load.checksum = hashlib.sha256(content).hexdigest()
            rows, counts = loads.examine(load, kind, content)
        except spreadsheets.SpreadsheetError as error:
            load = Load(kind=kind.name, problem=error.code, counts={"problem": error.params})
            raise CommandError(loads.problem_message(load)) from error
        wrong = [row for row in rows if row.outcome == LoadRow.Outcome.WRONG]
        if not wrong and not options["dry_run"]:
            load = loads.load_now(kind=kind, content=content, file_name=load.file_name, scope=scope, by=by)
            if load.state != Load.State.DONE:
                raise CommandError(loads.problem_message(load))
        self.report(kind, load, counts, wrong, as_json=options["json"])

    def content_of(self, path: Path, kind: loads.LoadKind) -> bytes:
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        if path.stat().st_size > kind.limit_mb * 1_000_000:
            raise CommandError(f"{path} is larger than {kind.limit_mb} MB. Split it and load the parts.")
        return path.read_bytes()

    def user_named(self, username: str | None, *, needed: bool) -> User | None:
        if not username:
            if needed:
                raise CommandError("Say with --user in whose name the file is loaded.")
            return None
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None or not access.may(user, "load.write"):
            raise CommandError(f"{username} may not load files.")
        return user

    def report(
        self, kind: loads.LoadKind, load: Load, counts: dict[str, Any], wrong: list[LoadRow], *, as_json: bool
    ) -> None:
        """Print the outcome, every wrong row with it; leave with exit code 1 when there is one."""
        reasons = [{"line": row.line, "reasons": loads.reasons(kind, row)} for row in wrong]
        state = load.state if load.pk else Load.State.CHECKED.value
        if as_json:
            result = {"kind": kind.name, "load": load.pk, "state": str(state), "counts": counts, "wrong": reasons}
            self.stdout.write(json.dumps(result, ensure_ascii=False, indent=2))
        else:
            for reason in reasons:
                self.stdout.write(f"{reason['line']}: {reason['reasons']}")
            self.stdout.write(", ".join(f"{outcome}: {counts[outcome]}" for outcome in LoadRow.Outcome.values))
        if wrong:
            raise SystemExit(1)
