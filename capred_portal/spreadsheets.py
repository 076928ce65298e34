"""Bytes -> table of text (CSV, XLSX), and back; knows no model."""

import csv
import datetime as dt
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import NamedTuple

import xlsxwriter
from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from capred_portal.matching import normalise_text, search_key

MESSAGES = {
    "binary": _("This file holds no text. Save the table as .xlsx or as CSV and choose that file."),
    "cell_too_long": _("Row %(line)s has a cell of more than %(limit)s characters. Shorten it."),
    "duplicate_header": _("Two columns are named “%(names)s”. Give every column its own name."),
    "empty": _("This file is empty."),
    "encoding": _("Row %(line)s has characters that cannot be read. Save the file again as “CSV UTF-8”."),
    "legacy_xls": _("This is a workbook of an old Excel (.xls). Save it as .xlsx or as CSV and choose that file."),
    "no_header": _("The first row must name the columns, but row %(line)s has no words in it."),
    "not_spreadsheet": _("This file is not a spreadsheet. Choose an Excel workbook (.xlsx) or a CSV file."),
    "not_xlsx": _("This is not an Excel workbook (.xlsx), or it is damaged. Save it again as .xlsx."),
    "password": _("This workbook is protected by a password. Remove the password and save it again."),
    "quotes": _("Row %(line)s has a quotation mark that is not closed, or text after a closing one."),
    "too_big_unpacked": _("This workbook is too big: more than %(limit)s MB when unpacked. Split it."),
    "too_many_columns": _("This table has more than %(limit)s columns."),
    "too_many_rows": _("This table has more than %(limit)s rows. Split it and load the parts."),
    "too_spread_out": _("The cells of this workbook are too far apart. Delete what is far from the table."),
    "unusual_workbook": _("This workbook is written in an unusual way. Open it in Excel and save it again."),
}

MAX_COLUMNS = 200
MAX_EXPANDED_BYTES = 200_000_000

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of .xls, and of an .xlsx with a password
_OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_OTHER_FORMATS = ("%pdf", "{\\rtf", "<!doctype", "<html", "<?xml", "<table")
_KHMER = re.compile("[\u1780-\u17ff]")

_XLSX_ENTRY = "[Content_Types].xml"
_FOREIGN_ENTRIES = {
    "xl/workbook.bin",
    "content.xml",
    "mimetype",
}  # of .xlsb and .ods, which calamine would read
_MAX_ENTRIES = 1_000
_MAX_GRID_CELLS = 20_000_000
_CELL_TAG = re.compile(rb"<(?:\w+:)?c(?: r=\"([A-Z]{1,3})([0-9]{1,7})\"(?![^<]*\sr\s*=)|[\s/>])")
_HUGE_STRING_COUNT = re.compile(rb"[<:]sst\s[^<]*[0-9]{8}")
_SCANNED_BYTES = 1 << 20

_DELIMITERS = ",;\t"
_SNIFFED_CHARACTERS, _SNIFFED_ROWS = 1 << 16, 10
_RUNS = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")  # a cell that a spreadsheet program may run as a formula
_LONGEST_CELL = 32_767  # of an XLSX


