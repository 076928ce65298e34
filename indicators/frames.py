"""Rows of the register as tables: how many firms and jobs each province has in each division of ISIC."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, Sum

from enterprises.models import Enterprise, Province, Sector

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class PlaceCounts:
    """Firms by province and division; jobs, and the firms whose jobs nobody knows, where they were asked for."""

    firms: pd.DataFrame
    jobs: pd.DataFrame | None
    unknown: pd.DataFrame | None
    unplaced: int  # firms without a province or a division: in no cell


def place_counts(*, is_demo: bool, with_jobs: bool) -> PlaceCounts:
    """Count active firms, real ones or those of the demonstration, by province and division: one query each.

    The database groups by province and sector, the order of its index; divisions are added up here.
    """
    rows = Enterprise.objects.active().filter(is_demo=is_demo).order_by().values_list("province", "sector")
    measures: dict[str, Any] = {"firms": Count("pk")}
    if with_jobs:
        measures |= {"jobs": Sum("latest__employees"), "unknown": Count("pk", filter=Q(latest__employees=None))}
    provinces = list(Province.objects.values_list("code", flat=True))
    divisions = list(Sector.objects.divisions().values_list("code", flat=True))
    known = set(divisions)
    cells: list[dict[tuple[str, str], int]] = [defaultdict(int) for _measure in measures]
    unplaced = 0
    for province, sector, *numbers in rows.annotate(**measures):
        division = (sector or "")[:2]
        if province is None or division not in known:
            unplaced += numbers[0]
            continue
        for cell, number in zip(cells, numbers, strict=True):
            cell[province, division] += number or 0
    firms, *others = [_frame(cell, provinces, divisions) for cell in cells]
    jobs, unknown = others or (None, None)
    return PlaceCounts(firms, jobs, unknown, unplaced)


def _frame(cells: dict[tuple[str, str], int], provinces: list[str], divisions: list[str]) -> pd.DataFrame:
    """Return the counts with provinces as rows and divisions as columns; what has no rows counts 0."""
    import pandas as pd

    rows = [[cells.get((province, division), 0) for division in divisions] for province in provinces]
    return pd.DataFrame(rows, index=provinces, columns=divisions)
