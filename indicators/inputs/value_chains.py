"""Participation in value chains by sector: how much of what a sector exports was made abroad, or is worked on there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from django.utils.translation import gettext as _

from capred_portal.facts import read
from capred_portal.languages import localized
from capred_portal.line_charts import decimals_shown
from capred_portal.plotting import Cell, Number, SvgChart, Table
from capred_portal.ranked_bars import ranked_bars
from indicators import series as published
from indicators.series import PublishedSeries, SeriesKey

BACKWARD, FORWARD, EXPORTS = "GVCP_trade_b", "GVCP_trade_f", "Exports"
SECTORS = "agg=35"  # the finest of the publisher's groupings
CLASSIFICATION = "adb-35"
MANUFACTURING = range(3, 17)  # sectors 3 to 16 of it
LEAST_EXPORTS = 100  # millions of US$; the shares of less say little of an industry
TENTHS, WHOLE = decimals_shown(1), decimals_shown(0)


@dataclass(frozen=True)
class ChainSector:
    """One sector of the publisher's tables."""

    number: str
    title_en: str
    title_km: str

    @property
    def is_manufacturing(self) -> bool:
        return int(self.number) in MANUFACTURING

    def __str__(self) -> str:
        return localized(self, "title")

    def key(self, code: str) -> SeriesKey:
        return SeriesKey(code, sector=self.number, dimensions=SECTORS)


@dataclass(frozen=True)
class Participation:
    """What a sector's exports hold in one year: parts made abroad, parts worked on abroad (%), and their value."""

    sector: ChainSector
    backward: Decimal
    forward: Decimal
    exports: Decimal  # millions of US$

    @property
    def is_drawn(self) -> bool:
        return self.sector.is_manufacturing and self.exports >= LEAST_EXPORTS


@cache
def chain_sectors() -> Sequence[ChainSector]:
    """Return the sectors in their order."""
    rows = (row for row in read(published.__file__, "sectors") if row["classification"] == CLASSIFICATION)
    return [ChainSector(row["sector"].removeprefix("c"), row["title_en"], row["title_km"]) for row in rows]


def chain_keys() -> list[SeriesKey]:
    """Return the series the picture is made of."""
    return [sector.key(code) for sector in chain_sectors() for code in (BACKWARD, FORWARD, EXPORTS)]


def newest_year(series: Mapping[SeriesKey, PublishedSeries]) -> str:
    """Return the newest year any sector has a share for; blank where none has."""
    found = [series[sector.key(BACKWARD)].latest for sector in chain_sectors()]
    return max((piece.last.period_key for piece in found if piece), default="")


def participation(series: Mapping[SeriesKey, PublishedSeries]) -> list[Participation]:
    """Return what is told of the newest year, the highest backward share first; sectors that export nothing are out."""
    year, found = newest_year(series), []
    for sector in chain_sectors():
        told = [value_in(series[sector.key(code)], year) for code in (BACKWARD, FORWARD, EXPORTS)]
        backward, forward, exports = told
        if backward is not None and forward is not None and exports:
            found.append(Participation(sector, backward, forward, exports))
    return sorted(found, key=lambda each: -each.backward)


def value_in(series: PublishedSeries, year: str) -> Decimal | None:
    """Return the value of a year in the newest piece of a series."""
    points = series.latest.points if series.latest else ()
    return next((point.value for point in points if point.period_key == year), None)


def participation_chart(series: Mapping[SeriesKey, PublishedSeries]) -> SvgChart | None:
    """Draw the larger manufacturing sectors, the highest backward share on top; the table has all sectors."""
    sectors, year = participation(series), newest_year(series)
    drawn = [each for each in sectors if each.is_drawn]
    if not drawn:
        return None
    latest = series[drawn[0].sector.key(BACKWARD)].latest
    source = latest.source if latest else None
    names = [_("made abroad (upper bar)"), _("worked on further abroad (lower bar)")]
    rows = [(str(each.sector), [shown(each.backward), shown(each.forward)]) for each in drawn]
    columns = [_("Made abroad"), _("Worked on further abroad"), _("Exports, US$ million")]
    return SvgChart(
        title=_("%(sector)s: %(share)s of the value of exports was made abroad, the most of all (%(year)s)")
        % {"sector": drawn[0].sector, "share": shown(drawn[0].backward)[1], "year": year},
        source=f"{source.publisher_words}: {source}." if source else "",
        picture=ranked_bars(rows, names=names, most=100),
        table=Table(_("Sector"), columns, [(str(each.sector), cells(each)) for each in sectors]),
        has_demo=bool(source and source.is_demo),
    )


def shown(share: Decimal) -> tuple[Number | None, str]:
    return share, f"{TENTHS(share)} %"


def cells(each: Participation) -> list[Cell]:
    """Return the numbers of one sector as a row of the table."""
    dollars = WHOLE(each.exports) if each.exports >= 1 else "<1"
    return [Cell(shown(each.backward)[1]), Cell(shown(each.forward)[1]), Cell(dollars)]
