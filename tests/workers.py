"""Workers of background tasks in processes of their own, on the database of the test."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60  # seconds for another process to do its work


def database_url() -> str:
    """Return the address of the test database."""
    database = connection.settings_dict
    if connection.vendor == "postgresql":
        return f"postgres://{database['USER']}@/{database['HOST']}/{database['NAME']}"
    return f"sqlite:///{database['NAME']}"


@contextmanager
def worker_processes() -> Iterator[Callable[..., "subprocess.Popen[bytes]"]]:
    """Yield a function that starts a worker in a process of its own; at the end all of them are killed."""
    processes: list[subprocess.Popen[bytes]] = []
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "capred_portal.settings",
        "LEASE_SECONDS": "1",
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "TASK_BACKEND": "django_tasks_db.DatabaseBackend",
    }

    def start(*options: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "manage.py", "db_worker", "--interval", "0.1", "--no-startup-delay", *options]
        processes.append(subprocess.Popen(command, cwd=ROOT, env=environment))
        return processes[-1]

    try:
        yield start
    finally:
        for process in processes:
            process.kill()
            process.wait()


def wait_for(condition: Callable[[], Any]) -> None:
    """Wait until the condition holds."""
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.02)
