"""Charts that answer to the pointer: plain figures, which static/js/charts.js draws with Plotly beside their table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.functional import Promise
from django.utils.html import json_script
from django.utils.safestring import SafeString

from capred_portal.plotting import LEVELS, Cell, Table, cut_level

# A color is written as the name of a custom property of portal.css; the script reads its value in the reader's scheme.
LEVEL_COLORS = [f"var(--level-{level})" for level in range(LEVELS + 1)]
INK_ON_LEVEL = ["var(--ink)", *["var(--on-level-low)"] * 2, "#05272b", *["var(--on-level-high)"] * 2]
CELL_HEIGHT, CELL_WIDTH = 26, 40


class AsWritten(DjangoJSONEncoder):
    """Writes letters as they are and no blanks: Khmer takes half the room it takes as numbers of letters."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options | {"ensure_ascii": False, "separators": (",", ":")})


@dataclass(frozen=True)
class Plot:
    """A figure for Plotly, its numbers as a table, and what its colors mean: (class of the swatch, words)."""

    figure: Mapping[str, Any]
    table: Table
    legend: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class InteractiveChart:
    """A plot, the sentence it proves, and where its numbers come from, source and edition.

    `key` is its name on the page; `code` names the registered figure behind it, if it is one.
    """

    key: str
    title: str
    source: str
    picture: Plot
    has_demo: bool = False
    code: str = ""

    @property
    def script(self) -> SafeString:
        """The figure as static/js/charts.js reads it from the page."""
        return json_script(self.picture.figure, self.script_id, AsWritten)

    @property
    def script_id(self) -> str:
        return f"plot-{self.key}"

    @property
    def table(self) -> Table:
        return self.picture.table


@dataclass(frozen=True)
class HeatCell:
    """One cell of a heat map: its value (None: not known), as printed, the whole sentence for the pointer, its rows."""

    value: float | None
    text: str
    hover: str = ""
    url: str = ""
    note: str = ""


def plain(text: Any) -> str:
    """Return a text as Plotly shows it letter by letter: it would take <b> or <a href> in a name for a command."""
    return str(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def as_json(content: Any) -> Any:
    """Return plain lists, dicts, texts and numbers; what is not a number (NaN, infinity) becomes null."""
    if isinstance(content, Mapping):
        return {str(key): as_json(value) for key, value in content.items()}
    if content is None or isinstance(content, bool | str | int):
        return content
    if isinstance(content, Promise):
        return str(content)
    if isinstance(content, Iterable):
        return [as_json(value) for value in content]
    number = float(content)  # Decimal and the numbers of numpy too
    return number if isfinite(number) else None


def plotly_figure(data: Sequence[Mapping[str, Any]], layout: Mapping[str, Any], *, narrowest: int = 0) -> Any:
    """Return a figure ready for `json_script`: without Plotly's own template, at least `narrowest` pixels wide.

    Fonts, grid, colors and margins come from the script; `data` and `layout` say only what is particular.
    """
    return as_json({"data": data, "layout": {"template": "none", **layout}, "narrowest": narrowest})


def heat_map(
    columns: Sequence[tuple[str, str]],
    rows: Sequence[tuple[str, Sequence[HeatCell]]],
    *,
    cuts: Sequence[float],
    corner: str,
    legend: Sequence[tuple[str, str]],
) -> Plot:
    """Draw rows of (name, cells) over columns of (short name for the axis, full name), one color for each level.

    `cuts` are the four lower limits of levels 2 to 5, as in `tile_map`; a value of 0 is level 0, None has no color.
    Each cell prints its text, so that color is never alone, and leads to its rows when clicked; so does the table.
    """
    grid = [cells for _name, cells in rows]
    levels = [[cut_level(cell.value, cuts) for cell in cells] for cells in grid]
    colors = {
        "type": "heatmap",
        "z": levels,
        "zmin": -0.5,
        "zmax": LEVELS + 0.5,
        "colorscale": steps(LEVEL_COLORS),
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
        "customdata": [[[plain(cell.hover or cell.text), cell.url] for cell in cells] for cells in grid],
        "hovertemplate": "%{customdata[0]}<extra></extra>",
    }
    figure = plotly_figure(
        [colors, heat_texts(grid, levels)],
        heat_layout([plain(short) for short, _full in columns], [plain(name) for name, _cells in rows]),
        narrowest=170 + CELL_WIDTH * len(columns),
    )
    cells_of = [(name, [Cell(cell.text, cell.url, cell.note) for cell in cells]) for name, cells in rows]
    return Plot(figure, Table(corner, [full for _short, full in columns], cells_of), legend)


def heat_texts(grid: Sequence[Sequence[HeatCell]], levels: Sequence[Sequence[int | None]]) -> dict[str, Any]:
    """Return what the cells print, each in the ink that can be read on its level."""
    inks = [["var(--ink)" if level is None else INK_ON_LEVEL[level] for level in line] for line in levels]
    return {
        "type": "scatter",
        "mode": "text",
        "x": [column for cells in grid for column, _cell in enumerate(cells)],
        "y": [line for line, cells in enumerate(grid) for _cell in cells],
        "text": [plain(cell.text) for cells in grid for cell in cells],
        "textfont": {"size": 12, "color": [ink for line in inks for ink in line]},
        "hoverinfo": "skip",
    }


def steps(colors: Sequence[str]) -> list[tuple[float, str]]:
    """Return a color scale of equal steps without blending."""
    return [(edge / len(colors), color) for place, color in enumerate(colors) for edge in (place, place + 1)]


def heat_layout(columns: Sequence[str], rows: Sequence[str]) -> dict[str, Any]:
    """Return the two axes of a heat map: the first row on top, the names of the columns above."""
    axis = {
        "type": "linear",
        "showgrid": False,
        "zeroline": False,
        "showline": False,
        "ticks": "",
        "ticklabelstandoff": 5,
    }
    return {
        "height": 90 + CELL_HEIGHT * len(rows),
        "xaxis": axis | named(columns) | {"range": [-0.5, len(columns) - 0.5], "side": "top"},
        "yaxis": axis | named(rows) | {"range": [len(rows) - 0.5, -0.5]},
        "showlegend": False,
    }


def named(places: Sequence[str]) -> dict[str, Any]:
    """Return the ticks of an axis of names."""
    return {"tickvals": list(range(len(places))), "ticktext": places}
