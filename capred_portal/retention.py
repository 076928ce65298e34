"""How long data about people is kept: what is older goes by itself every night, a little at a time."""

import datetime as dt
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from capred_portal.blanking import forget_exports, forget_upload
from capred_portal.kept_files import FOLDER, KEEP_SECONDS
from capred_portal.load_kinds import REGISTRY
from capred_portal.models import Export, Load, LoadRow, Mail, RateWindow
from capred_portal.schedule import job

AT_ONCE = 5_000  # rows deleted by one transaction, so that others can save in between
BEING_WRITTEN = (Load.State.CONFIRMED, Load.State.UNDOING)
WRITTEN = (Load.State.DONE, Load.State.UNDONE)
WROTE_NOTHING = (LoadRow.Outcome.WRONG, LoadRow.Outcome.UNCHANGED)
DAILY = dt.timedelta(days=1)


def before(name: str) -> dt.datetime:
    """Return the time before which data of one kind is kept no longer."""
    return timezone.now() - dt.timedelta(days=settings.RETENTION_DAYS[name])


def delete_slowly(rows: Any) -> int:
    """Delete rows in transactions of a few thousand; return how many went."""
    total = 0
    for numbers in batches(rows):
        with transaction.atomic():
            rows.model._base_manager.filter(pk__in=numbers).delete()
        total += len(numbers)
    return total


def batches(rows: Any) -> Iterator[list[Any]]:
    """Yield the keys of rows, some at a time, until none is left."""
    while numbers := list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        yield numbers


@job("uploads", _("Old spreadsheets that name people or were never loaded are deleted"), every=DAILY, hour=2)
def forget_uploads() -> dict[str, Any]:
    """Delete files of old loads and the rows kept of them; the loads stay, with their counts.

    Where files name nobody, what was written is kept: it is all that tells how the records of a load began.
    """
    old = Load.objects.filter(created_at__lt=before("uploads")).exclude(state__in=BEING_WRITTEN)
    personal = [kind.name for kind in REGISTRY.values() if kind.personal]
    kept = old.exclude(kind__in=personal).filter(state__in=WRITTEN)
    spare = LoadRow.objects.filter(load__in=kept, outcome__in=WROTE_NOTHING)
    files, rows = 0, delete_slowly(spare)
    rows_of = Exists(LoadRow.objects.filter(load=OuterRef("pk")))
    going = old.exclude(pk__in=kept.values("pk")).filter(~Q(file="") | rows_of).order_by("pk")
    for number, state in going.values_list("pk", "state"):
        with transaction.atomic():
            load = Load.objects.select_for_update().filter(pk=number, state=state).first()
            if load is None:  # somebody goes on with it
                continue
            files += forget_upload(load, "kept_no_longer")
        rows += delete_slowly(LoadRow.objects.filter(load=number))
    return {"files": files, "rows": rows}


@job("kept-files", _("Files that waited for a refused form are deleted after a day"), every=DAILY, hour=2)
def forget_old_kept_files() -> dict[str, Any]:
    """Delete files put aside more than a day ago: their form can no longer be sent."""
    oldest = timezone.now() - dt.timedelta(seconds=KEEP_SECONDS)
    _folders, names = default_storage.listdir(FOLDER) if default_storage.exists(FOLDER) else ([], [])
    old = [name for name in names if default_storage.get_modified_time(f"{FOLDER}/{name}") < oldest]
    for name in old:
        default_storage.delete(f"{FOLDER}/{name}")
    return {"files": len(old)}


@job("sign-ins", _("Old records of sign-ins and sessions that ended are deleted"), every=DAILY, hour=2)
def forget_sign_ins() -> dict[str, Any]:
    """Delete who signed in, or tried to, long ago; and sessions that are over."""
    cutoff = before("sign-ins")
    sign_ins = sum(
        delete_slowly(model.objects.filter(attempt_time__lt=cutoff))
        for model in (AccessAttempt, AccessFailureLog, AccessLog)
    )
    over = Session.objects.filter(expire_date__lt=timezone.now()).count()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return {"sign_ins": sign_ins, "sessions": over}


@job("old-mails", _("Old mails are deleted"), every=DAILY, hour=2)
def forget_old_mails() -> dict[str, Any]:
    """Delete mails that were sent, or given up, long ago."""
    ended = Mail.objects.filter(created_at__lt=before("mails")).exclude(sent_at=None, given_up_at=None)
    return {"mails": delete_slowly(ended)}


@job("exports", _("Old tables that were written in the background are deleted"), every=DAILY, hour=2)
def forget_old_exports() -> dict[str, Any]:
    """Delete tables written some days ago; and files that no row knows, left by a worker that was ended."""
    with transaction.atomic():
        exports = forget_exports(Export.objects.filter(created_at__lt=before("exports")))
    known = set(Export.objects.exclude(file="").values_list("file", flat=True))
    left = [path for path in paths_below("exports") if path not in known and is_older_than_a_day(path)]
    for path in left:
        default_storage.delete(path)
    return {"exports": exports, "files": len(left)}


def paths_below(folder: str) -> list[str]:
    """Return the files of a folder and of those in it."""
    if not default_storage.exists(folder):
        return []
    folders, names = default_storage.listdir(folder)
    return [f"{folder}/{name}" for name in names] + [
        path for each in folders for path in paths_below(f"{folder}/{each}")
    ]


def is_older_than_a_day(path: str) -> bool:
    return default_storage.get_modified_time(path) < timezone.now() - DAILY


@job("rate-windows", _("Counts of requests are forgotten after a day"), every=DAILY, hour=2)
def forget_rate_windows() -> dict[str, Any]:
    """Delete how often something was asked for, once nothing is counted with it any more."""
    return {"counts": RateWindow.objects.filter(started_at__lt=timezone.now() - DAILY).delete()[0]}
