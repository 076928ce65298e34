"""A reload of gunicorn, as after an upgrade, loses no request."""

import signal
import time
from collections import Counter
from http.client import HTTPException
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.machines import PATIENCE, environment, server

PEOPLE = 4
RELOADS = 2


def workers(pid):
    """Return the processes that a gunicorn has started."""
    return set(Path(f"/proc/{pid}/task/{pid}/children").read_text().split())


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="skipped: because processes are looked up in /proc")
def test_a_reload_loses_no_request(tmp_path):
    answers: Counter[int | str] = Counter()
    stopping = Event()

    def ask(portal):
        while not stopping.is_set():
            try:
                answers[portal.ask("/accounts/login/")[0]] += 1
            except (OSError, HTTPException) as error:
                answers[repr(error)] += 1

    with server(environment(tmp_path, f"sqlite:///{tmp_path}/portal.sqlite3")) as portal:
        people = [Thread(target=ask, args=[portal]) for _person in range(PEOPLE)]
        for person in people:
            person.start()
        for _reload in range(RELOADS):
            before = workers(portal.process.pid)
            portal.process.send_signal(signal.SIGHUP)
            wait_until(lambda old=before: workers(portal.process.pid).isdisjoint(old))
            seen = answers.total()
            wait_until(lambda seen=seen: answers.total() > seen + 5 * PEOPLE)
        stopping.set()
        for person in people:
            person.join()

    assert answers.keys() == {200}


def wait_until(holds):
    for _look in range(20 * PATIENCE):
        if holds():
            return
        time.sleep(0.05)
    pytest.fail("waited in vain")
