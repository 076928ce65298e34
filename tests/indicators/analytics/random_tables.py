"""Random input-output tables that are valid: rows and columns add up to output, and inputs of inputs die out."""

from dataclasses import replace

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from indicators.analytics.input_output import Accounts

CATEGORIES = ["HFCE", "EXPO"]


def filled(draw, *shape, most=9):
    count = int(np.prod(shape))
    return np.array(draw(st.lists(st.integers(0, most), min_size=count, max_size=count)), dtype=float).reshape(shape)


@st.composite
def tables(draw, least=2):
    """Tables of two to five sectors with imports, taxes and jobs, none negative; in half the last makes nothing.

    Weights for domestic and imported inputs, taxes and value added give each column its shares of output; output is
    what a random final demand calls forth.
    """
    size = draw(st.integers(least, 5))
    home, abroad, taxes = filled(draw, size, size), filled(draw, size, size), filled(draw, size)
    added = 1 + filled(draw, size)
    demand = filled(draw, size, 2, most=1000)
    demand[0, 0] += 1
    if draw(st.booleans()):
        home[-1], demand[-1] = 0, 0  # nobody wants what the last sector would make
    whole = home.sum(axis=0) + abroad.sum(axis=0) + taxes + added
    output = np.linalg.solve(np.eye(size) - home / whole, demand.sum(axis=1))
    sectors = [f"S{place}" for place in range(size)]
    scale = output / whole
    return Accounts.of(
        output=pd.Series(output, sectors),
        value_added=pd.Series(added * scale, sectors),
        domestic=pd.DataFrame(home * scale, sectors, sectors),
        imported=pd.DataFrame(abroad * scale, sectors, sectors),
        final_domestic=pd.DataFrame(demand, sectors, CATEGORIES),
        final_imported=pd.DataFrame(filled(draw, size, 2, most=1000), sectors, CATEGORIES),
        taxes=pd.Series(taxes * scale, sectors),
        jobs=pd.Series(filled(draw, size) * scale, sectors),
        export_categories=["EXPO"],
    )


def in_other_order(accounts: Accounts, order: list[str]) -> Accounts:
    """Return the same table with its sectors in another order."""
    parts = {name: part for name, part in vars(accounts).items() if name not in ("output", "export_categories")}
    return Accounts.of(output=accounts.output[order], export_categories=accounts.export_categories, **parts)


def in_other_unit(accounts: Accounts, factor: float) -> Accounts:
    """Return the same table with its money, but not its jobs, in another unit."""
    kept = ("jobs", "export_categories")
    return replace(accounts, **{name: part * factor for name, part in vars(accounts).items() if name not in kept})
