"""Workbooks too long to be written while somebody waits: asked for, written by the worker, fetched by who asked."""

import logging
from collections.abc import Mapping
from typing import Any, BinaryIO

from django.core.files import File
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from capred_portal.access import may, role_of
from capred_portal.background import queue_task
from capred_portal.exports import counted_xlsx_file
from capred_portal.languages import reading_language
from capred_portal.loads import CUT_OFF, spare_memory
from capred_portal.models import Export, User
from capred_portal.spreadsheet_errors import SpreadsheetError
from capred_portal.tables import TABLES, Requester, Table, TableExport, WrongFilters

logger = logging.getLogger(__name__)

AT_ONCE = 50_000  # rows of a workbook that is written while somebody waits
UNDER_WAY = (Export.State.WAITING, Export.State.WRITING)
PROBLEMS = {
    "broken": _("The file could not be written. The administrators find the reason in the log."),
    "filters": _("The filters no longer fit this table."),
    "given-up": _("Writing the file was ended again and again, and is not tried any more."),
    "role": _("Your role has changed since you asked for this file, or your role may not read this table."),
    "too-long": _("An Excel workbook cannot hold so many rows. Choose CSV instead."),
}


class Refused(Exception):
    """Why an export is not written: one of PROBLEMS."""


def ask_for(table: Table, params: Mapping[str, list[str]], *, user: User, rows: int) -> Export:
    """Ask for a workbook; asking again while the same one is under way leads to that one."""
    about = {"table": table.name, "format": "xlsx", "language": reading_language(), "role": user.role}
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)  # two clicks come one after the other
        under_way = Export.objects.filter(user=user, state__in=UNDER_WAY, **about)
        if same := next((each for each in under_way if each.params == params), None):
            return same
        made = Export.objects.create(user=user, params=params, rows_count=rows, **about)
        queue_task(write_export, made.pk)
    return made


def query_of(export: Export) -> QueryDict:
    """Return the filters of an export as an address has them."""
    query = QueryDict(mutable=True)
    for name, values in export.params.items():
        query.setlist(name, values)
    return query


def may_fetch(export: Export, user: Any) -> bool:
    """Tell whether somebody still has the role for which a file was written, and that role may read the table."""
    table = TABLES.get(export.table)
    return table is not None and role_of(user) == export.role and may(user, table.action)


# The worker


@task()
def write_export(number: int) -> None:
    """Write the file of an export; repeating it changes nothing once the file is there."""
    if not Export.objects.filter(pk=number, state__in=UNDER_WAY).update(state=Export.State.WRITING):
        return
    export = Export.objects.select_related("user").filter(pk=number).first()
    if export is None:  # erased since
        return
    spare_memory()
    try:
        with translation.override(export.language):
            file, rows = written(export)
        with file:
            keep(export, file, rows)
    except Refused as error:
        fail(number, str(error))
    except CUT_OFF:
        raise
    except Exception:
        logger.exception("writing export %s", number)
        fail(number, "broken")


def written(export: Export) -> tuple[BinaryIO, int]:
    """Return the workbook and how many rows it holds; raise Refused."""
    if not may_fetch(export, export.user):
        raise Refused("role")
    taken = TableExport(TABLES[export.table], Requester(export.user), query_of(export))
    try:
        taken.check_names()
        return counted_xlsx_file(taken.header, taken.for_people(), notes=taken.notes())
    except WrongFilters as error:
        raise Refused("filters") from error
    except SpreadsheetError as error:
        raise Refused("too-long") from error


def keep(export: Export, file: BinaryIO, rows: int) -> None:
    """Keep a file that was written, unless another worker was quicker or the export is gone."""
    storage, now = export.file.storage, timezone.now()
    name = storage.save(f"exports/{now.year}/{export.pk}-{export.table}.{export.format}", File(file))
    mine = Export.objects.filter(pk=export.pk, state=Export.State.WRITING)
    if not mine.update(file=name, state=Export.State.READY, rows_count=rows, problem="", finished_at=now):
        storage.delete(name)


def fail(number: int, problem: str) -> None:
    """Note why an export is not written, unless it is ready meanwhile."""
    unfinished = Export.objects.filter(pk=number, state__in=UNDER_WAY)
    unfinished.update(state=Export.State.FAILED, problem=problem, finished_at=timezone.now())
