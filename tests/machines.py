"""The portal as a server runs it: commands and gunicorn in processes of their own, on a database of their own."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from django.db import connection

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60  # seconds for a process to do its work

Process = subprocess.Popen[bytes]


def environment(folder: Path, database_url: str, **more: str) -> dict[str, str]:
    """Return the environment of a portal that keeps what it writes in a folder."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    own = {
        "BACKUP_ROOT": str(folder / "backups"),
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "capred_portal.settings",
        "MEDIA_ROOT": str(folder / "media"),
        "SECRET_KEY": "only-for-tests-and-long-enough-for-nobody-to-mind-4711",
        "TASK_BACKEND": "django_tasks.backends.immediate.ImmediateBackend",
    }
    return {**kept, **own, **more}


def manage(*arguments: str, env: Mapping[str, str]) -> Process:
    """Start a command of the portal; what it prints is read from the process."""
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def output(process: Process) -> str:
    """Wait for a command and return what it printed; fail if it failed."""
    try:
        text = process.communicate(timeout=3 * PATIENCE)[0].decode()
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise
    assert process.returncode == 0, text
    return text


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def server(env: Mapping[str, str], *options: str) -> Iterator["Server"]:
    """Serve the portal with the shipped configuration of gunicorn until the block ends."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "-c", "python:capred_portal.gunicorn", f"--bind=127.0.0.1:{port}"]
    process = subprocess.Popen([*command, *options, "capred_portal.wsgi"], cwd=ROOT, env=env)
    found = Server(port, process)
    try:
        found.wait_for(200, "/healthz")
        yield found
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def large_load() -> Iterator[sqlite3.Connection]:
    """Hold the lock of SQLite that a load holds while it writes."""
    name = connection.settings_dict["NAME"]
    with closing(sqlite3.connect(name, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other
        if other.in_transaction:
            other.execute("ROLLBACK")


class Server:
    """A portal that answers on a port."""

    def __init__(self, port: int, process: Process) -> None:
        self.port = port
        self.process = process

    def ask(self, path: str, method: str = "GET", body: str = "", **headers: str) -> tuple[int, str, dict[str, str]]:
        """Return status, text and headers of the answer to one request, on a connection of its own."""
        asked = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if body:
            named.setdefault("Content-Type", "application/x-www-form-urlencoded")
        try:
            asked.request(method, path, body or None, named)
            answer = asked.getresponse()
            return answer.status, answer.read().decode(), dict(answer.getheaders())
        finally:
            asked.close()

    def wait_for(self, status: int, path: str, **headers: str) -> float:
        """Wait until a page answers with a status; return after how many seconds."""
        started, seen = time.monotonic(), 0
        while time.monotonic() - started < PATIENCE:
            assert self.process.poll() is None, "gunicorn has ended"
            try:
                seen = self.ask(path, **headers)[0]
            except (OSError, HTTPException):
                seen = 0
            if seen == status:
                return time.monotonic() - started
            time.sleep(0.1)
        raise AssertionError(f"{path} answers {seen}, not {status}")

    def json(self, path: str) -> Any:
        return json.loads(self.ask(path)[1])
