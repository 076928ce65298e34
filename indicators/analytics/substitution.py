"""What a change would bring: imports moved to domestic supply, another final demand, a sector that is not there.

Prices and all other inputs per unit of output stay as they are, and every sector can make what is asked of it.
Notation as in `input_output`. pandas and numpy are slow to import, so that only the functions which need them do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from indicators.analytics.accounts import Accounts
from indicators.analytics.input_output import leontief_inverse, per_output, system, technical_coefficients

if TYPE_CHECKING:
    import pandas as pd

Extraction = Literal["total", "column", "row"]


@dataclass(frozen=True)
class Outcome:
    """Each sector before and after: columns output, value_added, and where the table holds them jobs and imports.

    `imports` are those of the sector's products, for inputs and for final demand; the rest is of the sector itself.
    """

    before: pd.DataFrame
    after: pd.DataFrame

    @property
    def change(self) -> pd.DataFrame:
        return self.after - self.before


# Imports moved to domestic supply


def substitute(
    accounts: Accounts,
    shares: pd.DataFrame | None = None,
    final_shares: pd.Series[float] | None = None,
    demand_change: pd.Series[float] | None = None,
) -> Outcome:
    """Return what moving imports to domestic supply, and a change of final demand, would bring.

    Ad' = Ad + S o Am, Am' = Am - S o Am, fd' = fd + s o fm + change, x' = (I - Ad')^-1 fd'; value added and jobs per
    unit of output stay. Before is the same without S, s and change: (I - Ad)^-1 fd, which is the output of the table
    where its rows add up.

    Shape: `shares` S is input x buyer, `final_shares` s and `demand_change` one value per sector; what they leave out
    is 0. Unit: shares 0 to 1; the change in the unit of the table, for domestic products. Edge cases: a negative
    import moves as it stands, imports that are exported again move with the rest of fm; a sector without output gains
    output but, as nothing is known of how it would produce, neither value added nor jobs; "imports" is left out where
    the table does not hold them by product and buyer, "jobs" where it has none.

    Errors: NotInTable("domestic"; "imported" for S; "final_imported" for s), ValueError for a share outside 0 to 1 or
    a sector that is not in the table, DoesNotConverge. Source: Miller and Blair 2009, chapters 2 and 13.
    """
    domestic = technical_coefficients(accounts.require("domestic"), accounts.output)
    imported = accounts.imported if shares is None else accounts.require("imported")
    abroad = accounts.final_imported if final_shares is None else accounts.require("final_imported")
    imported = domestic * 0.0 if imported is None else technical_coefficients(imported, accounts.output)
    final = accounts.final_domestic.sum(axis=1)
    abroad = final * 0.0 if abroad is None else abroad.sum(axis=1)
    moved = imported * (0.0 if shares is None else filled(part(shares), accounts))
    taken = abroad * (0.0 if final_shares is None else filled(part(final_shares), accounts))
    change = 0.0 if demand_change is None else filled(demand_change, accounts)
    return Outcome(
        result(accounts, domestic, imported, final, abroad),
        result(accounts, domestic + moved, imported - moved, final + taken + change, abroad - taken),
    )


def part(shares: Any) -> Any:
    """Return shares that are all between 0 and 1. Errors: ValueError."""
    if not ((shares >= 0) & (shares <= 1)).to_numpy().all():
        raise ValueError("a share is not between 0 and 1")
    return shares


def filled(values: Any, accounts: Accounts) -> Any:
    """Return values for all sectors, in rows and, if there are any, columns; 0 where none is given.

    Errors: ValueError for a sector that comes twice or is not in the table, and for a value that is no number.
    """
    for labels in values.axes:
        if not (labels.is_unique and set(labels) <= set(accounts.sectors)):
            raise ValueError("a sector comes twice or is not in the table")
    if values.isna().to_numpy().any():
        raise ValueError("a value is missing")
    axes = dict.fromkeys(("index", "columns")[: values.ndim], accounts.sectors)
    return values.reindex(**axes, fill_value=0.0)


def result(
    accounts: Accounts,
    domestic: pd.DataFrame,
    imported: pd.DataFrame,
    final: pd.Series[float],
    abroad: pd.Series[float],
) -> pd.DataFrame:
    """Return what each sector makes under these coefficients and final demands."""
    import pandas as pd

    output = made(domestic, final)
    columns = {"output": output, "value_added": per_output(accounts.value_added, accounts.output) * output}
    if accounts.jobs is not None:
        columns["jobs"] = per_output(accounts.jobs, accounts.output) * output
    if accounts.imported is not None:
        columns["imports"] = imported.dot(output) + abroad
    return pd.DataFrame(columns)


def made(coefficients: pd.DataFrame, final: pd.Series[float]) -> pd.Series[float]:
    """Return the output that final demand calls forth: (I - A)^-1 f. Errors: DoesNotConverge."""
    import numpy as np
    import pandas as pd

    return pd.Series(np.linalg.solve(system(coefficients), final.to_numpy(dtype=float)), final.index)


def three_cases(
    accounts: Accounts,
    shares: pd.DataFrame | None = None,
    final_shares: pd.Series[float] | None = None,
    demand_change: pd.Series[float] | None = None,
    *,
    spread: float,
) -> dict[str, Outcome]:
    """Return the outcomes "low", "central" and "high": all shares and the change times 1 - spread, 1 and 1 + spread.

    `spread` is 0 to 1, one uncertainty for all. Shares stay within 0 to 1, so that high may be nearer than low.
    Low and high are of the size of the change, also where demand falls. Errors: as `substitute`; ValueError for a
    spread outside 0 to 1. Source: derived; a scenario's own assumption, no error of measurement.
    """
    if not 0 <= spread <= 1:
        raise ValueError("the spread is not between 0 and 1")
    central = substitute(accounts, shares, final_shares, demand_change)
    cases = {"low": 1 - spread, "high": 1 + spread}
    low, high = (
        substitute(
            accounts,
            None if shares is None else (shares * factor).clip(upper=1.0),
            None if final_shares is None else (final_shares * factor).clip(upper=1.0),
            None if demand_change is None else demand_change * factor,
        )
        for factor in cases.values()
    )
    return {"low": low, "central": central, "high": high}


# Sectors that are not there


def hypothetical_extraction(accounts: Accounts, sector: str, kind: Extraction = "total") -> float:
    """Return the output that the economy would lose without a sector: u x - u (I - A')^-1 f'.

    x = (I - Ad)^-1 fd. "total": its row and column of Ad and its final demand are 0. "column": it buys nothing at
    home. "row": it sells no inputs at home; final demand for it stays. Unit: as the table, 0 or more where no entry is
    negative. Errors: NotInTable("domestic"), DoesNotConverge, KeyError for a sector that is not in the table.
    Source: E. Dietzenbacher and M. L. Lahr, "Expanding extractions", Economic Systems Research 25 (2013) 341-360.
    """
    coefficients = technical_coefficients(accounts.require("domestic"), accounts.output)
    final = accounts.final_domestic.sum(axis=1)
    if sector not in accounts.sectors:
        raise KeyError(sector)
    before = made(coefficients, final).sum()
    without, demand = coefficients.copy(), final.copy()
    if kind != "row":
        without[sector] = 0.0
    if kind != "column":
        without.loc[sector] = 0.0
    if kind == "total":
        demand[sector] = 0.0
    return float(before - made(without, demand).sum())


def extraction_losses(accounts: Accounts) -> pd.DataFrame:
    """Return `hypothetical_extraction` of every sector and kind at once.

    With b = u L: total b_k x_k / l_kk, column (b_k - 1) x_k / l_kk, row b_k (x_k - f_k) / l_kk. Shape: one row per
    sector; columns total, column, row. Errors: NotInTable("domestic"), DoesNotConverge. Source: as there.
    """
    import numpy as np
    import pandas as pd

    inverse = leontief_inverse(technical_coefficients(accounts.require("domestic"), accounts.output)).to_numpy()
    final = accounts.final_domestic.to_numpy().sum(axis=1)
    output, pull = inverse @ final, inverse.sum(axis=0)
    own = np.diag(inverse)
    losses = {"total": pull * output, "column": (pull - 1) * output, "row": pull * (output - final)}
    return pd.DataFrame({kind: loss / own for kind, loss in losses.items()}, accounts.sectors)
