"""Where a division is concentrated: location quotients, how far they can be trusted, and three stars of a cluster.

All frames have provinces as rows and divisions as columns, and hold counts of one kind: firms, or jobs. pandas is
slow to import, so that only the functions which need it by name do.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd

Confidence = Literal["sound", "none", "few firms", "jobs unknown", "not compared"]

MINIMUM_FIRMS = 10  # with fewer, one firm that opens or closes moves a quotient by more than a tenth
UNKNOWN_JOBS_LIMIT = 0.20  # share of the firms of a cell whose jobs nobody knows
SPECIALISED = 2.0  # a quotient from which a cell counts as specialised
TOP_SHARE = 0.10  # the part of the cells that earns the star for size, and for focus
EXCEPTIONAL = 1.96  # standard deviations, two-sided 5 %


@dataclass(frozen=True)
class Territory:
    """What is compared: these provinces with each other, over these divisions. Everything else is left out."""

    provinces: list[str]
    divisions: list[str]


def comparable_territory(
    counts: pd.DataFrame, provinces: Collection[str], divisions: Collection[str]
) -> Territory | None:
    """Return the largest territory in which the register is complete, or None where there is nothing to compare.

    `provinces` are declared complete in every division, `divisions` in every province. A quotient needs the totals of
    its row and its column over the same territory, so that it must be a rectangle: the complete provinces with all
    divisions, or all provinces with the complete divisions, whichever has more cells (the provinces, if equal).

    Edge cases: names that are not in the frame are left out; fewer than two provinces or two divisions give None,
    because a part compared with itself is always 1.
    """
    rows, columns = list(counts.index), list(counts.columns)
    choices = [
        Territory([row for row in rows if row in provinces], columns),
        Territory(rows, [column for column in columns if column in divisions]),
    ]
    choices = [choice for choice in choices if min(len(choice.provinces), len(choice.divisions)) > 1]
    return max(choices, key=lambda choice: len(choice.provinces) * len(choice.divisions), default=None)


def within(counts: pd.DataFrame, territory: Territory | None) -> pd.DataFrame:
    """Return the counts of the territory as numbers; all of them without one.

    Errors: ValueError for a negative or unknown count in the territory, a label that comes twice, and a territory
    that names a province or division the frame does not have.
    """
    if not (counts.index.is_unique and counts.columns.is_unique):
        raise ValueError("a province or division comes twice")
    if territory:
        missing = [*set(territory.provinces) - set(counts.index), *set(territory.divisions) - set(counts.columns)]
        if missing:
            raise ValueError(f"not in the counts: {', '.join(sorted(missing))}")
        counts = counts.loc[territory.provinces, territory.divisions]
    numbers = counts.astype(float)
    if not (numbers >= 0).all(axis=None):
        raise ValueError("a count is negative or unknown")
    return numbers


def size_shares(counts: pd.DataFrame, territory: Territory | None = None) -> pd.DataFrame:
    """Return each cell's share of its division: E_ir / E_i, 0 to 1.

    Shape: as `counts`. NaN outside the territory and in a division without a single count. Errors: see `within`.
    Source: European Cluster Observatory, "size" (see `cluster_strength`).
    """
    numbers = within(counts, territory)
    totals = numbers.sum(axis=0)
    return numbers.div(totals.where(totals > 0), axis=1).reindex_like(counts)


def focus_shares(counts: pd.DataFrame, territory: Territory | None = None) -> pd.DataFrame:
    """Return each cell's share of its province: E_ir / E_r, 0 to 1.

    Shape: as `counts`. NaN outside the territory and in a province without a single count. Errors: see `within`.
    Source: European Cluster Observatory, "focus" (see `cluster_strength`).
    """
    numbers = within(counts, territory)
    totals = numbers.sum(axis=1)
    return numbers.div(totals.where(totals > 0), axis=0).reindex_like(counts)


def location_quotients(counts: pd.DataFrame, territory: Territory | None = None) -> pd.DataFrame:
    """Return how much more of a division a province has than the territory on average.

    LQ_ir = (E_ir / E_r) / (E_i / E), where E_ir counts division i in province r, E_r the province over the divisions
    of the territory, E_i the division over its provinces, and E the territory. 1 is average, 2 twice the average.

    What is compared: only the provinces of `territory` with each other, and only its divisions; E is their total, not
    the country's. Without a territory it is the whole frame, which is right only where the register is complete.
    Whether to refuse is the caller's decision: from a partial register a quotient measures registration.

    Shape: as `counts`. Unit: a ratio from 0. An empty cell is 0, a finding. NaN, "cannot be said", stands outside the
    territory, in a division without a count (E_i = 0) and in a province without one (E_r = 0). A territory of one
    province or one division gives 1 throughout.

    Identities: over provinces, the mean of LQ_ir weighted by E_r / E is 1 for every division with a count; over
    divisions, weighted by E_i / E, it is 1 for every province with one; counts times a constant change nothing.

    Errors: see `within`. Source: D. O'Donoghue and B. Gleave, "A note on methods for measuring industrial
    agglomeration", Regional Studies 38 (2004) 419-427.
    """
    numbers = within(counts, territory)
    of_division, total = numbers.sum(axis=0), numbers.to_numpy().sum()
    average = of_division.where(of_division > 0) / total
    return focus_shares(counts, territory).div(average, axis=1).reindex_like(counts)


def standardised_quotients(quotients: pd.DataFrame) -> pd.DataFrame:
    """Return how many standard deviations a quotient lies from the mean of its division, on the logarithmic scale.

    z_ir = (ln LQ_ir - mean_r ln LQ_ir) / sd_r ln LQ_ir, over the provinces with LQ > 0, sd with n - 1. Quotients are
    skewed, so that logarithms are taken first; from EXCEPTIONAL (1.96) on a concentration is unlikely to be chance.

    Shape: as `quotients`. NaN where the quotient is 0 or unknown, and in a division with fewer than three quotients
    above 0 or without any spread. Source: O'Donoghue and Gleave 2004, the standardised location quotient.
    """
    import numpy as np

    logs = quotients.where(quotients > 0).apply(np.log)
    spread = logs.std(axis=0, ddof=1)
    enough = (logs.count(axis=0) >= 3) & (spread > 1e-9)
    return logs.sub(logs.mean(axis=0), axis=1).div(spread.where(enough), axis=1)


def confidence(
    firms: pd.DataFrame, unknown_jobs: pd.DataFrame | None = None, territory: Territory | None = None
) -> pd.DataFrame:
    """Return for each cell how far its quotient can be trusted, as one of the words of `Confidence`.

    `firms` counts firms, whatever the quotient counts; `unknown_jobs` counts those of them without a number of jobs,
    and is given where the quotient counts jobs. "not compared" stands outside the territory, "none" where there is
    no firm (the quotient is a true 0), "few firms" below MINIMUM_FIRMS (10), "jobs unknown" where the jobs of more
    than UNKNOWN_JOBS_LIMIT (20 %) of the firms are not known, "sound" elsewhere.

    Shape: as `firms`. Errors: see `within`, for both frames; ValueError where more jobs are unknown than firms exist.
    """
    numbers = within(firms, territory)
    words = numbers.astype(object).mask(numbers >= 0, "sound")
    if unknown_jobs is not None:
        unknown = within(unknown_jobs, territory).reindex_like(numbers).fillna(0)
        if (unknown > numbers).any(axis=None):
            raise ValueError("more firms without jobs than firms")
        words = words.mask(unknown > UNKNOWN_JOBS_LIMIT * numbers, "jobs unknown")
    words = words.mask(numbers < MINIMUM_FIRMS, "few firms").mask(numbers == 0, "none")
    return words.reindex_like(firms).fillna("not compared")


def in_top(values: pd.Series[float], share: float = TOP_SHARE) -> pd.Series[bool]:
    """Tell which values are among the highest `share` of those above 0, at least one place.

    Values that tie across the edge are all left out: where all are equal, none stands out. NaN is never in.
    """
    present = values.where(values > 0)
    places = ceil(round(share * int(present.count()), 9))
    return present.rank(ascending=False, method="max") <= places


def cluster_strength(
    counts: pd.DataFrame, firms: pd.DataFrame | None = None, territory: Territory | None = None
) -> pd.DataFrame:
    """Return one row per cell of the territory with its measures and its stars, strongest first.

    size: E_ir / E_i is among the highest TOP_SHARE (10 %) of the provinces that have the division at all;
    specialisation: LQ_ir >= SPECIALISED (2); focus: E_ir / E_r is among the highest 10 % of all cells above 0. One
    star each. A cell with fewer than MINIMUM_FIRMS (10) firms earns none; `firms` is `counts` unless jobs are counted.
    The Observatory asks for 1,000 jobs instead and ranks the regions of Europe; we rank those of the territory.

    Shape: index (province, division); columns count, firms, size_share, quotient, focus_share (shares 0 to 1), size,
    specialisation, focus (bool), stars (0 to 3). Cells of an empty province or division are left out. Order: stars,
    then quotient, then count, all descending. Errors: see `within`, for both frames.
    Source: European Cluster Observatory; Ö. Sölvell, C. Ketels and G. Lindqvist, "Industrial specialization and
    regional clusters in the ten new EU member states", Competitiveness Review 18 (2008) 104-130.
    """
    import pandas as pd

    sizes = size_shares(counts, territory)
    measures = {
        "count": within(counts, territory).reindex_like(counts),
        "firms": within(counts if firms is None else firms, territory).reindex_like(counts),
        "size_share": sizes,
        "quotient": location_quotients(counts, territory),
        "focus_share": focus_shares(counts, territory),
        "size": sizes.apply(in_top),
    }
    table = pd.DataFrame({name: frame.stack() for name, frame in measures.items()}).rename_axis(
        ["province", "division"]
    )
    table = table[table["quotient"].notna()]
    enough = table["firms"] >= MINIMUM_FIRMS
    table["size"] = table["size"].astype(bool) & enough
    table["specialisation"] = (table["quotient"] >= SPECIALISED) & enough
    table["focus"] = in_top(table["focus_share"]) & enough
    table["stars"] = table[["size", "specialisation", "focus"]].sum(axis=1)
    return table.sort_values(["stars", "quotient", "count"], ascending=False, kind="stable")
