"""A database that goes away ends no worker, loses no task and breaks no load: the work is done when it is back."""

import datetime as dt
import time

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from capred_portal import loads, worker
from capred_portal.models import Load, TaskLease
from programs.models import Attendance
from tests.capred_portal.test_worker import work
from tests.capred_portal.worker_tasks import nap
from tests.factories import make_user, make_workshop
from tests.workers import wait_for, worker_processes

pytestmark = pytest.mark.django_db(transaction=True)

State = Load.State


@pytest.fixture(autouse=True)
def _queue_in_the_database(settings, monkeypatch):
    monkeypatch.setattr(worker, "PAUSE", 0.05)
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def stored(task):
    return DBTaskResult.objects.get(pk=task.id)


def cut(_seconds):
    raise OperationalError("server closed the connection unexpectedly")


def test_a_task_whose_connection_was_cut_is_done_again(tmp_path, monkeypatch):
    diary = tmp_path / "diary"
    task = nap.enqueue(str(diary), 1)
    with monkeypatch.context() as patched:
        patched.setattr(time, "sleep", cut)
        work(max_tasks=1)
    assert (stored(task).status, TaskLease.objects.count()) == ("RUNNING", 0)

    DBTaskResult.objects.update(started_at=timezone.now() - dt.timedelta(minutes=1))
    work()

    assert stored(task).status == "SUCCESSFUL"
    assert diary.read_text().split() == ["began", "began", "ended"]


def test_a_task_that_is_always_cut_off_is_given_up(tmp_path, monkeypatch):
    task = nap.enqueue(str(tmp_path / "diary"), 1)
    DBTaskResult.objects.update(worker_ids=["gone"] * (worker.MAX_ATTEMPTS - 1))
    with monkeypatch.context() as patched:
        patched.setattr(time, "sleep", cut)
        work(max_tasks=1)
    assert stored(task).status == "RUNNING"

    DBTaskResult.objects.update(started_at=timezone.now() - dt.timedelta(minutes=1))
    work()

    assert stored(task).status == "FAILED"


def test_a_worker_whose_connections_are_all_cut_goes_on(tmp_path):
    if connection.vendor != "postgresql":
        pytest.skip("skipped: because SQLite has no server that could cut a connection")
    diary = tmp_path / "diary"
    task = nap.enqueue(str(diary), 15)
    with worker_processes() as start:
        process = start()
        wait_for(diary.exists, process)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid != pg_backend_pid()")

        wait_for(lambda: stored(task).status == "SUCCESSFUL", process)

    assert diary.read_text().split() == ["began", "ended", "began", "ended"]


# Loads


@pytest.fixture
def load(db):
    """Return a load that waits for confirmation."""
    kind, scope = loads.REGISTRY["attendance"], {"workshop": make_workshop().pk}
    content = b"Name (Latin),E-mail\nSok Dara,dara@example.org"
    made = loads.receive(kind=kind, content=content, file_name="a.csv", scope=scope, by=make_user(), enqueue=False)
    loads.check_load.func(made.pk)
    made.refresh_from_db()
    assert made.state == State.CHECKED
    return made


def set_back(load, state):
    Load.objects.filter(pk=load.pk).update(state=state)


def run_cut(task, load, *words):
    """Run a task that is cut off at the first statement that holds these words; the next would be carried out."""
    seen: list[str] = []

    def away(execute, sql, params, many, context):
        if not seen and all(word in sql for word in words):
            seen.append(sql)
            cut(0)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(away), pytest.raises(OperationalError):
        task.func(load.pk)
    load.refresh_from_db()


def test_a_load_that_was_cut_off_while_it_was_checked_is_checked_again(load):
    set_back(load, State.UPLOADED)

    run_cut(loads.check_load, load, "UPDATE", '"counts"')
    assert (load.state, load.problem) == (State.UPLOADED, "")
    loads.check_load.func(load.pk)

    load.refresh_from_db()
    assert (load.state, load.rows.count()) == (State.CHECKED, 1)


def test_a_load_that_was_cut_off_while_it_was_written_is_written_once(load):
    assert loads.confirm(load)

    run_cut(loads.apply_load, load, "UPDATE", "dataversion")
    assert load.state == State.CONFIRMED
    loads.apply_load.func(load.pk)
    loads.apply_load.func(load.pk)

    load.refresh_from_db()
    assert load.state == State.DONE
    assert Attendance.objects.get().person.email == "dara@example.org"


def test_a_load_whose_second_look_was_ended_is_looked_at_again(load):
    """Records had moved, so it was to be checked once more; then its worker was killed."""
    set_back(load, State.UPLOADED)

    loads.apply_load.func(load.pk)

    load.refresh_from_db()
    assert (load.state, load.problem) == (State.CHECKED, "changed")
