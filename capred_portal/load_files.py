"""The file of a load: how it is opened and called, its checksum, the choice of its columns, its lines."""

import hashlib
from collections.abc import Iterator
from typing import Any, BinaryIO

from capred_portal import bundles, spreadsheets
from capred_portal.load_kinds import Line, LoadKind, propose_mapping, read_lines
from capred_portal.matching import search_key
from capred_portal.models import Load
from capred_portal.spreadsheets import SpreadsheetError, StreamedTable

PASTED = "pasted.txt"
MAX_EXPANDED_BYTES = 1_000_000_000  # of a workbook


def open_rows(kind: LoadKind, file: BinaryIO, file_name: str) -> StreamedTable:
    """Return the table of a file or of pasted cells, to be read once, or raise SpreadsheetError."""
    if file_name == PASTED:
        file.seek(0)
        titles = [str(column) for column in kind.columns]
        known = {key for column in kind.columns for key in column.keys}
        text = file.read().decode()
        first = next((line for line in text.splitlines() if line.strip()), "")
        has_header = bool({search_key(cell) for cell in first.split("\t")} & known)
        table = spreadsheets.parse_pasted(text, columns=() if has_header else titles, max_rows=kind.max_rows)
        return StreamedTable(table.header, iter(table.rows))
    limits = {"max_rows": kind.max_rows, "max_rows_xlsx": kind.max_rows_xlsx, "max_expanded_bytes": MAX_EXPANDED_BYTES}
    return spreadsheets.open_table(file, file_name, **limits)


def checksum_of(file: BinaryIO) -> tuple[str, int]:
    """Return the checksum of a file and about how many rows it has below the titles, should it be text."""
    file.seek(0)
    digest, lines = hashlib.sha256(), 0
    while piece := file.read(1 << 20):
        digest.update(piece)
        lines += piece.count(b"\n")
    file.seek(0)
    return digest.hexdigest(), max(lines - 1, 0)


def header_of(kind: LoadKind, file: BinaryIO, file_name: str, *, count: bool = False) -> list[str]:
    """Return the titles of the columns, or the names of the files of a kind that reads them itself.

    Raise SpreadsheetError for what cannot be read; with `count` also for a table with too many rows.
    """
    if kind.read:
        return bundles.names_in(file, file_name)
    table = open_rows(kind, file, file_name)
    for _row in table.rows if count else ():  # too many are told at once, not after an hour
        pass
    return table.header


def is_workbook(file_name: str) -> bool:
    return file_name.lower().endswith((".xlsx", ".xlsm"))


def layout_of(header: list[str]) -> str:
    """Return a checksum of the column titles: files of one layout share the choice of columns."""
    return hashlib.sha256("\n".join(search_key(title) for title in header).encode()).hexdigest()


def remembered_mapping(kind: LoadKind, header: list[str]) -> dict[str, int]:
    """Return the columns chosen for the newest load of this layout that was carried out, or a proposal."""
    same = Load.objects.filter(kind=kind.name, layout=layout_of(header), state=Load.State.DONE).order_by("-pk")
    earlier = same.values_list("mapping", flat=True).first()
    return dict(earlier["columns"]) if earlier else propose_mapping(kind, header)


def lines_of(load: Load, kind: LoadKind, file: Any) -> Iterator[Line]:
    """Return the lines of a load's file, as its kind reads them or by the chosen columns."""
    if kind.read:
        return kind.read(load, file)
    mapping = load.mapping["columns"]
    if not any(name in mapping for name in kind.needs_one_of):
        raise SpreadsheetError("unmapped:" + ",".join(kind.needs_one_of))
    return read_lines(kind, open_rows(kind, file, load.file_name), mapping)
