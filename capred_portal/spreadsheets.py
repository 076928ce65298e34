"""A file -> a table of text (CSV, XLSX), row by row or whole, and back; knows no model."""

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO, NamedTuple

from capred_portal import exports, workbooks
from capred_portal.csv_files import Records, csv_records, delimited_records
from capred_portal.matching import normalise_text, search_key
from capred_portal.spreadsheet_errors import MESSAGES, SpreadsheetError, message

__all__ = [
    "MESSAGES",
    "Row",
    "SpreadsheetError",
    "StreamedTable",
    "Table",
    "message",
    "open_table",
    "parse_pasted",
    "read_table",
    "write_csv",
    "write_xlsx",
]

MAX_COLUMNS = 200
MAX_EXPANDED_BYTES = 200_000_000


class Row(NamedTuple):
    """A row with the number the spreadsheet program shows beside it, as many cells as the header or more."""

    line: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Table:
    """The names of the columns and the rows that are not blank; all cells are text."""

    header: list[str]
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class StreamedTable:
    """A table whose rows are read, once, while they are asked for; asking may raise SpreadsheetError."""

    header: list[str]
    rows: Iterator[Row]


@dataclass(frozen=True, slots=True)
class Limits:
    """How big a table may be, and what to say when it has more rows."""

    rows: int
    columns: int = MAX_COLUMNS
    too_many_rows: str = "too_many_rows"


def open_table(
    file: BinaryIO,
    filename: str,
    *,
    max_rows: int,
    max_rows_xlsx: int | None = None,
    max_columns: int = MAX_COLUMNS,
    max_expanded_bytes: int = MAX_EXPANDED_BYTES,
) -> StreamedTable:
    """Return the table of a CSV file or of the first filled sheet of an XLSX workbook; keep the file open meanwhile.

    The content decides how it is read; the name only tells a broken workbook from a text. With `max_rows_xlsx`
    a workbook may have fewer rows than a CSV file, and the error asks for the latter.
    """
    file.seek(0)
    start = file.read(len(workbooks.OLE))
    if start.startswith(workbooks.ZIP):
        limits = Limits(max_rows, max_columns)
        if max_rows_xlsx is not None and max_rows_xlsx < max_rows:
            limits = Limits(max_rows_xlsx, max_columns, "too_many_rows_xlsx")
        sheet = workbooks.open_sheet(file, max_expanded_bytes)
        return _table(sheet.records, limits, sheet.check_header)
    if start == workbooks.OLE:
        workbooks.refuse_old_workbook(file)
    if start and filename.lower().endswith((".xlsx", ".xlsm")):
        raise SpreadsheetError("not_xlsx")
    return _table(csv_records(file), Limits(max_rows, max_columns))


def read_table(
    content: bytes,
    filename: str,
    *,
    max_rows: int,
    max_columns: int = MAX_COLUMNS,
    max_expanded_bytes: int = MAX_EXPANDED_BYTES,
) -> Table:
    """Return the whole table of a file that is small enough to be held; see `open_table`."""
    limits = {"max_rows": max_rows, "max_columns": max_columns, "max_expanded_bytes": max_expanded_bytes}
    table = open_table(io.BytesIO(content), filename, **limits)
    return Table(table.header, list(table.rows))


def parse_pasted(text: str, *, columns: Sequence[str] = (), max_rows: int, max_columns: int = MAX_COLUMNS) -> Table:
    """Return the table of cells copied from a spreadsheet; the first row names the columns.

    With `columns`, a first row that names none of them is data and they are the header.
    """
    try:
        records = list(delimited_records(io.StringIO(text, newline=""), "\t"))
    except SpreadsheetError:  # a quotation mark within a cell: then no cell was quoted
        records = [(line, row.split("\t")) for line, row in enumerate(text.splitlines(), start=1) if row.strip()]
    first = records[0][1] if records else []
    if columns and not {search_key(name) for name in columns} & {search_key(cell) for cell in first}:
        records.insert(0, (0, list(columns)))
    table = _table(iter(records), Limits(max_rows, max_columns))
    return Table(table.header, list(table.rows))


def write_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a small table as a CSV file; see `exports.stream_csv`."""
    return b"".join(exports.stream_csv(header, rows))


def write_xlsx(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a small table as an XLSX file; see `exports.xlsx_file`."""
    with exports.xlsx_file(header, rows) as file:
        return file.read()


def _table(
    records: Records, limits: Limits, check_header: Callable[[int, int], None] = lambda _line, _width: None
) -> StreamedTable:
    line, cells = next(records, (0, []))
    header = _header(line, cells)
    check_header(line, len(header))
    if len(header) > limits.columns:
        raise SpreadsheetError("too_many_columns", limit=limits.columns)
    first = next(records, None)
    if not first:
        return StreamedTable(header, iter(()))
    _refuse_title(line, header, *first)
    return StreamedTable(header, _rows(chain([first], records), len(header), limits))


def _header(line: int, cells: list[str]) -> list[str]:
    """Return the names of the columns; a column in between may be nameless."""
    if not cells:
        raise SpreadsheetError("empty")
    names = _fitted([normalise_text(cell) for cell in cells], 0)
    if not any(map(str.isalpha, "".join(names))):
        raise SpreadsheetError("no_header", line=line)
    seen: dict[str, str] = {}
    for name in filter(None, names):
        key = search_key(name) or name
        if key in seen:
            raise SpreadsheetError("duplicate_header", names=name)
        seen[key] = name
    return names


def _refuse_title(line: int, header: list[str], next_line: int, cells: list[str]) -> None:
    """Refuse one filled cell above several with words: a title above the names of the columns."""
    names = [cell for cell in cells if cell.strip()]
    if len(list(filter(None, header))) == 1 < len(names) and all(map(_has_letter, names)):
        raise SpreadsheetError("title_row", line=line, header=next_line)


def _has_letter(text: str) -> bool:
    return any(map(str.isalpha, text))


def _rows(records: Iterable[tuple[int, list[str]]], width: int, limits: Limits) -> Iterator[Row]:
    """Yield the rows, fitted to the header, as long as they are within the limits."""
    for number, (line, cells) in enumerate(records, start=1):
        if number > limits.rows:
            raise SpreadsheetError(limits.too_many_rows, limit=f"{limits.rows:,}")
        if len(cells) == width:
            yield Row(line, cells)
            continue
        fitted = _fitted(cells, width)
        if len(fitted) > limits.columns:
            raise SpreadsheetError("too_many_columns", limit=limits.columns)
        yield Row(line, fitted)


def _fitted(cells: list[str], width: int) -> list[str]:
    """Return the cells of a row, filled up to the width of the table; blank ones beyond it are left out."""
    if len(cells) < width:
        return cells + [""] * (width - len(cells))
    while len(cells) > width and not cells[-1].strip():
        cells.pop()
    return cells
