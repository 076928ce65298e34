"""What an input-output table says: coefficients, linkages, imports in what is made and exported, multipliers.

Notation of the formulas: Zd domestic and Zm imported inputs (rows sell, columns buy), Z = Zd + Zm, x output, v value
added, t taxes less subsidies on inputs, f final demand for domestic products, e exports, u a row of ones,
A = Z diag(x)^-1, L = (I - Ad)^-1 unless it says otherwise. Negative entries (stocks run down, subsidies) are kept as
they stand. Where the output of a sector is 0, or rounding (`NOTHING`), its column of A is 0 and its coefficients are 0.
pandas and numpy are slow to import, so that only the functions which need them by name do.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import nan
from typing import TYPE_CHECKING

from indicators.analytics.accounts import NOTHING, Accounts, DoesNotConverge, NotInTable
from indicators.analytics.import_dependency import share

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = [
    "Accounts",
    "DoesNotConverge",
    "NotInTable",
    "backward_linkages",
    "check_convergence",
    "direct_import_coefficients",
    "domestic_value_added_in_exports",
    "employment_multipliers",
    "forward_linkages",
    "ghosh_inverse",
    "import_content_of_exports",
    "imports_in_exports",
    "leontief_inverse",
    "linkage_table",
    "localisation_gap",
    "per_output",
    "power_of_dispersion",
    "sensitivity_of_dispersion",
    "system",
    "technical_coefficients",
    "total_import_coefficients",
    "type_one_ratios",
    "value_added_in_exports",
    "value_added_multipliers",
]

SQUARINGS = 30  # A to the power 2^30: what has not died out by then does not
LINKAGE_COLUMNS = (
    "output backward_domestic backward_total gap power_domestic power_total sensitivity_domestic sensitivity_total"
    " forward direct_import total_import value_added_multiplier jobs_multiplier type_one imported_share exports is_key"
).split()


# Coefficients and inverses


def divisor(output: pd.Series[float]) -> np.ndarray:
    """Return output to divide by: endless where it is nothing, so that the quotient is 0."""
    import numpy as np

    values = output.to_numpy(dtype=float)
    return np.where(values > NOTHING * values.sum(), values, np.inf)


def per_output(amounts: pd.Series[float], output: pd.Series[float]) -> pd.Series[float]:
    """Return each sector's amount per unit of its output; 0 where the output is nothing."""
    shares: pd.Series[float] = amounts / divisor(output)
    return shares


def technical_coefficients(flows: pd.DataFrame, output: pd.Series[float]) -> pd.DataFrame:
    """Return what each sector buys per unit of its output: a_ij = z_ij / x_j.

    Shape: as `flows`, square, buyers in columns. Unit: a ratio. Edge cases: an output of 0 gives a column of 0.
    Errors: KeyError for a buyer without output. Source: R. E. Miller and P. D. Blair, Input-Output Analysis, 2nd
    edition 2009, chapter 2.
    """
    import pandas as pd

    if not flows.columns.equals(output.index):
        output = output.loc[flows.columns]
    return pd.DataFrame(flows.to_numpy(dtype=float) / divisor(output), flows.index, flows.columns)


def check_convergence(coefficients: np.ndarray, sectors: Sequence[str]) -> None:
    """Raise DoesNotConverge unless A + A^2 + A^3 ... has an end.

    Columns of absolute values that add up to less than 1 suffice. Else A is squared again and again: its spectral
    radius is below 1 exactly where the powers die out. Powers of any sign, also those that turn in circles, show it.
    """
    import numpy as np

    sums = np.abs(coefficients).sum(axis=0)
    power, largest = coefficients, sums.max(initial=0.0)
    for _ in range(SQUARINGS):
        if largest < (1 - NOTHING if power is coefficients else 0.5):
            return
        if largest > 1e150:
            break
        power = power @ power
        largest = np.abs(power).sum(axis=0).max()
    raise DoesNotConverge([sector for sector, total in zip(sectors, sums, strict=True) if total >= 1 - NOTHING])


def system(coefficients: pd.DataFrame) -> np.ndarray:
    """Return I - A. Errors: DoesNotConverge; ValueError where rows and columns are not in one order."""
    import numpy as np

    if not coefficients.index.equals(coefficients.columns):
        raise ValueError("rows and columns are not in one order")
    values = coefficients.to_numpy(dtype=float)
    check_convergence(values, list(coefficients.columns))
    difference: np.ndarray = np.eye(len(values)) - values
    return difference


