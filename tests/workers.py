"""Workers of background tasks in processes of their own, on the database of the test."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from capred_portal.models import TaskLease

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60  # seconds for another process to do its work
PAUSE = 0.02  # seconds between two looks at what it has done

Process = subprocess.Popen[bytes]


def database_url() -> str:
    """Return the address of the test database."""
    database = connection.settings_dict
    if connection.vendor == "postgresql":
        return f"postgres://{database['USER']}@/{database['HOST']}/{database['NAME']}"
    return f"sqlite:///{database['NAME']}"


@contextmanager
def worker_processes() -> Iterator[Callable[..., Process]]:
    """Yield a function that starts a worker in a process of its own; at the end all of them are killed."""
    processes: list[Process] = []
    environment = {
        **os.environ,
        "BACKUP_ROOT": str(settings.BACKUP_ROOT),
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "capred_portal.settings",
        "LEASE_SECONDS": "1",
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "PYTHONFAULTHANDLER": "1",
        "TASK_BACKEND": "django_tasks_db.DatabaseBackend",
    }

    def start(*options: str) -> Process:
        command = [sys.executable, "manage.py", "db_worker", "--interval", "0.1", "--no-startup-delay", *options]
        processes.append(subprocess.Popen(command, cwd=ROOT, env=environment))
        return processes[-1]

    try:
        yield start
    finally:
        for process in processes:
            process.kill()
            process.wait()


def wait_for(condition: Callable[[], Any], worker: Process | None = None) -> None:
    """Wait until the condition holds, for which the worker, if one is given, must still run.

    Looks are counted, not seconds: while a machine stands still, no process can do its work.
    """
    for _look in range(round(PATIENCE / PAUSE)):
        if condition():
            return
        if worker and worker.poll() is not None:
            pytest.fail(f"the worker has ended ({worker.returncode}); {queue_told()}")
        time.sleep(PAUSE)
    if worker:
        worker.send_signal(signal.SIGABRT)  # on which it writes where each of its threads is
        with suppress(subprocess.TimeoutExpired):
            worker.wait(timeout=5)
    pytest.fail(f"waited in vain; {queue_told()}")


def queue_told() -> str:
    """Tell what the queue and the leases say."""
    told = ("pk", "status", "started_at", "finished_at", "worker_ids")
    lines = [*DBTaskResult.objects.values_list(*told), *TaskLease.objects.values_list("task", "worker", "expires_at")]
    return "\n".join(["tasks and leases now, " + str(timezone.now()), *map(str, lines)])
