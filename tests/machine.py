"""What the tests borrow from the machine: Chromium, and PostgreSQL's programs for a throw-away cluster."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

IN_CI = os.environ.get("CI") == "true"
POSTGRES_PROGRAMS = ("initdb", "pg_ctl", "postgres")
POSTGRES_OPTIONS = "-c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
NO_POSTGRES = "no PostgreSQL programs (initdb, pg_ctl, postgres) in PATH or /usr/lib/postgresql"
NO_CHROMIUM = "no Chromium in PATH"


def find_chromium() -> str | None:
    """Return the path of a Chromium or Chrome, or None."""
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    return next(filter(None, found), None)


def find_postgres() -> Path | None:
    """Return the folder of PostgreSQL's programs, the newest where Debian has several, or None."""
    in_path = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
    folders = ([Path(in_path).resolve().parent] if in_path else []) + debian[::-1]
    complete = (folder for folder in folders if all((folder / name).exists() for name in POSTGRES_PROGRAMS))
    return next(complete, None)


@contextmanager
def postgres_cluster(more_options: str = "") -> Iterator[str]:
    """Run a private PostgreSQL and yield the folder of its socket; user `test`, nothing kept, no network."""
    programs = find_postgres()
    assert programs, NO_POSTGRES
    with tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp") as base:  # a socket name may have 107 bytes
        as_user = not_root(base)

        def run(program: str, *arguments: str) -> None:
            subprocess.run(
                [str(programs / program), *arguments],
                cwd=base,
                check=True,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                **as_user,
            )

        data = f"{base}/data"
        run("initdb", "-D", data, "-U", "test", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        run(
            "pg_ctl",
            "start",
            "-w",
            "-D",
            data,
            "-l",
            f"{base}/log",
            "-o",
            f"-k {base} {POSTGRES_OPTIONS} {more_options}",
        )
        try:
            yield base
        finally:
            run("pg_ctl", "stop", "-w", "-D", data, "-m", "immediate")


def not_root(folder: str) -> dict[str, Any]:
    """Return subprocess arguments that drop root, which PostgreSQL refuses; give that user the folder."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    user = names.get("postgres") or names["nobody"]
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
