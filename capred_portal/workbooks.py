"""XLSX as a stream: what would exhaust the memory is refused first, in pieces; then calamine reads."""

import datetime as dt
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from operator import itemgetter
from typing import BinaryIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from capred_portal.csv_files import Records, pieces
from capred_portal.spreadsheet_errors import SpreadsheetError

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of .xls, and of an .xlsx with a password
_OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

_XLSX_ENTRY = "[Content_Types].xml"
_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_FOREIGN_ENTRIES = {
    "xl/workbook.bin",
    "content.xml",
    "mimetype",
}  # of .xlsb and .ods, which calamine would read
_ENTRY, _MAX_ENTRIES = b"PK\x01\x02", 1_000

_PIECE = 1 << 20
_PACKED_PIECE = 1 << 16
_LONGEST_TAG = 1 << 24
_MAX_GRID_CELLS = 10_000_000  # calamine holds the grid: about 0.8 GB when every cell is filled
_CELL_TAG = re.compile(rb"<(?:\w+:)?c(?: r=\"([A-Z]{1,3})([0-9]{1,7})\"(?![^<]*\sr\s*=)|[\s/>])")
_USUAL_CELL = re.compile(rb"<c r=\"([A-Z]{1,3})([0-9]{1,7})\"(?: s=\"[0-9]+\")?(?: t=\"[a-zA-Z]+\")?/?>")
_HUGE_STRING_COUNT = re.compile(rb"<(?:[^\s<]*:)?sst\s[^<]*[0-9]{8}")
# A text formula may have an empty result, so only a cell of another type lacks its own.
_FORMULA = re.compile(
    rb"<c r=\"([A-Z]+[0-9]+)\"(?![^>]*\st=\"str\")[^>]*>\s*"
    rb"<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"
)
# calamine reads #N/A and its like as blank, which would say something else.
_ERROR = re.compile(
    rb"<c r=\"([A-Z]+)([0-9]+)\"[^>]*\st=\"e\"[^>]*>\s*(?:<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)\s*)?<v>([^<]*)</v>"
)
_MAX_ERRORS = 100_000
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*?:id=\"([^\"]*)\"")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_ATTRIBUTE = re.compile(r"\s(\w+)=\"([^\"]*)\"")


@dataclass(slots=True)
class Workbook:
    """A workbook that may be read: where its entries lie, and which of them are sheets."""

    file: BinaryIO
    entries: dict[str, zipfile.ZipInfo]
    grids: dict[str, "Grid"] = field(default_factory=dict)


@dataclass(slots=True)
class Grid:
    """How far the cells seen so far reach, the first formula without a result, and the errors by line and column."""

    rows: int = 0
    columns: int = 0
    formula: str = ""
    errors: dict[int, dict[int, str]] = field(default_factory=dict)

    def add(self, xml: bytes) -> None:
        """Refuse cells that span too wide a grid: two in far corners would fill the memory.

        A cell that does not say plainly where it stands cannot be checked, and is refused too.
        """
        places = _USUAL_CELL.findall(xml)
        if len(places) != xml.count(b"<c") + xml.count(b":c"):
            places = _CELL_TAG.findall(xml)
        if places:
            letters, digits = ({*map(itemgetter(part), places)} for part in (0, 1))
            if b"" in digits:
                raise SpreadsheetError("unusual_workbook")
            self.rows = max(self.rows, *map(int, digits))
            self.columns = max(self.columns, *map(_column_number, letters))
            if self.rows * self.columns > _MAX_GRID_CELLS:
                raise SpreadsheetError("too_spread_out")
        if not self.formula and b"<f" in xml and (found := _FORMULA.search(xml)):
            self.formula = found[1].decode()
        if b't="e"' in xml:
            self.add_errors(xml)

    def add_errors(self, xml: bytes) -> None:
        """Keep what cells with an error show, such as #N/A, as long as they are few."""
        for letters, digits, shown in _ERROR.findall(xml):
            self.errors.setdefault(int(digits), {})[_column_number(letters) - 1] = shown.decode(errors="replace")
            if len(self.errors) > _MAX_ERRORS:
                raise SpreadsheetError("error_cells", cell=(letters + digits).decode())


