"""The worker of background tasks: it holds a lease on its task, and gives back the tasks of workers that are gone."""

import datetime as dt
import logging
import os
import threading
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from capred_portal.logs import REFERENCE, watch_queries
from capred_portal.models import TaskLease
from capred_portal.schedule import enqueue_due

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 5  # a task that ends its worker so often is not tried again
PAUSE = 2.0  # seconds in which a worker renews that could not while SQLite was locked, perhaps by its own task
WAITED = 1.0  # seconds for a lock after which a sweep does nothing: who held it could not renew either
AGAIN = 0.1  # seconds until the next attempt when a lease could not be renewed
AHEAD = 10  # leases; a time further ahead was written before the clock was set back
LOOK = 30.0  # seconds between two looks at the heart, at least
MISSED = 10  # looks without a beat after which a worker ends; a heart may wait for SQLite during some of them
INTERRUPTED = {"builtins.KeyboardInterrupt", "builtins.SystemExit"}
CUT_OFF = {"django.db.utils.InterfaceError", "django.db.utils.OperationalError"}  # the database was locked or away
AWAY = 1.0  # seconds until a worker looks again for a database that is locked or away

Tell = Callable[..., None]
GIVEN_UP: dict[str, Tell] = {}


def on_given_up(*tasks: Any) -> Callable[[Tell], Tell]:
    """Register what is called, with a task's own arguments, when one of these tasks is given up."""

    def register(tell: Tell) -> Tell:
        GIVEN_UP.update({task.module_path: tell for task in tasks})
        return tell

    return register


class GivenUp(Exception):
    """The task ended its worker again and again."""


# Leases


def lease_length() -> dt.timedelta:
    return dt.timedelta(seconds=settings.LEASE_SECONDS)


def take_lease(task: UUID, worker: str) -> None:
    """Hold a task that was just claimed."""
    expires_at = timezone.now() + lease_length()
    TaskLease.objects.update_or_create(task=task, defaults={"worker": worker, "expires_at": expires_at})


def renew_leases(worker: str) -> int:
    """Hold what the worker holds for another while; return how many tasks that is."""
    return TaskLease.objects.filter(worker=worker).update(expires_at=timezone.now() + lease_length())


def end_lease(task: UUID, worker: str) -> None:
    """Let go of a task that has ended; when another worker holds it meanwhile, it is that one's to end."""
    if TaskLease.objects.filter(task=task, worker=worker).delete()[0]:
        return
    others = TaskLease.objects.filter(task=task)
    if others.exists():
        DBTaskResult.objects.filter(Exists(others), pk=task).update(status=TaskResultStatus.RUNNING, finished_at=None)


# Tasks whose worker is gone


def holding(now: dt.datetime) -> Q:
    """Return which leases hold their task; one that would not run out for long was taken by a clock since set back."""
    return Q(expires_at__gt=now, expires_at__lte=now + AHEAD * lease_length())


def lost_tasks(now: dt.datetime) -> QuerySet[Any]:
    """Return the tasks that say they run although nobody holds them; one just claimed may have no lease yet."""
    held = TaskLease.objects.filter(holding(now), task=OuterRef("pk"))
    just_claimed = Q(started_at__range=(now - lease_length(), now + AHEAD * lease_length()))
    return DBTaskResult.objects.running().filter(~Exists(held), ~just_claimed)


def sweep() -> int:
    """Return lost tasks to the queue, or give them up after too many attempts; return how many were lost."""
    if not lost_tasks(timezone.now()).exists():
        return 0
    let_renew()
    now, started = timezone.now(), time.monotonic()
    with transaction.atomic():
        if time.monotonic() - started > WAITED:
            return 0
        attempts = {task: len(workers) for task, workers in lost_tasks(now).values_list("pk", "worker_ids")}
        tried = [task for task, count in attempts.items() if count >= MAX_ATTEMPTS]
        back = lost_tasks(now).filter(pk__in=attempts.keys() - tried).update(status=TaskResultStatus.READY)
        given_up = [task for task in tried if give_up(task, now)]
        TaskLease.objects.filter(~holding(now), task__in=attempts).delete()
    if back:
        logger.warning("%s tasks of workers that are gone are back in the queue", back)
    return back + len(given_up)


def let_renew() -> None:
    """Wait until nobody writes to SQLite, and a moment longer: during a long write no lease can be renewed."""
    if connection.vendor == "sqlite":
        with transaction.atomic():
            pass
        time.sleep(PAUSE)


