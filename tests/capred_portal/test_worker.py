"""The worker: leases on tasks, what becomes of the tasks of killed workers, and when a task is given up."""

import datetime as dt
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import SimpleNamespace

import pytest
from django.core.management import get_commands
from django.db import connection, connections
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from capred_portal import loads, worker
from capred_portal.management.commands import db_worker  # noqa: F401  tells loads what was given up
from capred_portal.models import Load, TaskLease
from capred_portal.worker import Heart, LeasingWorker, renew_leases, sweep, take_lease, watch
from tests.capred_portal.worker_tasks import nap
from tests.factories import make_user
from tests.workers import PATIENCE, wait_for, worker_processes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _queue_in_the_database(settings, monkeypatch):
    monkeypatch.setattr(worker, "PAUSE", 0.05)
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def ago(seconds):
    return timezone.now() - dt.timedelta(seconds=seconds)


def running(diary, *, lease_expires=None, started=None, workers=1):
    """Return a task that some worker claimed a minute ago."""
    task = DBTaskResult.objects.get(pk=nap.enqueue(str(diary)).id)
    names = [f"worker-{number}" for number in range(workers)]
    changes = {"status": "RUNNING", "started_at": started or ago(60), "worker_ids": names}
    DBTaskResult.objects.filter(pk=task.pk).update(**changes)
    if lease_expires:
        TaskLease.objects.create(task=task.pk, worker=names[-1], expires_at=lease_expires)
    return task


def status(task):
    return DBTaskResult.objects.get(pk=task.pk).status


def work(**options):
    """Run a worker of this process until nothing is left to do."""
    given = {"queue_names": ["default"], "excluded_queue_names": [], "interval": 0, "batch": True, "max_tasks": None}
    given |= {"backend_name": "default", "startup_delay": False, "worker_id": "here"}
    LeasingWorker(**given | options).run()


# Leases


def test_our_command_stands_in_the_place_of_the_packages():
    assert get_commands()["db_worker"] == "capred_portal"


def test_a_task_whose_lease_has_run_out_returns_to_the_queue(tmp_path):
    task = running(tmp_path / "diary", lease_expires=ago(1))

    assert sweep() == 1

    assert status(task) == "READY"
    assert not TaskLease.objects.exists()


def test_a_task_that_never_had_a_lease_returns_to_the_queue_after_one(tmp_path):
    fresh = running(tmp_path / "fresh", started=ago(5))
    old = running(tmp_path / "old")

    assert sweep() == 1

    assert (status(fresh), status(old)) == ("RUNNING", "READY")


def test_a_renewed_lease_keeps_its_task(tmp_path):
    task = running(tmp_path / "diary", lease_expires=ago(1))

    assert renew_leases("worker-0") == 1

    assert sweep() == 0
    assert status(task) == "RUNNING"


@pytest.mark.parametrize("leased", [True, False])
def test_a_task_that_was_claimed_before_the_clock_was_set_back_returns_to_the_queue(tmp_path, leased):
    """Its worker is gone: one that lives renews its lease by the clock as it is now."""
    task = running(tmp_path / "diary", started=ago(-3600), lease_expires=ago(-3600) if leased else None)

    assert sweep() == 1

    assert status(task) == "READY"
    assert not TaskLease.objects.exists()


def test_a_task_whose_start_lies_ahead_is_kept_by_a_lease_of_now(tmp_path):
    task = running(tmp_path / "diary", started=ago(-3600))
    take_lease(task.pk, "worker-0")

    assert sweep() == 0

    assert status(task) == "RUNNING"


def test_two_sweepers_return_a_task_once(tmp_path):
    tasks = [running(tmp_path / str(number), lease_expires=ago(1)) for number in range(20)]
    start = Barrier(2)

    def sweeper(_number):
        try:
            start.wait(timeout=PATIENCE)
            return sweep()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        returned = sum(pool.map(sweeper, range(2)))

    assert returned == len(tasks)
    assert {status(task) for task in tasks} == {"READY"}


def test_a_sweep_that_had_to_wait_for_the_database_does_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(worker, "WAITED", -1)
    task = running(tmp_path / "diary", lease_expires=ago(1))

    assert sweep() == 0

    assert status(task) == "RUNNING"


def test_a_worker_that_could_not_renew_while_sqlite_was_locked_is_given_a_moment(tmp_path, monkeypatch):
    """SQLite has one writer: while a task writes for longer than a lease, its own worker cannot renew."""
    if connection.vendor != "sqlite":
        pytest.skip("skipped: because only SQLite keeps a worker from renewing")
    monkeypatch.setattr(worker, "PAUSE", 1)
    task = running(tmp_path / "diary", lease_expires=ago(1))

    def late_renewal():
        try:
            time.sleep(0.3)
            return renew_leases("worker-0")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        renewed = pool.submit(late_renewal)
        returned = sweep()

    assert (renewed.result(), returned) == (1, 0)
    assert status(task) == "RUNNING"


def test_a_finished_task_leaves_no_lease(tmp_path):
    task = nap.enqueue(str(tmp_path / "diary"))

    work()

    assert DBTaskResult.objects.get(pk=task.id).status == "SUCCESSFUL"
    assert not TaskLease.objects.exists()


def test_a_lease_is_renewed_while_its_task_runs(tmp_path, settings):
    settings.LEASE_SECONDS = 1
    task = nap.enqueue(str(tmp_path / "diary"), 3)
    held = []

    def watch():
        try:
            for _look in range(5):
                time.sleep(0.5)
                held.append(TaskLease.objects.filter(expires_at__gt=timezone.now()).exists() and not sweep())
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        watching = pool.submit(watch)
        work()
        watching.result()

    assert all(held)
    assert (tmp_path / "diary").read_text().split() == ["began", "ended"]
    assert DBTaskResult.objects.get(pk=task.id).status == "SUCCESSFUL"


