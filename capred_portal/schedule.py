"""Work by the clock: jobs that apps register in `jobs.py`; every worker looks, one of them queues what is due."""

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from capred_portal.background import queue_task
from capred_portal.models import ScheduledJob

logger = logging.getLogger(__name__)

AGAIN = dt.timedelta(minutes=15)  # until a job that failed is tried again
AHEAD = dt.timedelta(days=1)  # beyond its period: a time further ahead was written before the clock was set back
Work = Callable[[], dict[str, Any]]


@dataclass(frozen=True)
class Job:
    """One kind of work: what it is called, how often it is due, at which hour of the day, and what does it."""

    name: str
    title: Any
    every: dt.timedelta
    hour: int | None  # in the portal's time zone; None for work that is due at any hour
    work: Work


REGISTRY: dict[str, Job] = {}


def job(name: str, title: Any, *, every: dt.timedelta, hour: int | None = None) -> Callable[[Work], Work]:
    """Register work; it may run twice, and returns what the administrators' page says of it."""

    def register(work: Work) -> Work:
        REGISTRY[name] = Job(name, title, every, hour, work)
        return work

    return register


def next_time(each: Job, now: dt.datetime) -> dt.datetime:
    """Return when a job that is queued now is due again."""
    due = now + each.every
    if each.hour is None:
        return due
    local = timezone.localtime(due)
    return local.replace(hour=each.hour, minute=0, second=0, microsecond=0)


def enqueue_due(now: dt.datetime | None = None) -> list[str]:
    """Queue every job that is due, each once however many workers look; return their names."""
    now = now or timezone.now()
    known = {row.name: row for row in ScheduledJob.objects.filter(name__in=REGISTRY)}
    queued = []
    for name, each in REGISTRY.items():
        row = known.get(name) or ScheduledJob.objects.get_or_create(name=name, defaults={"next_at": now})[0]
        if not is_due(each, row, now):
            continue
        with transaction.atomic():
            mine = ScheduledJob.objects.filter(name=name, next_at=row.next_at)
            if mine.update(next_at=next_time(each, now)):
                queue_task(run_job, name)
                queued.append(name)
    return queued


def is_due(each: Job, row: ScheduledJob, now: dt.datetime) -> bool:
    """Tell whether it is time for a job."""
    return row.next_at <= now or row.next_at > now + each.every + AHEAD


@task()
def run_job(name: str) -> None:
    """Do the work of a job and note how it ended; one that failed is due again soon."""
    each, row = REGISTRY[name], ScheduledJob.objects.filter(name=name)
    row.update(started_at=timezone.now())
    try:
        result = each.work()
    except Exception as error:
        logger.exception("scheduled work %s failed", name)
        now = timezone.now()
        row.update(failed_at=now, problem=f"{type(error).__name__}: {error}"[:500], next_at=now + AGAIN)
    else:
        row.update(succeeded_at=timezone.now(), problem="", result=result)


def is_late(each: Job, row: ScheduledJob | None, now: dt.datetime) -> bool:
    """Tell whether a job has not succeeded for more than twice its period: nobody runs a worker, or it fails."""
    since = row.succeeded_at if row else None
    return since is None or abs(now - since) > 2 * each.every + dt.timedelta(seconds=settings.LEASE_SECONDS)
