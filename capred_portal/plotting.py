"""Small SVG pictures without scripts: numbers in, positions out; the templates in templates/plots/ draw them."""

import math
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Number = int | float | Decimal
Words = str | Promise

LEVELS = 5
# Pictures are as wide as a phone; where there is more room they grow, and their letters less (static/css/figures.css).
WIDTH = 340
LETTER, KHMER_LETTER = 7.4, 8.8  # units of the picture that a letter takes at most
TILE = (68, 48)  # units from one tile to the next, in a row and in a column
NO_DATA = "–"
MOST_CELLS = 12  # of a table that is sent with its picture
COUNT_LEGEND = (
    ("level-0", _("none")),
    ("level-1", _("fewest")),
    ("level-3", _("half of the most")),
    ("level-5", _("most")),
)


@dataclass(frozen=True)
class Cell:
    """One cell of a chart's table: what it says, where it leads, and a remark that stands beside it."""

    text: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class Table:
    """The numbers of a chart as rows and columns: `corner` names the rows, each row is (name, cells)."""

    corner: str
    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell]]]

    @property
    def is_long(self) -> bool:
        """A page may send it later, when somebody wants to read it: capred_portal/chart_tables.py."""
        return len(self.rows) * len(self.columns) > MOST_CELLS


@dataclass(frozen=True)
class SvgChart:
    """A picture for templates/plots/_picture.html, the sentence it proves, its source and edition, and its numbers.

    `code` names the registered figure behind it, if it is one; `key` its name on a page that sends long tables later.
    """

    title: str
    source: str
    picture: Any
    table: Table
    has_demo: bool = False
    code: str = ""
    key: str = ""


@dataclass(frozen=True)
class Bar:
    """One bar with its place, its label and the rows behind it."""

    label: str
    value: int
    x: float
    y: float
    width: float
    height: float
    middle: float
    url: str = ""

    @property
    def lines(self) -> list[str]:
        """What stands below the bar."""
        return self.label.split("\n")


@dataclass(frozen=True)
class BarChart:
    """A bar chart in a box of `width` x `height` units, with its grid lines from `left` on."""

    bars: list[Bar]
    gridlines: list[tuple[float, int]]
    width: int
    height: int
    left: float
    baseline: float


def letters(text: str) -> int:
    """Return how many letters stand side by side: marks, and what Khmer writes below, take no room."""
    above = [unicodedata.category(letter) in ("Mn", "Cf") for letter in text]
    below = [False, *(first == "\u17d2" for first in text)][: len(text)]
    return sum(not (mark or sub) for mark, sub in zip(above, below, strict=True))


def width_of(text: str) -> float:
    """Return how many units a text takes at most."""
    is_khmer = any("\u1780" <= letter <= "\u17b3" for letter in text)
    return letters(text) * (KHMER_LETTER if is_khmer else LETTER)


def room(texts: Iterable[str]) -> float:
    """Return how many units the longest of the texts takes at most."""
    return max(map(width_of, texts), default=0.0)


def nice_step(highest: int) -> int:
    """Return a round step (1, 2 or 5 times a power of ten) that cuts 0..highest into at most five parts."""
    step = 1
    while highest > step * 4:
        step = step * 5 // 2 if str(step).startswith("2") else step * 2
    return step


