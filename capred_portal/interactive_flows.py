"""Pictures of what flows from where to where, for Plotly: bands between columns of nodes, and their table."""

from collections.abc import Sequence
from dataclasses import dataclass

from capred_portal.interactive import Plot, plain, plotly_figure
from capred_portal.plotting import Cell, Table, Words

NODE_COLORS = ("var(--accent)", "var(--series-2)", "var(--series-3)")  # by column, from the left
SWATCHES = ("", "secondary", "tertiary")  # of the same colors, for the legend
BAND, BAND_HOVERED = "var(--level-2)", "var(--level-3)"
NODE_HEIGHT, LETTERS, NARROWEST = 30, 34, 720


@dataclass(frozen=True)
class Band:
    """What flows from one node to the next: each end as (column, name), the value, and as written."""

    start: tuple[int, str]
    end: tuple[int, str]
    value: float
    text: str

    @property
    def words(self) -> str:
        """The whole sentence for the pointer."""
        return f"{self.start[1]} → {self.end[1]}: {self.text}"


def sankey(bands: Sequence[Band], *, columns: Sequence[Words], unit: Words) -> Plot:
    """Draw bands between nodes that stand in columns, named from the left; the table has one row for each band.

    Nodes stand in the order in which the bands name them, so largest first where the bands are. A band without a
    positive value is in the table alone. What flows into a node need not be what flows out of it.
    """
    drawn = [band for band in bands if band.value > 0]
    nodes = list(dict.fromkeys(end for band in drawn for end in (band.start, band.end)))
    places = {node: place for place, node in enumerate(nodes)}
    picture = {
        "type": "sankey",
        "arrangement": "snap",
        "valueformat": ",.0f",
        "node": {
            "label": [plain(cut(name)) for _column, name in nodes],
            "customdata": [[plain(name), ""] for _column, name in nodes],
            "hovertemplate": "%{customdata[0]}<extra></extra>",
            "color": [NODE_COLORS[column % len(NODE_COLORS)] for column, _name in nodes],
            "line": {"width": 0},
            "pad": 12,
            "thickness": 14,
        },
        "link": {
            "source": [places[band.start] for band in drawn],
            "target": [places[band.end] for band in drawn],
            "value": [band.value for band in drawn],
            "color": [BAND] * len(drawn),
            "hovercolor": BAND_HOVERED,
            "customdata": [[plain(band.words), ""] for band in drawn],
            "hovertemplate": "%{customdata[0]}<extra></extra>",
        },
    }
    tallest = max((sum(column == place for place, _name in nodes) for column in range(len(columns))), default=0)
    figure = plotly_figure([picture], {"height": 80 + NODE_HEIGHT * tallest}, narrowest=NARROWEST)
    rows = [(band.start[1], [Cell(band.end[1]), Cell(band.text)]) for band in bands]
    table = Table(joined(columns[:-1]), [joined(columns[1:]), str(unit)], rows)
    return Plot(figure, table, [(SWATCHES[place % len(SWATCHES)], str(name)) for place, name in enumerate(columns)])


def joined(names: Sequence[Words]) -> str:
    """Return the names of columns that share one column of the table."""
    return " / ".join(str(name) for name in names)


def cut(name: str) -> str:
    """Return as much of a name as stands beside a node."""
    return name if len(name) <= LETTERS else f"{name[: LETTERS - 1].rstrip()}…"
