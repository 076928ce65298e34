"""Small SVG pictures without scripts: numbers in, positions out; the templates in templates/plots/ draw them."""

from collections.abc import Sequence
from dataclasses import dataclass

LEVELS = 5


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


@dataclass(frozen=True)
class BarChart:
    """A bar chart in a box of `width` x `height` units, with its grid lines."""

    bars: list[Bar]
    gridlines: list[tuple[float, int]]
    width: int
    height: int
    baseline: float


def nice_step(highest: int) -> int:
    """Return a round step (1, 2 or 5 times a power of ten) that cuts 0..highest into at most five parts."""
    step = 1
    while highest > step * 4:
        step = step * 5 // 2 if str(step).startswith("2") else step * 2
    return step


def bar_chart(rows: Sequence[tuple[str, int, str]], *, width: int = 640, height: int = 230) -> BarChart:
    """Place bars for rows of (label, value, url); a value of 0 is a thin empty bar, so that it is seen."""
    top, bottom, left = 22, 30, 34
    step = nice_step(max((value for _label, value, _url in rows), default=0))
    highest = max(step, -(-max((value for _label, value, _url in rows), default=0) // step) * step)
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
    return BarChart(bars, lines, width, height, baseline)


@dataclass(frozen=True)
class Tile:
    """One province on the grid."""

    label: str
    lines: list[str]
    value: int
    level: int
    x: int
    y: int
    url: str = ""


@dataclass(frozen=True)
class TileMap:
    """The provinces as a grid of equal tiles, so that a small one is as easy to see as a large one."""

    tiles: list[Tile]
    width: int
    height: int
    side: int


def tile_map(rows: Sequence[tuple[str, int, int, int, str]], *, side: int = 74) -> TileMap:
    """Place tiles for rows of (label, grid row, grid column, value, url); levels are equal steps up to the highest."""
    highest = max((row[3] for row in rows), default=0)
    tiles = [
        Tile(label, label.split(" ", 1), value, level(value, highest), column * side, line * side, url)
        for label, line, column, value, url in rows
    ]
    width = max((tile.x for tile in tiles), default=0) + side
    height = max((tile.y for tile in tiles), default=0) + side
    return TileMap(tiles, width, height, side)


def level(value: int, highest: int) -> int:
    """Return 0 for nothing, else 1 to 5 by equal steps up to the highest value."""
    if value <= 0 or highest <= 0:
        return 0
    return min(LEVELS, 1 + (value - 1) * LEVELS // highest)
