"""Reading published series: pieces that are never joined, what they are computed from, and what to say of them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from capred_portal.facts import read
from capred_portal.languages import localized
from indicators.analytics.aggregation import Aggregate, Measured, Point, change, series_pieces
from indicators.models import Indicator, SeriesValue, Source
from indicators.readings import Reading

STALE = 3  # years after which a newest value is called old
PARTNERS = 5  # that the trade summary names
COMPUTED = "computed:"  # how the codes of series begin that are worked out here
HOME = "KHM"

Row = tuple[int, int, Decimal]  # source, year, value


class SeriesKey(NamedTuple):
    """What a series is about, written `code|economy|sector|partner|product|dimensions`."""

    code: str
    economy: str = HOME
    sector: str = ""
    partner: str = ""
    product: str = ""
    dimensions: str = ""

    def __str__(self) -> str:
        return "|".join(self)

    @classmethod
    def parse(cls, text: str) -> "SeriesKey":
        """Return the key a text stands for; parts that are left out are blank."""
        parts = text.split("|", len(cls._fields) - 1)
        return cls(*parts)


@dataclass(frozen=True)
class Definition:
    """What is known of a series whatever its edition; `scale` is what a value is shown times."""

    title_en: str
    title_km: str
    unit_en: str
    unit_km: str
    scale: Decimal = Decimal(1)
    is_modelled: bool = False
    breaks: tuple[str, ...] = ()

    def __str__(self) -> str:
        return localized(self, "title")

    @property
    def unit(self) -> str:
        return localized(self, "unit")


@cache
def definitions() -> Mapping[str, Definition]:
    """Return the definitions of series by their codes."""
    return {
        row["code"]: Definition(
            row["title_en"],
            row["title_km"],
            row["unit_en"],
            row["unit_km"],
            Decimal(row["scale"]),
            bool(row["is_modelled"]),
            tuple(row["breaks"].split()),
        )
        for row in read(__file__, "series")
    }


def definition_of(code: str) -> Definition:
    return definitions().get(code) or Definition(code, "", "", "")


@dataclass(frozen=True)
class PublishedPiece:
    """Values of one edition between two breaks: all that may be drawn as one line."""

    source: Source
    points: tuple[Point, ...]

    @property
    def first(self) -> Point:
        return self.points[0]

    @property
    def last(self) -> Point:
        return self.points[-1]


@dataclass(frozen=True)
class PublishedSeries:
    """A series in all its editions, with what a reader must know of it."""

    key: SeriesKey
    pieces: Sequence[PublishedPiece]

    @property
    def breaks(self) -> tuple[str, ...]:
        return self.definition.breaks

    @property
    def definition(self) -> Definition:
        return definition_of(self.key.code)

    @property
    def is_computed(self) -> bool:
        return self.key.code.startswith(COMPUTED)

    @property
    def is_modelled(self) -> bool:
        told = any(f";nature={nature}" in f";{self.key.dimensions}" for nature in ("m;", "e;"))
        return told or self.definition.is_modelled or any(piece.source.is_modelled for piece in self.pieces)

    @property
    def latest(self) -> PublishedPiece | None:
        """The piece with the newest value; of two editions of that year the one in force."""
        order = [(piece.last.period_key, not piece.source.is_superseded, at) for at, piece in enumerate(self.pieces)]
        return self.pieces[max(order)[-1]] if order else None

    @property
    def sources(self) -> list[Source]:
        """The editions, that of the newest value first."""
        ordered = sorted(self.pieces, key=lambda piece: piece is not self.latest)
        return list({piece.source.pk: piece.source for piece in ordered}.values())

    @property
    def years_old(self) -> int:
        return timezone.localdate().year - int(self.latest.last.period_key) if self.latest else 0

    @property
    def is_stale(self) -> bool:
        return self.years_old >= STALE

    def moved(self, years: int) -> tuple[Point, Point, Decimal] | None:
        """Return the point so many years before the newest, or the oldest since, the newest, and the difference."""
        if self.latest is None:
            return None
        last, since = self.latest.last, int(self.latest.last.period_key) - years
        first = next(point for point in self.latest.points if int(point.period_key) >= since)
        difference = change(first, last, self.breaks) if first is not last else None
        return None if difference is None else (first, last, difference)

    def notes(self) -> list[str]:
        """Return in words what a reader must know: modelled, old, computed, several editions, breaks."""
        found = []
        if self.is_computed:
            found.append(_("Computed from published values."))
        if self.is_modelled:
            found.append(_("Modelled or estimated, not measured."))
        if self.is_stale:
            found.append(_("The newest value is %(count)s years old.") % {"count": self.years_old})
        if self.latest and self.latest.source.is_superseded:
            found.append(_("Held in a superseded edition only."))
        if len(self.sources) > 1:
            found.append(_("Editions are drawn apart: their values are not comparable."))
        if any(year <= (self.latest.last.period_key if self.latest else "") for year in self.breaks):
            words = _("The source breaks before %(years)s: no line and no change across it.")
            found.append(words % {"years": ", ".join(self.breaks)})
        return found


# Reading


def published_series(keys: Iterable[SeriesKey]) -> dict[SeriesKey, PublishedSeries]:
    """Return many series by their keys, from a constant number of queries."""
    wanted = list(dict.fromkeys(keys))
    rows: dict[SeriesKey, list[Row]] = defaultdict(list)
    for key, row in _stored([key for key in wanted if not key.code.startswith(COMPUTED)]):
        rows[key].append(row)
    for code, compute in COMPUTATIONS.items():
        of_code = {key.economy: key for key in wanted if key.code == code}
        for economy, row in compute([*of_code]) if of_code else ():
            rows[of_code[economy]].append(row)
    sources = Source.objects.in_bulk({source for found in rows.values() for source, _year, _value in found})
    return {key: PublishedSeries(key, _pieces(rows[key], sources, definition_of(key.code))) for key in wanted}


def published_of(indicators: Iterable[Indicator]) -> dict[int, PublishedSeries]:
    """Return the series of external indicators by the key of the indicator, from a constant number of queries."""
    keys = {each.pk: SeriesKey.parse(each.series) for each in indicators if each.series}
    found = published_series(keys.values())
    return {pk: found[key] for pk, key in keys.items()}


def published(indicator: Indicator) -> Sequence[PublishedPiece]:
    """Return the pieces of an external indicator's series; editions and both sides of a break are never joined."""
    return published_of([indicator])[indicator.pk].pieces if indicator.series else []


