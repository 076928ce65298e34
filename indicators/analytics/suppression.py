"""Which cells of a two-way table must not be shown, so that no small group can be read or reckoned from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    changed = True
    while changed:
        changed = _cover_lone(numbers, hidden)
        changed = _cover_lone(numbers.T, (turned := hidden.T.copy())) or changed
        hidden = turned.T.copy()
    return hidden


def _cover_lone(numbers: pd.DataFrame, hidden: pd.DataFrame) -> bool:
    """Withhold, in place, a second cell in each row that has exactly one; return whether any was found."""
    found = False
    for row in hidden.index[hidden.sum(axis=1) == 1]:
        others = numbers.loc[row][~hidden.loc[row] & (numbers.loc[row] > 0)]
        if len(others):
            hidden.loc[row, others.idxmin()] = True
            found = True
    return found