@dataclass(frozen=True, slots=True)
class Sheet:
    """The first filled sheet of a workbook: its rows, which are not kept, its first column, its merged cells."""

    records: Records
    left: int
    merged: list[tuple[tuple[int, int], tuple[int, int]]]

    def check_header(self, line: int, width: int) -> None:
        """Refuse merged cells where the columns are named."""
        for (top, left), (bottom, right) in self.merged:
            if top < line <= bottom + 1 and left - self.left < width:
                cells = f"{column_letters(left)}{top + 1}:{column_letters(right)}{bottom + 1}"
                raise SpreadsheetError("merged_header", cells=cells)


def refuse_old_workbook(file: BinaryIO) -> None:
    """Say what the container of an old Excel holds; its names may stand across two pieces."""
    tail = b""
    for piece in pieces(file):
        if _OLE_ENCRYPTED in tail + piece:
            raise SpreadsheetError("password")
        tail = piece[-len(_OLE_ENCRYPTED) :]
    raise SpreadsheetError("legacy_xls")


def open_sheet(file: BinaryIO, max_expanded_bytes: int) -> Sheet:
    """Return the first filled sheet of a workbook, or an empty one."""
    _name, sheet = next(open_sheets(file, max_expanded_bytes), ("", Sheet(iter(()), 0, [])))
    return sheet


def open_sheets(file: BinaryIO, max_expanded_bytes: int) -> Iterator[tuple[str, Sheet]]:
    """Yield the filled sheets that show, each with its name; only one of them is held at a time.

    calamine trusts what a workbook says of itself, so that is checked first.
    """
    workbook = _checked(file, max_expanded_bytes)
    file.seek(0)
    try:
        calamine = CalamineWorkbook.from_filelike(file)
        for index, name, sheet in _filled_sheets(calamine):
            grid = workbook.grids.get(_sheet_entries(workbook).get(index, ""), Grid())
            if grid.formula:
                raise SpreadsheetError("formula_without_value", cell=grid.formula)
            _top, left = sheet.start or (0, 0)
            yield name, Sheet(_records(sheet, grid.errors, left), left, sheet.merged_cell_ranges or [])
    except CalamineError:
        raise SpreadsheetError("not_xlsx") from None


def _checked(file: BinaryIO, max_expanded_bytes: int) -> Workbook:
    """Look through every entry in pieces and refuse what would exhaust the memory."""
    workbook = Workbook(file, _entries(file))
    too_big = SpreadsheetError("too_big_unpacked", limit=max_expanded_bytes // 1_000_000)
    if sum(entry.file_size for entry in workbook.entries.values()) > max_expanded_bytes:
        raise too_big
    left = max_expanded_bytes
    for name, entry in workbook.entries.items():
        size, grid, rest = 0, None, b""
        for piece in _unpacked(file, entry):
            size += len(piece)
            if size > left:
                raise too_big
            grid, rest = _looked_through(grid, rest + piece)
        if size != entry.file_size:
            raise SpreadsheetError("not_xlsx")
        left -= size
        _looked_through(grid, rest + b"<")
        if grid:
            workbook.grids[name] = grid
    return workbook


def _entries(file: BinaryIO) -> dict[str, zipfile.ZipInfo]:
    """Return the entries of an XLSX; they are counted first because `zipfile` makes an object of each."""
    try:
        if sum(piece.count(_ENTRY) for piece in pieces(file)) > 2 * _MAX_ENTRIES:
            raise SpreadsheetError("not_xlsx")
        entries = zipfile.ZipFile(file).infolist()
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, OSError):
        raise SpreadsheetError("not_xlsx") from None
    named = {entry.filename: entry for entry in entries}
    twice = len(named) < len(entries)
    if twice or _XLSX_ENTRY not in named or named.keys() & _FOREIGN_ENTRIES or len(named) > _MAX_ENTRIES:
        raise SpreadsheetError("not_xlsx")
    return named


