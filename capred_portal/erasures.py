"""The list of erasures, kept beside the backups: what was erased is erased again when an older backup is restored."""

import datetime as dt
import json
import logging
import os
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from django.conf import settings
from django.db import transaction

from capred_portal.models import Erasure, User

logger = logging.getLogger(__name__)

LIST_NAME = "erasures.jsonl"


class Erase(Protocol):
    """Takes the personal data out of one record and all that repeats it; returns the rows changed, by table."""

    def __call__(self, number: int, *, by: User | None, reason: str) -> dict[str, int]: ...


WrittenAt = Callable[[int], dt.datetime | None]  # when the record of that number was created, None without one
Numbers = Callable[[int], list[int]]  # of all records that are erased with the one of that number, this one first


def alone(number: int) -> list[int]:
    return [number]


class Eraser(NamedTuple):
    """How one kind of record is erased, and what tells a record from a later one of the same number."""

    erase: Erase
    written_at: WrittenAt
    numbers: Numbers = alone


class UnknownErasure(ValueError):
    """The list names a kind that this portal cannot erase."""


ERASERS: dict[str, Eraser] = {}


def eraser(kind: str, *, written_at: WrittenAt, numbers: Numbers = alone) -> Callable[[Erase], Erase]:
    """Register what erases the records of a kind; the row `Erasure` is written by whoever calls it."""

    def register(erase: Erase) -> Erase:
        ERASERS[kind] = Eraser(erase, written_at, numbers)
        return erase

    return register


def list_path() -> Path:
    """Return where the portal keeps its list."""
    return Path(settings.BACKUP_ROOT) / LIST_NAME


def note(erasure: Erasure) -> None:
    """Add an erasure to the list once its transaction is committed; the list holds no personal data.

    When the list cannot be written that is logged, and `note_missing` adds the erasure later.
    """
    lines = [_as_noted(erasure)]

    def append() -> None:  # no partial: Django logs the name of what failed
        _append(lines)

    transaction.on_commit(append, robust=True)


def note_missing() -> int:
    """Add what the database knows and the list does not, such as after a crash between the two; return how many."""
    path = list_path()
    noted = {_key(line) for line in read(path)} if path.exists() else set()
    lines = [_as_noted(erasure) for erasure in Erasure.objects.order_by("pk")]
    missing = [line for line in lines if _key(line) not in noted]
    if missing:
        _append(missing)
    return len(missing)


def apply_list(path: Path) -> list[Erasure]:
    """Erase again what the list names and the database does not know as erased; return what was erased, by record.

    A record that was merged with one of the list when the backup was written is erased with it, also where the two
    were taken apart later: which of them a value is of can no longer be told.
    """
    known = {_key(_as_noted(erasure)) for erasure in Erasure.objects.all()}
    lines = {_key(line): line for line in read(path)}
    with transaction.atomic():
        erased = chain.from_iterable(_erase_again(line) for key, line in lines.items() if key not in known)
        return list({erasure.pk: erasure for erasure in erased}.values())


def read(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the lines of a list; one that a crash has cut off is passed over with a warning."""
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not text:
            continue
        try:
            line = json.loads(text)
            yield line | {"written_at": dt.datetime.fromisoformat(line["written_at"])}
        except (ValueError, KeyError):
            logger.warning("line %s of the erasures in %s cannot be read", number, path)


def _erase_again(line: dict[str, Any]) -> list[Erasure]:
    kind, number, written_at = _key(line)
    if kind not in ERASERS:
        raise UnknownErasure(f"The list of erasures names the kind {kind}, which this portal cannot erase.")
    how = ERASERS[kind]
    if how.written_at(number) != written_at:
        return []
    written = {each: at for each in how.numbers(number) if (at := how.written_at(each))}
    about = {"reason": line["reason"], "counts": how.erase(number, by=None, reason=line["reason"])}
    return [
        Erasure.objects.get_or_create(kind=kind, number=each, written_at=at, defaults=about)[0]
        for each, at in written.items()
    ]


def _key(line: dict[str, Any]) -> tuple[str, int, dt.datetime]:
    return line["kind"], line["number"], line["written_at"]


def _as_noted(erasure: Erasure) -> dict[str, Any]:
    return {name: getattr(erasure, name) for name in ("kind", "number", "written_at", "reason", "erased_at")}


def _append(lines: list[dict[str, Any]]) -> None:
    """Write the lines behind the others and wait until the disk has them."""
    path = list_path()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = "".join("\n" + json.dumps(line, default=dt.datetime.isoformat) + "\n" for line in lines)
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, text.encode())
        os.fsync(handle)
    finally:
        os.close(handle)
