"""Backups by the clock: their folder, which of them are kept, and which is the last good one."""

import datetime as dt
import logging
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from capred_portal.backups.reading import Backup, BadBackup
from capred_portal.backups.writing import write_backup
from capred_portal.erasures import note_missing
from capred_portal.models import ScheduledJob

logger = logging.getLogger(__name__)

JOB = "backup"
NAME = re.compile(r"portal-(\d{6})\d{2}-\d{6}\.zip")  # by the month
MONTHS = 12
PART_AGE = dt.timedelta(days=1)  # after which a half file is of a process that was killed


class GoodBackup(NamedTuple):
    """A backup that was read again after it was written, and found whole."""

    path: Path
    made_at: dt.datetime
    size: int
    sha256: str
    missing_files: int  # uploads that rows name and that were not there


def back_up() -> dict[str, Any]:
    """Write a backup into the folder and delete those that are no longer kept; return what the job says of it."""
    started, folder = time.monotonic(), backup_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    note_missing()
    fresh = folder / f"portal-{timezone.localtime():%Y%m%d-%H%M%S}.zip"
    told = write_backup(fresh)
    deleted = rotate(timezone.localtime(), fresh)
    return {**told, "seconds": round(time.monotonic() - started, 1), "deleted": len(deleted)}


def back_up_by_hand() -> dict[str, Any]:
    """Do the work of the scheduled job now; when it is next due does not change."""
    result = back_up()
    done = {"succeeded_at": timezone.now(), "problem": "", "result": result}
    ScheduledJob.objects.update_or_create(name=JOB, defaults=done)
    return result


def backup_folder() -> Path:
    return Path(settings.BACKUP_ROOT)


def last_good() -> GoodBackup | None:
    """Return the last backup of the scheduled job, or None when there is none or its file is gone."""
    job = ScheduledJob.objects.filter(name=JOB).first()
    result = job.result if job else {}
    made_at = parse_datetime(result.get("made_at", ""))
    if made_at is None:
        return None
    path = backup_folder() / result["file"]
    is_there = path.is_file() and path.stat().st_size == result["bytes"]
    about = (result["bytes"], result["sha256"], result.get("missing_files", 0))
    return GoodBackup(path, made_at, *about) if is_there else None


def rotate(now: dt.datetime, fresh: Path | None = None) -> list[Path]:
    """Delete backups and return them; kept are the newest, the last of each of twelve months, and the last whole one.

    The whole one lacks no upload: when the folder of uploads is away, backups without them do not push out the last
    that holds them. A fresh backup is kept even when a clock that was set back calls it old.
    """
    folder = backup_folder()
    found = sorted((path for path in folder.iterdir() if NAME.fullmatch(path.name)), reverse=True)
    kept: set[Path | None] = set(found[: max(settings.BACKUPS_KEPT, 1)])
    months: dict[str, Path] = {}
    for path in found:
        months.setdefault(path.name[7:13], path)
    kept |= {path for month, path in months.items() if _months_ago(month, now) < MONTHS}
    kept |= {fresh, next((path for path in found if _lacks_nothing(path)), None)}
    for path in _half_files(folder, now):
        _delete(path)
    return [path for path in found if path not in kept and _delete(path)]


def _months_ago(month: str, now: dt.datetime) -> int:
    return (now.year - int(month[:4])) * 12 + now.month - int(month[4:])


def _lacks_nothing(path: Path) -> bool:
    """Tell whether a backup held every upload that its rows name, by its own word."""
    try:
        with Backup(path) as backup:
            return not backup.manifest.missing
    except BadBackup:
        return False


def _delete(path: Path) -> bool:
    """Delete a file and tell whether it is gone: one that stays is no reason to write another backup."""
    try:
        path.unlink(missing_ok=True)
    except OSError:
        logger.exception("the old backup %s cannot be deleted", path)
        return False
    return True


def _half_files(folder: Path, now: dt.datetime) -> Iterator[Path]:
    old = (now - PART_AGE).timestamp()
    for path in list(folder.glob("portal-*.zip.part")):
        with suppress(FileNotFoundError):  # complete meanwhile, under its name
            if path.stat().st_mtime < old:
                yield path
