"""Tables that people and programs take away: one fact per row, the same for a file and for machines."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any, Literal

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import Combinable
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from capred_portal.access import may, role_of
from capred_portal.exports import Notes
from capred_portal.file_notes import beginning, filter_facts
from capred_portal.filter_words import NO_FILTERS, words_of

Words = str | Promise
Kind = Literal["text", "integer", "number", "date", "moment", "yes or no"]
CHUNK = 5_000
KIND_WORDS: dict[Kind, Words] = {
    "text": gettext_lazy("text"),
    "integer": gettext_lazy("whole number"),
    "number": pgettext_lazy("kind of cell", "number"),
    "date": pgettext_lazy("kind of cell", "date"),
    "moment": gettext_lazy("date and time"),
    "yes or no": gettext_lazy("yes or no"),
}
ANSWERS: dict[bool | None, Words] = {True: gettext_lazy("yes"), False: gettext_lazy("no"), None: ""}


@dataclass(frozen=True)
class Column:
    """One column: its name for machines, its title for people, and what of a row it is made from.

    `sources` are names of fields or expressions; `made` turns their values into one. A code that stands for a word
    keeps the code for machines, and shows the word of `choices` to people.
    """

    name: str
    title: Words
    sources: tuple[str | Combinable, ...]
    kind: Kind = "text"
    made: Callable[..., Any] | None = None
    choices: Iterable[tuple[Any, Words]] = ()
    action: str = ""  # who may read it, beside who may read the table
    about: Words = ""

    @property
    def meaning(self) -> str:
        """What it holds, in words: what is said of it, or its kind; and the codes it may have."""
        codes = ", ".join(f"{code} = {word}" for code, word in self.choices if code not in ("", None))
        told = str(self.about or KIND_WORDS[self.kind])
        return f"{told} ({codes})" if codes else told


@dataclass(frozen=True)
class Table:
    """A table of the portal: which rows it has, how they are filtered, which columns, and who may read it.

    `rows` returns what exists and is not archived, every row of which has the key `id`.
    """

    name: str
    title: Words
    columns: tuple[Column, ...]
    rows: Callable[[], QuerySet[Any]]
    filters: Any  # the FilterSet of the list that shows the same rows
    action: str = "page.read"
    scope: str = "records"  # of the access keys that open it
    source: Words = gettext_lazy("Records of this portal")
    list_url: str = ""  # the route of the list
    demo: str = "is_demo"  # the path to the mark of demonstration rows; blank where no row can be one
    unfold: Callable[[list[Any], Any], Iterable[list[Any]]] | None = None  # one row and its reader -> the facts in it
    # The same for many rows at once, and how they were asked for: where what is in them is read from elsewhere.
    unfold_together: Callable[[list[list[Any]], "TableExport"], Iterable[list[Any]]] | None = None
    row: Words = ""  # what one row is, where the name of its model does not say it
    withheld: Callable[[Any], Q] | None = None  # a reader -> the rows that this reader does not get

    @property
    def is_unfolded(self) -> bool:
        """Whether a row of the database holds any number of facts."""
        return bool(self.unfold or self.unfold_together)

    @property
    def app(self) -> str:
        """The app that owns the rows."""
        return str(self.rows().model._meta.app_label)

    @property
    def one_row(self) -> str:
        """What one row is."""
        return str(self.row or capfirst(self.rows().model._meta.verbose_name))

    def columns_for(self, user: Any) -> list[Column]:
        """Return the columns a role may read."""
        return [column for column in self.columns if not column.action or may(user, column.action)]


TABLES: dict[str, Table] = {}  # by name


def tables_for(user: Any) -> list[Table]:
    """Return the tables a role may read, by title."""
    return sorted((table for table in TABLES.values() if may(user, table.action)), key=lambda table: str(table.title))


def register(table: Table) -> Table:
    """Make a table known; called when its app starts."""
    TABLES[table.name] = table
    return table


class WrongFilters(ValueError):
    """Filters that say what none of their fields can; `errors` holds the reasons by the name of the filter."""

    def __init__(self, errors: Any) -> None:
        super().__init__(str(errors))
        self.errors = errors


@dataclass(frozen=True)
class Requester:
    """Who asks, where there is no request: filters look at the user alone."""

    user: Any


@dataclass(frozen=True)
class TableExport:
    """A table as somebody asked for it: the rows that pass the filters, the columns that the role may read."""

    table: Table
    request: Any  # what asks: its user decides on columns, and on what a filter may look at
    params: Mapping[str, Any] = field(default_factory=dict)
    with_demo: bool = True

    @cached_property
    def chosen(self) -> Any:
        """The filters as they were asked for, over the rows they choose from."""
        found = self.table.rows()
        if not self.with_demo and self.table.demo:
            found = found.filter(**{self.table.demo: False})
        if self.table.withheld:
            found = found.exclude(self.table.withheld(self.request.user))
        return self.table.filters(self.params, found, request=self.request)

    @property
    def filter_names(self) -> set[str]:
        """The filters that the role may use."""
        return {*self.chosen.filters, *NO_FILTERS}

    def check_names(self) -> None:
        """Raise WrongFilters where a parameter is no filter of this table, so that nobody gets all rows for a typo."""
        if unknown := sorted(set(self.params) - self.filter_names):
            words = _("This is no filter of this table, or not one for your role.")
            raise WrongFilters({name: [words] for name in unknown} | self.chosen.form.errors)

    @cached_property
    def rows(self) -> QuerySet[Any]:
        """The rows, oldest first; raises WrongFilters."""
        if not self.chosen.is_valid():
            raise WrongFilters(self.chosen.form.errors)
        rows: QuerySet[Any] = self.chosen.qs.order_by("pk")
        return rows

    @cached_property
    def columns(self) -> list[Column]:
        return self.table.columns_for(self.request.user)

    @cached_property
    def count(self) -> int:
        """How many rows the file has: where a row of the database holds several facts, one for each."""
        return sum(1 for _cells in self.cells(self.rows)) if self.table.is_unfolded else self.rows.count()

    @property
    def demo_count(self) -> int:
        """How many of the rows are invented."""
        if not (self.table.demo and self.with_demo):
            return 0
        if not self.table.is_unfolded:
            return self.rows.filter(**{self.table.demo: True}).count()
        marks = [place for place, column in enumerate(self.columns) if column.name == "is_demo"]
        return sum(1 for cells in self.cells(self.rows) if marks and cells[marks[0]])

    @property
    def words(self) -> list[tuple[str, str]]:
        """The filters that were used, in words."""
        return words_of(self.chosen.form)

    @property
    def header(self) -> list[str]:
        """The titles of the columns in the reader's language."""
        return [str(column.title) for column in self.columns]

    def for_people(self) -> Iterator[list[Any]]:
        """Yield the rows of a file: typed cells, with words for codes, in the reader's language."""
        words = [{code: str(word) for code, word in column.choices} for column in self.columns]
        answers = {answer: str(word) for answer, word in ANSWERS.items()}
        kinds = [column.kind for column in self.columns]
        return self._words_of(self.cells(self.rows), words, answers, kinds)

    @staticmethod
    def _words_of(rows: Iterator[list[Any]], words: Any, answers: Any, kinds: list[Kind]) -> Iterator[list[Any]]:
        coded = [place for place, each in enumerate(words) if each]
        asked = [place for place, kind in enumerate(kinds) if kind == "yes or no"]
        for cells in rows:
            for place in coded:
                cells[place] = words[place].get(cells[place], cells[place])
            for place in asked:
                cells[place] = answers[cells[place]]
            yield cells

    def for_machines(self, rows: QuerySet[Any] | None = None) -> Iterator[dict[str, Any]]:
        """Yield rows as names and values; codes stay codes."""
        names = [column.name for column in self.columns]
        for cells in self.cells(self.rows if rows is None else rows):
            yield dict(zip(names, cells, strict=True))

    def cells(self, rows: QuerySet[Any]) -> Iterator[list[Any]]:
        """Yield the values of the columns, from one query however many rows there are; or from a few for many rows."""
        cells, unfold, unfold_together = self._cells(rows), self.table.unfold, self.table.unfold_together
        if unfold_together is not None:
            return (each for many in pieces(cells) for each in unfold_together(many, self))
        if unfold is None:
            return cells
        user = self.request.user
        return (each for row in cells for each in unfold(row, user))

    def _cells(self, rows: QuerySet[Any]) -> Iterator[list[Any]]:
        """Yield one list for each row of the database: sources that are cells already, then what is made of them."""
        sources: list[Any] = []
        starts: list[int] = []
        makers: list[tuple[int, slice, Callable[..., Any]]] = []
        for place, column in enumerate(self.columns):
            starts.append(len(sources))
            sources += [F(source) if isinstance(source, str) else source for source in column.sources]
            if column.made:
                makers.append((place, slice(starts[-1], len(sources)), column.made))
        is_even = len(starts) == len(sources)
        for row in rows.values_list(*sources).iterator(chunk_size=CHUNK):
            cells = list(row) if is_even else [row[start] for start in starts]
            for place, part, made in makers:
                cells[place] = made(*row[part])
            yield cells

    def notes(self) -> Notes:
        """Return what a workbook says of itself: title, source, filters in words, columns with what they hold."""
        facts: list[tuple[str, object]] = [
            *beginning(self.table.title, self.table.source, role_of(self.request.user)),
            *filter_facts(self.words),
            (_("Demonstration rows"), self.demo_count),
        ]
        return Notes(facts, [(str(each.title), each.name, each.meaning) for each in self.columns])

    def file_name(self, rows: int) -> str:
        """Return what its file is called, without the ending."""
        return f"{self.table.name}-{timezone.localdate().isoformat()}-{rows}-rows"


def pieces(rows: Iterator[list[Any]]) -> Iterator[list[list[Any]]]:
    """Yield rows many at a time."""
    while many := list(islice(rows, CHUNK)):
        yield many


def number() -> Column:
    """Return the column with the key of a row, by which rows of other tables point to it."""
    return Column("id", gettext_lazy("Number"), ("pk",), kind="integer")


def demo_column() -> Column:
    """Return the column that marks demonstration rows."""
    return Column("is_demo", gettext_lazy("Demonstration row"), ("is_demo",), kind="yes or no")
