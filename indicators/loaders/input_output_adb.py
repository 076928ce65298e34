"""The multi-regional table of the Asian Development Bank: the block of one economy, taken out while the rows stream.

Inputs and final demand bought from all other economies are imports, summed by product; what other economies buy,
as inputs or finally, is exports. Blank is 0. One row is held at a time.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from capred_portal import bundles
from capred_portal.columns import CellError
from capred_portal.load_files import MAX_EXPANDED_BYTES
from capred_portal.load_kinds import Line
from capred_portal.models import Load
from capred_portal.spreadsheets import SpreadsheetError
from indicators.loaders import input_output_words as words
from indicators.loaders.input_output_grid import number

SECTOR = re.compile(r"(?i)c[0-9]{1,3}")
FINAL = re.compile(r"(?i)f[0-9]{1,2}")
OWN_CODES = dict(  # economies that the bank writes otherwise than everybody
    pair.split(":")
    for pair in (
        "BAN:BGD BHU:BTN BRU:BRN BUL:BGR CAM:KHM CRO:HRV DEN:DNK FIJ:FJI GER:DEU INO:IDN IRE:IRL LAT:LVA LIT:LTU"
        " MAL:MYS MLD:MDV MON:MNG NEP:NPL NET:NLD PHI:PHL POR:PRT PRC:CHN ROM:ROU SIN:SGP SPA:ESP SRI:LKA SWI:CHE"
        " TAP:TWN UKG:GBR VIE:VNM"
    ).split()
)
HOME = "KHM"
MOST_ABOVE = 20  # rows above the two rows of titles
EXPORTS = "EXPO"


@dataclass
class Block:
    """The columns of one economy, and those of all others; what was summed of its imports."""

    home: str
    sectors: dict[str, int]
    final: dict[str, int]
    economies: list[str]  # of each column
    abroad: list[int]
    left: int  # columns before the first number, which name the rows
    imported: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    titles: dict[str, str] = field(default_factory=dict)

    @property
    def places(self) -> list[int]:
        return [*self.sectors.values(), *self.final.values()]


def iso_code(code: str) -> str:
    """Return the three letters of an economy as everybody writes them."""
    return OWN_CODES.get(code.strip().upper(), code.strip().upper())


def read_block(load: Load, file: BinaryIO) -> Iterator[Line]:
    """Yield the table of one economy as a plain labelled one, its origins in a column; SpreadsheetError otherwise."""
    found = False
    home, year = iso_code(str(load.scope.get("economy") or HOME)), str(load.scope.get("year") or "")
    for table in bundles.tables_in(file, load.file_name, max_expanded_bytes=MAX_EXPANDED_BYTES):
        if year and words.year_in(table.sheet) not in (None, int(year)):
            continue
        for line in lines_of(table, home):
            found = True
            yield line
    if not found:
        raise SpreadsheetError("no_block", file=load.file_name, economy=home, known="–")


def lines_of(table: bundles.NamedTable, home: str) -> Iterator[Line]:
    """Yield the economy's own table from a sheet; nothing where the sheet is no multi-regional table."""
    block, line = None, 0
    above: list[list[str]] = []
    name = f"{table.name} · {home}"
    for line, cells in table.records:
        if block is not None:
            yield from rows_of(name, line, cells, block)
            continue
        above.append(cells)
        block = block_of(above, home, table.name)
        if block is not None:
            yield titles(name, line, block)
        elif len(above) > MOST_ABOVE:
            return
    if block is not None:
        yield from imported_rows(name, line, block)


def block_of(above: Sequence[list[str]], home: str, file: str) -> Block | None:
    """Return where the economy's columns are, from a row of economies and the row of sectors below it."""
    if len(above) < 2:
        return None
    economies, codes = above[-2], above[-1]
    pairs = [
        (place, iso_code(economies[place]), code.strip())
        for place, code in enumerate(codes[: len(economies)])
        if SECTOR.fullmatch(code.strip()) or FINAL.fullmatch(code.strip())
    ]
    if len(pairs) < 4:
        return None
    own = {code.lower(): place for place, economy, code in pairs if economy == home}
    if not own:
        known = ", ".join(sorted({economy for _place, economy, _code in pairs}))
        raise SpreadsheetError("no_block", file=file, economy=home, known=known[:200])
    return Block(
        home,
        {code: place for code, place in own.items() if SECTOR.fullmatch(code)},
        {code.upper(): place for code, place in own.items() if FINAL.fullmatch(code)},
        [iso_code(cell) for cell in economies],
        [place for place, economy, _code in pairs if economy != home],
        pairs[0][0],
    )


def titles(name: str, line: int, block: Block) -> Line:
    """Return the titles of the columns of the economy's own table."""
    return Line(
        line, ["code", "title", "origin", *block.sectors, *block.final, EXPORTS], {}, {"file": name, "line": line}
    )


def rows_of(name: str, line: int, cells: list[str], block: Block) -> Iterator[Line]:
    """Yield the economy's own row as it is, with its exports; keep what it buys of another; yield primary inputs."""
    labels = [cell.strip() for cell in cells[: block.left]]
    economy = next((code for cell in labels if (code := iso_code(cell)) in block.economies and cell), "")
    sector = next((cell.lower() for cell in labels if cell.lower() in block.sectors), "")
    where = {"file": name, "line": line}
    if economy and sector:
        bought = [number_at(cells, place, name, line, block) for place in block.places]
        block.titles.setdefault(sector, next((cell for cell in labels if cell), sector))
        if economy != block.home:
            held = block.imported[sector]
            block.imported[sector] = [one + other for one, other in zip(held, bought, strict=True)] if held else bought
            return
        sold = sum(number_at(cells, place, name, line, block) for place in block.abroad)
        said = [sector, max(labels, key=len), words.DOMESTIC, *map(repr, bought), repr(sold)]
        yield Line(line, said, {}, where)
        return
    role = primary(labels)
    if role:
        bought = [number_at(cells, place, name, line, block) for place in block.sectors.values()]
        said = [role, max(labels, key=len), "", *map(repr, bought), *[""] * (len(block.final) + 1)]
        yield Line(line, said, {}, where)


def primary(labels: Sequence[str]) -> str:
    """Return what a row of primary inputs becomes: value added, output, or what else stands between both."""
    said = " ".join(labels).lower()
    if not said.strip() or "intermediate" in said or "r60" in said.split():
        return ""
    if "value added" in said:
        return "value added"
    if "output" in said or (said.strip().startswith("total") or "r69" in said.split()):
        return "output"
    return "D21 " + next((label for label in labels if label), "")


def number_at(cells: list[str], place: int, name: str, line: int, block: Block) -> float:
    """Read a cell; SpreadsheetError names the sheet, row and column of what is no number."""
    if place >= len(cells):
        return 0.0
    try:
        return number(cells[place])
    except CellError:
        at = f"{block.economies[place]} {place + 1}"
        raise SpreadsheetError("cell", file=name, line=line, row=cells[0], at=at, value=cells[place][:60]) from None


def imported_rows(name: str, last: int, block: Block) -> Iterator[Line]:
    """Yield, after the last row, what the economy buys of all others, summed by product."""
    for place, sector in enumerate(block.sectors, 1):
        bought = block.imported.get(sector, [0.0] * len(block.places))
        said = [sector, block.titles.get(sector, ""), words.IMPORTED, *map(repr, bought), "0"]
        yield Line(last + place, said, {}, {"file": name, "line": last + place})
