"""Pictures of points for Plotly: a field of four quarters, pairs with the gap between them, bars with their range."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from capred_portal.interactive import Plot, plain, plotly_figure
from capred_portal.plotting import Table

COLORS = ("var(--accent)", "var(--series-2)", "var(--series-3)", "var(--ink-2)")
SYMBOLS = ("circle", "diamond", "square", "triangle-up")
ROW_HEIGHT, LETTERS = 44, 46
MARK_SIZE = 10
NARROWEST = 300
FIELD_WIDTH, FIELD_HEIGHT, LABEL_HEIGHT, LETTER_WIDTH = 560.0, 420.0, 15.0, 7.0


@dataclass(frozen=True)
class Point:
    """One point of a field: its short label, the whole sentence for the pointer, where it leads."""

    label: str
    x: float
    y: float
    hover: str
    url: str = ""


@dataclass(frozen=True)
class Pair:
    """Two numbers of one row, the gap between them as printed, the sentence for the pointer."""

    name: str
    first: float
    second: float
    gap: str
    hover: str
    url: str = ""


@dataclass(frozen=True)
class RangeBar:
    """One bar: its value as printed, and the range it lies in where one is stated."""

    name: str
    value: float
    text: str
    hover: str
    low: float | None = None
    high: float | None = None
    url: str = ""


def scatter(quarters: Sequence[tuple[str, Sequence[Point]]], *, axes: tuple[str, str], at: float, table: Table) -> Plot:
    """Draw points in four named quarters around lines at `at`: upper right, lower right, upper left, lower left.

    Each quarter has a symbol of its own beside its color, and its name is printed in its corner. Points whose label
    would lie over another one keep it for the pointer.
    """
    points = list(chain.from_iterable(points for _name, points in quarters))
    spans = [span([point.x for point in points], at), span([point.y for point in points], at)]
    labelled = labels_that_fit(points, at=at, spans=spans)
    traces = [
        {
            "type": "scatter",
            "mode": "markers+text",
            "name": plain(name),
            "x": [point.x for point in inside],
            "y": [point.y for point in inside],
            "text": [plain(point.label) if point in labelled else "" for point in inside],
            "textposition": "top center",
            "textfont": {"size": 11},
            "marker": {
                "symbol": symbol,
                "color": color,
                "size": MARK_SIZE,
                "line": {"width": 1, "color": "var(--surface)"},
            },
            "customdata": [[plain(point.hover), point.url] for point in inside],
            "hovertemplate": "%{customdata[0]}<extra></extra>",
        }
        for (name, inside), symbol, color in zip(quarters, SYMBOLS, COLORS, strict=True)
    ]
    return Plot(
        plotly_figure(traces, field_layout([name for name, _in in quarters], axes, at, spans), narrowest=520), table
    )


def span(values: Sequence[float], at: float) -> tuple[float, float]:
    """Return the ends of an axis that shows all values and the line at `at`, with some room around."""
    low, high = min([*values, at]), max([*values, at])
    room = (high - low or 1) * 0.09
    return low - room, high + room


def field_layout(
    names: Sequence[str], axes: tuple[str, str], at: float, spans: Sequence[tuple[float, float]]
) -> dict[str, Any]:
    """Return axes, the two lines and the names of the quarters, each printed in its corner."""
    across, up = (
        {"title": {"text": plain(title)}, "range": list(ends), "zeroline": False}
        for title, ends in zip(axes, spans, strict=True)
    )
    line = {"type": "line", "line": {"color": "var(--line-strong)", "width": 1.5, "dash": "dash"}, "layer": "below"}
    corners = [
        {
            "xref": "paper",
            "yref": "paper",
            "x": x,
            "y": y,
            "xanchor": "right" if x else "left",
            "yanchor": "top" if y else "bottom",
            "text": plain(name),
            "showarrow": False,
            "font": {"size": 13, "weight": 700, "color": "var(--ink-2)"},
        }
        for name, (x, y) in zip(names, ((1, 1), (1, 0), (0, 1), (0, 0)), strict=True)
    ]
    return {
        "height": 500,
        "xaxis": across,
        "yaxis": up,
        "shapes": [
            line | {"x0": at, "x1": at, "yref": "paper", "y0": 0, "y1": 1},
            line | {"y0": at, "y1": at, "xref": "paper", "x0": 0, "x1": 1},
        ],
        "annotations": corners,
        "showlegend": False,
    }


def labels_that_fit(points: Sequence[Point], *, at: float, spans: Sequence[tuple[float, float]]) -> set[Point]:
    """Return the points whose label lies over no mark and no other label; those far from the lines choose first."""
    (left, right), (bottom, top) = spans

    def box(point: Point, half: float, low: float, high: float) -> tuple[float, float, float, float]:
        """Return the left, right, lower and upper edge of a box around or above a mark."""
        x, y = (point.x - left) / (right - left) * FIELD_WIDTH, (point.y - bottom) / (top - bottom) * FIELD_HEIGHT
        return x - half, x + half, y + low, y + high

    taken = [box(point, MARK_SIZE / 2, -MARK_SIZE / 2, MARK_SIZE / 2) for point in points]
    labelled = set()
    for point in sorted(points, key=lambda point: -abs(point.x - at) - abs(point.y - at)):
        half = len(point.label) * LETTER_WIDTH / 2 + 3
        x0, x1, y0, y1 = label = box(point, half, MARK_SIZE / 2 + 1, MARK_SIZE / 2 + LABEL_HEIGHT)
        if all(x1 < a0 or x0 > a1 or y1 < b0 or y0 > b1 for a0, a1, b0, b1 in taken):
            taken.append(label)
            labelled.add(point)
    return labelled


def short(name: str) -> str:
    """Return a name as it stands above a row; the pointer and the table have the whole."""
    return name if len(name) <= LETTERS else f"{name[: LETTERS - 1].rstrip()}…"


def rows_layout(names: Sequence[str], title: str) -> dict[str, Any]:
    """Return the axes of a picture with one row for each name, which stands above it; the first on top.

    Names beside the rows would leave no room for the rows on a telephone.
    """
    above = {"xref": "paper", "x": 0, "xanchor": "left", "yanchor": "middle", "showarrow": False, "font": {"size": 12}}
    rows = {"range": [len(names) - 0.5, -0.8], "zeroline": False, "showgrid": False, "showticklabels": False}
    return {
        "height": 110 + ROW_HEIGHT * len(names),
        "xaxis": {"title": {"text": plain(title)}},
        "yaxis": rows | {"ticks": "", "showline": False},
        "annotations": [above | {"y": row - 0.45, "text": plain(short(name))} for row, name in enumerate(names)],
        "legend": {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"},
    }


def dumbbell(pairs: Sequence[Pair], *, names: tuple[str, str], axis: str, table: Table) -> Plot:
    """Draw two marks for each row with the gap between them as a line, its size printed beside it."""
    rows = range(len(pairs))
    lines = {
        "type": "scatter",
        "mode": "lines",
        "x": [value for pair in pairs for value in (pair.first, pair.second, None)],
        "y": [value for row in rows for value in (row, row, None)],
        "line": {"color": "var(--line-strong)", "width": 3},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    marks = [
        {
            "type": "scatter",
            "mode": "markers+text",
            "name": plain(name),
            "x": [values[place] for values in ((pair.first, pair.second) for pair in pairs)],
            "y": list(rows),
            "text": [plain(pair.gap) if place else "" for pair in pairs],
            "textposition": "middle right",
            "textfont": {"size": 12},
            "marker": {"symbol": SYMBOLS[place], "color": COLORS[place], "size": 11},
            "customdata": [[plain(pair.hover), pair.url] for pair in pairs],
            "hovertemplate": "%{customdata[0]}<extra></extra>",
            "cliponaxis": False,
        }
        for place, name in enumerate(names)
    ]
    layout = rows_layout([pair.name for pair in pairs], axis)
    ends = [each for pair in pairs for each in (pair.first, pair.second)] or [1.0]
    low, high = min(ends), max(ends)
    room = (high - low or 1) * 0.1
    layout["xaxis"] |= {"range": [low - room / 2, high + room * 1.5], "zeroline": False}
    return Plot(plotly_figure([lines, *marks], layout, narrowest=NARROWEST), table)


def range_bars(bars: Sequence[RangeBar], *, axis: str, table: Table) -> Plot:
    """Draw one bar for each row with its number printed, and a whisker from low to high where a range is stated."""
    has_range = any(bar.low is not None for bar in bars)
    trace: dict[str, Any] = {
        "type": "bar",
        "orientation": "h",
        "x": [bar.value for bar in bars],
        "y": list(range(len(bars))),
        "marker": {"color": "var(--accent)"},
        "customdata": [[plain(bar.hover), bar.url] for bar in bars],
        "hovertemplate": "%{customdata[0]}<extra></extra>",
        "width": 0.4,
    }
    if has_range:
        ends = [sorted((bar.value if end is None else end) for end in (bar.low, bar.high)) for bar in bars]
        trace["error_x"] = {
            "type": "data",
            "symmetric": False,
            "array": [high - bar.value for bar, (_low, high) in zip(bars, ends, strict=True)],
            "arrayminus": [bar.value - low for bar, (low, _high) in zip(bars, ends, strict=True)],
            "color": "var(--series-2)",
            "thickness": 2,
        }
    layout = rows_layout([bar.name for bar in bars], axis) | {"showlegend": False}
    layout["xaxis"] |= {"range": bar_span(bars)}
    return Plot(plotly_figure([trace, bar_texts(bars)], layout, narrowest=NARROWEST), table)


def bar_span(bars: Sequence[RangeBar]) -> tuple[float, float]:
    """Return the ends of an axis that shows 0, every bar and its range, with room for the printed numbers."""
    ends = [each for bar in bars for each in (bar.value, bar.low, bar.high) if each is not None]
    low, high = min([*ends, 0.0]), max([*ends, 0.0])
    if low == high:
        return 0.0, 1.0
    room = (high - low) * 0.22
    return low - (room if low < 0 else 0), high + (room if high > 0 else 0)


def bar_texts(bars: Sequence[RangeBar]) -> dict[str, Any]:
    """Return what the bars print: right of the end of the bar and its range, left of it where both are negative."""
    ends = [[each for each in (bar.value, bar.low, bar.high) if each is not None] for bar in bars]
    return {
        "type": "scatter",
        "mode": "text",
        "x": [min(end) if bar.value < 0 else max(end) for bar, end in zip(bars, ends, strict=True)],
        "y": list(range(len(bars))),
        "text": [plain(f"  {bar.text}  ") for bar in bars],
        "textposition": ["middle left" if bar.value < 0 else "middle right" for bar in bars],
        "textfont": {"size": 12},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }
