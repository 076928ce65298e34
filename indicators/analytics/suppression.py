"""Which cells of a table must not be shown, so that no small group can be read or reckoned from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Set
    from decimal import Decimal

    import pandas as pd

SMALL = 5  # members from which a cell may be shown


def hidden_parts(parts: Mapping[str, Decimal | None], in_members: Iterable[Set[str]] = ()) -> set[str]:
    """Return which parts of a total to withhold, by their keys.

    `in_members` are the keys withheld in each member of the total, such as the programs of a country. First every part
    above 0 and below `SMALL`, and every part that is withheld in a member. Then, where that is one alone, which the
    total would reveal, or all of them together are below `SMALL`, so that the total would reveal a small group or two
    parts of 1, the smallest of the other parts above 0, until neither is so. A part of 0 hides nobody and stays.

    Why this is safe: a member withholds two parts or more. The sums of both over all members are withheld too, so that
    one could be larger by as much as the other is smaller without any number that is shown being another one. A member
    with one part alone is told by its own total, whatever is withheld. Unit: people or firms. Source: primary and
    secondary suppression, as in `hidden_cells`.
    """
    withheld_below: set[str] = set().union(*in_members)
    by_size = sorted((number, key) for key, number in parts.items() if number)
    hidden = {key for number, key in by_size if number < SMALL or key in withheld_below}
    shown = [pair for pair in by_size if pair[1] not in hidden]
    while shown and hidden and (len(hidden) == 1 or sum(n for n, key in by_size if key in hidden) < SMALL):
        hidden.add(shown.pop(0)[1])
    return hidden


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