def leontief_inverse(coefficients: pd.DataFrame) -> pd.DataFrame:
    """Return the output of every sector that one unit of final demand needs: L = (I - A)^-1 = I + A + A^2 + ...

    Shape: as `coefficients`, square. Unit: a ratio; what column j is demanded calls forth in row i. Solved by LU.
    Errors: DoesNotConverge. Source: W. Leontief 1936; Miller and Blair 2009, chapter 2.
    """
    import numpy as np
    import pandas as pd

    inverse = np.linalg.solve(system(coefficients), np.eye(len(coefficients)))
    return pd.DataFrame(inverse, coefficients.index, coefficients.columns)


def ghosh_inverse(flows: pd.DataFrame, output: pd.Series[float]) -> pd.DataFrame:
    """Return where a unit of a sector's primary inputs ends up: G = (I - B)^-1, b_ij = z_ij / x_i.

    Shape: as `flows`. Unit: a ratio. Edge cases: an output of 0 gives a row of 0 in B and no more than itself in G.
    Identity: g_ij = l_ij x_j / x_i. Errors: DoesNotConverge.
    Source: A. Ghosh, "Input-output approach in an allocation system", Economica 25 (1958) 58-64.
    """
    import numpy as np
    import pandas as pd

    system(technical_coefficients(flows, output))  # B converges where A does
    allocation = technical_coefficients(flows.T, output).T.to_numpy()
    unit = np.eye(len(allocation))
    return pd.DataFrame(np.linalg.solve(unit - allocation, unit), flows.index, flows.columns)


# Linkages


def backward_linkages(inverse: pd.DataFrame) -> pd.Series[float]:
    """Return the output of all sectors that one unit of final demand for a sector calls forth: u L.

    Shape: one value per column. Unit: a ratio, 1 or more where no entry is negative.
    Source: P. N. Rasmussen, Studies in Inter-Sectoral Relations, 1956; A. O. Hirschman 1958.
    """
    return inverse.sum(axis=0)


def over_mean(values: pd.Series[float], producing: pd.Series[bool] | None) -> pd.Series[float]:
    """Return values as multiples of their mean, over the sectors that produce where those are told."""
    return values / (values if producing is None else values[producing]).mean()


def power_of_dispersion(inverse: pd.DataFrame, producing: pd.Series[bool] | None = None) -> pd.Series[float]:
    """Return backward linkages as multiples of the average: U_j = (mean_i l_ij) / (mean of all l).

    Shape: one value per column. Unit: a ratio, above 1 where a sector pulls more than the average one. The average is
    taken over the sectors that are `producing`, so that an empty one does not lower it; over all without it.
    Identity: the mean of the sectors it is taken over is 1. Source: Rasmussen 1956.
    """
    return over_mean(inverse.sum(axis=0), producing)


def sensitivity_of_dispersion(inverse: pd.DataFrame, producing: pd.Series[bool] | None = None) -> pd.Series[float]:
    """Return how much a sector must make when final demand for every sector rises by one unit, over the average.

    U_i = (mean_j l_ij) / (mean of all l), over the columns that are `producing`, or over all. Shape: one value per
    row. Unit: a ratio, above 1 where others need a sector more than the average one. Identity: the mean is 1.
    Source: Rasmussen 1956.
    """
    columns = inverse if producing is None else inverse.loc[:, producing]
    return over_mean(columns.sum(axis=1), producing)


def forward_linkages(ghosh: pd.DataFrame) -> pd.Series[float]:
    """Return what a unit of primary inputs of a sector comes to in all sectors that use it: row sums of G.

    Shape: one value per row. Unit: a ratio, 1 or more where no entry is negative. Source: Ghosh 1958; L. P. Jones,
    "The measurement of Hirschmanian linkages", Quarterly Journal of Economics 90 (1976) 323-333.
    """
    return ghosh.sum(axis=1)


def localisation_gap(domestic_inverse: pd.DataFrame, total_inverse: pd.DataFrame) -> pd.Series[float]:
    """Return the linkage that leaks abroad: backward linkage on A of both origins minus that on domestic A.

    Shape: one value per column. Unit: a ratio, 0 or more where no entry is negative. Source: derived here from
    Rasmussen 1956; with inputs of both origins as if all were made at home.
    """
    return backward_linkages(total_inverse) - backward_linkages(domestic_inverse)


# Imports, value added and jobs in what is made and exported


