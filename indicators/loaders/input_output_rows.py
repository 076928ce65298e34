"""The numbers of the sheets of a table, row by row, and all that is wrong with them, told by file, row and column."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from capred_portal.columns import CellError
from capred_portal.languages import is_khmer
from capred_portal.load_kinds import Line
from indicators.inputs.tables import is_export
from indicators.loaders import input_output_words as words
from indicators.loaders.input_output_grid import SECTOR, Grid, Row, number

LONGEST = 40  # of a code
SAID = 3  # cells of a row whose mistakes are told one by one
KEPT = {"output", "value_added", "part", "taxes", "imports", "jobs", "jobs_part"}


@dataclass
class Told:
    """One row of the table: what it is, of which origin, its numbers by sector and by category of final demand."""

    line: Line
    file: str
    role: str
    code: str
    title: str = ""
    origin: str = ""
    numbers: dict[str, float] = field(default_factory=dict)
    final: dict[str, float] = field(default_factory=dict)
    apart: dict[str, float] = field(default_factory=dict)  # imports and output told in columns of their own

    def wrong(self, code: str, **params: Any) -> None:
        """Note what is wrong with this row."""
        self.line.wrong("", code, **{"file": self.file, "line": self.line.values["line"], "row": self.code} | params)

    def values(self) -> dict[str, Any]:
        """Return the row as the load keeps it."""
        title = {"title_km" if is_khmer(self.title) else "title_en": self.title}
        told = {name: getattr(self, name) for name in ("file", "role", "code", "origin", "numbers", "final", "apart")}
        return told | title | {"line": self.line.values["line"], "sum": sum(self.numbers.values())}


class Codes:
    """One spelling for each sector and category in all sheets: that of the first sheet which has it."""

    def __init__(self, grids: Sequence[Grid]) -> None:
        self.sectors: dict[str, str] = {}
        self.categories: dict[str, str] = {}
        for grid in grids:
            for code in grid.sectors:
                self.sectors.setdefault(words.sector_key(code), fitted(code))
            for place in grid.places("final", "exports", ""):
                title = grid.titles[place]
                name = title if grid.others[place] != "exports" else export_code(title)
                self.categories.setdefault(words.plain(title), fitted(name))

    def sector(self, code: str) -> str:
        return self.sectors[words.sector_key(code)]

    def category(self, title: str) -> str:
        return self.categories[words.plain(title)]


def fitted(code: str) -> str:
    """Return a code without what stands before the code of a product, as long as a code may be."""
    bare = words.PREFIX.sub("", code.lower(), count=1)
    return (code[len(code) - len(bare) :] if len(bare) < len(code) else code)[:LONGEST]


def export_code(title: str) -> str:
    """Return the code of a category that is exports; the portal knows exports by how their code begins."""
    return title if is_export(title) else f"EXPO_{title}"


def read_rows(grid: Grid, codes: Codes) -> Iterator[Told]:
    """Yield the rows of a sheet that count, each with its numbers; notes mistakes on their lines."""
    refuse_twice(grid)
    refuse_alone(grid)
    for row in grid.rows:
        if row.role == SECTOR:
            told = Told(row.line, grid.name, SECTOR, codes.sector(row.code), row.title, row.origin or grid.origin)
        elif row.role in KEPT:
            told = Told(row.line, grid.name, row.role, row.name[:LONGEST], row.title)
        else:
            continue
        read_numbers(grid, row, told, codes)
        yield told


def read_numbers(grid: Grid, row: Row, told: Told, codes: Codes) -> None:
    """Read the cells of a row that count; a row that breaks off, or text in a cell, is noted."""
    sectors = {codes.sector(code): place for code, place in grid.sectors.items()}
    final = {codes.category(grid.titles[place]): place for place in grid.places("final", "exports", "")}
    apart = {grid.others[place]: place for place in grid.places("imports", "output")}
    needed = [*sectors.values(), *(final.values() if row.role == SECTOR else ())]
    if max(needed) >= len(row.line.cells):
        last = grid.titles[len(row.line.cells) - 1]
        told.wrong("row_short", at=last, found=len(row.line.cells), wanted=len(grid.titles))
        return
    wanted = [(told.numbers, sectors), (told.final, final if row.role in (SECTOR, "imports", "taxes") else {})]
    for into, places in [*wanted, (told.apart, apart if row.role == SECTOR else {})]:
        for code, place in places.items():
            text = grid.text(row.line, place)
            try:
                into[code] = number(text)
            except CellError as error:
                if len(row.line.errors) < SAID:
                    told.wrong(
                        "cell_format" if error.code == "number_format" else "cell",
                        at=grid.titles[place],
                        value=text[:60],
                    )


def refuse_twice(grid: Grid) -> None:
    """Note sectors that have two rows of one origin, and columns of one name."""
    seen: dict[tuple[str, str], Line] = {}
    for row in grid.of_role(SECTOR):
        first = seen.setdefault((row.origin, row.code), row.line)
        if first is not row.line:
            where = {"file": grid.name, "line": row.line.values["line"], "row": row.name}
            row.line.wrong("", "row_twice", other=first.values["line"], **where)
    names: set[str] = set()
    for place, title in enumerate(grid.titles):
        key = words.plain(title)
        if key and key in names and place not in grid.label_places:
            line = grid.header.values["line"]
            grid.header.wrong("", "column_twice", file=grid.name, line=line, at=title)
        names.add(key)


def refuse_alone(grid: Grid) -> None:
    """Note rows without a column, and columns without a row that earn value added as sectors do."""
    for row in grid.rows:
        if not row.role and row.name and is_like_sector(grid, row):
            where = {"file": grid.name, "line": row.line.values["line"], "row": row.name}
            row.line.wrong("", "row_without_column", **where)
    earned = [*grid.of_role("value_added"), *grid.of_role("part")]
    for place in grid.places("final", "exports", "imports", ""):
        if any(is_filled(grid.text(row.line, place)) for row in earned):
            line = grid.header.values["line"]
            grid.header.wrong("", "column_without_row", file=grid.name, line=line, at=grid.titles[place])


def is_like_sector(grid: Grid, row: Row) -> bool:
    """Tell whether a row sells to final demand, as sectors do and other remarks below a table do not."""
    places = grid.places("final", "exports", "") or grid.sectors.values()
    return any(is_filled(grid.text(row.line, place)) for place in places)


def is_filled(cell: str) -> bool:
    """Tell whether a cell holds a number other than 0."""
    try:
        return bool(number(cell))
    except CellError:
        return False
