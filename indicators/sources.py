"""What the editions of published sources hold: their series, with years, economies and numbers of values."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, Min

from indicators.models import SeriesValue, Source
from indicators.series import Definition, definition_of


@dataclass(frozen=True)
class HeldSeries:
    """One series of an edition."""

    code: str
    definition: Definition
    values: int
    economies: int
    first_year: int
    last_year: int


@dataclass(frozen=True)
class Edition:
    """An edition with the series it holds."""

    source: Source
    series: Sequence[HeldSeries]

    @property
    def values(self) -> int:
        return sum(each.values for each in self.series)


def editions_held() -> list[Edition]:
    """Return all editions, from two queries."""
    rows = SeriesValue.objects.active().values("source_id", "code").order_by("source_id", "code")
    counted = rows.annotate(
        count=Count("pk"), economies=Count("economy", distinct=True), first=Min("year"), last=Max("year")
    )
    held: dict[int, list[HeldSeries]] = defaultdict(list)
    for row in counted:
        numbers = (row["count"], row["economies"], row["first"], row["last"])
        held[row["source_id"]].append(HeldSeries(row["code"], definition_of(row["code"]), *numbers))
    return [Edition(source, held[source.pk]) for source in Source.objects.active()]