def with_inputs_of_inputs(accounts: Accounts, amounts: pd.Series[float]) -> pd.Series[float]:
    """Return amounts per unit of output with those of all domestic inputs: (amounts / x) L."""
    import numpy as np
    import pandas as pd

    domestic = system(technical_coefficients(accounts.require("domestic"), accounts.output))
    direct = per_output(amounts, accounts.output).to_numpy()
    return pd.Series(np.linalg.solve(domestic.T, direct), accounts.sectors)


def direct_import_coefficients(accounts: Accounts) -> pd.Series[float]:
    """Return the imported inputs a sector buys per unit of output: mu_j = sum_i zm_ij / x_j.

    Shape: one value per sector. Unit: a ratio; 0 where output is 0. Errors: NotInTable("imports").
    Source: Miller and Blair 2009.
    """
    return per_output(accounts.require("imports"), accounts.output)


def total_import_coefficients(accounts: Accounts) -> pd.Series[float]:
    """Return the imports in one unit of final demand for a sector, its suppliers' included: m = mu L.

    Shape: one value per sector. Unit: a ratio, also the import content of its exports. Identity: vc L + mu L + t L = u
    where each column of the table adds up to output. Errors: NotInTable("imports", "domestic"), DoesNotConverge.
    Source: Miller and Blair 2009; D. Hummels, J. Ishii and K.-M. Yi 2001.
    """
    return with_inputs_of_inputs(accounts, accounts.require("imports"))


def imports_in_exports(accounts: Accounts) -> pd.Series[float]:
    """Return the imports in the exports of each sector, in the unit of the table: (mu L)_j e_j. Errors: as above."""
    return total_import_coefficients(accounts) * accounts.exports


def import_content_of_exports(accounts: Accounts) -> float:
    """Return the share of all exports that is imported inputs, their suppliers' included: VS = mu L e / (u e).

    Unit: a ratio; imports that are exported again unchanged are not in it. Edge cases: NaN where nothing is exported.
    Errors: NotInTable("imports", "domestic"), DoesNotConverge. Source: D. Hummels, J. Ishii and K.-M. Yi, "The nature
    and growth of vertical specialization in world trade", Journal of International Economics 54 (2001) 75-96.
    """
    return of_exports(accounts, total_import_coefficients(accounts))


def of_exports(accounts: Accounts, multipliers: pd.Series[float]) -> float:
    """Return the mean of multipliers by exports; NaN where nothing is exported."""
    exports = accounts.exports.to_numpy()
    exported = float(exports.sum())
    return float(multipliers.to_numpy() @ exports) / exported if exported > 0 else nan


def value_added_in_exports(accounts: Accounts) -> pd.Series[float]:
    """Return the domestic value added in the exports of each sector, in the unit of the table: (vc L)_j e_j.

    Identity: with `imports_in_exports` and the taxes in them, likewise computed, it adds up to exports.
    """
    return value_added_multipliers(accounts) * accounts.exports


def domestic_value_added_in_exports(accounts: Accounts) -> float:
    """Return the share of all exports that is value added at home: vc L e / (u e).

    Unit: a ratio. Edge cases: NaN where nothing is exported. Errors: NotInTable("domestic"), DoesNotConverge.
    Source: R. Koopman, Z. Wang and S.-J. Wei, "Tracing value-added and double counting in gross exports", American
    Economic Review 104 (2014) 459-494; the part that one country's table can tell.
    """
    return of_exports(accounts, value_added_multipliers(accounts))


def value_added_multipliers(accounts: Accounts) -> pd.Series[float]:
    """Return the value added at home per unit of final demand for a sector: vc L, vc_j = v_j / x_j.

    Shape: one value per sector. Unit: a ratio. Errors: NotInTable("domestic"), DoesNotConverge.
    Source: Miller and Blair 2009, chapter 6.
    """
    return with_inputs_of_inputs(accounts, accounts.value_added)


def employment_multipliers(accounts: Accounts) -> pd.Series[float]:
    """Return the jobs at home per unit of final demand for a sector: eps L, eps_j = jobs_j / x_j.

    Shape: one value per sector. Unit: the table's unit of jobs per its unit of money (thousand persons per million
    EUR are persons per thousand EUR). Errors: NotInTable("jobs", "domestic"), DoesNotConverge.
    Source: Miller and Blair 2009, chapter 6.
    """
    return with_inputs_of_inputs(accounts, accounts.require("jobs"))


