"""CSV as a stream: its encoding, its delimiter, its rows, and the cells that a spreadsheet program would run."""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import BinaryIO

from capred_portal.spreadsheet_errors import SpreadsheetError

Records = Iterator[tuple[int, list[str]]]  # the number a spreadsheet program shows beside a row, and its cells

RUNS = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")  # a cell that a spreadsheet program may run as a formula
_PIECE = 1 << 20
_HEAD = 1 << 16

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_OTHER_FORMATS = ("%pdf", "{\\rtf", "<!doctype", "<html", "<?xml", "<table")
_KHMER = re.compile("[\u1780-\u17ff]")
_PLAIN = re.compile("[\t\n\r -\u024f\u1780-\u17ff\u2000-\u206f]")

_DELIMITERS = ",;\t"
_SNIFFED_ROWS = 10


def pieces(file: BinaryIO) -> Iterator[bytes]:
    """Yield the file from its start, a megabyte at a time."""
    file.seek(0)
    return iter(lambda: file.read(_PIECE), b"")


def csv_records(file: BinaryIO) -> Records:
    """Return the rows of a CSV file, which is looked through once before the first of them is read."""
    file.seek(0)
    head = file.read(_HEAD)
    encoding = _encoding(file, head)
    sample = head.decode(encoding, errors="ignore")
    delimiter = max(_DELIMITERS, key=lambda delimiter: _fit(sample, delimiter))
    return _streamed(file, encoding, delimiter)


def _streamed(file: BinaryIO, encoding: str, delimiter: str) -> Records:
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        yield from delimited_records(text, delimiter)
    finally:
        if not file.closed:
            text.detach()  # or it would close the file, which is not ours


def delimited_records(lines: Iterable[str], delimiter: str) -> Records:
    """Yield the rows that are not blank, numbered as a spreadsheet program does: a quoted line break is no new row."""
    records = csv.reader(lines, delimiter=delimiter, strict=True)
    line = read = 0
    try:
        for line, written in enumerate(records, start=1):
            read = records.line_num
            cells, joined = written, "".join(written)
            if "'" in joined:
                cells = [_undefused(cell) for cell in written]
                joined = "".join(cells)
            if joined and not joined.isspace():
                yield line, cells
    except csv.Error as error:
        endless = "field limit" in str(error) and records.line_num <= read + 1
        code = "cell_too_long" if endless else "quotes"
        raise SpreadsheetError(code, line=line + 1, limit=csv.field_size_limit()) from None


def _undefused(cell: str) -> str:
    """Take away the apostrophe that `exports.stream_csv` puts before a cell that would run."""
    return cell[1:] if cell[:1] == "'" and RUNS.match(cell) else cell


def _fit(sample: str, delimiter: str) -> tuple[int, int]:
    """Return how many of the first rows a delimiter makes as wide as the header, and how wide that is."""
    records = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    widths = [len(cells) for cells in islice(filter(any, records), _SNIFFED_ROWS)]
    return (widths.count(widths[0]), widths[0]) if widths and widths[0] > 1 else (0, 0)


def _encoding(file: BinaryIO, head: bytes) -> str:
    """Return how the text is encoded: UTF-8, UTF-16, or else the Windows-1252 of an older Excel."""
    wide = "utf-16" if head.startswith(_UTF_16) else _unmarked_utf_16(head)
    if head.decode(wide or "utf-8-sig", errors="ignore").lstrip().lower().startswith(_OTHER_FORMATS):
        raise SpreadsheetError("not_spreadsheet")
    if wide:
        return _readable(file, wide)
    try:
        return _readable(file, "utf-8-sig")
    except SpreadsheetError as error:
        # Khmer in what can be read shows that the rest is damaged UTF-8.
        if error.code == "binary" or _decodes(file, "utf-8", _KHMER.search, errors="ignore"):
            raise
    try:
        return _readable(file, "windows-1252")
    except SpreadsheetError:
        if any(b"\0" in piece for piece in pieces(file)):
            raise SpreadsheetError("binary") from None
        raise


def _unmarked_utf_16(head: bytes) -> str:
    """Return the byte order of UTF-16 without its mark: then one byte of plain characters is always null."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if bool(even) == bool(odd):
        return ""
    encoding = "utf-16-be" if even else "utf-16-le"
    text = head.decode(encoding, errors="ignore")
    return encoding if len(_PLAIN.findall(text)) > len(text) // 2 else ""


def _readable(file: BinaryIO, encoding: str) -> str:
    """Return the encoding if the whole file can be read with it and is text."""
    if _decodes(file, encoding, lambda text: "\0" in text):
        raise SpreadsheetError("binary")
    return encoding


def _decodes(file: BinaryIO, encoding: str, wanted: Callable[[str], object], errors: str = "strict") -> bool:
    """Return whether a piece of the text has what is wanted; raise with the row where it cannot be read."""
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    line = 1
    try:
        for piece in pieces(file):
            if wanted(decoder.decode(piece)):
                return True
            line += piece.count(b"\n")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        line += error.object.count(b"\n", 0, error.start)
        raise SpreadsheetError("encoding", line=line) from None
    return False
