"""A portal as it is deployed, on this machine: database, gunicorn, workers, and a supervisor that starts what ended."""

import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import psycopg

from tests.machine import NO_POSTGRES, find_postgres, not_root

ROOT = Path(__file__).resolve().parents[2]
PAUSE = 0.1  # seconds between two looks
LOOKS = 1_800  # at something that must happen; a machine that stands still misses none
AWAY = 8  # looks during which the supervisor leaves PostgreSQL away, so that people notice
TAIL = 40  # lines of each log that a failure tells

Process = subprocess.Popen[bytes]


def wait_until(condition: Any, what: str) -> None:
    """Look again and again until the condition holds."""
    for _look in range(LOOKS):
        if condition():
            return
        time.sleep(PAUSE)
    raise TimeoutError(f"waited in vain for {what}")


def children_of(pid: int) -> list[int]:
    """Return the processes that a process has started and that are still there."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
            if int(parent) == pid and state != "Z":
                found.append(int(stat.parent.name))
    return found


def command_of(pid: int) -> str:
    """Return how a process calls itself; nothing when it is gone."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return ""


def kill(pid: int) -> None:
    """End a process at once, in the middle of whatever it does."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


# Databases


class Database(Protocol):
    """What the portal runs on; a supervisor keeps it up."""

    url: str

    def start(self) -> None: ...

    def keep_up(self) -> None: ...

    def kill(self, chance: random.Random) -> str: ...

    def stop(self) -> None: ...


class SqliteFile:
    """A file: no process that could be killed, only those that write to it."""

    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:///{folder}/portal.sqlite3"

    def start(self) -> None:
        """There is nothing to start."""

    def keep_up(self) -> None:
        """There is nothing that could be down."""

    def kill(self, chance: random.Random) -> str:
        raise NotImplementedError("SQLite has no server")

    def stop(self) -> None:
        """There is nothing to stop."""


class PostgresServer:
    """A private PostgreSQL that keeps what it has acknowledged: durable settings, unlike the tests' other ones."""

    def __init__(self, folder: Path) -> None:
        programs = find_postgres()
        assert programs, NO_POSTGRES
        self.programs, self.folder, self.log = programs, folder, folder / "postgres.log"
        self.url = f"postgres://test@/{folder}/postgres"
        self.as_user = not_root(str(folder))
        self.server: Process | None = None
        self.away = 0
        arguments = ["-D", f"{folder}/data", "-U", "test", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        self.run("initdb", *arguments).wait()

    def run(self, program: str, *arguments: str) -> Process:
        command = [str(self.programs / program), *arguments]
        with self.log.open("ab") as log:
            return subprocess.Popen(
                command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **self.as_user
            )

    def start(self) -> None:
        self.launch()
        wait_until(self.answers, "PostgreSQL")

    def launch(self) -> None:
        folders = ["-D", f"{self.folder}/data", "-k", str(self.folder)]
        self.server = self.run("postgres", *folders, "-c", "listen_addresses=", "-c", "max_connections=80")

    def answers(self) -> bool:
        self.keep_up()
        with suppress(psycopg.OperationalError), psycopg.connect(host=str(self.folder), user="test", dbname="postgres"):
            return True
        return False

    def keep_up(self) -> None:
        """Start it anew a while after it has ended, or after it could not start beside what was left of the last."""
        if self.server is None or self.server.poll() is None:
            self.away = 0
            return
        self.away += 1
        if self.away > AWAY:
            self.away = 0
            self.launch()

    def kill(self, chance: random.Random) -> str:
        """End the whole server, or one process of it, on which it ends all connections and recovers."""
        assert self.server
        backends = [pid for pid in children_of(self.server.pid) if "[local]" in command_of(pid)]
        if backends and chance.random() < 0.5:
            kill(chance.choice(backends))
            return "a backend of PostgreSQL"
        kill(self.server.pid)
        return "PostgreSQL"

    def stop(self) -> None:
        if self.server and self.server.poll() is None:
            self.server.send_signal(signal.SIGQUIT)
            self.server.wait()


# The portal


@dataclass
class Portal:
    """The processes of a portal on a database, each with its log."""

    folder: Path
    database: Database
    workers: int = 2
    settings: dict[str, str] = field(default_factory=dict)
    processes: dict[str, Process] = field(default_factory=dict)
    restarts: dict[str, int] = field(default_factory=dict)
    stopping: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    @property
    def environment(self) -> dict[str, str]:
        chosen = {
            "BACKUP_ROOT": f"{self.folder}/backups",
            "BEHIND_TLS": "0",
            "DATABASE_URL": self.database.url,
            "DEBUG": "0",
            "DJANGO_SETTINGS_MODULE": "capred_portal.settings",
            "EMAIL_URL": f"filemail:///{self.folder}/mail",
            "LEASE_SECONDS": "3",
            "MEDIA_ROOT": f"{self.folder}/media",
            "ONE_TIME_CODES": "0",
            "SECRET_KEY": "only-for-the-fault-bench-and-long-enough-4711-0815",
            "TASK_BACKEND": "django_tasks_db.DatabaseBackend",
        }
        return {**os.environ, **chosen, **self.settings}

    def manage(self, *arguments: str, said: str = "", **variables: str) -> str:
        """Run a management command to its end; return what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env={**self.environment, **variables},
            input=said,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def prepare(self) -> None:
        """Make tables and facts."""
        self.manage("migrate", "-v0", "--run-syncdb", DJANGO_SETTINGS_MODULE="tests.faults.no_migrations")
        self.manage("facts", "-v0")

    def commands(self) -> dict[str, list[str]]:
        """Return name -> command of every process that must run."""
        worker = [sys.executable, "manage.py", "db_worker", "--interval", "0.2", "--no-startup-delay"]
        return {"gunicorn": self.web_command(), **{f"worker {number}": worker for number in range(self.workers)}}

    def web_command(self) -> list[str]:
        """Return what the container runs, on our own port."""
        command = [str(Path(sys.executable).parent / "gunicorn"), "capred_portal.wsgi", f"--bind=127.0.0.1:{self.port}"]
        if (ROOT / "capred_portal" / "gunicorn.py").exists():
            return [*command, "--config=python:capred_portal.gunicorn"]
        return [*command, "--workers=2", "--threads=4", "--no-control-socket"]

    def log_of(self, name: str) -> Path:
        return self.folder / f"{name.replace(' ', '-')}.log"

    def launch(self, name: str) -> None:
        with self.log_of(name).open("ab") as log:
            command = self.commands()[name]
            self.processes[name] = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def supervise(self) -> None:
        """Start again whatever has ended, as the machine's service manager does."""
        while not self.stopping.wait(PAUSE):
            self.database.keep_up()
            for name, process in list(self.processes.items()):
                if process.poll() is not None:
                    self.restarts[name] = self.restarts.get(name, 0) + 1
                    self.launch(name)

    def is_up(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=5):
            return True
        return False

    def kill_workers(self, chance: random.Random) -> str:
        """End one process that does background work and one that answers requests."""
        name = chance.choice([name for name in self.processes if name != "gunicorn"])
        kill(self.processes[name].pid)
        if web := children_of(self.processes["gunicorn"].pid):
            kill(chance.choice(web))
        return f"{name} and a web process"

    def end(self) -> None:
        for process in self.processes.values():
            for pid in [*children_of(process.pid), process.pid]:
                kill(pid)
            process.wait()

    def told(self) -> str:
        """Return the last lines of every log."""
        parts = [f"restarts: {self.restarts}"]
        for log in sorted(self.folder.glob("*.log")):
            lines = log.read_text(errors="replace").splitlines()
            parts += [f"-- {log.name}, {len(lines)} lines", *lines[-TAIL:]]
        return "\n".join(parts)


@contextmanager
def running(*, postgres: bool, ready: Any = None, **settings: str) -> Iterator[Portal]:
    """Yield a portal that runs; `ready` fills its database before anything is served."""
    with tempfile.TemporaryDirectory(prefix="bench-", dir="/tmp") as name:
        folder = Path(name)
        database: Database = PostgresServer(folder) if postgres else SqliteFile(folder)
        portal = Portal(folder, database, settings=settings)
        supervisor = threading.Thread(target=portal.supervise, name="supervisor")
        try:
            database.start()
            portal.prepare()
            if ready:
                ready(portal)
            for each in portal.commands():
                portal.launch(each)
            supervisor.start()
            wait_until(portal.is_up, f"gunicorn\n{portal.told()}")
            yield portal
        finally:
            portal.stopping.set()
            if supervisor.ident:
                supervisor.join()
            portal.end()
            database.stop()
