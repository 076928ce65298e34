"""One sheet of an input-output table, understood: which rows and columns are sectors, and what the others are.

Nothing is told by position: rows and columns that bear the same name are sectors, all else is known by its words.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from capred_portal import columns
from capred_portal.load_kinds import Line
from indicators.loaders import input_output_words as words
from indicators.loaders.published import published

SECTOR = "sector"
MOST_LABELS = 6  # columns that may name a row
MOST_ABOVE = 40  # rows above the titles of the columns
NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
SPACED = re.compile(r"(?<=[0-9])[ \u00a0\u202f](?=[0-9]{3}(?![0-9]))")  # 1 234 567
NOTHING = {"-", "–", "—", ":", "..", "...", "…", "n/a", "na", "nan"}


def number(cell: str) -> float:
    """Read a number; a blank is 0. Raise CellError for what is none."""
    bare = cell.strip()
    if not bare or bare.lower() in NOTHING:
        return 0.0
    if NUMBER.fullmatch(bare):
        return float(bare)
    value = published(SPACED.sub("", bare))
    if isinstance(value, float):
        return value
    raise columns.CellError("number", bare)


def is_number(cell: str) -> bool:
    try:
        number(cell)
    except columns.CellError:
        return False
    return True


@dataclass
class Row:
    """One row: where it stands, the words that name it, its origin, what it is."""

    line: Line
    labels: list[str]
    origin: str = ""
    role: str = ""  # "sector", or one of words.ROWS; "" for a heading or what nobody knows
    code: str = ""  # of a sector, as its column says it

    @property
    def name(self) -> str:
        return next((label for label in self.labels if label), "")

    @property
    def title(self) -> str:
        """The longest of its words, which says most."""
        told = [label for label in self.labels if label and not is_number(label)]
        return max(told, key=len, default=self.code or self.name)


@dataclass
class Grid:
    """A sheet: the line of its titles, its rows, and which column holds which sector or category."""

    name: str
    header: Line
    below: list[Line]
    origin: str = ""  # of all its sectors, as its name says it
    rows: list[Row] = field(default_factory=list)
    sectors: dict[str, int] = field(default_factory=dict)  # code -> place
    others: dict[int, str] = field(default_factory=dict)  # place -> one of words.COLUMNS; "" where nobody knows

    @cached_property
    def titles(self) -> list[str]:
        return [cell.strip() for cell in self.header.cells]

    @cached_property
    def label_places(self) -> list[int]:
        """The columns that name rows: the first, those titled so, and those that hold words."""
        return [place for place in range(min(MOST_LABELS + 2, len(self.titles))) if self.is_label(place)]

    def is_label(self, place: int) -> bool:
        title = words.plain(self.titles[place])
        if place == 0 or title in words.LABELS or title in words.ORIGIN_COLUMNS:
            return True
        said = [line.cells[place] for line in self.below if len(line.cells) > place and line.cells[place].strip()]
        return bool(said) and sum(map(is_number, said)) * 2 < len(said)

    @cached_property
    def origin_place(self) -> int | None:
        """The column that says of each row whether it is domestic or imported, if there is one."""
        for place in self.label_places:
            said = Counter(words.origin_of(line.cells[place]) for line in self.below if len(line.cells) > place)
            if words.plain(self.titles[place]) in words.ORIGIN_COLUMNS and any(said[name] for name in words.ORIGINS):
                return place
        return None

    def text(self, line: Line, place: int) -> str:
        return line.cells[place].strip() if place < len(line.cells) else ""

    def has(self, role: str) -> bool:
        return any(row.role == role for row in self.rows)

    def of_role(self, role: str) -> list[Row]:
        return [row for row in self.rows if row.role == role]

    def places(self, *roles: str) -> list[int]:
        return [place for place, role in self.others.items() if role in roles]


def grids_of(name: str, lines: Sequence[Line]) -> Grid | None:
    """Return the sheet with its rows and columns understood; None where no row and column bear the same names."""
    at = header_place(lines)
    if at is None:
        return None
    grid = Grid(name, lines[at], list(lines[at + 1 :]))
    keys = {
        words.sector_key(title): place
        for place, title in reversed(list(enumerate(grid.titles)))
        if title and place not in grid.label_places
    }
    grid.rows = [Row(line, [grid.text(line, place) for place in grid.label_places]) for line in grid.below]
    find_sectors(grid, keys)
    find_origins(grid)
    grid.others = {
        place: words.role_of_column(title)
        for place, title in enumerate(grid.titles)
        if title and place not in grid.label_places and place not in grid.sectors.values()
    }
    if not grid.places("final", ""):
        grid.others |= {place: "final" for place in grid.places("ignored") if words.is_all_final(grid.titles[place])}
    return grid if grid.sectors else None


def header_place(lines: Sequence[Line]) -> int | None:
    """Return which line has the most cells that also name a row; at least two."""
    named = Counter(key for line in lines for key in row_keys(line))
    found = []
    for line in lines[:MOST_ABOVE]:
        own = row_keys(line)
        titles = {words.sector_key(cell) for cell in line.cells[1:]} - {""}
        found.append(len({key for key in titles if named[key] > (1 if key in own else 0)}))
    best = max(found, default=0)
    return found.index(best) if best > 1 else None


def row_keys(line: Line) -> set[str]:
    """Return what a row may be called, without the origin before it."""
    told = {cell for place, cell in enumerate(line.cells[:MOST_LABELS]) if place == 0 or not is_number(cell)}
    return {words.sector_key(text) for cell in told for text in (cell, words.origin_before(cell)[1])} - {""}


def find_sectors(grid: Grid, keys: dict[str, int]) -> None:
    """Tell the rows that bear the name of a column from the others, by the column of labels that fits best."""
    fits = [
        sum(sector_at(row.labels[place], keys, grid) is not None for row in grid.rows)
        for place in range(len(grid.label_places))
    ]
    best = fits.index(max(fits)) if fits else 0
    for row in grid.rows:
        label = row.labels[best] if row.labels else ""
        place = sector_at(label, keys, grid)
        if place is not None:
            row.role, row.code = SECTOR, grid.titles[place]
            row.origin = words.origin_before(label)[0]
            grid.sectors[row.code] = place
        else:
            row.role = role_of(row.labels)
    grid.sectors = dict(sorted(grid.sectors.items(), key=lambda pair: pair[1]))


def role_of(labels: Sequence[str]) -> str:
    """Return what a row is that is no sector; a single letter counts only where no other word contradicts it."""
    said = [label for label in labels if label and not is_number(label)]
    roles = [words.role_of_row(label) for label in said]
    if said and len(said[0]) == 1 and len(said) > 1:
        return next(filter(None, roles[1:]), "")
    return next(filter(None, roles), "")


def sector_at(label: str, keys: dict[str, int], grid: Grid) -> int | None:
    """Return the column of the sector that a row names; a sum such as "Total" is none though it has a column too."""
    for text in (label, words.origin_before(label)[1]):
        key = words.sector_key(text)
        place = keys.get(key)
        if place is not None:
            is_known = words.role_of_row(text) and words.role_of_column(grid.titles[place])
            return None if is_known and len(key) > 1 else place
    return None


def find_origins(grid: Grid) -> None:
    """Note the origin of each row: from its own column, from a heading above it, or from before its code."""
    heading = ""
    for row in grid.rows:
        if grid.origin_place is not None:
            row.origin = words.origin_of(grid.text(row.line, grid.origin_place)) or row.origin
        filled = [cell for cell in row.line.cells if cell.strip()]
        if len(filled) == 1:
            heading = words.origin_of(filled[0]) or words.origin_in(filled[0]) or heading
        row.origin = row.origin or (heading if row.role == SECTOR else "")
