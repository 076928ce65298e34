"""Lines in pieces without scripts: what may not be joined is drawn apart; templates/plots/_lines.html draws them."""

import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from math import ceil, floor, log10

from django.utils.translation import gettext_lazy as _

from capred_portal.plotting import NO_DATA, Cell, Number, Table, Words

STYLES = ("", "secondary", "tertiary", "quaternary")  # colour and dash of a line, by the order of names
LETTER = 7.4  # units of the picture that a letter takes at most
LABEL_ROOM = 32  # units between two labels of two lines
PARTS = 4  # the least number of parts of the axis of values


@dataclass(frozen=True)
class Piece:
    """Points that may be joined: (label, value or None, address) in time order; pieces of one name look alike."""

    name: Words
    points: Sequence[tuple[str, Number | None, str]]


@dataclass(frozen=True)
class Dot:
    """One point of a line."""

    label: str
    text: str
    x: float
    y: float
    url: str = ""


@dataclass(frozen=True)
class Line:
    """One piece as it is drawn: a path per unbroken run of points, and every point."""

    name: Words
    style: str
    paths: list[str]
    dots: list[Dot]


@dataclass(frozen=True)
class EndLabel:
    """What a line is called, with its newest value, beside its end."""

    name: Words
    text: str
    style: str
    x: float
    y: float
    dot: Dot


@dataclass(frozen=True)
class LineChart:
    """Lines in a box of `width` x `height` units, with grid lines, marks of breaks and perhaps the path to a target."""

    lines: list[Line]
    labels: list[EndLabel]
    gridlines: list[tuple[float, str]]
    ticks: list[tuple[float, str]]
    breaks: list[tuple[float, Words]]
    target: str
    target_dots: list[Dot]
    size: tuple[int, int]
    scale: "Scale"

    @property
    def width(self) -> int:
        return self.size[0]

    @property
    def height(self) -> int:
        return self.size[1]


@dataclass(frozen=True)
class Scale:
    """Where periods and values stand in the box."""

    axis: Sequence[str]
    low: float
    high: float
    left: float
    right: float
    top: float
    bottom: float
    places: Mapping[str, int] = field(default_factory=dict)

    def x(self, label: str) -> float:
        if len(self.axis) < 2:
            return round((self.left + self.right) / 2, 1)
        return round(self.left + self.places[label] * self.step, 1)

    def y(self, value: Number) -> float:
        part = (float(value) - self.low) / (self.high - self.low)
        return round(self.bottom - part * (self.bottom - self.top), 1)

    @property
    def step(self) -> float:
        return (self.right - self.left) / max(len(self.axis) - 1, 1)


def line_chart(
    pieces: Sequence[Piece],
    *,
    path: Sequence[tuple[str, Number]] = (),
    axis: Sequence[str] = (),
    breaks: Sequence[tuple[str, Words]] = (),
    show: Callable[[Number], str] = str,
    from_zero: bool = True,
    size: tuple[int, int] = (460, 240),
) -> LineChart:
    """Draw pieces as lines that are never joined to each other; a gap inside a piece stays a gap.

    `axis` are all labels in their order; without it, all years between the first and the last, or the labels in order.
    `path` is the way from a baseline to a target, joined whatever lies between its labels. `breaks` are the labels
    before which a source broke its series, with words. `show` writes a value.
    """
    told = [*pieces, *([Piece(_("Target"), [(label, value, "") for label, value in path])] if path else [])]
    points = [point for piece in told for point in piece.points]
    axis = axis or axis_of([label for label, *_rest in points])
    marks = tick_values([float(value) for _label, value, _url in points if value is not None], from_zero=from_zero)
    texts = tick_texts(marks)
    scale = scale_of(axis, marks, size, letters_beside(texts), letters_beside(end_words(told, show)))
    styles = styles_of(pieces)
    drawn = [draw(piece, styles[str(piece.name)], scale, show) for piece in pieces]
    target = draw(told[-1], "target", scale, show) if path else None
    return LineChart(
        lines=drawn,
        labels=end_labels([*drawn, *([target] if target else [])], scale),
        gridlines=[(scale.y(mark), text) for mark, text in zip(marks, texts, strict=True)],
        ticks=[(scale.x(label), label) for label in thinned(axis, scale)],
        breaks=[(round(scale.x(label) - scale.step / 2, 1), words) for label, words in breaks if label in scale.places],
        target=path_of(target.dots) if target and len(target.dots) > 1 else "",
        target_dots=target.dots if target else [],
        size=size,
        scale=scale,
    )


def scale_of(axis: Sequence[str], marks: Sequence[float], size: tuple[int, int], before: int, after: int) -> Scale:
    """Return where things stand when so many letters need room before the axis of values and after the lines."""
    width, height = size
    left, right = 10 + LETTER * before, width - min(14 + LETTER * after, width * 0.4)
    places = {label: place for place, label in enumerate(axis)}
    return Scale(axis, marks[0], marks[-1], round(left, 1), round(right, 1), 14, height - 26, places)


