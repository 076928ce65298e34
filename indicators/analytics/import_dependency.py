"""How much comes from abroad: imported shares of inputs and of use, concentration of sources, comparative advantage.

pandas and numpy are slow to import, so that only the functions which need them by name do.
"""

from __future__ import annotations

from math import isclose, nan
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from indicators.analytics.accounts import Accounts

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

Amounts = TypeVar("Amounts", float, "pd.Series[float]", "pd.DataFrame")
ROUNDING = 1e-6  # how far the parts of a whole may miss it, of the whole


class ImportedShare(NamedTuple):
    """The imported share of intermediate inputs, of each buyer, each input and all; NaN without inputs, or unknown."""

    by_buyer: pd.Series[float]
    by_input: pd.Series[float]
    whole: float


class NotWhole(ValueError):
    """The whole of which parts are to be taken is not known, or its parts do not add up to it."""


def ratio(part: Any, whole: Any) -> Any:
    """Return part / whole for numbers or labelled objects; NaN where the whole is not above 0."""
    if hasattr(whole, "where"):
        return part / whole.where(whole > 0)
    return part / whole if whole > 0 else nan


def imported_input_share(accounts: Accounts) -> ImportedShare:
    """Return the part of intermediate inputs that is imported: sum zm / sum (zm + zd), 0 to 1.

    Shape: one value per buying sector (over its column), one per input (over its row), one for the economy. Edge
    cases: NaN where nothing is bought; by input also where the table tells imports by buyer only. Taxes are in neither.
    Errors: NotInTable("domestic", "imports"). Source: derived; Miller and Blair 2009, chapter 2.
    """
    import numpy as np
    import pandas as pd

    domestic, by_buyer = accounts.require("domestic").to_numpy(), accounts.require("imports").to_numpy()
    by_input = np.full(len(domestic), nan)
    if accounts.imported is not None:
        imported = accounts.imported.to_numpy()
        by_input = share(imported.sum(axis=1), (imported + domestic).sum(axis=1))
    bought = domestic.sum(axis=0) + by_buyer
    whole = ratio(float(by_buyer.sum()), float(bought.sum()))
    return ImportedShare(
        pd.Series(share(by_buyer, bought), accounts.sectors), pd.Series(by_input, accounts.sectors), whole
    )


def share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Return part / whole; NaN where the whole is not above 0."""
    import numpy as np

    shares: np.ndarray = np.divide(part, whole, out=np.full(len(part), nan), where=whole > 0)
    return shares


def import_penetration(imports: Amounts, output: Amounts, exports: Amounts) -> Amounts:
    """Return the part of what is used at home that is imported: M / (Q - X + M).

    Shape: numbers, or labelled objects of one shape, all in one unit and at prices that compare. Unit: a ratio, 0 to
    1 unless imports are exported again (then above 1). Edge cases: NaN where nothing is used at home, or less.
    Source: OECD, STAN Indicators (import penetration).
    """
    found: Amounts = ratio(imports, output - exports + imports)
    return found


def dependency_ratio(imports: Amounts, production: Amounts, exports: Amounts) -> Amounts:
    """Return the part of the domestic supply of a product that comes from imports: M / (Q - X + M).

    The same formula as `import_penetration`, of one product and in quantities; the FAO prints it times 100 and leaves
    changes of stocks out. Shape, unit and edge cases: as there. Source: FAO, Food Balance Sheets: A Handbook, 2001.
    """
    return import_penetration(imports, production, exports)


def herfindahl_hirschman(values: pd.Series[float], total: float | None = None) -> float:
    """Return how concentrated sources or products are: HHI = sum s_i^2, s_i = value_i / total.

    Shape: one value per source. Unit: 1/n where n are equal, to 1 where there is one. Edge cases: NaN where the total
    is 0. Errors: NotWhole where the total is not told, a value is unknown or negative, or the values do not add up to
    the total (within 1e-6): the largest sources alone do not say how concentrated all are.
    Source: O. C. Herfindahl 1950; A. O. Hirschman, National Power and the Structure of Foreign Trade, 1945.
    """
    if total is None:
        raise NotWhole("the total is not known")
    if not (values >= 0).all():
        raise NotWhole("a value is unknown or negative")
    if not isclose(float(values.sum()), total, rel_tol=ROUNDING):
        raise NotWhole("the values do not add up to the total")
    return float((values / total).pow(2).sum()) if total > 0 else nan


def revealed_comparative_advantage(exports: pd.Series[float], world: pd.Series[float]) -> pd.Series[float]:
    """Return how much more of a product a country exports than the world: RCA = (x_ci / x_c) / (x_wi / x_w).

    Shape: one value per product, of all products (the totals are their sums), both in one unit. Unit: a ratio; above
    1 a comparative advantage. Edge cases: NaN where the world does not export the product, or the country nothing.
    Errors: ValueError where the products differ. Source: B. Balassa, "Trade liberalisation and 'revealed' comparative
    advantage", The Manchester School 33 (1965) 99-123.
    """
    if not exports.index.is_unique or set(exports.index) != set(world.index):
        raise ValueError("the products are not the same")
    world = world.loc[exports.index]
    found: pd.Series[float] = ratio(exports / exports.sum(), world / world.sum())
    return found


def symmetric_advantage(advantage: pd.Series[float]) -> pd.Series[float]:
    """Return the advantage between -1 and 1, 0 being the average: (RCA - 1) / (RCA + 1).

    Shape: as given; NaN stays. Source: B. Dalum, K. Laursen and G. Villumsen 1998; K. Laursen, "Revealed comparative
    advantage and the alternatives as measures of international specialization", Eurasian Business Review 5 (2015).
    """
    return (advantage - 1) / (advantage + 1)
