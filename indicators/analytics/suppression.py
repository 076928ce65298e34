"""Which cells of a two-way table must not be shown, so that no small group can be read or reckoned from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

SMALL = 5  # members from which a cell may be shown


def hidden_cells(members: pd.DataFrame, smallest: int = SMALL) -> pd.DataFrame:
    """Return which cells to withhold, as True and False in the shape of `members`.

    First every cell with 1 to `smallest` - 1 members. Then, as long as a row or a column has exactly one withheld
    cell, which its total would reveal, the smallest of its other cells above 0. An empty cell hides nobody and stays.

    Unit of `members`: firms or people. NaN counts as empty. Source: primary and secondary suppression, as in L.
    Willenborg and T. de Waal, "Elements of Statistical Disclosure Control" (2001), ch. 4.
    """
    numbers = members.fillna(0)
    hidden = (numbers > 0) & (numbers < smallest)
    while (cell := _to_cover(numbers, hidden)) is not None:
        hidden.loc[cell] = True
    return hidden


def _to_cover(numbers: pd.DataFrame, hidden: pd.DataFrame) -> tuple[Any, Any] | None:
    """Return the cell to withhold next to the only one of its row or column; None where none stands alone."""
    shown = numbers.where(~hidden & (numbers > 0))
    for row in hidden.index[(hidden.sum(axis=1) == 1) & (shown.count(axis=1) > 0)]:
        return row, shown.loc[row].idxmin()
    for column in hidden.columns[(hidden.sum(axis=0) == 1) & (shown.count(axis=0) > 0)]:
        return shown[column].idxmin(), column
    return None