def type_one_ratios(accounts: Accounts) -> pd.Series[float]:
    """Return the jobs in all sectors per job in the sector itself, of a rise in its final demand: (eps L)_j / eps_j.

    Shape: one value per sector. Unit: a ratio. Edge cases: NaN where a sector has no jobs. Errors: as
    `employment_multipliers`. Source: Miller and Blair 2009, chapter 6, type I.
    """
    direct = per_output(accounts.require("jobs"), accounts.output)
    return employment_multipliers(accounts).div(direct.where(direct > 0))


# Everything at once


def linkage_table(accounts: Accounts) -> pd.DataFrame:
    """Return all that is said of each sector, from four solutions instead of three inverses.

    Shape: one row per sector; columns output, backward_domestic, backward_total, gap, power_domestic, power_total,
    sensitivity_domestic, sensitivity_total, forward (Ghosh, domestic), direct_import, total_import,
    value_added_multiplier, jobs_multiplier, type_one, imported_share (of inputs), exports, and is_key: power and
    sensitivity on domestic inputs both above 1 (Rasmussen 1956; Hirschman 1958). Averages are of the sectors that
    produce. Each column equals the function of its name.

    Edge cases: what the table does not hold is NaN, and is_key False; a sector without output has coefficients of 0,
    linkages of 1 and is never key. Errors: DoesNotConverge, for domestic inputs and for those of both origins.
    """
    import numpy as np
    import pandas as pd

    nothing = np.full(len(accounts.output), np.nan)
    columns = dict.fromkeys(LINKAGE_COLUMNS, nothing)
    columns |= {"output": accounts.output.to_numpy(), "exports": accounts.exports.to_numpy()}
    columns |= direct_columns(accounts)
    if accounts.total is not None:
        columns |= dispersion("total", accounts, accounts.total, [], [])[0]
    if accounts.domestic is not None:
        columns |= domestic_columns(accounts, accounts.domestic)
    columns["gap"] = columns["backward_total"] - columns["backward_domestic"]
    key = (columns["power_domestic"] > 1) & (columns["sensitivity_domestic"] > 1)
    columns["is_key"] = key & np.isfinite(divisor(accounts.output))
    return pd.DataFrame(columns, accounts.sectors)


def direct_columns(accounts: Accounts) -> dict[str, np.ndarray]:
    """Return the columns that need no inverse."""
    if accounts.imports is None:
        return {}
    imports = accounts.imports.to_numpy()
    columns = {"direct_import": imports / divisor(accounts.output)}
    if accounts.domestic is not None:
        columns["imported_share"] = share(imports, imports + accounts.domestic.to_numpy().sum(axis=0))
    return columns


def domestic_columns(accounts: Accounts, flows: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return the columns that rest on domestic inputs."""
    import numpy as np

    whole = divisor(accounts.output)
    amounts = {"value_added_multiplier": accounts.value_added, "total_import": accounts.imports}
    amounts |= {"jobs_multiplier": accounts.jobs}
    direct = {name: held.to_numpy() / whole for name, held in amounts.items() if held is not None}
    output = accounts.output.to_numpy()
    columns, before, (forward,) = dispersion("domestic", accounts, flows, list(direct.values()), [output])
    columns |= dict(zip(direct, before, strict=True))
    columns["forward"] = np.where(np.isfinite(whole), forward / whole, 1.0)
    if accounts.jobs is not None:
        columns["type_one"] = share(columns["jobs_multiplier"], direct["jobs_multiplier"])
    return columns


def dispersion(
    origin: str, accounts: Accounts, flows: pd.DataFrame, before: list[np.ndarray], after: list[np.ndarray]
) -> tuple[dict[str, np.ndarray], list[np.ndarray], list[np.ndarray]]:
    """Return linkages and dispersion on these flows, w L for each w in `before`, and L w for each w in `after`.

    Two solutions, of the system and of its transpose, give all that is asked of L without L itself.
    """
    import numpy as np

    matrix, producing = system(technical_coefficients(flows, accounts.output)), np.isfinite(divisor(accounts.output))
    sums, *left = np.linalg.solve(matrix.T, np.array([np.ones(len(matrix)), *before]).T).T
    rows, *right = np.linalg.solve(matrix, np.array([producing * 1.0, *after]).T).T
    columns = {
        f"backward_{origin}": sums,
        f"power_{origin}": sums / sums[producing].mean(),
        f"sensitivity_{origin}": rows / rows[producing].mean(),
    }
    return columns, left, right