def line_table(corner: str, pieces: Sequence[Piece], show: Callable[[Number], str] = str) -> Table:
    """Return the numbers of lines as a table: a row for each label, a column for each name."""
    names = list(styles_of(pieces))
    cells: dict[str, dict[str, Cell]] = {}
    for piece in pieces:
        for label, value, url in piece.points:
            cell = Cell(NO_DATA if value is None else show(value), url)
            cells.setdefault(label, {})[str(piece.name)] = cell
    rows = [(label, [cells[label].get(name, Cell(NO_DATA)) for name in names]) for label in sorted(cells)]
    return Table(corner, names, rows)


# Axes


def axis_of(labels: Collection[str]) -> list[str]:
    """Return the labels in order; of years, all between the first and the last."""
    found = sorted(set(labels))
    if found and all(label.isdecimal() for label in found):
        return [str(year) for year in range(int(found[0]), int(found[-1]) + 1)]
    return found


def tick_values(values: Iterable[float], *, from_zero: bool) -> list[float]:
    """Return round values that hold all values between the first and the last of them."""
    known = [*values]
    low, high = min(known, default=0.0), max(known, default=1.0)
    low, high = (min(low, 0.0), max(high, 0.0)) if from_zero else (low, high)
    span = max(high - low, abs(high) / 100)
    span = span if span > 1e-8 else 1.0
    base = 10.0 ** floor(log10(span / PARTS))
    step = next(base * times for times in (1, 2, 5, 10) if span / (base * times) <= PARTS)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [round(number * step, 10) for number in range(first, max(last, first + 1) + 1)]


def tick_texts(marks: Sequence[float]) -> list[str]:
    """Return round values with as many decimals as their step needs."""
    decimals = max(0, -floor(log10(marks[1] - marks[0]) + 1e-9))
    return [f"{mark:,.{decimals}f}" for mark in marks]


def thinned(labels: Sequence[str], scale: Scale) -> list[str]:
    """Return as many labels as stand side by side with room between them, the last among them."""
    wide = LETTER * letters_beside(labels) + 18
    every = max(1, ceil(wide / scale.step)) if scale.step else 1
    return list(labels[::-1][::every])[::-1]


def letters_beside(texts: Iterable[str]) -> int:
    """Return how many letters the longest of the texts has."""
    return max(map(letters, texts), default=0)


def letters(text: str) -> int:
    """Return how many letters stand side by side: marks, and what Khmer writes below, take no room."""
    above = [unicodedata.category(letter) in ("Mn", "Cf") for letter in text]
    below = [False, *(first == "\u17d2" for first in text)][: len(text)]
    return sum(not (mark or sub) for mark, sub in zip(above, below, strict=True))


# Lines


def styles_of(pieces: Sequence[Piece]) -> dict[str, str]:
    """Return the look of each name, in the order they come."""
    names = dict.fromkeys(str(piece.name) for piece in pieces)
    return {name: STYLES[place % len(STYLES)] for place, name in enumerate(names)}


def end_words(pieces: Sequence[Piece], show: Callable[[Number], str]) -> list[str]:
    """Return what is written beside the ends of lines: the name of each piece with values, and its newest value."""
    newest = [(piece, [value for _label, value, _url in piece.points if value is not None]) for piece in pieces]
    return [words for piece, values in newest if values for words in (str(piece.name), show(values[-1]))]


def draw(piece: Piece, style: str, scale: Scale, show: Callable[[Number], str]) -> Line:
    """Place the points of one piece; those of neighbouring labels are joined."""
    dots = [
        Dot(label, show(value), scale.x(label), scale.y(value), url)
        for label, value, url in piece.points
        if value is not None
    ]
    runs: list[list[Dot]] = []
    for dot in dots:
        if runs and scale.places[dot.label] == scale.places[runs[-1][-1].label] + 1:
            runs[-1].append(dot)
        else:
            runs.append([dot])
    return Line(piece.name, style, [path_of(run) for run in runs if len(run) > 1], dots)


def path_of(dots: Sequence[Dot]) -> str:
    """Return the SVG path through the points."""
    return "M" + " L".join(f"{dot.x} {dot.y}" for dot in dots)


def end_labels(lines: Sequence[Line], scale: Scale) -> list[EndLabel]:
    """Return the words beside the newest point of each name, moved apart where they would overlap."""
    newest = {str(line.name): line for line in lines if line.dots}
    ordered = sorted(newest.values(), key=lambda line: line.dots[-1].y)
    places = [line.dots[-1].y for line in ordered]
    for above, place in pairwise(range(len(places))):
        places[place] = max(places[place], places[above] + LABEL_ROOM)
    over = max(0.0, places[-1] + 16 - scale.bottom) if places else 0.0
    for place in range(len(places) - 1, -1, -1):
        below = places[place + 1] - LABEL_ROOM if place + 1 < len(places) else scale.bottom - 16
        places[place] = min(places[place], below) if over else places[place]
    return [
        EndLabel(line.name, line.dots[-1].text, line.style, scale.right + 10, round(y, 1), line.dots[-1])
        for line, y in zip(ordered, places, strict=True)
    ]


def decimals_shown(decimals: int) -> Callable[[Number], str]:
    """Return a function that writes values with so many decimals and commas for thousands."""
    return lambda value: f"{Decimal(str(value)):,.{decimals}f}"
