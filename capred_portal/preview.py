"""A load's rows as its page shows them, some at a time: which line, what would change, and what is wrong."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from capred_portal.columns import CLEAR
from capred_portal.load_kinds import LoadKind, error_message
from capred_portal.models import Load, LoadRow

ROWS_PER_PAGE = 40


class RowPages(Paginator):
    """The rows of a load, page by page, fast for any number of them.

    They were counted when the file was checked; where a page begins is found in the index alone.
    """

    def __init__(self, load: Load, outcome: str = "") -> None:
        self.load, self.outcome = load, outcome
        self.rows: QuerySet[LoadRow] = load.rows.order_by("line")
        if outcome:
            self.rows = self.rows.filter(outcome=outcome)
        super().__init__(self.rows, ROWS_PER_PAGE)

    @cached_property
    def count(self) -> int:
        outcomes = [self.outcome] if self.outcome else LoadRow.Outcome.values
        return sum(int(self.load.counts.get(outcome, 0)) for outcome in outcomes)

    def page(self, number: int | str) -> Page:
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        lines = self.rows.values_list("line", flat=True)
        if first > self.count / 2:  # nearer to the end: count from there
            last = max(self.count - first - self.per_page, 0)
            found = list(lines.order_by("-line")[last : self.count - first])
        else:
            found = list(lines[first : first + self.per_page])
        return Page(list(self.load.rows.filter(line__in=found).order_by("line")), number, self)


class Change(NamedTuple):
    """One field of a line: its title, the value before and the value after."""

    title: str
    before: str
    after: str


class Mistake(NamedTuple):
    """What is wrong with a cell: the title of its column, what it says, and the reason."""

    title: str
    cell: str
    reason: str


class PreviewRow(NamedTuple):
    """A line of the file as the preview shows it."""

    row: LoadRow
    names: list[str]
    url: str
    changes: list[Change]
    values: list[tuple[str, str]]
    mistakes: list[Mistake]


class Preview:
    """Shows rows of one kind: with the titles of its columns and the words for its codes, looked up once."""

    def __init__(self, kind: LoadKind) -> None:
        self.kind = kind
        self.titles = {column.name: str(column) for column in kind.columns}
        self.labels = kind.labels()

    @property
    def headings(self) -> list[str]:
        """Return the titles of the columns that tell lines apart."""
        return [" · ".join(self.titles[name] for name in names) for names in self.kind.shown]

    def rows(self, rows: Iterable[LoadRow]) -> list[PreviewRow]:
        """Return the rows of one page of the preview."""
        return [
            PreviewRow(
                row,
                [self.names(row, names) for names in self.kind.shown],
                self.kind.url_of(row.target) if row.target else "",
                self.changes(row),
                self.values(row) if row.outcome in (LoadRow.Outcome.NEW, LoadRow.Outcome.UNCERTAIN) else [],
                self.mistakes(row),
            )
            for row in rows
        ]

    def names(self, row: LoadRow, names: Iterable[str]) -> str:
        """Return what the line says in one or more columns."""
        told = (self.shown(name, row.values[name]) if name in row.values else row.raw.get(name, "") for name in names)
        return " · ".join(text for text in told if text)

    def changes(self, row: LoadRow) -> list[Change]:
        """Return every field that would change, with both values."""
        return [
            Change(self.titles[name], self.shown(name, before), self.shown(name, row.values.get(name)))
            for name, before in row.before.items()
            if name in self.titles
        ]

    def values(self, row: LoadRow) -> list[tuple[str, str]]:
        """Return every value of a new record, by title."""
        return [
            (title, self.shown(name, row.values[name])) for name, title in self.titles.items() if name in row.values
        ]

    def mistakes(self, row: LoadRow) -> list[Mistake]:
        """Return all that is wrong with the line, cell by cell; a reason that quotes the cell is enough."""
        found = []
        for error in row.errors:
            cell, reason = row.raw.get(error["column"], ""), error_message(self.kind, error)
            found.append(Mistake(self.titles.get(error["column"], ""), "" if cell in reason else cell, reason))
        return found

    def shown(self, name: str, value: Any) -> str:
        """Return a value in words."""
        if value in (None, "", CLEAR.value):
            return "–"
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        return str(self.labels.get(name, {}).get(value, value))
