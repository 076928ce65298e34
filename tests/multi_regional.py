"""A multi-regional table in the layout of the Asian Development Bank, generated so that every sector balances."""

import random
from collections.abc import Iterator
from typing import Any

TITLES_BELOW = 5  # rows above the two rows of titles
CATEGORIES = ("F1", "F2", "F3", "F4", "F5")
PRIMARY = (
    ("Total intermediate consumption", "r60"),
    ("Taxes less subsidies on products", "r99"),
    ("Cif/fob adjustments on exports", "r61"),
    ("Direct purchases abroad by residents", "r62"),
    ("Purchases on the domestic territory by non-residents", "r63"),
    ("Value added at basic prices", "r64"),
    ("International transport margins", "r65"),
    ("Total output", "r69"),
)


def multi_regional_rows(economies: list[str], sectors: int, *, filled: float = 1.0) -> Iterator[list[Any]]:
    """Yield the rows of a sheet; a share of the cells is blank. Output is what is sold; value added is the rest."""
    chance = random.Random(72)  # the same table every time
    codes = [f"c{number}" for number in range(1, sectors + 1)]
    columns = [(economy, code) for economy in economies for code in codes]
    final = [(economy, code) for economy in economies for code in CATEGORIES]
    yield from ([f"Title {number}"] for number in range(TITLES_BELOW))
    yield ["", "", "", *(economy for economy, _code in [*columns, *final]), "TOTAL"]
    yield ["", "", "", *(code for _economy, code in [*columns, *final]), ""]
    bought = [0.0] * len(columns)
    output = []
    for economy, code in columns:
        row: list[float | str] = [
            round(chance.random() * (30 if buyer == economy else 2), 3) if chance.random() < filled else ""
            for buyer, _code in columns
        ]
        demand = [round(chance.random() * (400 if buyer == economy else 20), 3) for buyer, _code in final]
        bought = [total + (cell or 0.0) for total, cell in zip(bought, row, strict=True)]  # type: ignore[operator]
        output.append(sum(cell or 0.0 for cell in row) + sum(demand))  # type: ignore[misc]
        yield [f"Sector {code}", economy, code, *row, *demand, output[-1]]
    rest = [made - inputs for made, inputs in zip(output, bought, strict=True)]
    shares = {"r60": None, "r99": 0.05, "r61": 0.0, "r62": 0.0, "r63": 0.0, "r64": 0.9, "r65": 0.05, "r69": None}
    for name, code in PRIMARY:
        share = shares[code]
        numbers = bought if code == "r60" else output if code == "r69" else [left * (share or 0) for left in rest]
        yield [name, "", code, *numbers, *[""] * len(final), ""]
