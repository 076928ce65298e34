"""The accounts of one input-output table: its parts in one order of sectors, checked, and what it may not hold.

pandas and numpy are slow to import, so that only the functions which need them by name do.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

NOTHING = 1e-9  # share of the output of all sectors up to which the output of one is rounding


class NotInTable(Exception):
    """The table does not hold what a measure needs: `what` is the name of that part of `Accounts`."""

    def __init__(self, what: str) -> None:
        super().__init__(f"not in this table: {what}")
        self.what = what


class DoesNotConverge(Exception):
    """Inputs of inputs never die out, so that no inverse means anything; `sectors` are those that buy too much."""

    def __init__(self, sectors: Collection[str]) -> None:
        super().__init__(f"the table does not converge: inputs reach or exceed output in {', '.join(sectors)}")
        self.sectors = tuple(sectors)


@dataclass(frozen=True, kw_only=True)
class Accounts:
    """One table in one unit, with one order of sectors in rows and columns; `Accounts.of` makes and checks it.

    `imports` are the imported inputs of each buyer, `taxes` those on its inputs, `jobs` in a unit of their own. Where
    the table does not tell origins apart, `domestic` and `imported` are None and final demand is net of imports.
    """

    output: pd.Series[float]
    value_added: pd.Series[float]
    final_domestic: pd.DataFrame  # sector x category
    domestic: pd.DataFrame | None
    imported: pd.DataFrame | None
    total: pd.DataFrame | None
    final_imported: pd.DataFrame | None
    imports: pd.Series[float] | None
    taxes: pd.Series[float]
    jobs: pd.Series[float] | None
    export_categories: tuple[str, ...]

    @classmethod
    def of(
        cls,
        *,
        output: pd.Series[float],
        value_added: pd.Series[float],
        final_domestic: pd.DataFrame,
        domestic: pd.DataFrame | None = None,
        imported: pd.DataFrame | None = None,
        total: pd.DataFrame | None = None,
        final_imported: pd.DataFrame | None = None,
        imports: pd.Series[float] | None = None,
        taxes: pd.Series[float] | None = None,
        jobs: pd.Series[float] | None = None,
        export_categories: Collection[str] = (),
    ) -> Accounts:
        """Bring all parts into the order of `output` and add what follows from them.

        `total` is `domestic` + `imported` where both are there, else as given; `imports` are the column sums of
        `imported` where it is there, else as given; `taxes` are 0 where left out.

        Errors: ValueError for a sector that comes twice or is missing in a part, a cell that is not a finite number,
        a negative output, an export category that is no column of final demand.
        """
        squares = in_order({"domestic": domestic, "imported": imported, "total": total}, output.index, square=True)
        finals = in_order({"final_domestic": final_domestic, "final_imported": final_imported}, output.index)
        rows = {"output": output, "value_added": value_added, "imports": imports, "taxes": taxes, "jobs": jobs}
        series = in_order(rows, output.index)
        if squares["domestic"] is not None and squares["imported"] is not None:
            squares["total"] = squares["domestic"] + squares["imported"]
        if squares["imported"] is not None:
            series["imports"] = squares["imported"].sum(axis=0)
        if series["taxes"] is None:
            series["taxes"] = series["output"] * 0.0
        if (series["output"] < 0).any():
            raise ValueError("output is negative")
        if not set(export_categories) <= set(final_domestic.columns):
            raise ValueError("an export category is no column of final demand")
        return cls(**squares, **finals, **series, export_categories=tuple(export_categories))

    @property
    def sectors(self) -> pd.Index[str]:
        return self.output.index

    @property
    def exports(self) -> pd.Series[float]:
        """The exports of each sector; 0 where no category is one."""
        import pandas as pd

        sold_abroad = self.final_domestic.columns.isin(self.export_categories)
        return pd.Series(self.final_domestic.to_numpy()[:, sold_abroad].sum(axis=1), self.sectors)

    @property
    def producing(self) -> pd.Series[bool]:
        """Which sectors have an output that is more than rounding."""
        return self.output > NOTHING * self.output.sum()

    def require(self, what: str) -> Any:
        """Return that part of the table. Errors: NotInTable where it does not hold it."""
        part = getattr(self, what)
        if part is None:
            raise NotInTable(what)
        return part


def in_order(parts: dict[str, Any], sectors: pd.Index[str], *, square: bool = False) -> dict[str, Any]:
    """Return the parts as finite numbers in the order of the sectors, None staying None. Errors: ValueError."""
    import numpy as np

    ordered: dict[str, Any] = {}
    for name, part in parts.items():
        if part is None:
            ordered[name] = None
            continue
        for labels in (part.index, part.columns) if square else (part.index,):
            if not labels.is_unique or set(labels) != set(sectors):
                raise ValueError(f"{name}: a sector comes twice, is missing or is unknown")
        ordered[name] = (part.loc[sectors, sectors] if square else part.loc[sectors]).astype(float)
        if not np.isfinite(ordered[name].to_numpy()).all():
            raise ValueError(f"{name}: a cell is not a number")
    return ordered