def bar_chart(rows: Sequence[tuple[str, int, str]], *, width: int = WIDTH, height: int = 160) -> BarChart:
    """Place bars for rows of (label, value, url); a value of 0 is a thin empty bar, so that it is seen.

    A label of two lines has a line break.
    """
    most = max((value for _label, value, _url in rows), default=0)
    step = nice_step(most)
    highest = max(step, -(-most // step) * step)
    top, bottom, left = 20, 38, 10 + width_of(str(highest))
    scale = (height - top - bottom) / highest
    slot = (width - left) / max(len(rows), 1)
    baseline = height - bottom
    bars = []
    for index, (label, value, url) in enumerate(rows):
        tall = max(value * scale, 1.5)
        x = left + index * slot + slot * 0.16
        bars.append(
            Bar(
                label=label,
                value=value,
                x=round(x, 1),
                y=round(baseline - tall, 1),
                width=round(slot * 0.68, 1),
                height=round(tall, 1),
                middle=round(x + slot * 0.34, 1),
                url=url,
            )
        )
    lines = [(round(baseline - value * scale, 1), value) for value in range(0, highest + 1, step)]
    return BarChart(bars, lines, width, height, round(left, 1), baseline)


@dataclass(frozen=True)
class Tile:
    """One province on the grid; `value` and `level` are None where nothing is known."""

    label: str
    lines: list[str]
    value: Number | None
    text: str
    level: int | None
    x: int
    y: int
    url: str = ""

    @property
    def is_long(self) -> bool:
        """A line of the name fills the tile only when it is drawn narrow."""
        return room(self.lines) > TILE[0] + 4


@dataclass(frozen=True)
class TileMap:
    """The provinces as a grid of equal tiles, so that a small one is as easy to see as a large one."""

    tiles: list[Tile]
    width: int
    height: int
    legend: Sequence[tuple[str, Words]]


def tile_map(
    rows: Sequence[tuple[str, int, int, Number | None, str]],
    *,
    cuts: Sequence[float] = (),
    legend: Sequence[tuple[str, Words]] = COUNT_LEGEND,
    show: Callable[[Number], str] = str,
) -> TileMap:
    """Place tiles for rows of (label, grid row, grid column, value, url).

    Levels are equal steps up to the highest value; with `cuts`, the four lower limits of levels 2 to 5, those. None
    is "no data". `show` writes a value; `legend` pairs a swatch's class with words, as `cut_legend` makes it.
    """
    highest = max((row[3] for row in rows if row[3] is not None), default=0)
    tiles = [
        Tile(
            label=label,
            lines=label.split(" ", 1),
            value=value,
            text=NO_DATA if value is None else show(value),
            level=cut_level(value, cuts) if cuts else None if value is None else level(value, highest),
            x=column * TILE[0],
            y=line * TILE[1],
            url=url,
        )
        for label, line, column, value, url in rows
    ]
    width = max((tile.x for tile in tiles), default=0) + TILE[0]
    height = max((tile.y for tile in tiles), default=0) + TILE[1]
    return TileMap(tiles, width, height, legend)


def level(value: Number, highest: Number) -> int:
    """Return 0 for nothing, else 1 to 5 by equal steps up to the highest value."""
    if value <= 0 or highest <= 0:
        return 0
    return max(1, min(LEVELS, math.ceil(float(value) * LEVELS / float(highest))))


def cut_level(value: Number | None, cuts: Sequence[float]) -> int | None:
    """Return the level by fixed limits: 0 for 0, 1 below the first of four cuts, 5 from the last; None for None."""
    if value is None or value != value:  # NaN is no number either
        return None
    return 0 if value <= 0 else 1 + bisect_right(cuts, value)


def cut_legend(cuts: Sequence[float], *, show: Callable[[float], str] = str) -> list[tuple[str, Words]]:
    """Return the words of the levels that `cut_level` gives, and of no data."""
    first, *_middle, last = texts = [show(cut) for cut in cuts]
    between = [
        (f"level-{place}", _("%(low)s to below %(high)s") % {"low": low, "high": high})
        for place, (low, high) in enumerate(pairwise(texts), 2)
    ]
    return [
        ("level-0", _("none")),
        ("level-1", _("below %(high)s") % {"high": first}),
        *between,
        (f"level-{LEVELS}", _("%(low)s or more") % {"low": last}),
        ("level-missing", _("no data")),
    ]


@dataclass(frozen=True)
class Spot:
    """One year of a small line."""

    year: int
    text: str
    x: float
    y: float


@dataclass(frozen=True)
class SparkLine:
    """The years of one measure as a small line: a path per unbroken run of years, every known year a point."""

    title: Words
    spots: list[Spot]
    paths: list[str]
    first: Spot | None
    last: Spot | None
    missing: list[int]
    width: int
    height: int
    baseline: float

    @property
    def is_short(self) -> bool:
        """The first and the last year stand too near each other for both to be centered below their points."""
        return bool(self.spots) and self.spots[-1].x - self.spots[0].x < 40


@dataclass(frozen=True)
class Frame:
    """The axis of years that several small lines share, with `room` for a number at either end."""

    years: range
    width: int
    height: int
    room: float

    def place(self, year: int) -> float:
        if len(self.years) < 2:
            return self.width / 2
        return round(self.room + (year - self.years[0]) * (self.width - 2 * self.room) / (len(self.years) - 1), 1)


def spark_lines(
    series: Sequence[tuple[Words, Mapping[int, Number | None]]],
    *,
    width: int = 280,
    height: int = 64,
    show: Callable[[Number], str] = str,
) -> list[SparkLine]:
    """Draw small lines of (title, value by year) on one axis of years, each from 0 to its own highest value.

    A year without a value, or between two years that are given, is a gap. The first and the last known value are
    written beside their points; a series without values has no points.
    """
    years = sorted({year for _title, values in series for year in values})
    axis = range(years[0], years[-1] + 1) if years else range(0)
    written = [show(value) for _title, values in series for value in values.values() if value is not None]
    room = 12 + 7.6 * max((len(text) for text in written), default=0)
    frame = Frame(axis, width, height, room)
    return [spark_line(title, values, frame, show) for title, values in series]


def spark_line(
    title: Words,
    values: Mapping[int, Number | None],
    frame: Frame,
    show: Callable[[Number], str],
) -> SparkLine:
    """Place one small line; `spark_lines` says how."""
    axis, height = frame.years, frame.height
    known = {year: value for year in axis if (value := values.get(year)) is not None}
    low, high = min(0.0, *map(float, known.values()), 0.0), max(0.0, *map(float, known.values()), 0.0)
    top, bottom = 10, 24
    scale = (height - top - bottom) / (high - low or 1)
    placed = [
        Spot(year, show(value), frame.place(year), round(height - bottom - (float(value) - low) * scale, 1))
        for year, value in known.items()
    ]
    return SparkLine(
        title=title,
        spots=placed,
        paths=[path(run) for run in unbroken(placed) if len(run) > 1],
        first=placed[0] if placed else None,
        last=placed[-1] if placed else None,
        missing=[year for year in axis if year not in known],
        width=frame.width,
        height=height,
        baseline=round(height - bottom + low * scale, 1),
    )


def unbroken(spots: Sequence[Spot]) -> list[list[Spot]]:
    """Split points into runs of years that follow each other."""
    runs: list[list[Spot]] = []
    for spot in spots:
        if runs and spot.year == runs[-1][-1].year + 1:
            runs[-1].append(spot)
        else:
            runs.append([spot])
    return runs


def path(spots: Sequence[Spot]) -> str:
    """Return the SVG path through the points."""
    return "M" + " L".join(f"{spot.x} {spot.y}" for spot in spots)
