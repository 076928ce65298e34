"""Lines in pieces without scripts: what may not be joined is drawn apart; templates/plots/_lines.html draws them."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from math import ceil, floor, log10

from django.utils.translation import gettext_lazy as _

from capred_portal.plotting import NO_DATA, WIDTH, Cell, Number, Table, Words, letters, room, width_of

HEIGHT = 160  # units of the picture without the names below
STYLES = ("", "secondary", "tertiary", "quaternary")  # colour and dash of a line, by the order of names
LABEL_ROOM, VALUE_ROOM, NAME_ROW = 32, 16, 20  # units for a value with its name, a value, a row of names
MOST_BESIDE = 11  # letters of a name that stands beside its line
SAMPLE = 20  # units of a piece of line before its name
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
    """What a line is called, with its newest value beside its end."""

    name: Words
    text: str
    style: str
    x: float
    y: float
    dot: Dot


@dataclass(frozen=True)
class NameBelow:
    """What a line is called, below the picture after a piece of the line."""

    name: Words
    style: str
    x: float
    y: float

    @property
    def end(self) -> float:
        """Where the piece of line ends."""
        return self.x + SAMPLE


@dataclass(frozen=True)
class Break:
    """Where a source broke its series: `anchor` tells on which side of the mark the words stand; "" where on none."""

    x: float
    words: Words
    anchor: str


@dataclass(frozen=True)
class LineChart:
    """Lines in a box of `width` x `height` units, with grid lines, marks of breaks and perhaps the path to a target.

    Names stand beside the ends of lines; where they are long or many they stand below, as `names`.
    """

    lines: list[Line]
    labels: list[EndLabel]
    names: list[NameBelow]
    gridlines: list[tuple[float, str]]
    ticks: list[tuple[float, str]]
    breaks: list[Break]
    target: str
    target_dots: list[Dot]
    scale: "Scale"
    height: int
    width: int = WIDTH


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
    ends = end_words(told, show)
    beside = stand_beside(ends)
    scale = scale_of(axis, marks, room(texts), room([*ends.values(), *(ends if beside else ())]))
    styles = styles_of(pieces)
    drawn = [draw(piece, styles[str(piece.name)], scale, show) for piece in pieces]
    target = draw(told[-1], "target", scale, show) if path else None
    labels = end_labels([*drawn, *([target] if target else [])], scale, LABEL_ROOM if beside else VALUE_ROOM)
    names = [] if beside else names_below(labels)
    return LineChart(
        lines=drawn,
        labels=labels,
        names=names,
        gridlines=[(scale.y(mark), text) for mark, text in zip(marks, texts, strict=True)],
        ticks=[(scale.x(label), label) for label in thinned(axis, scale)],
        breaks=list(breaks_in(breaks, scale)),
        target=path_of(target.dots) if target and len(target.dots) > 1 else "",
        target_dots=target.dots if target else [],
        scale=scale,
        height=ceil(names[-1].y + 8) if names else HEIGHT,
    )


def scale_of(axis: Sequence[str], marks: Sequence[float], before: float, after: float) -> Scale:
    """Return where things stand when letters need so much room before the axis of values and after the lines."""
    left, right = 10 + before, WIDTH - min(14 + after, WIDTH * 0.4)
    places = {label: place for place, label in enumerate(axis)}
    return Scale(axis, marks[0], marks[-1], round(left, 1), round(right, 1), 18, HEIGHT - 26, places)


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
    wide = room(labels) + 14
    every = max(1, ceil(wide / scale.step)) if scale.step else 1
    return list(labels[::-1][::every])[::-1]


# Lines


def styles_of(pieces: Sequence[Piece]) -> dict[str, str]:
    """Return the look of each name, in the order they come."""
    names = dict.fromkeys(str(piece.name) for piece in pieces)
    return {name: STYLES[place % len(STYLES)] for place, name in enumerate(names)}


def end_words(pieces: Sequence[Piece], show: Callable[[Number], str]) -> dict[str, str]:
    """Return what is written of each line with values: its name and its newest value."""
    newest = [(piece, [value for _label, value, _url in piece.points if value is not None]) for piece in pieces]
    return {str(piece.name): show(values[-1]) for piece, values in newest if values}


def stand_beside(names: Collection[str]) -> bool:
    """Tell whether names are short enough, and few enough, to stand beside their lines."""
    return max(map(letters, names), default=0) <= MOST_BESIDE and len(names) * LABEL_ROOM <= HEIGHT - 26


def breaks_in(breaks: Sequence[tuple[str, Words]], scale: Scale) -> Iterator[Break]:
    """Yield the marks of breaks; their words stand where they neither leave the axes nor meet others."""
    free = scale.left
    for label, words in breaks:
        if label in scale.places:
            x, wide = round(scale.x(label) - scale.step / 2, 1), width_of(str(words)) + 5
            anchor = "end" if x - wide >= free else "start" if free <= x <= scale.right - wide else ""
            free = {"end": x, "start": x + wide + 5, "": free}[anchor]
            yield Break(x, words, anchor)


def names_below(labels: Sequence[EndLabel]) -> list[NameBelow]:
    """Return the names of lines in rows below the picture, each after a piece of its line."""
    found: list[NameBelow] = []
    x, y = 0.0, HEIGHT + 12.0
    for label in labels:
        wide = SAMPLE + 6 + width_of(str(label.name))
        if x and x + wide > WIDTH:
            x, y = 0.0, y + NAME_ROW
        found.append(NameBelow(label.name, label.style, x, y))
        x = round(x + wide + 12, 1)
    return found


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


def end_labels(lines: Sequence[Line], scale: Scale, apart: int) -> list[EndLabel]:
    """Return the words beside the newest point of each name, moved so far apart that they do not overlap."""
    lowest = scale.bottom - apart / 2
    newest = {str(line.name): line for line in lines if line.dots}
    ordered = sorted(newest.values(), key=lambda line: line.dots[-1].y)
    places = [line.dots[-1].y for line in ordered]
    for above, place in pairwise(range(len(places))):
        places[place] = max(places[place], places[above] + apart)
    over = max(0.0, places[-1] - lowest) if places else 0.0
    for place in range(len(places) - 1, -1, -1):
        below = places[place + 1] - apart if place + 1 < len(places) else lowest
        places[place] = min(places[place], below) if over else places[place]
    return [
        EndLabel(line.name, line.dots[-1].text, line.style, scale.right + 10, round(y, 1), line.dots[-1])
        for line, y in zip(ordered, places, strict=True)
    ]


def decimals_shown(decimals: int) -> Callable[[Number], str]:
    """Return a function that writes values with so many decimals and commas for thousands."""
    return lambda value: f"{Decimal(str(value)):,.{decimals}f}"
