"""Reading a backup: what it says of itself, and whether every part is as it was written."""

import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path, PurePosixPath
from typing import Any, Self, cast
from zipfile import BadZipFile, ZipFile

from capred_portal.backups.schema import Migration
from capred_portal.backups.values import Seal

FORMAT = 1
MANIFEST = "manifest.json"
MANIFEST_BYTES = 256 << 20  # more would be no manifest
PIECE = 1 << 20  # bytes read at once

BROKEN = (BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, zlib.error)


class BadBackup(Exception):
    """The file is no backup, or not as it was written; the message says where."""


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself; the names are those of its `manifest.json`."""

    format: int
    portal: str
    django: str
    engine: str
    made_at: str
    migrations: list[list[str]]
    tables: dict[str, dict[str, Any]]  # rows, bytes, sha256
    files: dict[str, dict[str, Any]]  # bytes, sha256
    missing: list[str]  # uploads that rows name and that were not there

    @property
    def applied(self) -> list[Migration]:
        return [(app, name) for app, name in self.migrations]

    @property
    def rows(self) -> int:
        return sum(about["rows"] for about in self.tables.values())

    def parts(self) -> dict[str, dict[str, Any]]:
        """Return what is said of every member of the archive but the manifest."""
        tables = {rows_member(table): about for table, about in self.tables.items()}
        return tables | {file_member(name): about for name, about in self.files.items()}

    def summary(self) -> dict[str, Any]:
        return {
            "made_at": self.made_at,
            "engine": self.engine,
            "portal": self.portal,
            "tables": len(self.tables),
            "rows": self.rows,
            "files": len(self.files),
            "missing_files": len(self.missing),
        }


class Backup:
    """An open backup."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.archive = ZipFile(path)
        except FileNotFoundError:
            raise BadBackup(f"There is no file {path}.") from None
        except BROKEN as error:
            raise BadBackup(f"{path} is no complete backup: {error}.") from error
        try:
            self.manifest = self._read_manifest()
        except BaseException:
            self.archive.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.archive.close()

    def check(self) -> None:
        """Read every member and compare its size and checksum with the manifest, or raise BadBackup."""
        names, parts = self.archive.namelist(), self.manifest.parts()
        if len(names) != len(set(names)) or set(names) != {MANIFEST, *parts}:
            odd = sorted(set(names) ^ {MANIFEST, *parts}) or ["a member twice"]
            raise BadBackup(f"The backup does not hold what its manifest names: {', '.join(odd[:3])}.")
        for name, about in parts.items():
            seal = Seal()
            with self.member(name) as member:
                while piece := member.read(PIECE):
                    seal.add(piece)
                    if seal.bytes > about["bytes"]:
                        break
            if (seal.bytes, seal.sha256) != (about["bytes"], about["sha256"]):
                raise BadBackup(f"{name} is not as it was written: its checksum differs.")

    @contextmanager
    def member(self, name: str) -> Iterator[BufferedReader]:
        """Open a member; whatever is wrong with its bytes is told as BadBackup, with its name."""
        try:
            with self.archive.open(name) as raw, BufferedReader(cast("Any", raw), PIECE) as member:
                yield member
        except (BadZipFile, EOFError, NotImplementedError, zlib.error) as error:
            raise BadBackup(f"{name} is damaged: {error}.") from error

    @contextmanager
    def lines(self, table: str, columns: list[str]) -> Iterator[BufferedReader]:
        """Open the rows of a table, which must have these columns."""
        with self.member(rows_member(table)) as member:
            if json.loads(member.readline()) != columns:
                raise BadBackup(f"{rows_member(table)} has other columns than this portal had at that time.")
            yield member

    def _read_manifest(self) -> Manifest:
        try:
            if self.archive.getinfo(MANIFEST).file_size > MANIFEST_BYTES:
                raise BadBackup(f"{MANIFEST} is too large.")
            with self.member(MANIFEST) as member:
                manifest = Manifest(**json.loads(member.read(MANIFEST_BYTES)))
            if manifest.format != FORMAT:
                raise BadBackup(f"{self.path} has format {manifest.format}; this portal reads format {FORMAT}.")
            is_whole = all(is_safe(name) for name in [*manifest.files, *manifest.tables])
        except (KeyError, TypeError, *BROKEN) as error:
            raise BadBackup(f"{self.path} has no {MANIFEST} that can be read: {error}.") from error
        if not is_whole:
            raise BadBackup(f"{MANIFEST} names a file outside the folder of uploads.")
        return manifest


def rows_member(table: str) -> str:
    return f"rows/{table}.jsonl"


def file_member(name: str) -> str:
    return f"files/{name}"


def is_safe(name: str) -> bool:
    """Tell whether the name of an upload stays inside the folder of uploads, on any system."""
    path = PurePosixPath(name)
    return name == str(path) and not path.is_absolute() and ".." not in path.parts and not {"\\", ":", "\x00"} & {*name}
