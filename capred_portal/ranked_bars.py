"""Bars that lie one below the other, each under its name, so that long names fit; templates/plots/_ranked.html."""

from collections.abc import Sequence
from dataclasses import dataclass

from capred_portal.line_charts import STYLES
from capred_portal.plotting import KHMER_LETTER, WIDTH, Number, Words, room, width_of

NAME_WIDTH = WIDTH + 24  # in a whole name most letters take less than the most that one takes
NAME_HEIGHT, BAR_HEIGHT, BAR_GAP, ROW_GAP = 24, 9, 8, 8  # room for the feet of Khmer letters


@dataclass(frozen=True)
class RankedBar:
    """One bar: how long, where, how it looks, what it is called and what is written beside it."""

    name: Words
    text: str
    style: str
    y: float
    width: float


@dataclass(frozen=True)
class RankedRow:
    """One row: its whole name, as much of it as fits, and its bars."""

    name: str
    short: str
    y: float
    bars: list[RankedBar]


@dataclass(frozen=True)
class RankedBars:
    """Rows of bars in a box of `width` x `height` units; the legend names the bars of a row from above."""

    rows: list[RankedRow]
    width: int
    height: float
    legend: Sequence[tuple[str, Words]] = ()


Row = tuple[str, Sequence[tuple[Number | None, str]]]  # name, (value, as written) for each bar


def ranked_bars(rows: Sequence[Row], *, names: Sequence[Words], most: Number | None = None) -> RankedBars:
    """Draw rows in the order they come, each with one bar per name, from 0 to the largest value or to `most`.

    A value that is not known has no bar, only its words. Values below 0 count as 0.
    """
    known = [float(value) for _name, cells in rows for value, _text in cells if value is not None]
    longest = WIDTH - 10 - room(text for _name, cells in rows for _value, text in cells)
    scale = longest / (float(most or 0) or max(known, default=0.0) or 1.0)
    tall = NAME_HEIGHT + len(names) * (BAR_HEIGHT + BAR_GAP) + ROW_GAP
    placed = []
    for place, (name, cells) in enumerate(rows):
        top = place * tall
        bars = [
            RankedBar(
                names[at],
                text,
                STYLES[at],
                round(top + NAME_HEIGHT + at * (BAR_HEIGHT + BAR_GAP), 1),
                round(max(float(value or 0), 0.0) * scale, 1),
            )
            for at, (value, text) in enumerate(cells)
        ]
        placed.append(RankedRow(name, shortened(name), top + 13, bars))
    legend = [(STYLES[at], name) for at, name in enumerate(names)] if len(names) > 1 else []
    return RankedBars(placed, WIDTH, len(rows) * tall, legend)


def shortened(name: str) -> str:
    """Return as much of a name as fits above its bars, cut between words where it has any."""
    if width_of(name) <= NAME_WIDTH:
        return name
    cut = next(place for place in range(len(name)) if width_of(name[: place + 1]) > NAME_WIDTH - KHMER_LETTER)
    space = name.rfind(" ", 0, cut)
    return name[: space if space > cut // 2 else cut].rstrip(" ,;:") + "…"
