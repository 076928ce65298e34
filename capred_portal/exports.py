"""A table of any length -> a CSV or XLSX file, and the answer that sends it."""

import csv
import datetime as dt
import io
import math
import tempfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, islice
from typing import Any, BinaryIO, cast

import xlsxwriter
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from capred_portal.csv_files import RUNS
from capred_portal.spreadsheet_errors import SpreadsheetError, message

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_ROWS_XLSX = 1_048_575

_BATCH = 300  # rows of about 64 KB
_RISKY = frozenset("'=+-@\t\r\n＝＋－＠")  # what a text that RUNS begins with
_HELD_BYTES = 8_000_000  # a larger workbook waits on the disk
_LONGEST_CELL = 32_767
_LINE_HEIGHT = 15
_MEASURED = 200  # rows by which columns get their width
_LARGEST_NUMBER = 10**15  # beyond it a spreadsheet program loses digits
_WORKBOOK = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


@dataclass(frozen=True)
class Notes:
    """What the second sheet of a workbook says; the number of rows is added when they are written."""

    facts: Sequence[tuple[str, object]]
    columns: Sequence[Sequence[str]] = ()  # title, name, what it means

    @property
    def sheet(self) -> str:
        return _("About this file")

    @property
    def rows_title(self) -> str:
        return _("Rows")

    @property
    def columns_header(self) -> list[str]:
        return [_("Column"), _("Name for machines"), _("What it holds")]


def export_response(
    format_name: str,
    name: str,
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    locked: Collection[int] = (),
    notes: Notes | None = None,
) -> HttpResponseBase:
    """Send a table as a file; rows may come from a cursor, and a CSV file leaves while they do.

    In a workbook the `locked` columns look as if they were not for writing, and a second sheet holds the notes.
    """
    filename = f"{name}.{format_name}"
    if format_name == "xlsx":
        try:
            file = xlsx_file(header, rows, locked, notes)
        except SpreadsheetError as error:
            return HttpResponse(message(error), status=422, content_type="text/plain; charset=utf-8")
        return FileResponse(file, as_attachment=True, filename=filename, content_type=XLSX)
    disposition = content_disposition_header(as_attachment=True, filename=filename) or ""
    return StreamingHttpResponse(
        stream_csv(header, rows), content_type=CSV, headers={"Content-Disposition": disposition}
    )


def stream_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """Yield a CSV file that spreadsheet programs open as UTF-8 and in which no text runs as a formula."""
    return csv_pieces(map(_defused, chain([header], rows)), begins="\ufeff")


def csv_pieces(rows: Iterable[Iterable[object]], begins: str = "") -> Iterator[bytes]:
    """Yield rows as CSV in UTF-8, some at a time, as they come."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    text.write(begins)
    remaining = iter(rows)
    while batch := list(islice(remaining, _BATCH)):
        writer.writerows(batch)
        yield text.getvalue().encode()
        text.seek(0)
        text.truncate()


def _defused(row: Iterable[object]) -> list[object]:
    """Put an apostrophe before each text that would run as a formula; reading takes it away.

    Moments are told as the clock shows them here, with its distance from the world's: as workbooks and machines do.
    """
    return [defused(value) if isinstance(value, str) else _told(value) for value in row]


def defused(text: str) -> str:
    """Return a text that no spreadsheet program runs as a formula."""
    return f"'{text}" if text[:1] in _RISKY and RUNS.match(text) else text


def number_text(value: Decimal) -> str:
    """Return a number as files have it: exact, in digits, and without the zeros that a column adds: 10, not 10.000."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _told(value: object) -> object:
    """Return a moment as the interface for machines writes it, a decimal without empty zeros, all else as it is."""
    if isinstance(value, dt.datetime):
        here = timezone.localtime(value) if timezone.is_aware(value) else value
        return here.isoformat(timespec="seconds")
    return number_text(value) if isinstance(value, Decimal) else value


def xlsx_file(
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    locked: Collection[int] = (),
    notes: Notes | None = None,
) -> BinaryIO:
    """Return an XLSX file, which is gone when closed; text stays text, whatever it looks like."""
    return counted_xlsx_file(header, rows, locked, notes)[0]


