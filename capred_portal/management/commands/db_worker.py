"""Run background tasks: the package's command with our worker, which gives back what a killed one left behind."""

import os
from typing import Any

from django.core.management.base import CommandError
from django.utils.autoreload import DJANGO_AUTORELOAD_ENV, run_with_reloader
from django_tasks_db.management.commands import db_worker

from capred_portal import background_exports, loads
from capred_portal.models import Load
from capred_portal.worker import LeasingWorker, on_given_up

OPTIONS = ("batch", "interval", "backend_name", "startup_delay", "max_tasks", "worker_id")


@on_given_up(loads.check_load, loads.apply_load)
def load_given_up(load_id: int) -> None:
    """Say on the page of a load that it could not be checked or written."""
    loads.fail(Load.objects.get(pk=load_id), "broken")


@on_given_up(loads.undo_load)
def undo_given_up(load_id: int, _user_id: int) -> None:
    """A load that could not be undone is what it was before."""
    Load.objects.filter(pk=load_id, state=Load.State.UNDOING).update(state=Load.State.DONE)


@on_given_up(background_exports.write_export)
def export_given_up(number: int) -> None:
    """Say on the page of an export that nobody tries it any more."""
    background_exports.fail(number, "given-up")


class Command(db_worker.Command):
    """The options are the package's own."""

    def handle(self, *args: Any, **options: Any) -> None:
        self.configure_logging(options["verbosity"])
        queues = options["queue_name"].split(",")
        excluded = list(filter(None, options["exclude_queues"].split(",")))
        if excluded and "*" not in queues:
            raise CommandError("--exclude-queues can only be used with --queue-name=*")
        chosen = {name: options[name] for name in OPTIONS}
        worker = LeasingWorker(queue_names=queues, excluded_queue_names=excluded, **chosen)
        reload = options["reload"] and not options["batch"]
        if not reload or os.environ.get(DJANGO_AUTORELOAD_ENV) == "true":
            worker.configure_signals()  # in the process that works, not in the one that watches the code
        if reload:
            run_with_reloader(worker.run)
        else:
            worker.run()
