"""What part of all firms the register holds: known for the country, declared for places and sectors, else not known."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from capred_portal.facts import read
from capred_portal.figures import number
from enterprises.models import Completeness


@dataclass(frozen=True)
class Census:
    """The establishments a census counted, and where that is written."""

    year: int
    count: int
    source: str


@cache
def census() -> Census:
    """Return the newest economic census."""
    row = max(read(__file__, "establishments"), key=lambda row: int(row["year"]))
    return Census(int(row["year"]), int(row["count"]), row["source"])


@dataclass(frozen=True)
class Coverage:
    """How much of a scope the register holds: firms on it, of how many, or by whose word it is complete."""

    firms: int
    establishments: int | None = None
    declaration: Completeness | None = None

    @property
    def share_pct(self) -> Decimal | None:
        """The share of all establishments; all of them where the register is declared complete."""
        if self.declaration is not None:
            return Decimal(100)
        if self.establishments is None:
            return None
        return (Decimal(100 * self.firms) / self.establishments).quantize(Decimal("0.01"))

    @property
    def words(self) -> str:
        """Return the coverage as one sentence."""
        if self.declaration is not None:
            return _("Declared complete on %(date)s. Source: %(source)s") % {
                "date": date_format(self.declaration.declared_on),
                "source": self.declaration.source,
            }
        if self.establishments is None:
            return _("%(firms)s enterprises on the register; how many there are is not known (no denominator).") % {
                "firms": number(self.firms)
            }
        return _("%(firms)s of %(all)s establishments (Economic Census %(year)s)") % {
            "firms": number(self.firms),
            "all": number(self.establishments),
            "year": census().year,
        }

    @property
    def is_demo(self) -> bool:
        return self.declaration is not None and self.declaration.is_demo


def coverage(firms: int, *, province: str = "", sector: str = "", narrowed: bool = False) -> Coverage:
    """Return the coverage of the country, of a province, of a sector, or of both; `narrowed`: of a part of these."""
    if narrowed:
        return Coverage(firms)
    if not province and not sector:
        return Coverage(firms, census().count)
    return Coverage(firms, None, declared(Completeness.objects.active(), province, sector))


def declared(declarations: Iterable[Any], province: str, sector: str) -> Any:
    """Return the declaration that covers a province and sector: of both, or of either as a whole."""

    def covers(one: Any) -> bool:
        of_province = one.province_id is None or one.province_id == province
        of_sector = one.sector_id is None or (sector != "" and sector.startswith(one.sector_id))
        return of_province and of_sector

    return next((one for one in declarations if covers(one)), None)
