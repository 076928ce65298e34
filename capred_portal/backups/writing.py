"""Writing a backup: one consistent state of the database and the uploads it names, while others go on working."""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import django
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.db import connections
from django.utils import timezone

from capred_portal.backups.reading import FORMAT, MANIFEST, PIECE, Backup, Manifest, file_member, is_safe, rows_member
from capred_portal.backups.schema import applied_migrations, models_at, release, upload_places
from capred_portal.backups.values import Seal, batches_of

COMPRESSED = {
    ".7z",
    ".docx",
    ".gz",
    ".jpeg",
    ".jpg",
    ".mp4",
    ".pdf",
    ".png",
    ".pptx",
    ".webp",
    ".xlsm",
    ".xlsx",
    ".zip",
}

# On SQLite the first read fixes what is seen; it takes no lock that a writer would wait for.
BEGIN = {"postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY", "sqlite": "BEGIN DEFERRED"}


def write_backup(path: Path) -> dict[str, Any]:
    """Write a backup to a new file, read it again, and return what is said of it.

    It appears under its name only when it is complete, checked, and on the disk.
    """
    if path.exists():
        raise FileExistsError(f"{path} exists; a backup is never written over a file")
    part = path.with_name(path.name + ".part")
    handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w+b") as file:
            with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=1) as archive:
                _write_members(archive)
            file.flush()
            os.fsync(file.fileno())
        with Backup(part) as backup:
            backup.check()
            manifest = backup.manifest
        told = {"file": path.name, **manifest.summary(), "bytes": part.stat().st_size, "sha256": sha256_of(part)}
        if path.exists():
            raise FileExistsError(f"{path} was written by somebody else meanwhile")
        part.rename(path)
    except BaseException:
        with suppress(FileNotFoundError):
            part.unlink()
        raise
    _sync_folder(path.parent)
    return told


def sha256_of(path: Path) -> str:
    """Return the checksum of a whole file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def snapshot() -> Iterator[Any]:
    """Yield a connection of its own that sees one state of the database; nobody waits for it, nor it for anybody."""
    usual = connections["default"]
    options = {name: value for name, value in usual.settings_dict["OPTIONS"].items() if name != "pool"}
    connection: Any = type(usual)({**usual.settings_dict, "OPTIONS": options}, usual.alias)
    try:
        with connection.cursor() as cursor:
            cursor.execute(BEGIN[connection.vendor])
        yield connection
    finally:
        connection.close()


def _write_members(archive: ZipFile) -> None:
    tables: dict[str, dict[str, Any]] = {}
    names: set[str] = set()
    with snapshot() as connection:
        migrations, made_at = applied_migrations(connection), timezone.now()
        models = models_at(migrations)
        for model in models:
            table = model._meta.db_table
            tables[table] = _write_rows(archive, table, model, connection, upload_places(model, models), names)
        version = ".".join(map(str, connection.get_database_version()))
        engine = f"{connection.vendor} {version}"
    files = {name: _write_file(archive, name) for name in sorted(names)}
    manifest = Manifest(
        format=FORMAT,
        portal=release(),
        django=django.__version__,
        engine=engine,
        made_at=made_at.isoformat(),
        migrations=[[app, name] for app, name in migrations],
        tables=tables,
        files={name: about for name, about in files.items() if about},
        missing=[name for name, about in files.items() if not about],
    )
    archive.writestr(_member(MANIFEST, ZIP_DEFLATED), json.dumps(manifest.__dict__, ensure_ascii=False, indent=1))


def _write_rows(
    archive: ZipFile, table: str, model: Any, connection: Any, places: list[int], names: set[str]
) -> dict[str, Any]:
    """Write a table, add to `names` the uploads it names, and return what the manifest says of it."""
    seal = Seal()
    with archive.open(_member(rows_member(table), ZIP_DEFLATED), "w", force_zip64=True) as member:
        for rows, text in batches_of(model, connection):
            member.write(text)
            seal.add(text, len(rows))
            names.update(row[place] for place in places for row in rows if row[place])
    return {"rows": seal.rows, "bytes": seal.bytes, "sha256": seal.sha256}


def _write_file(archive: ZipFile, name: str) -> dict[str, Any] | None:
    """Copy an upload and return what the manifest says of it, or None when it is not there (any more)."""
    seal = Seal()
    try:
        if not is_safe(name):
            return None
        with default_storage.open(name) as file:
            how = ZIP_STORED if Path(name).suffix.lower() in COMPRESSED else ZIP_DEFLATED
            with archive.open(_member(file_member(name), how), "w", force_zip64=True) as member:
                for piece in file.chunks(PIECE):
                    member.write(piece)
                    seal.add(piece)
    except (FileNotFoundError, IsADirectoryError, SuspiciousFileOperation):
        return None
    return {"bytes": seal.bytes, "sha256": seal.sha256}


def _member(name: str, how: int) -> ZipInfo:
    member = ZipInfo(name, timezone.localtime().timetuple()[:6])
    member.compress_type, member.external_attr = how, 0o600 << 16
    return member


def _sync_folder(folder: Path) -> None:
    """Let the disk have the new name too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
