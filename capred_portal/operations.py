"""What administrators look at to keep the portal running: versions, loads, queue, backups, disk."""

import datetime as dt
import platform
import shutil
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.db import connection
from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from capred_portal.backups.rotation import last_good
from capred_portal.load_kinds import REGISTRY as LOAD_KINDS
from capred_portal.models import Load, Mail, ScheduledJob
from capred_portal.schedule import REGISTRY, is_late

SHOWN = 5  # of the last failures
BACKUP_OLD = dt.timedelta(days=2)
DISK_LOW = 0.1  # of it free


@dataclass(frozen=True)
class Disk:
    """One place that fills up."""

    label: str
    path: str
    free: int
    total: int

    @property
    def is_low(self) -> bool:
        return self.free < DISK_LOW * self.total


@dataclass(frozen=True)
class Switch:
    """A setting that is on or off; one that protects nobody as it stands is worth a word."""

    label: str
    is_on: bool
    is_risky: bool


@cache
def portal_version() -> str:
    """Return the version of this release."""
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])


def versions() -> dict[str, str]:
    """Return what runs here."""
    return {
        _("Portal"): portal_version(),
        "Django": django.get_version(),
        "Python": platform.python_version(),
        connection.display_name: ".".join(map(str, connection.get_database_version())),
    }


def database_size() -> int:
    """Return the bytes of the database."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
    name = str(connection.settings_dict["NAME"])
    return sum(path.stat().st_size for path in (Path(name), Path(f"{name}-wal")) if path.exists())


def disks() -> list[Disk]:
    """Return the places that fill up: uploads, backups, and the database where it is a file."""
    places = {_("Uploads"): Path(settings.MEDIA_ROOT), _("Backups"): Path(settings.BACKUP_ROOT)}
    if connection.vendor == "sqlite":
        places[_("Database")] = Path(connection.settings_dict["NAME"]).parent
    usages = {label: (path, shutil.disk_usage(path)) for label, path in places.items() if path.exists()}
    return [Disk(label, str(path), usage.free, usage.total) for label, (path, usage) in usages.items()]


def loads() -> dict[str, Any]:
    """Return how many loads are in each state, and the last that failed."""
    counts = dict(Load.objects.order_by().values_list("state").annotate(Count("pk")))
    failed = Load.objects.filter(state=Load.State.FAILED).select_related("created_by")[:SHOWN]
    return {
        "states": [(label, counts.get(state, 0)) for state, label in Load.State.choices],
        "failed": failed,
        "kinds": {name: kind.title for name, kind in LOAD_KINDS.items()},
    }


def queue(now: dt.datetime) -> dict[str, Any]:
    """Return what waits, runs and failed in the background."""
    failed = DBTaskResult.objects.filter(status=TaskResultStatus.FAILED)
    counts = DBTaskResult.objects.aggregate(
        waiting=Count("pk", filter=Q(status=TaskResultStatus.READY)),
        running=Count("pk", filter=Q(status=TaskResultStatus.RUNNING)),
        failed=Count("pk", filter=Q(status=TaskResultStatus.FAILED, finished_at__gt=now - dt.timedelta(days=1))),
        oldest=Min("enqueued_at", filter=Q(status=TaskResultStatus.READY)),
    )
    return counts | {"failures": failed.defer("traceback", "return_value").order_by("-finished_at")[:SHOWN]}


def jobs(now: dt.datetime) -> list[dict[str, Any]]:
    """Return all scheduled work with how it last ended."""
    rows = ScheduledJob.objects.in_bulk(list(REGISTRY))
    return [
        {"job": each, "row": rows.get(name), "is_late": is_late(each, rows.get(name), now)}
        for name, each in REGISTRY.items()
    ]


def backup(now: dt.datetime) -> dict[str, Any]:
    """Return the last good backup; one that is old, or none, is worth a warning."""
    last = last_good()
    return {"last": last, "is_old": last is None or now - last.made_at > BACKUP_OLD}


def mails() -> dict[str, int]:
    """Return how many mails wait, and how many were given up."""
    return Mail.objects.aggregate(
        waiting=Count("pk", filter=Q(sent_at=None, given_up_at=None)),
        given_up=Count("pk", filter=Q(given_up_at__isnull=False)),
    )


def switches() -> list[Switch]:
    """Return the settings that decide who gets in and what they see."""
    return [
        Switch(
            _("One-time codes for administrators and verifiers"), settings.ONE_TIME_CODES, not settings.ONE_TIME_CODES
        ),
        Switch(_("HTTPS in front"), settings.BEHIND_TLS, not settings.BEHIND_TLS),
        Switch(_("Tracebacks for visitors"), settings.DEBUG, settings.DEBUG),
        Switch(_("Public dashboard"), settings.PUBLIC_DASHBOARD, False),
    ]


def status() -> dict[str, Any]:
    """Return everything the page shows."""
    now = timezone.now()
    return {
        "versions": versions(),
        "database_size": database_size(),
        "disks": disks(),
        "loads": loads(),
        "queue": queue(now),
        "jobs": jobs(now),
        "backup": backup(now),
        "mails": mails(),
        "switches": switches(),
    }
