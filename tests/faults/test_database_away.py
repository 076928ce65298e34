"""The database goes away and comes back: a page that says so, soon; and the portal is there again by itself."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Timer
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse

from programs.models import Workshop
from tests.factories import make_workshop
from tests.machine import NO_POSTGRES, POSTGRES_OPTIONS, find_postgres, not_root, postgres_cluster
from tests.machines import environment, large_load, manage, output, server
from tests.page import form_values

SIGN_IN, RESET = "/accounts/login/", "/accounts/reset/"
ASKED = f"{settings.SESSION_COOKIE_NAME}=somebody"  # a session to look for, which takes the database


# PostgreSQL


@pytest.fixture
def cluster():
    if not find_postgres():
        pytest.skip(f"skipped: because {NO_POSTGRES}")
    with postgres_cluster() as folder:
        yield Cluster(folder)


def parent_of(stat):
    """Return the number of a process's parent; "" once it has ended."""
    with suppress(OSError):
        return stat.read_text().rpartition(")")[2].split()[1]
    return ""


class Cluster:
    """A private PostgreSQL that can be killed and started again."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.data = Path(folder) / "data"
        self.url = f"postgres://test@/{folder}/postgres"

    def kill(self) -> None:
        """End the server as a failing machine does: its children too, which on a busy machine still answer a while."""
        pid = (self.data / "postmaster.pid").read_text().split()[0]
        children = [path.parent.name for path in Path("/proc").glob("[0-9]*/stat") if parent_of(path) == pid]
        for each in (pid, *children):
            with suppress(ProcessLookupError):
                os.kill(int(each), signal.SIGKILL)

    def start(self) -> None:
        """Start it again; PostgreSQL itself waits for the children of before."""
        command = [f"{find_postgres()}/pg_ctl", "start", "-w", "-D", str(self.data), "-l", f"{self.folder}/log"]
        options = ["-o", f"-k {self.folder} {POSTGRES_OPTIONS}"]
        for _attempt in range(20):
            done = subprocess.run([*command, *options], cwd=self.folder, check=False, **not_root(self.folder))
            if done.returncode == 0:
                return
            time.sleep(0.5)
        pytest.fail((Path(self.folder) / "log").read_text())


def test_postgres_that_goes_away_comes_back(cluster, tmp_path):
    """Its sessions are all the sign-in page asks for."""
    env = environment(tmp_path, cluster.url)
    output(manage("migrate", "sessions", "--no-input", env=env))
    with server(env) as portal:
        assert portal.ask(SIGN_IN, cookie=ASKED)[0] == 200

        for _time in range(2):
            cluster.kill()
            status, page, headers = portal.ask(SIGN_IN, cookie=ASKED)
            sent = portal.ask(RESET, "POST", urlencode({"email": "typed@example.org"}), cookie=ASKED)

            assert (status, headers["Retry-After"], headers["Cache-Control"]) == (503, "30", "no-store")
            assert "The portal cannot reach its database" in page
            assert "វិបផតថលមិនអាចភ្ជាប់ទៅមូលដ្ឋានទិន្នន័យបានទេ" in page
            assert headers["X-Request-ID"] in page
            assert sent[0] == 503
            assert 'name="email" value="typed@example.org"' in sent[1]
            assert portal.ask("/healthz")[0] == 200
            assert portal.json("/readyz")["database"] == "not ok"

            cluster.start()
            portal.wait_for(200, SIGN_IN, cookie=ASKED)
            assert [portal.ask(SIGN_IN, cookie=ASKED)[0] for _ask in range(20)] == [200] * 20
            assert portal.json("/readyz")["database"] == "ok"


# SQLite


@pytest.fixture
def form(client_for):
    """The form of a workshop in the hands of staff, filled in."""
    if connection.vendor != "sqlite":
        pytest.skip("skipped: because this is about SQLite")
    workshop = make_workshop(title_en="Before")
    client = client_for("staff")
    client.raise_request_exception = False
    url = reverse("workshops:edit", args=[workshop.pk])
    filled = form_values(client.get(url).content.decode(), "title_en") | {"title_en": ["After"]}
    return partial(client.post, url, filled)


@pytest.mark.django_db(transaction=True)
def test_a_save_that_waited_too_long_for_a_load_says_so(form):
    with large_load():
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 50")
        response = form()

    assert response.status_code == 503
    assert "large load is being written" in response.content.decode()
    assert 'name="title_en" value="After"' in response.content.decode()
    assert Workshop.objects.get().title_en == "Before"

    assert form().status_code == 302
    assert Workshop.objects.get().title_en == "After"


@pytest.mark.django_db(transaction=True)
def test_a_save_waits_for_a_load(form):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        assert cursor.fetchone() == (30_000,)

    with large_load() as other:
        end_of_load = Timer(1.0, other.execute, ["COMMIT"])
        end_of_load.start()
        response = form()
        end_of_load.join()

    assert response.status_code == 302
    assert Workshop.objects.get().title_en == "After"
