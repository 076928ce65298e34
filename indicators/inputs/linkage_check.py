"""Published backward linkages of Cambodia, 2015: a check beside a Cambodian table, never beside another country's."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from indicators.inputs.linkages import Findings, SectorLinkage
from indicators.inputs.tables import divisions_of

YEAR = 2015
SOURCE = _("Journal of Economic Structures 2021, table 5")


@dataclass(frozen=True)
class Published:
    """One published value, and the ISIC division by which its sector is found in a table."""

    title: Promise
    division: str
    value: float


VALUES = (
    Published(_("Textiles"), "13", 1.16),
    Published(_("Food and beverages"), "10", 1.20),
    Published(_("Other manufacturing"), "32", 1.22),
)


@dataclass(frozen=True)
class Compared:
    """A published value beside the one computed from the table shown; without one, the sector was not found."""

    published: Published
    sector: SectorLinkage | None

    @property
    def computed(self) -> float | None:
        return self.sector.power if self.sector else None

    @property
    def difference(self) -> float | None:
        return None if self.computed is None else self.computed - self.published.value

    @property
    def signed(self) -> str:
        return "" if self.difference is None else f"{self.difference:+.2f}"


def compared_with(findings: Findings) -> Sequence[Compared]:
    """Return the three published values with those of a Cambodian table; nothing for another country's table."""
    if not findings.table.is_cambodian:
        return []
    divisions = divisions_of(findings.table)
    return [Compared(published, sector_in(findings, divisions, published.division)) for published in VALUES]


def sector_in(
    findings: Findings, divisions: dict[str, list[tuple[str, Decimal]]], division: str
) -> SectorLinkage | None:
    """Return the first sector of the table that lies in the division."""
    return next(
        (
            row
            for row in sorted(findings.shown, key=lambda row: len(divisions.get(row.code, [])))
            if any(code == division for code, _weight in divisions.get(row.code, []))
        ),
        None,
    )
