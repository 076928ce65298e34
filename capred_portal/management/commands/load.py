"""Load a spreadsheet from the command line: the same steps as the pages, all rows or none."""

import json
from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError

from capred_portal import access, bundles, loads, spreadsheets
from capred_portal.load_files import header_of
from capred_portal.models import Load, LoadRow, User

Result = tuple[Load, dict[str, Any], list[Any]]  # the load, its counts, its wrong rows


class Command(BaseCommand):
    """Check a file, and write it when every row is right."""

    help = "Load a spreadsheet. With a wrong row nothing is written, every wrong row is listed, and the exit code is 1."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=sorted(loads.REGISTRY))
        parser.add_argument("files", type=Path, nargs="+", help="several only where they are one table")
        parser.add_argument("--program", help="short name of the program the values belong to")
        parser.add_argument("--workshop", type=int, help="number of the workshop the list belongs to")
        parser.add_argument("--source", help="edition of a source the values belong to: its number")
        parser.add_argument("--economy", help="three letters of the economy, where the files do not tell it")
        parser.add_argument("--year", help="year of the table, where the files do not tell it")
        parser.add_argument("--unit", help="unit of the table, such as 'million US$'")
        parser.add_argument("--job-unit", help="unit of its jobs, such as 'thousand persons'")
        parser.add_argument("--classification", help="classification of its sectors, such as cpa-a64")
        parser.add_argument("--tolerance", help="the largest balance residual allowed, in %% of a sector's output")
        parser.add_argument("--user", help="who loads it: needed unless --dry-run")
        parser.add_argument("--dry-run", action="store_true", help="only check; write nothing")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        kind = loads.REGISTRY[options["kind"]]
        paths = [self.checked_path(path, kind) for path in options["files"]]
        if len(paths) > 1 and not kind.read:
            raise CommandError(f"{kind.name} takes one file at a time.")
        scope = {name: options[name] for name in kind.scope if options[name] is not None or not kind.fields}
        if problem := kind.check_scope(scope):
            raise CommandError(str(problem))
        by = self.user_named(options["user"], needed=not options["dry_run"])
        with ExitStack() as opened:
            files = [(path.name, opened.enter_context(path.open("rb"))) for path in paths]
            file, name = opened.enter_context(bundles.packed(files))
            try:
                step = self.look if options["dry_run"] else self.carry_out
                load, counts, wrong = step(kind, file, name, scope, by)
            except spreadsheets.SpreadsheetError as error:
                load = Load(kind=kind.name, problem=error.code, counts={"problem": error.params})
                raise CommandError(loads.problem_message(load)) from error
        self.report(kind, load, counts, wrong, as_json=options["json"])

    def look(self, kind: loads.LoadKind, file: BinaryIO, name: str, scope: dict[str, Any], by: Any) -> Result:
        """Compare a file with the database and write nothing."""
        header = header_of(kind, file, name)
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
        if not wrong and loads.waiting(load).update(state=Load.State.CONFIRMED):
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
