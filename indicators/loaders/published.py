"""What loads of published series share: cells, the edition they belong to, and one value for each line."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from capred_portal import columns, load_tables
from capred_portal.load_kinds import Column, Line, LoadKind, as_json, register
from capred_portal.load_tables import Known, LoadTable, TableChecker, fitted
from capred_portal.models import Load
from capred_portal.periods import FIRST_YEAR, LAST_YEAR
from indicators.models import SeriesValue, Source

CHUNK = 5_000
NOTHING = {"...", "…", ".."}  # how the World Bank writes that there is nothing to say
EXPONENT = re.compile(
    r"-?[0-9](?:\.[0-9]+)?e[+-]?[0-9]{1,3}"
)  # as programs write; a spreadsheet's E+10 has lost digits
KEY = ("source_id", "code", "economy", "sector", "partner", "product", "dimensions", "year")

MESSAGES: dict[str, Any] = {
    "economy": _("“%(value)s” is not the code of an economy. Write three letters, such as KHM."),
    "other_edition": _(
        "This row is of another edition (%(edition)s) than this load. Two editions are never joined: add that edition"
        " to the sources, with these letters in its name, or load the row under its own edition."
    ),
    "says_nothing": _("This row holds no value. Fill at least one column."),
}


# Cells


def economy(cell: str) -> Any:
    """Read the code of an economy: three letters."""
    code = columns.text(cell, 60)
    if isinstance(code, str):
        code = code.upper()
        if not re.fullmatch("[A-Z]{3}", code):
            raise columns.CellError("economy", cell)
    return code


def named(cell: str, max_length: int) -> Any:
    """Read a text; the dots that stand for nothing are a blank."""
    return None if cell.strip() in NOTHING else columns.text(cell, max_length)


def published(cell: str) -> Any:
    """Read a published number as the double its digits stand for; digits are never rounded away by us.

    A zero with a minus sign is 0: not every database keeps the sign.
    """
    bare = cell.strip()
    if bare in NOTHING:
        return None
    if EXPONENT.fullmatch(bare):
        return float(bare) + 0.0
    value = columns.decimal(cell, max_digits=60, decimal_places=40)
    return value if value is None or value is columns.CLEAR else float(value) + 0.0


def words(max_length: int) -> Any:
    return partial(named, max_length=max_length)


ECONOMY = Column("iso_a3", "Economy", "សេដ្ឋកិច្ច", economy, ("iso3", "country code", "economy code"), "KHM", repeats=True)
YEAR = Column(
    "year",
    "Year",
    "ឆ្នាំ",
    partial(columns.integer, minimum=FIRST_YEAR, maximum=LAST_YEAR),
    ("time", "period"),
    "2019",
    repeats=True,
)
VALUE = Column("value", "Value", "តម្លៃ", published, ("observation value", "obs_value"), "17.14")


# The table


class PublishedTable(LoadTable):
    """Published values, one for each line; a subclass says what a line is about."""

    model = SeriesValue
    fields = {name: name for name in (*KEY, "value", "unit")}
    computed = ("confidence",)
    computed_from = frozenset({"source_id"})
    cannot_clear = frozenset({"iso_a3", "year", "value"})
    needed: ClassVar[tuple[str, ...]] = ("value",)
    key_columns: ClassVar[dict[str, str]] = {"economy": "iso_a3", "year": "year"}  # part of the key -> its column

    def __init__(self, load: Load) -> None:
        self.source = Source.objects.active().get(pk=load.scope["source"])
        self.editions = list(Source.objects.active().filter(code=self.source.code))
        self.confidence = {source.pk: source.confidence for source in self.editions}

    def about(self, line: Line) -> dict[str, Any]:
        """Return code, sector, partner, product, dimensions and unit of a line, as far as it has them."""
        raise NotImplementedError

    def source_of(self, line: Line) -> int | None:
        """Return the edition a line belongs to."""
        return self.source.pk

    def prepare(self, lines: list[Line]) -> None:
        for line in lines:
            told = {"economy": line.values.get("iso_a3"), **self.about(line), "source_id": self.source_of(line)}
            line.values |= {name: value for name, value in told.items() if value is not None}
            wrong = {error["column"] for error in line.errors}
            for name, column in self.key_columns.items():
                if line.values.get(name) in (None, "", columns.CLEAR) and column not in wrong:
                    line.wrong(column, "missing")

    def key_of(self, line: Line) -> str:
        return "" if line.errors else key(line.values)

    def find(self, lines: list[Line], keys: Sequence[str]) -> dict[str, Known]:
        wanted, told = set(keys), [line.values for line in lines]
        found = {
            key(values): Known(pk, version, values)
            for pk, version, values in stored(told, {values["code"] for values in told}, [*self.fields])
        }
        return {own: known for own, known in found.items() if own in wanted}

    def keys_of_records(self, records: QuerySet) -> Iterator[str]:
        for values in records.order_by().values(*KEY).iterator():
            yield key(values)

    def complete(self, values: dict[str, Any]) -> dict[str, Any]:
        return values | {"confidence": self.confidence[values["source_id"]]}


def key(values: Mapping[str, Any]) -> str:
    """Return what no two values share: edition, series, economy and the rest."""
    return fitted("|".join(str(values.get(name, "")) for name in KEY))


def stored(
    lines: Iterable[Mapping[str, Any]], codes: Collection[str], names: Sequence[str]
) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """Yield key, version and values of the records that lines could stand for, from one query."""
    told = [*lines]
    shared = {f"{name}__in": {values[name] for values in told} for name in ("source_id", "economy", "year")}
    rows = SeriesValue.objects.active().filter(code__in=codes, **shared).order_by()
    for pk, version, *values in rows.values_list("pk", "version", *names).iterator():
        yield pk, version, dict(zip(names, map(as_json, values), strict=True))


# Kinds


def editions() -> list[tuple[str, str]]:
    """Return the editions a load can belong to, as the page offers them."""
    return [(str(source.pk), str(source)) for source in Source.objects.active()]


def check_scope(scope: dict[str, Any]) -> Any:
    """Return what is wrong with the edition a load belongs to, if anything."""
    number = str(scope.get("source") or "")
    known = number.isascii() and number.isdigit() and Source.objects.active().filter(pk=number).exists()
    if known:
        return ""
    told = "; ".join(f"{pk} = {title}" for pk, title in editions()) or "–"
    return _("There is no such edition of a source. Give the number of one: %(editions)s") % {"editions": told}


def places(loads: Iterable[Load]) -> dict[int, tuple[str, str]]:
    """Return the edition each load belongs to, as text and address."""
    numbers = {load.pk: int(load.scope.get("source") or 0) for load in loads}
    sources = Source.objects.in_bulk(set(numbers.values()))
    url = reverse("indicators:sources")
    found = {pk: sources[number] for pk, number in numbers.items() if number in sources}
    return {pk: (str(source), f"{url}#source-{source.pk}") for pk, source in found.items()}


def register_series(
    name: str, title: Any, about: Any, table: type[PublishedTable], kind_columns: tuple[Column, ...], **options: Any
) -> LoadKind:
    """Register a kind of load that fills published values of one edition."""
    steps: dict[str, Any] = {
        "needs_one_of": ("value",),
        "start": lambda load: TableChecker(table(load), load),
        "write": lambda load: load_tables.write(table(load), load),
        "undo_blockers": lambda load: load_tables.undo_blockers(table(load), load),
        "undo": lambda load, by: load_tables.undo(table(load), load, by),
    }
    return register(
        LoadKind(
            name=name,
            title=title,
            about=about,
            columns=kind_columns,
            apps=("indicators",),
            scope=("source",),
            ask=editions,
            check_scope=check_scope,
            places=places,
            messages=MESSAGES,
            chunk=CHUNK,
            max_rows=500_000,
            **steps | options,
        )
    )