class SpreadsheetError(ValueError):
    """Why a file is no table: a code of MESSAGES and what its message mentions."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class Row(NamedTuple):
    """A row with the number the spreadsheet program shows beside it, as many cells as the header or more."""

    line: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Table:
    """The names of the columns and the rows that are not blank; all cells are text."""

    header: list[str]
    rows: list[Row]


def message(error: SpreadsheetError) -> str:
    """Return the error in words, in the language of whoever reads it now."""
    return str(MESSAGES[error.code]) % error.params


def read_table(
    content: bytes,
    filename: str,
    *,
    max_rows: int,
    max_columns: int = MAX_COLUMNS,
    max_expanded_bytes: int = MAX_EXPANDED_BYTES,
) -> Table:
    """Return the table of a CSV file or of the first filled sheet of an XLSX workbook.

    The content decides how it is read; the name only tells a broken workbook from a text.
    """
    if content.startswith(_ZIP):
        _check_workbook(content, max_expanded_bytes)
        records = _sheet_records(content)
    elif content.startswith(_OLE):
        raise SpreadsheetError("password" if _OLE_ENCRYPTED in content else "legacy_xls")
    elif content and filename.lower().endswith((".xlsx", ".xlsm")):
        raise SpreadsheetError("not_xlsx")
    else:
        records = _csv_records(_decoded(content))
    return _table(records, max_rows, max_columns)


def parse_pasted(text: str, *, columns: Sequence[str] = (), max_rows: int, max_columns: int = MAX_COLUMNS) -> Table:
    """Return the table of cells copied from a spreadsheet; the first row names the columns.

    With `columns`, a first row that names none of them is data and they are the header.
    """
    try:
        records = list(_delimited_records(text, "\t"))
    except SpreadsheetError:  # a quotation mark within a cell: then no cell was quoted
        records = [(line, row.split("\t")) for line, row in enumerate(text.splitlines(), start=1)]
    first = next((cells for _line, cells in records if any(cells)), [])
    if columns and not {search_key(name) for name in columns} & {search_key(cell) for cell in first}:
        records.insert(0, (0, list(columns)))
    return _table(records, max_rows, max_columns)


def write_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a CSV file that spreadsheet programs open as UTF-8 and in which no text runs as a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([_defused(name) for name in header])
    writer.writerows([_defused(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def write_xlsx(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return an XLSX file with one sheet; text stays text, whatever it looks like."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        sheet.freeze_panes(1, 0)
        bold = workbook.add_format({"bold": True})
        for column, name in enumerate(header):
            sheet.write_string(0, column, name, bold)
        for line, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
                    sheet.write_number(line, column, value)
                elif value is not None:
                    sheet.write_string(line, column, str(value)[:_LONGEST_CELL])
    return content.getvalue()


def _table(records: Iterable[tuple[int, list[str]]], max_rows: int, max_columns: int) -> Table:
    filled = ((line, cells) for line, cells in records if any(map(str.strip, cells)))
    header_line, header_cells = next(filled, (0, []))
    header = _header(header_line, header_cells)
    rows = [Row(line, _fitted(cells, len(header))) for line, cells in islice(filled, max_rows + 1)]
    if len(rows) > max_rows:
        raise SpreadsheetError("too_many_rows", limit=max_rows)
    if max(len(header), max((len(row.cells) for row in rows), default=0)) > max_columns:
        raise SpreadsheetError("too_many_columns", limit=max_columns)
    return Table(header, rows)


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


def _fitted(cells: list[str], width: int) -> list[str]:
    """Return the cells of a row, filled up to the width of the table; blank ones beyond it are left out."""
    if len(cells) < width:
        return cells + [""] * (width - len(cells))
    while len(cells) > width and not cells[-1].strip():
        cells = cells[:-1]
    return cells


def _decoded(content: bytes) -> str:
    """Return the text of a file: UTF-8, UTF-16 with its mark, or else the Windows-1252 of an older Excel."""
    encoding = "utf-16" if content.startswith(_UTF_16) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        # Khmer in what can be read shows that the rest is damaged UTF-8.
        if encoding == "utf-16" or _KHMER.search(content.decode(errors="ignore")):
            raise _encoding_error(content, error) from None
        text = _decoded_western(content)
    if text[:_SNIFFED_CHARACTERS].lstrip().lower().startswith(_OTHER_FORMATS):
        raise SpreadsheetError("not_spreadsheet")
    if "\0" in text:
        raise SpreadsheetError("binary")
    return text


def _decoded_western(content: bytes) -> str:
    try:
        return content.decode("windows-1252")
    except UnicodeDecodeError as error:
        raise SpreadsheetError("binary") if b"\0" in content else _encoding_error(content, error) from None


def _encoding_error(content: bytes, error: UnicodeDecodeError) -> SpreadsheetError:
    return SpreadsheetError("encoding", line=content.count(b"\n", 0, error.start) + 1)


def _csv_records(text: str) -> Iterator[tuple[int, list[str]]]:
    sample = text[:_SNIFFED_CHARACTERS]
    return _delimited_records(text, max(_DELIMITERS, key=lambda delimiter: _fit(sample, delimiter)))


def _fit(sample: str, delimiter: str) -> tuple[int, int]:
    """Return how many of the first rows a delimiter makes as wide as the header, and how wide that is."""
    records = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    widths = [len(cells) for cells in islice(filter(any, records), _SNIFFED_ROWS)]
    return (widths.count(widths[0]), widths[0]) if widths and widths[0] > 1 else (0, 0)


def _delimited_records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows with the numbers a spreadsheet program gives them: a quoted line break is no new row."""
    records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 0
    try:
        for line, cells in enumerate(records, start=1):
            yield line, [_undefused(cell) if cell[:1] == "'" else cell for cell in cells]
    except csv.Error as error:
        code = "cell_too_long" if "field limit" in str(error) else "quotes"
        raise SpreadsheetError(code, line=line + 1, limit=csv.field_size_limit()) from None