def breaks_of(indicator: Indicator) -> tuple[str, ...]:
    """Return the years before which the source of an indicator's series declared it broken."""
    return definition_of(SeriesKey.parse(indicator.series).code).breaks


def published_readings(indicators: Iterable[Indicator]) -> dict[int, list[Reading]]:
    """Return the values of external indicators as readings of calendar years, oldest first.

    Each names its edition; where two editions tell of one year there are two readings, that in force last.
    """
    found = {}
    for pk, series in published_of(indicators).items():
        told = [(point, piece.source) for piece in series.pieces for point in piece.points]
        told.sort(key=lambda pair: (pair[0].period_key, not pair[1].is_superseded))
        found[pk] = [_reading(point, source) for point, source in told]
    return found


def _reading(point: Point, source: Source) -> Reading:
    year = int(point.period_key)
    return Reading(
        period=point.period_key,
        first_day=dt.date(year, 1, 1),
        last_day=dt.date(year, 12, 31),
        aggregate=Aggregate(Measured.of(point.value or Decimal(0)), 1, 0),
        edition=str(source),
        is_demo=source.is_demo,
    )


def _stored(keys: Collection[SeriesKey]) -> Iterable[tuple[SeriesKey, Row]]:
    """Yield the stored values of the keys, from one query."""
    wanted = set(keys)
    if not wanted:
        return
    shared = {"code__in": {key.code for key in wanted}, "economy__in": {key.economy for key in wanted}}
    rows = SeriesValue.objects.active().filter(sector__in={key.sector for key in wanted}, **shared).order_by("pk")
    for source, year, value, *parts in rows.values_list("source_id", "year", "value", *SeriesKey._fields):
        if (key := SeriesKey(*parts)) in wanted:
            yield key, (source, year, exact(value))


def _pieces(rows: Sequence[Row], sources: Mapping[int, Source], known: Definition) -> list[PublishedPiece]:
    points = [Point(str(year), value * known.scale, edition=str(source)) for source, year, value in rows]
    return [PublishedPiece(sources[int(piece[0].edition)], piece) for piece in series_pieces(points, known.breaks)]


def exact(value: float) -> Decimal:
    """Return a double as the shortest decimal that stands for it: what its source printed."""
    return Decimal(repr(value))


# Computing


def imported_shares(economies: Collection[str]) -> Iterable[tuple[str, Row]]:
    """Yield of each economy and year 1 - (domestic sales of inputs) / (use of inputs of all origins), over all sectors.

    A share, from one query. A year is left out where the two are not told of the same sectors, or nothing is used.
    Source: ADB multi-regional input-output tables; README of the reference (imported-input share).
    """
    used, sold = Q(code="intermediate_use_all_origins"), Q(code="domestic_sales_intermediate")
    rows: Any = SeriesValue.objects.active().filter(used | sold, economy__in=economies).order_by()
    sums = {"used": Sum("value", filter=used), "sold": Sum("value", filter=sold)}
    counts = {"users": Count("sector", filter=used), "sellers": Count("sector", filter=sold)}
    for row in rows.values("source_id", "economy", "year").annotate(**sums, **counts):
        if row["used"] and row["users"] == row["sellers"]:
            yield row["economy"], (row["source_id"], row["year"], 1 - exact(row["sold"]) / exact(row["used"]))


def imported_share(economy: str = HOME) -> dict[int, Decimal]:
    """Return the imported share of intermediate inputs of an economy by year; see `imported_shares`."""
    return {year: share for _economy, (_source, year, share) in sorted(imported_shares([economy]))}


def _top_partners(code: str) -> Callable[[Collection[str]], Iterable[tuple[str, Row]]]:
    """Return how the shares of the five largest partners add up; a year is left out unless all five are told."""

    def compute(economies: Collection[str]) -> Iterable[tuple[str, Row]]:
        rows = SeriesValue.objects.active().filter(code=code, economy__in=economies).order_by("source_id", "year")
        shares: dict[Any, list[Decimal]] = defaultdict(list)
        for source, economy, year, value in rows.values_list("source_id", "economy", "year", "value"):
            shares[economy, source, year].append(exact(value))
        for (economy, source, year), found in shares.items():
            if len(found) == PARTNERS:
                yield economy, (source, year, sum(found, Decimal(0)))

    return compute


COMPUTATIONS: dict[str, Callable[[Collection[str]], Iterable[tuple[str, Row]]]] = {
    f"{COMPUTED}imported-share": imported_shares,
    f"{COMPUTED}top-suppliers": _top_partners("Partner share(%)-Top 5 Import Partner"),
    f"{COMPUTED}top-markets": _top_partners("Partner share(%)-Top 5 Export Partner"),
}
