"""Backups of the test database, and what might happen to the file of one."""

import hashlib
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.conf import settings
from django.core.management import call_command

MANIFEST = "manifest.json"

Change = Callable[[dict[str, bytes]], None]


def run(command: str, *arguments: Any, **options: Any) -> str:
    """Run a command and return what it printed."""
    printed = io.StringIO()
    call_command(command, *arguments, stdout=printed, **options)
    return printed.getvalue()


def empty_portal() -> None:
    """Take all rows and uploads out, as in a database that was only migrated."""
    call_command("flush", interactive=False, verbosity=0)
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)


def manifest_of(path: Path) -> dict[str, Any]:
    with ZipFile(path) as archive:
        return json.loads(archive.read(MANIFEST))


def text_of(path: Path, table: str) -> bytes:
    with ZipFile(path) as archive:
        return archive.read(f"rows/{table}.jsonl")


def pack_again(path: Path, change: Change) -> Path:
    """Write the members of a backup, changed, to another archive that is whole in itself."""
    with ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    changed = path.with_name("changed.zip")
    with ZipFile(changed, "w", ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return changed


def set_in_manifest(members: dict[str, bytes], **values: Any) -> None:
    members[MANIFEST] = json.dumps(json.loads(members[MANIFEST]) | values).encode()


def seal_table(members: dict[str, bytes], table: str) -> None:
    """Let the manifest say of a table what its changed text is."""
    text, tables = members[f"rows/{table}.jsonl"], json.loads(members[MANIFEST])["tables"]
    rows = text.count(b"\n") - 1
    tables[table] = {"rows": rows, "bytes": len(text), "sha256": hashlib.sha256(text).hexdigest()}
    set_in_manifest(members, tables=tables)
