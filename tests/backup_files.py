"""Backups of the test database, and what might happen to the file of one."""

import datetime as dt
import hashlib
import io
import json
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db.models import Value
from django_otp.plugins.otp_totp.models import TOTPDevice

from capred_portal.models import Document, Load, LoadRow, Organisation
from programs.models import ProgramBudget
from tests.factories import make_goal, make_organisation, make_program, make_user

MANIFEST = "manifest.json"
ORGANISATIONS = "capred_portal_organisation"
ODD = ["a\tb\\n", "'\" %s ?", "ក្រុម\u200b", "😀", " x ", "\x01", "\\u0000", "\\N"]

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
        return dict(json.loads(archive.read(MANIFEST)))


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


def make_content() -> Document:
    """Write rows of many types of column, with an upload and its history."""
    admin = make_user("admin", username="admin", full_name_km="សុខ")
    TOTPDevice.objects.create(user=admin, name="phone")
    for name in ODD:
        Organisation.objects.filter(pk=make_organisation().pk).update(name_en=Value(name))  # as it is
    budget = {"budget": Decimal("1234567890123.45"), "spent": Decimal("0.10"), "as_of": dt.date(2026, 6, 30)}
    ProgramBudget.objects.create(program=make_program(), currency="USD", source="", **budget)
    make_goal("9.1")
    load = Load.objects.create(kind="attendance", file_name="a.csv", created_by=admin)
    raw = {"b": [1, 2.50, 1e22, 1e-7, True, None], "a": {"ខ្មែរ": "\\u0000"}}
    LoadRow.objects.create(load=load, line=2, outcome="new", raw=raw, errors=[])
    return Document.objects.create(title_en="Agenda", file=ContentFile(b"%PDF agenda", "agenda.pdf"))


def uploads() -> list[Path]:
    return [path for path in Path(default_storage.path("")).rglob("*") if path.is_file()]
