"""Putting work into the background queue: with the transaction that needs it, so that both are kept or neither."""

from functools import partial
from typing import Any

from django.db import transaction
from django_tasks import task_backends
from django_tasks_db import DatabaseBackend


def queue_task(task: Any, *args: Any) -> None:
    """Queue a task inside the running transaction; a backend that keeps no queue runs it after the commit."""
    if isinstance(task_backends[task.backend], DatabaseBackend):
        task.enqueue(*args)
    else:
        transaction.on_commit(partial(task.enqueue, *args))