def _defused(value: object) -> object:
    """Put an apostrophe before a text that would run as a formula; `read_table` takes it away."""
    return f"'{value}" if isinstance(value, str) and _RUNS.match(value) else value


def _undefused(cell: str) -> str:
    return cell[1:] if _RUNS.match(cell) else cell


def _check_workbook(content: bytes, max_expanded_bytes: int) -> None:
    """Refuse what would exhaust the memory, because calamine trusts sizes and places that the file states."""
    try:
        entries = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise SpreadsheetError("not_xlsx") from None
    names = {entry.filename for entry in entries}
    if _XLSX_ENTRY not in names or names & _FOREIGN_ENTRIES or len(entries) > _MAX_ENTRIES:
        raise SpreadsheetError("not_xlsx")
    left = max_expanded_bytes
    for entry in entries:
        unpacked = _unpacked(content, entry, left)
        if len(unpacked) > left:
            raise SpreadsheetError("too_big_unpacked", limit=max_expanded_bytes // 1_000_000)
        left -= len(unpacked)
        if _HUGE_STRING_COUNT.search(unpacked):
            raise SpreadsheetError("unusual_workbook")
        if b"sheetData" in unpacked:
            _check_grid(unpacked)


def _unpacked(content: bytes, entry: zipfile.ZipInfo, limit: int) -> bytes:
    """Return an entry, cut at one byte more than the limit; its stated size may be a lie."""
    try:
        name_length, extra_length = struct.unpack_from("<HH", content, entry.header_offset + 26)
        start = entry.header_offset + 30 + name_length + extra_length
        unpacked = content[start : start + entry.compress_size]
        if entry.compress_type == zipfile.ZIP_DEFLATED:
            unpacked = zlib.decompressobj(-zlib.MAX_WBITS).decompress(unpacked, limit + 1)
    except (struct.error, zlib.error):
        raise SpreadsheetError("not_xlsx") from None
    if len(unpacked) <= limit and len(unpacked) != entry.file_size:
        raise SpreadsheetError("not_xlsx")
    return unpacked


def _check_grid(xml: bytes) -> None:
    """Refuse a sheet whose cells span too wide a grid: two cells in far corners would fill the memory.

    A cell that does not say plainly where it stands cannot be checked, and is refused too.
    """
    columns: set[bytes] = set()
    rows: set[bytes] = set()
    start = 0
    while start < len(xml):
        end = xml.find(b"<", start + _SCANNED_BYTES)
        end = len(xml) if end < 0 else end
        found = _CELL_TAG.findall(xml, start, end)
        columns.update(letters for letters, _digits in found)
        rows.update(digits for _letters, digits in found)
        start = end
    if b"" in rows:
        raise SpreadsheetError("unusual_workbook")
    if rows and max(map(int, rows)) * max(map(_column_number, columns)) > _MAX_GRID_CELLS:
        raise SpreadsheetError("too_spread_out")


def _column_number(letters: bytes) -> int:
    """Return the number of a column: 1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _sheet_records(content: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        sheet = _first_filled_sheet(CalamineWorkbook.from_filelike(io.BytesIO(content)))
    except CalamineError:
        raise SpreadsheetError("not_xlsx") from None
    if sheet:
        for line, values in enumerate(sheet.iter_rows(), start=1):
            yield line, [_cell_text(value) for value in values]


def _first_filled_sheet(workbook: CalamineWorkbook) -> CalamineSheet | None:
    for index, sheet in enumerate(workbook.sheets_metadata):
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible:
            filled = workbook.get_sheet_by_index(index)
            if filled.start is not None:
                return filled
    return None


def _cell_text(value: object) -> str:
    """Return a cell as its user sees it: 5 for 5.0, 15 digits of a number, days and times in ISO form."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{Decimal(f'{value:.15g}'):f}"
    if isinstance(value, dt.datetime):
        value = (value + dt.timedelta(milliseconds=500)).replace(microsecond=0)
        return value.isoformat(sep=" ").removesuffix(" 00:00:00")
    return str(value)