def test_a_worker_that_was_too_slow_leaves_the_task_to_the_one_that_holds_it(tmp_path):
    task = running(tmp_path / "diary")
    DBTaskResult.objects.filter(pk=task.pk).update(status="SUCCESSFUL", finished_at=timezone.now())
    take_lease(task.pk, "another")

    worker.end_lease(task.pk, "worker-0")

    assert status(task) == "RUNNING"
    assert TaskLease.objects.get().worker == "another"


# The heart


def test_a_heart_that_cannot_look_for_lost_tasks_renews_its_leases(tmp_path, monkeypatch, caplog):
    task = running(tmp_path / "diary", lease_expires=ago(1))
    monkeypatch.setattr(worker, "give_up", lambda *_lost: 1 / 0)
    DBTaskResult.objects.filter(pk=task.pk).update(worker_ids=["gone"] * worker.MAX_ATTEMPTS)
    own = running(tmp_path / "own")
    take_lease(own.pk, "here")
    before = TaskLease.objects.get(task=own.pk).expires_at

    assert Heart("here").beat()

    assert TaskLease.objects.get(task=own.pk).expires_at > before
    assert "ZeroDivisionError" in caplog.text


def looked_at(beats):
    """Return a heart that has beaten so often at each look, and whose worker stops after the last."""
    looks = iter(beats)

    def wait(_seconds):
        heart.beats = next(looks, None)
        return heart.beats is None

    heart = SimpleNamespace(worker="here", beats=0, stopping=SimpleNamespace(wait=wait))
    return heart


@pytest.mark.parametrize(
    ("beats", "ended"),
    [
        ([0] * 10, [1]),
        ([3, *[5] * 11], [1]),
        ([0] * 9, []),
        ([*[0] * 9, 1, *[1] * 9, 2], []),
    ],
)
def test_a_worker_ends_when_its_heart_has_not_beaten_at_ten_looks(monkeypatch, caplog, beats, ended):
    codes: list[int] = []
    monkeypatch.setattr(os, "_exit", codes.append)

    watch(looked_at(beats))

    assert codes == ended
    assert ("its heart has not beaten" in caplog.text) == bool(ended)


def test_a_working_heart_beats_and_is_watched(tmp_path, monkeypatch, settings):
    settings.LEASE_SECONDS = 0.1
    seen: list[Heart] = []
    monkeypatch.setattr(worker, "watch", seen.append)
    nap.enqueue(str(tmp_path / "diary"), 0.3)

    work()

    assert seen[0].beats
    assert seen[0].stopping.is_set()


# Giving up


def test_a_task_that_ends_its_worker_again_and_again_is_given_up_and_told(tmp_path, monkeypatch):
    told = []
    monkeypatch.setattr(worker, "GIVEN_UP", {})
    worker.on_given_up(nap)(lambda *args: told.append(args))
    task = running(tmp_path / "diary", lease_expires=ago(1), workers=worker.MAX_ATTEMPTS)

    assert sweep() == 1

    assert status(task) == "FAILED"
    assert told == [(str(tmp_path / "diary"),)]
    assert sweep() == 0


@pytest.mark.parametrize(
    ("task", "before", "after"),
    [
        (loads.check_load, Load.State.UPLOADED, Load.State.FAILED),
        (loads.apply_load, Load.State.CONFIRMED, Load.State.FAILED),
        (loads.undo_load, Load.State.UNDOING, Load.State.DONE),
    ],
)
def test_a_load_says_that_its_task_was_given_up(task, before, after):
    user = make_user()
    load = Load.objects.create(kind="attendance", state=before, created_by=user)
    given = [load.pk, user.pk] if task == loads.undo_load else [load.pk]
    lost = {"status": "RUNNING", "started_at": ago(60), "worker_ids": ["gone"] * worker.MAX_ATTEMPTS}
    DBTaskResult.objects.filter(pk=task.enqueue(*given).id).update(**lost)

    assert sweep() == 1

    load.refresh_from_db()
    assert load.state == after


def test_a_task_given_up_whose_load_is_gone_stops_no_worker():
    lost = {"status": "RUNNING", "started_at": ago(60), "worker_ids": ["gone"] * worker.MAX_ATTEMPTS}
    DBTaskResult.objects.filter(pk=loads.check_load.enqueue(10**6).id).update(**lost)

    work()

    assert DBTaskResult.objects.get().status == "FAILED"


def test_a_task_interrupted_by_a_second_signal_returns_to_the_queue(tmp_path, monkeypatch):
    task = nap.enqueue(str(tmp_path / "diary"), 1)
    monkeypatch.setattr(time, "sleep", lambda _seconds: sys.exit(1))

    work(max_tasks=1)

    assert DBTaskResult.objects.get(pk=task.id).status == "READY"


# Another process


@pytest.fixture
def start_worker():
    with worker_processes() as start:
        yield start


def test_a_second_worker_finishes_what_a_killed_one_began(tmp_path, start_worker):
    diary = tmp_path / "diary"
    task = nap.enqueue(str(diary), PATIENCE)
    first = start_worker()
    wait_for(lambda: diary.exists() and diary.read_text(), first)
    first.kill()
    first.wait()

    second = start_worker()
    wait_for(lambda: DBTaskResult.objects.get(pk=task.id).status == "SUCCESSFUL", second)

    assert diary.read_text().split() == ["began", "began", "ended"]
    wait_for(lambda: not TaskLease.objects.exists(), second)
