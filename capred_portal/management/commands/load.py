"""Load a spreadsheet from the command line: the same steps as the pages, all rows or none."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError

from capred_portal import access, loads, spreadsheets
from capred_portal.models import Load, LoadRow, User

Result = tuple[Load, dict[str, Any], list[Any]]  # the load, its counts, its wrong rows


class Command(BaseCommand):
    """Check a file, and write it when every row is right."""

    help = "Load a spreadsheet. With a wrong row nothing is written, every wrong row is listed, and the exit code is 1."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=sorted(loads.REGISTRY))
        parser.add_argument("file", type=Path)
        parser.add_argument("--program", help="short name of the program the values belong to")
        parser.add_argument("--workshop", type=int, help="number of the workshop the list belongs to")
        parser.add_argument("--source", help="number of the edition of a source the values belong to")
        parser.add_argument("--user", help="who loads it: needed unless --dry-run")
        parser.add_argument("--dry-run", action="store_true", help="only check; write nothing")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        kind = loads.REGISTRY[options["kind"]]
        path = self.checked_path(options["file"], kind)
        scope = {name: options[name] for name in kind.scope}
        if problem := kind.check_scope(scope):
            raise CommandError(str(problem))
        by = self.user_named(options["user"], needed=not options["dry_run"])
        with path.open("rb") as file:
            try:
                if options["dry_run"]:
                    load, counts, wrong = self.look(kind, file, path.name, scope, by)
                else:
                    load, counts, wrong = self.carry_out(kind, file, path.name, scope, by)
            except spreadsheets.SpreadsheetError as error:
                load = Load(kind=kind.name, problem=error.code, counts={"problem": error.params})
                raise CommandError(loads.problem_message(load)) from error
        self.report(kind, load, counts, wrong, as_json=options["json"])

    def look(self, kind: loads.LoadKind, file: BinaryIO, name: str, scope: dict[str, Any], by: Any) -> Result:
        """Compare a file with the database and write nothing."""
        header = loads.open_rows(kind, file, name).header
        mapping = {"header": header, "columns": loads.remembered_mapping(kind, header)}
        load = Load(kind=kind.name, scope=scope, file_name=name, mapping=mapping, created_by=by)
        counts: dict[str, Any] = {}
        wrong: list[Any] = []
        for rows, counted in loads.examine(load, kind, file):
            wrong += [row for row in rows if row.outcome == LoadRow.Outcome.WRONG]
            counts = counted
        return load, counts, wrong

    def carry_out(self, kind: loads.LoadKind, file: BinaryIO, name: str, scope: dict[str, Any], by: Any) -> Result:
        """Check a file and write it when every row is right; otherwise nothing of it is kept."""
        load = loads.receive(kind=kind, content=file, file_name=name, scope=scope, by=by, enqueue=False)
        loads.check_load.func(load.pk)
        load.refresh_from_db()
        wrong: list[Any] = list(load.rows.filter(outcome=LoadRow.Outcome.WRONG))
        if load.state == Load.State.CHECKED and not wrong:
            Load.objects.filter(pk=load.pk, state=Load.State.CHECKED).update(state=Load.State.CONFIRMED)
            loads.apply_load.func(load.pk)
            load.refresh_from_db()
        if load.state == Load.State.DONE:
            return load, load.counts, wrong
        problem = loads.problem_message(load)
        load.file.delete(save=False)
        load.delete()
        if not wrong:
            raise CommandError(problem)
        return load, load.counts, wrong

    def checked_path(self, path: Path, kind: loads.LoadKind) -> Path:
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        if path.stat().st_size > kind.limit_mb * 1_000_000:
            raise CommandError(f"{path} is larger than {kind.limit_mb} MB. Split it and load the parts.")
        return path

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
        self, kind: loads.LoadKind, load: Load, counts: dict[str, Any], wrong: list[Any], *, as_json: bool
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