def _unpacked(file: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield an entry in pieces; its stated size may be a lie."""
    try:
        file.seek(entry.header_offset + 26)
        name_length, extra_length = struct.unpack("<HH", file.read(4))
        file.seek(entry.header_offset + 30 + name_length + extra_length)
        inflate = zlib.decompressobj(-zlib.MAX_WBITS) if entry.compress_type == zipfile.ZIP_DEFLATED else None
        left = entry.compress_size
        while left > 0 and (packed := file.read(min(left, _PACKED_PIECE))):
            left -= len(packed)
            if not inflate:
                yield packed
                continue
            while piece := inflate.decompress(packed, _PIECE):
                yield piece
                packed = inflate.unconsumed_tail
    except (struct.error, zlib.error, OSError):
        raise SpreadsheetError("not_xlsx") from None


def _looked_through(grid: Grid | None, xml: bytes) -> tuple[Grid | None, bytes]:
    """Check what is whole of a piece of an entry; return the grid, if it is a sheet, and the rest."""
    end = xml.rfind(b"</row>")
    end = xml.rfind(b"<") if end < 0 or len(xml) - end > 4 * _PIECE else end
    whole, rest = xml[:end], xml[end:]
    if len(rest) > _LONGEST_TAG or (b"sst" in whole and _HUGE_STRING_COUNT.search(whole)):
        raise SpreadsheetError("unusual_workbook")
    if grid is None and b"sheetData" in whole:
        grid = Grid()
    if grid:
        grid.add(whole)
    return grid, rest


def _column_number(letters: bytes) -> int:
    """Return the number of a column: 1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def column_letters(column: int) -> str:
    """Return what stands above a column: A for 0, AA for 26."""
    letters = ""
    while column >= 0:
        column, letter = divmod(column, 26)
        letters = chr(ord("A") + letter) + letters
        column -= 1
    return letters


def _sheet_entries(workbook: Workbook) -> dict[int, str]:
    """Return the entry of each sheet, as far as the workbook says it in the usual way."""
    if not {_WORKBOOK, _RELATIONS} <= workbook.entries.keys():
        return {}
    said, relations = (b"".join(_unpacked(workbook.file, workbook.entries[name])) for name in (_WORKBOOK, _RELATIONS))
    targets = {}
    for tag in _RELATION.findall(relations):
        found = dict(_ATTRIBUTE.findall(tag.decode(errors="replace")))
        target = found.get("Target", "")
        targets[found.get("Id")] = target[1:] if target.startswith("/") else f"xl/{target}"
    return {index: targets.get(name.decode(errors="replace"), "") for index, name in enumerate(_SHEET.findall(said))}


def _filled_sheets(workbook: CalamineWorkbook) -> Iterator[tuple[int, str, CalamineSheet]]:
    for index, sheet in enumerate(workbook.sheets_metadata):
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible:
            filled = workbook.get_sheet_by_index(index)
            if filled.start is not None:
                yield index, sheet.name, filled


def _records(sheet: CalamineSheet, errors: Mapping[int, Mapping[int, str]], left: int) -> Records:
    """Yield the rows that are not blank; calamine's begin with the first filled column, which is the `left` one."""
    for line, values in enumerate(sheet.iter_rows(), start=1):
        cells = [value if isinstance(value, str) else _cell_text(value) for value in values]
        for column, shown in errors.get(line, {}).items() if errors else ():
            cells[column - left : column - left + 1] = [shown]
        joined = "".join(cells)
        if "\0" in joined:  # written as _x0000_; PostgreSQL takes none
            cells = [cell.replace("\0", "") for cell in cells]
        if joined and not joined.isspace():
            yield line, cells


def _cell_text(value: object) -> str:
    """Return a cell as its user sees it: 5 for 5.0, 15 digits of a number, days and times in ISO form."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{Decimal(f'{value:.15g}'):f}"
    if isinstance(value, dt.datetime):
        value = (value + dt.timedelta(milliseconds=500)).replace(microsecond=0)
        return value.isoformat(sep=" ").removesuffix(" 00:00:00")
    return str(value)
