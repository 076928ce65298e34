"""A load's rows as its page shows them: who, what would change from what to what, and what is wrong."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from capred_portal.columns import CLEAR
from capred_portal.loads import LoadKind, reasons
from capred_portal.models import LoadRow
from programs.models import Attendance, Person

LABELS: dict[str, dict[Any, Any]] = {
    field.name: dict(field.flatchoices)
    for model in (Person, Attendance)
    for field in model._meta.fields
    if field.choices
}


class Change(NamedTuple):
    """One field of a line: its title, the value before and the value after."""

    title: str
    before: str
    after: str


class PreviewRow(NamedTuple):
    """A line of the file as the preview shows it."""

    row: LoadRow
    name: str
    organisation: str
    changes: list[Change]
    reasons: str


def preview_rows(kind: LoadKind, rows: Iterable[LoadRow]) -> list[PreviewRow]:
    """Return the rows of one page of the preview."""
    return [
        PreviewRow(
            row, cell(row, "name_en", "name_km"), cell(row, "organisation"), changes(kind, row), reasons(kind, row)
        )
        for row in rows
    ]


def cell(row: LoadRow, *names: str) -> str:
    """Return what the line says in one or more columns."""
    told = (row.values.get(name) or row.raw.get(name, "") for name in names)
    return " · ".join(text for text in told if text)


def changes(kind: LoadKind, row: LoadRow) -> list[Change]:
    """Return every field that would change, with both values."""
    titles = {column.name: str(column) for column in kind.columns}
    return [
        Change(titles[name], shown(name, before), shown(name, row.values.get(name)))
        for name, before in row.before.items()
        if name in titles
    ]


def shown(name: str, value: Any) -> str:
    """Return a value in words."""
    if value in (None, "", CLEAR.value):
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(LABELS.get(name, {}).get(value, value))
