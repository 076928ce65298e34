"""One file or several as named tables of text: a CSV, every sheet of a workbook, a ZIP of either; knows no model."""

import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import Any, BinaryIO, NamedTuple

from capred_portal import workbooks
from capred_portal.csv_files import Records, csv_records
from capred_portal.spreadsheet_errors import SpreadsheetError

MAX_FILES = 20
PACKED = ".zip"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the same files make the same bundle
_WORKBOOK_ENTRY, _OPEN_DOCUMENT_ENTRY = "[Content_Types].xml", "mimetype"
_IN_MEMORY = 1 << 24


class NamedTable(NamedTuple):
    """A table with the name of its file and, in a workbook, of its sheet; its rows are read once."""

    file: str
    sheet: str
    records: Records

    @property
    def name(self) -> str:
        return f"{self.file} · {self.sheet}" if self.sheet else self.file


@contextmanager
def packed(files: Sequence[tuple[str, BinaryIO]]) -> Iterator[tuple[Any, str]]:
    """Give several files as one, to be kept and opened as one, and what to call it; a single file stays itself."""
    if len(files) == 1:
        yield files[0][1], files[0][0]
        return
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as bundle:
        with zipfile.ZipFile(bundle, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, file in files:
                file.seek(0)
                entry = zipfile.ZipInfo(PurePosixPath(name).name, _FIRST_DAY)
                entry.compress_type = zipfile.ZIP_DEFLATED
                with archive.open(entry, "w", force_zip64=True) as target:
                    shutil.copyfileobj(file, target)
        bundle.seek(0)
        yield bundle, " + ".join(name for name, _file in files)[: 200 - len(PACKED)] + PACKED


def names_in(file: BinaryIO, file_name: str) -> list[str]:
    """Return the names of the files, without reading them to the end; SpreadsheetError for what holds no table."""
    entries = _entries(file)
    if entries is not None:
        return [PurePosixPath(entry.filename).name for entry in entries]
    if _starts_as_workbook(file):
        return [file_name]
    first = next(_text_records(file, file_name), None)
    if first is None:
        raise SpreadsheetError("empty")
    return [file_name]


def tables_in(file: BinaryIO, file_name: str, *, max_expanded_bytes: int) -> Iterator[NamedTable]:
    """Yield every table of a file or bundle, one after the other; read each before asking for the next."""
    entries = _entries(file)
    if entries is None:
        yield from _tables(file, file_name, max_expanded_bytes)
        return
    if sum(entry.file_size for entry in entries) > max_expanded_bytes:
        raise SpreadsheetError("too_big_unpacked", limit=max_expanded_bytes // 1_000_000)
    for entry in entries:
        unpacked: Any
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as unpacked:
            try:
                with zipfile.ZipFile(file) as archive, archive.open(entry) as packed:
                    shutil.copyfileobj(packed, unpacked)
            except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError):
                raise SpreadsheetError("broken_bundle", file=entry.filename) from None
            yield from _tables(unpacked, PurePosixPath(entry.filename).name, max_expanded_bytes)


def _tables(file: BinaryIO, file_name: str, max_expanded_bytes: int) -> Iterator[NamedTable]:
    if not _starts_as_workbook(file):
        yield NamedTable(file_name, "", _text_records(file, file_name))
        return
    for name, sheet in workbooks.open_sheets(file, max_expanded_bytes):
        yield NamedTable(file_name, name, sheet.records)


def _text_records(file: BinaryIO, file_name: str) -> Records:
    file.seek(0)
    start = file.read(len(workbooks.OLE))
    if start == workbooks.OLE:
        workbooks.refuse_old_workbook(file)
    if start and file_name.lower().endswith((".xlsx", ".xlsm")):
        raise SpreadsheetError("not_xlsx")
    return csv_records(file)


def _starts_as_workbook(file: BinaryIO) -> bool:
    file.seek(0)
    return file.read(len(workbooks.ZIP)) == workbooks.ZIP


def _entries(file: BinaryIO) -> list[zipfile.ZipInfo] | None:
    """Return the files of a bundle; None for a file that is no bundle."""
    if not _starts_as_workbook(file):
        return None
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, OSError):
        raise SpreadsheetError("not_xlsx") from None
    if any(entry.filename == _WORKBOOK_ENTRY for entry in entries):
        return None
    if any(entry.filename == _OPEN_DOCUMENT_ENTRY for entry in entries):
        raise SpreadsheetError("not_xlsx")
    files = [entry for entry in entries if _is_file(entry)]
    if not files:
        raise SpreadsheetError("empty")
    if len(files) > MAX_FILES:
        raise SpreadsheetError("too_many_files", limit=MAX_FILES)
    return files


def _is_file(entry: zipfile.ZipInfo) -> bool:
    """Tell whether an entry is a file of the sender's, not a folder or what a system adds to it."""
    path = PurePosixPath(entry.filename)
    return not entry.is_dir() and not path.name.startswith(".") and "__MACOSX" not in path.parts