def counted_xlsx_file(
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    locked: Collection[int] = (),
    notes: Notes | None = None,
) -> tuple[BinaryIO, int]:
    """Return an XLSX file and how many rows it holds: one sheet of rows, and one of notes where there are some."""
    file = cast(BinaryIO, tempfile.SpooledTemporaryFile(_HELD_BYTES))  # noqa: SIM115 # the caller sends and closes it
    try:
        with xlsxwriter.Workbook(file, _WORKBOOK) as workbook:
            formats = [workbook.add_format({"num_format": form}) for form in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss")]
            count = _write_rows(workbook, header, rows, locked, formats)
            if notes:
                _write_notes(workbook, notes, count, formats)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file, count


def _write_rows(
    workbook: Any,
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    locked: Collection[int],
    formats: list[Any],
) -> int:
    """Write the sheet of rows; return how many there are."""
    sheet = workbook.add_worksheet()
    sheet.freeze_panes(1, 0)
    muted = _write_header(workbook, sheet, header, locked)
    line, longest = 0, [len(name) + 4 for name in header]
    for line, row in enumerate(rows, start=1):
        if line > MAX_ROWS_XLSX:
            raise SpreadsheetError("too_many_rows_to_write", limit=MAX_ROWS_XLSX)
        _write_line(sheet, line, row, formats)
        if line <= _MEASURED:
            longest = [max(known, len(str(value)) + 1) for known, value in zip(longest, row, strict=False)]
    for column, characters in enumerate(longest):
        sheet.set_column(column, column, max(12, min(characters, 48)), muted.get(column))
    if header:
        sheet.autofilter(0, 0, line, len(header) - 1)
    return line


def _write_line(sheet: Any, line: int, row: Iterable[object], formats: list[Any]) -> None:
    day, moment = formats
    for column, value in enumerate(row):
        if isinstance(value, str):
            if value:  # else the cell is blank, as one of no value is, and counts as blank
                sheet.write_string(line, column, value[:_LONGEST_CELL])
        elif value is not None:
            _write_value(sheet, line, column, value, moment if isinstance(value, dt.datetime) else day)


def _write_notes(workbook: Any, notes: Notes, count: int, formats: list[Any]) -> None:
    """Write what the file says of itself: facts, number of rows, the columns with what they hold."""
    sheet, bold = workbook.add_worksheet(notes.sheet), workbook.add_format({"bold": True})
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
    widths = (34, 34, 60)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width, wrapped)
    lines: list[Sequence[object]] = [*notes.facts, (notes.rows_title, count)]
    for line, (name, value) in enumerate(lines):
        sheet.set_row(line, _height_of([str(name), str(value)], widths))
        sheet.write_string(line, 0, str(name), bold)
        _write_line(sheet, line, [None, value], formats)
    if notes.columns:
        _write_line(sheet, len(lines) + 1, notes.columns_header, formats)
        for line, told in enumerate(notes.columns, start=len(lines) + 2):
            sheet.set_row(line, _height_of(told, widths))
            _write_line(sheet, line, told, formats)


def _height_of(texts: Sequence[str], widths: Sequence[int]) -> int:
    """Return the height of a row of wrapped texts: not every program finds it."""
    return _LINE_HEIGHT * max(
        math.ceil(len(text) / (width - 4)) or 1 for text, width in zip(texts, widths, strict=False)
    )


def _write_header(workbook: Any, sheet: Any, header: Sequence[str], locked: Collection[int]) -> dict[int, Any]:
    """Write the titles; columns that are not to be written in look so. Return how those look, by their places."""
    bold = workbook.add_format({"bold": True})
    look = workbook.add_format({"bg_color": "#EEEAE0", "font_color": "#525A5C"}) if locked else None
    muted = dict.fromkeys(locked, look)
    for column, name in enumerate(header):
        sheet.write_string(0, column, name, bold)
        sheet.set_column(column, column, None, muted.get(column))
    return muted


def _write_value(sheet: Any, line: int, column: int, value: object, date_format: object) -> None:
    if isinstance(value, dt.date):
        sheet.write_datetime(line, column, _naive(value), date_format)
    elif _is_number(value):
        sheet.write_number(line, column, value)
    else:
        text = number_text(value) if isinstance(value, Decimal) else str(value)
        sheet.write_string(line, column, text[:_LONGEST_CELL])


def _is_number(value: object) -> bool:
    """Return whether a spreadsheet program can hold the value as a number."""
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return math.isfinite(value) and -_LARGEST_NUMBER < value < _LARGEST_NUMBER
    return False


def _naive(value: dt.date) -> dt.date:
    """Return a moment as the clock shows it here: a workbook knows no time zones."""
    return timezone.make_naive(value) if isinstance(value, dt.datetime) and timezone.is_aware(value) else value
