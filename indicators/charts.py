"""Charts of the overview: series in, a picture with a title that states the finding out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from capred_portal.figures import TOTAL, Figure
from capred_portal.plotting import BarChart, TileMap, bar_chart, tile_map
from enterprises.models import Province
from indicators.analytics.trends import direction


@dataclass(frozen=True)
class Chart:
    """A picture, the sentence it proves, and where its numbers come from."""

    title: str
    source: str
    picture: BarChart | TileMap
    has_demo: bool
    code: str


def title_of_trend(values: list[int]) -> str:
    """Return the finding of the last eight complete quarters in words."""
    titles = {
        "rose": _("More workshops than a year before"),
        "fell": _("Fewer workshops than a year before"),
        "no clear change": _("About as many workshops as a year before"),
        "too few points": _("Workshops by quarter; too few quarters to call a trend"),
    }
    return titles[direction(values)]


def workshops_by_quarter(parts: Mapping[str, Figure], quarters: list[str]) -> Chart:
    """Draw workshops held in each of the quarters, the last of which is still running."""
    rows = []
    for quarter in quarters:
        year, part = quarter.split("-Q")
        figure = parts.get(quarter)
        short = _("Q%(number)s") % {"number": part}
        label = f"{short}\n{year}" if part == "1" or quarter == quarters[0] else short
        rows.append((label, int(figure.value or 0) if figure else 0, figure.rows_url if figure else ""))
    return Chart(
        title=title_of_trend([value for _label, value, _url in rows[:-1]]),
        source=_(
            "Records of this portal. Compared: the last four complete quarters with the four before; "
            "more than 10 % is a change."
        ),
        picture=bar_chart(rows),
        has_demo=any(figure.has_demo for figure in parts.values()),
        code="workshops-held",
    )


def workshops_by_province(parts: Mapping[str, Figure]) -> Chart:
    """Draw workshops held on the province grid; the title says how many provinces had none."""
    rows: list[Any] = []
    for figure in parts.values():
        if isinstance(province := figure.label, Province):
            place = (province.tile_row, province.tile_column)
            rows.append((str(province), *place, int(figure.value or 0), figure.rows_url))
    reached = sum(1 for row in rows if row[3])
    unstated = parts["none"].value or 0
    return Chart(
        title=_("Workshops reached %(reached)s of %(all)s provinces") % {"reached": reached, "all": len(rows)},
        source=_("Records of this portal. Province not stated: %(count)s.") % {"count": unstated},
        picture=tile_map(rows),
        has_demo=parts[TOTAL].has_demo,
        code="workshops-held",
    )
