"""Revealed comparative advantage of Cambodia, where the exports of the world are held beside its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.db.models import Count, Q, Sum
from django.urls import reverse

from enterprises.hs import chapters
from indicators import economies
from indicators.analytics.import_dependency import revealed_comparative_advantage, symmetric_advantage
from indicators.filters.trade import YEAR
from indicators.inputs.trade import CHAPTER, Flow
from indicators.models import Source, TradeFlow
from indicators.models.trade import CAMBODIA, WORLD

MOST_SHOWN = 10


@dataclass(frozen=True)
class Advantage:
    """One chapter: what Cambodia and the world export of it in US$, the Balassa index, and it between -1 and 1."""

    code: str
    title: str
    exports: Decimal
    world: Decimal
    index: float
    symmetric: float


@dataclass(frozen=True)
class Advantages:
    """The chapters of one edition and year, strongest first, and how many economies the world is here."""

    source: Source
    year: int
    reporters: int
    rows: Sequence[Advantage]

    @property
    def rows_url(self) -> str:
        """The exports of all economies to the world that stand behind it."""
        asked = {"source": self.source.pk, "year": self.year, "period": YEAR, "flow": Flow.EXPORT.value}
        asked |= {"partner": WORLD, "level": CHAPTER}
        return f"{reverse('import_dependency:trade_flows')}?{urlencode(asked)}"

    @property
    def strongest(self) -> Sequence[Advantage]:
        return self.rows[:MOST_SHOWN]

    @property
    def strong(self) -> int:
        """How many chapters Cambodia exports more of than the world, in proportion."""
        return sum(row.index > 1 for row in self.rows)


def comparative_advantage(year: int | None = None) -> Advantages | None:
    """Return the comparative advantage by HS chapter in a year, by default the newest that can be told.

    The world is all economies that tell their exports to the partner World in the same edition, Cambodia among them;
    groups such as the European Union are left out, for their members tell the same goods. None where no edition holds
    the exports of others beside Cambodia's. Three queries.
    """
    exports = TradeFlow.objects.annual().of_level(CHAPTER).filter(flow=Flow.EXPORT, partner=WORLD).order_by()
    exports = exports.exclude(reporter__in=economies.AGGREGATES)
    if year is not None:
        exports = exports.filter(year=year)
    told = exports.values_list("source", "year").annotate(
        reporters=Count("reporter", distinct=True), own=Count("pk", filter=Q(reporter=CAMBODIA))
    )
    held = [row for row in told.filter(source__archived_at=None) if row[2] > 1 and row[3]]
    if not held:
        return None
    source, newest, reporters, _own = max(held, key=lambda row: (row[1], row[2], row[0]))
    by_chapter = exports.filter(source=source, year=newest).values_list("hs_code")
    sums = by_chapter.annotate(world=Sum("value_usd"), own=Sum("value_usd", filter=Q(reporter=CAMBODIA)))
    rows = advantages([(code, own or Decimal(0), world) for code, world, own in sums])
    return Advantages(Source.objects.get(pk=source), newest, reporters, rows)


def advantages(told: Sequence[tuple[str, Decimal, Decimal]]) -> list[Advantage]:
    """Return the index of each chapter from its code, the home exports and the world's; strongest first."""
    import pandas as pd  # slow to load, and most pages need none

    codes = [code for code, _own, _world in told]
    own, world = (pd.Series([float(row[place]) for row in told], index=codes, dtype=float) for place in (1, 2))
    index = revealed_comparative_advantage(own, world)
    names, symmetric = chapters(), symmetric_advantage(index)
    rows = [
        Advantage(code, names.get(code, ""), exports, others, float(index[code]), float(symmetric[code]))
        for code, exports, others in told
        if index[code] == index[code]  # NaN where nobody exports it
    ]
    return sorted(rows, key=lambda row: (-row.index, row.code))