def give_up(task: UUID, now: dt.datetime) -> bool:
    """Mark a lost task as failed and tell whom it concerns; false when another worker was quicker."""
    if not lost_tasks(now).filter(pk=task).update(status=TaskResultStatus.FAILED, finished_at=now):
        return False
    lost = DBTaskResult.objects.get(pk=task)
    lost.set_failed(GivenUp(f"{lost.task_path} ended its worker {MAX_ATTEMPTS} times"))
    logger.error("task %s (%s) is given up: it ended its worker %s times", task, lost.task_path, MAX_ATTEMPTS)
    if tell := GIVEN_UP.get(lost.task_path):
        try:
            with transaction.atomic():
                tell(*lost.args_kwargs["args"], **lost.args_kwargs["kwargs"])
        except Exception:  # what it concerned may be gone; no worker could start if this stopped it
            logger.exception("telling that task %s is given up", task)
    return True


# Working


class Heart(threading.Thread):
    """Renews the leases of one worker and looks for lost tasks, with a database connection of its own."""

    def __init__(self, worker: str) -> None:
        super().__init__(name="heart", daemon=True)
        self.worker = worker
        self.stopping = threading.Event()
        self.beats = 0

    def run(self) -> None:
        pause = settings.LEASE_SECONDS / 3
        while not self.stopping.wait(pause):
            pause = settings.LEASE_SECONDS / 3 if self.beat() else AGAIN
            self.beats += 1
        connection.close()

    def beat(self) -> bool:
        """Renew and sweep; false when the database is locked or away."""
        try:
            renew_leases(self.worker)
            sweep()
            enqueue_due()
        except (DatabaseError, InterfaceError) as error:
            logger.warning("leases could not be renewed: %s", error)
            connection.close()
            return False
        except Exception:  # whatever is wrong with a lost task, this worker's own leases are renewed
            logger.exception("lost tasks could not be looked for")
        return True


def watch(heart: Heart) -> None:
    """End the process when its heart hangs or is gone: its supervisor starts another, and others take its task.

    This asks no database, where it might hang too, and counts looks: a machine that stood still missed only one.
    """
    missed, beats = 0, heart.beats
    while missed < MISSED:
        if heart.stopping.wait(max(LOOK, settings.LEASE_SECONDS)):
            return
        missed = missed + 1 if heart.beats == beats else 0
        beats = heart.beats
    logger.critical("worker %s ends: its heart has not beaten during %s looks", heart.worker, missed)
    os._exit(1)


class LeasingWorker(Worker):
    """The package's worker, holding a lease while it works."""

    def run(self) -> None:
        heart = Heart(self.worker_id)
        heart.start()
        threading.Thread(target=watch, args=[heart], name="watch", daemon=True).start()
        try:
            self.run_through_cuts()
        finally:
            heart.stopping.set()
            heart.join(timeout=settings.LEASE_SECONDS)

    def run_through_cuts(self) -> None:
        """Work until told to stop; a database that is locked for long, or away, does not end the worker."""
        while True:
            try:
                self.let_go()
                sweep()
                return super().run()
            except (InterfaceError, OperationalError) as error:
                logger.warning("the database is locked or away: %s", error)
                connection.close()
                time.sleep(AWAY)

    def let_go(self) -> None:
        """Hold no task that a lost connection has ended: a sweep returns it to the queue, or gives it up."""
        TaskLease.objects.filter(worker=self.worker_id).delete()

    def run_task(self, db_task_result: Any) -> None:
        REFERENCE.set(str(db_task_result.pk))
        watch_queries()
        take_lease(db_task_result.pk, self.worker_id)
        super().run_task(db_task_result)
        if db_task_result.exception_class_path in INTERRUPTED:
            interrupted = DBTaskResult.objects.filter(pk=db_task_result.pk, status=TaskResultStatus.FAILED)
            interrupted.update(status=TaskResultStatus.READY, finished_at=None)
        elif db_task_result.exception_class_path in CUT_OFF:
            cut_off = DBTaskResult.objects.filter(pk=db_task_result.pk, status=TaskResultStatus.FAILED)
            cut_off.update(status=TaskResultStatus.RUNNING, finished_at=None)  # nobody holds it: see let_go
        end_lease(db_task_result.pk, self.worker_id)
        REFERENCE.set("")
