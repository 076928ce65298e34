"""Work by the clock: due once however many workers look, tried again when it fails, late when nobody does it."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import pytest
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from capred_portal import schedule
from capred_portal.models import ScheduledJob
from capred_portal.schedule import AGAIN, Job, enqueue_due, is_late, next_time, run_job

QUEUE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
DAY = dt.timedelta(days=1)
NOW = dt.datetime(2026, 5, 3, 4, 30, tzinfo=dt.UTC)  # half past eleven in Phnom Penh


def daily(work, hour=None):
    return Job("daily", "Daily", DAY, hour, work)


@pytest.fixture
def jobs(monkeypatch, settings):
    """A schedule of its own, with a queue."""
    settings.TASKS = QUEUE
    monkeypatch.setattr(schedule, "REGISTRY", {"daily": daily(lambda: {"rows": 3})})
    return schedule.REGISTRY


def test_new_job_is_due_at_once_and_then_after_its_period(db, jobs):
    assert enqueue_due(NOW) == ["daily"]
    assert enqueue_due(NOW + DAY / 2) == []
    assert enqueue_due(NOW + DAY) == ["daily"]
    assert DBTaskResult.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_many_workers_queue_a_job_once(jobs):
    ScheduledJob.objects.create(name="daily", next_at=NOW)

    def look(_number):
        try:
            return enqueue_due(NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as workers:
        queued = list(chain(*workers.map(look, range(16))))

    assert queued == ["daily"]
    assert DBTaskResult.objects.count() == 1


def test_job_with_an_hour_stays_at_that_hour():
    due = next_time(daily(dict, hour=1), NOW)

    assert timezone.localtime(due).isoformat() == "2026-05-04T01:00:00+07:00"


def test_success_keeps_its_result(db, jobs):
    enqueue_due(NOW)

    run_job.func("daily")

    row = ScheduledJob.objects.get()
    assert (row.result, row.problem, row.is_failing) == ({"rows": 3}, "", False)


def test_failure_is_kept_and_due_again_soon(db, jobs):
    jobs["daily"] = daily(lambda: 1 / 0)
    enqueue_due(NOW)
    before = timezone.now()

    run_job.func("daily")

    row = ScheduledJob.objects.get()
    assert (row.problem, row.is_failing) == ("ZeroDivisionError: division by zero", True)
    assert before + AGAIN <= row.next_at <= timezone.now() + AGAIN


def test_success_after_a_failure_ends_the_alarm(db, jobs):
    ScheduledJob.objects.create(name="daily", failed_at=NOW, problem="No space left")

    run_job.func("daily")

    assert ScheduledJob.objects.get().is_failing is False


@pytest.mark.parametrize(("hours", "late"), [(1, False), (47, False), (49, True)])
def test_job_is_late_after_twice_its_period(hours, late):
    row = ScheduledJob(name="daily", succeeded_at=NOW - dt.timedelta(hours=hours))

    assert is_late(daily(dict), row, NOW) is late
    assert is_late(daily(dict), None, NOW)


def test_every_job_of_the_portal_says_what_it_did(db):
    results = {name: each.work() for name, each in schedule.REGISTRY.items() if name != "backup"}

    assert {"mails", "tasks"} <= results.keys()
    assert all(isinstance(result, dict) for result in results.values())


def test_a_clock_set_back_stops_no_job(db, jobs):
    """A time far ahead was written by a clock that went wrong for a while."""
    row = ScheduledJob.objects.create(name="daily", next_at=NOW + 300 * DAY, succeeded_at=NOW + 300 * DAY)

    assert is_late(jobs["daily"], row, NOW)
    assert enqueue_due(NOW) == ["daily"]
