"""Charts of where clusters could grow: quotients of every province and division, and the best of each province."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from capred_portal.interactive import HeatCell, InteractiveChart, heat_map
from capred_portal.plotting import NO_DATA, Cell, SvgChart, Table, cut_legend, tile_map
from enterprises.models import Province
from indicators.analytics.location_quotients import SPECIALISED
from indicators.places import Place

if TYPE_CHECKING:
    import pandas as pd

CUTS = (0.5, 0.8, 1.25, SPECIALISED)  # half, a little below and above the average, and what earns a star
WITHHELD, UNCERTAIN = "*", "?"


def written(quotient: float) -> str:
    """Return a quotient with one decimal; one that is not 0 is never written as 0."""
    return f"{quotient:.1f}" if quotient >= 0.05 or not quotient else "<0.1"


def legend() -> list[tuple[str, str]]:
    """Return what the colors of both charts mean."""
    return [(swatch, str(words)) for swatch, words in cut_legend(CUTS, show=lambda cut: f"{cut:g}")]


def source(*, is_demo: bool) -> str:
    """Return where the numbers come from."""
    return _("Demonstration rows, all invented.") if is_demo else _("Records of this portal.")


def quotients_heat_map(
    places: Sequence[Place], provinces: Sequence[Province], hidden: pd.DataFrame | None, *, is_demo: bool
) -> InteractiveChart:
    """Draw the quotients of the shown divisions in every province compared."""
    divisions = sorted({place.division for place in places}, key=lambda division: division.pk)
    found = {(place.province.pk, place.division.pk): place for place in places}
    rows = [
        (
            str(province),
            [
                cell(
                    found.get((province.pk, division.pk)),
                    f"{province}, {division}",
                    is_hidden=hidden is not None and bool(hidden.at[province.pk, division.pk]),
                )
                for division in divisions
            ],
        )
        for province in provinces
    ]
    columns = [(division.pk, str(division)) for division in divisions]
    picture = heat_map(columns, rows, cuts=CUTS, corner=_("Province"), legend=legend())
    notes = [source(is_demo=is_demo), _("%(mark)s: uncertain.") % {"mark": UNCERTAIN}]
    if hidden is not None:
        notes.append(_("%(mark)s: withheld, a small group.") % {"mark": WITHHELD})
    return InteractiveChart("where", heat_title(places), " ".join(notes), picture, has_demo=is_demo)


def heat_title(places: Sequence[Place]) -> str:
    """Return the strongest finding that can be trusted, in words."""
    sound = [place for place in places if place.is_sound and place.quotient >= SPECIALISED]
    if not sound:
        return _("No division stands out in any province")
    top = sound[0]
    return _("%(division)s stands out in %(province)s: %(quotient)s times the average") % {
        "division": top.division,
        "province": top.province,
        "quotient": written(top.quotient),
    }


def cell(place: Place | None, name: str, *, is_hidden: bool) -> HeatCell:
    """Return one cell: its quotient with its mark and its firms, 0 where there is no firm."""
    if is_hidden:
        withheld = _("withheld")
        return HeatCell(None, WITHHELD, f"{name}: {withheld}", note=withheld)
    if place is None:
        no_firm = _("no firm")
        return HeatCell(0, "0", f"{name}: {no_firm}")
    text = written(place.quotient) + ("" if place.is_sound else UNCERTAIN)
    return HeatCell(
        place.quotient,
        text,
        f"{name}: {text}",
        place.firms_url,
        "" if place.is_sound else str(place.trust_words),
    )


def best_by_province(
    places: Sequence[Place], provinces: Sequence[Province], compared: Collection[str], *, is_demo: bool
) -> SvgChart:
    """Draw the highest quotient of each province that can be trusted; provinces not compared have no data."""
    best: dict[str, Place] = {}
    for place in places:
        if place.is_sound and (place.province.pk not in best or place.quotient > best[place.province.pk].quotient):
            best[place.province.pk] = place
    tiles, rows = [], []
    for province in provinces:
        top = best.get(province.pk)
        value = round(top.quotient, 1) if top else None
        tiles.append((str(province), province.tile_row, province.tile_column, value, top.firms_url if top else ""))
        cells = (
            [Cell(str(top.division), top.firms_url), Cell(written(top.quotient))]
            if top
            else [Cell(NO_DATA), Cell(NO_DATA)]
        )
        rows.append((str(province), cells))
    specialised = sum(1 for place in best.values() if place.quotient >= SPECIALISED)
    return SvgChart(
        title=_("%(count)s of %(all)s provinces have a division twice as concentrated as on average")
        % {"count": specialised, "all": len(compared)},
        source=source(is_demo=is_demo),
        picture=tile_map(tiles, cuts=CUTS, legend=legend()),
        table=Table(_("Province"), [_("Strongest division"), _("Quotient")], rows),
        has_demo=is_demo,
    )
