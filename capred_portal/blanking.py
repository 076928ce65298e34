"""Taking personal data out of the rows that repeat it: history, the administration's log, loads, mails, files."""

from collections.abc import Collection, Iterable
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from simple_history.utils import get_history_manager_for_model

from capred_portal.kept_files import FOLDER
from capred_portal.models import Load, LoadRow, Mail

AT_ONCE = 2_000  # rows changed by one statement

UNDER_WAY = (Load.State.UPLOADED, Load.State.CHECKED, Load.State.CONFIRMED, Load.State.FAILED)  # nothing is written yet
EMPTY_ROW: dict[str, Any] = {"raw": {}, "values": {}, "before": {}, "errors": [], "key": ""}


def blank_history(model: Any, numbers: Iterable[int], **values: Any) -> int:
    """Give every historical row of these records the same values; return how many rows there are."""
    history = get_history_manager_for_model(model).filter(**{f"{model._meta.pk.name}__in": list(numbers)})
    return int(history.update(**values))


def blank_log(model: Any, numbers: Iterable[int], text: str) -> int:
    """Call these records by another name in the log of the administration."""
    kind = ContentType.objects.get_for_model(model)
    entries = LogEntry.objects.filter(content_type=kind, object_id__in=[str(number) for number in numbers])
    return entries.exclude(object_repr=text).update(object_repr=text)


def forget_mails(mails: Q) -> int:
    """Delete mails, sent or not."""
    return Mail.objects.filter(mails).delete()[0]


def forget_kept_files() -> int:
    """Delete every file that waits for a refused form to be sent again: nobody can tell whom it names."""
    _folders, names = default_storage.listdir(FOLDER) if default_storage.exists(FOLDER) else ([], [])
    for name in names:
        _delete_once_kept(f"{FOLDER}/{name}")
    return len(names)


def forget_exports(exports: Any) -> int:
    """Delete tables that were written in the background; return how many."""
    paths = list(exports.exclude(file="").values_list("file", flat=True))
    for path in paths:
        _delete_once_kept(path)
    return int(exports.delete()[0])


def blank_load_rows(numbers: Collection[int]) -> int:
    """Take what lines of spreadsheets said out of the rows kept of them."""
    chosen = list(numbers)
    for start in range(0, len(chosen), AT_ONCE):
        LoadRow.objects.filter(pk__in=chosen[start : start + AT_ONCE]).update(**EMPTY_ROW)
    return len(chosen)


def forget_upload(load: Load, problem: str) -> bool:
    """Delete the file of a load once the transaction is kept; what was not yet written cannot be any more."""
    path = str(load.file)
    changes: dict[str, Any] = {"file": "", "mapping": load.mapping | {"header": []}}
    if load.state in UNDER_WAY:
        changes |= {"state": Load.State.FAILED, "problem": problem}
    Load.objects.filter(pk=load.pk).update(**changes)
    if path:
        _delete_once_kept(path)
    return bool(path)


def _delete_once_kept(path: str) -> None:
    """Delete a file when the transaction is committed; one that cannot be deleted is logged and stops nothing else."""

    def delete() -> None:  # no partial: Django logs the name of what failed
        default_storage.delete(path)

    transaction.on_commit(delete, robust=True)
