"""Print what all numbers of the linkage page cost for 127 sectors, as a ratio to three solutions of that size.

    python -m tests.benchmarks.input_output [--sectors 127] [--runs 101]

The floor is `numpy.linalg.solve(I - A, I)` three times: what the domestic, the total and the Ghosh inverse cost without
anything around them. Prints one line of JSON per figure. Needs no database. Not run by CI.
"""

import argparse
import json
from collections.abc import Callable

import numpy as np
import pandas as pd

from indicators.analytics.import_dependency import imported_input_share
from indicators.analytics.input_output import (
    Accounts,
    import_content_of_exports,
    linkage_table,
)
from indicators.analytics.substitution import extraction_losses, three_cases
from tests.benchmarks.apart import timed

AIM = 5  # times the floor, for what the page computes
SEED = 1995


def make_accounts(size: int) -> Accounts:
    """Return a random table with every part: each column buys everything, its shares of output are fixed by weights."""
    random = np.random.default_rng(SEED)
    home, abroad = random.random((size, size)), random.random((size, size)) / 2
    whole = home.sum(axis=0) + abroad.sum(axis=0) + (rest := random.uniform(0.4, 0.8, size) * size)
    demand = random.uniform(10, 1_000, (size, 2))
    output = np.linalg.solve(np.eye(size) - home / whole, demand.sum(axis=1))
    sectors = [f"S{place:03}" for place in range(size)]
    scale = output / whole
    return Accounts.of(
        output=pd.Series(output, sectors),
        value_added=pd.Series(rest * 0.9 * scale, sectors),
        taxes=pd.Series(rest * 0.1 * scale, sectors),
        domestic=pd.DataFrame(home * scale, sectors, sectors),
        imported=pd.DataFrame(abroad * scale, sectors, sectors),
        final_domestic=pd.DataFrame(demand, sectors, ["HFCE", "EXPO"]),
        final_imported=pd.DataFrame(demand / 4, sectors, ["HFCE", "EXPO"]),
        jobs=pd.Series(random.random(size) * output, sectors),
        export_categories=["EXPO"],
    )


def floor_of(accounts: Accounts) -> Callable[[], object]:
    """Return the floor: three solutions for a whole inverse."""
    unit = np.eye(len(accounts.sectors))
    system = unit - accounts.require("domestic").to_numpy() / accounts.output.to_numpy()
    return lambda: [np.linalg.solve(system, unit) for _ in range(3)]


def page_of(accounts: Accounts) -> Callable[[], object]:
    """Return all that the linkage page computes: its table, and the import content of exports beside it."""
    return lambda: (linkage_table(accounts), import_content_of_exports(accounts))


def show(figure: str, works: dict[str, Callable[[], object]], runs: int, **about: object) -> None:
    """Print the least time of works that take turns: what else the machine does can only add to it."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(runs):
        for name, work in works.items():
            times[name].append(timed(work))
    floor, ours = (min(each) for each in times.values())
    found: dict[str, object] = {"ratio": round(ours / floor, 2)}
    if "page" in figure:
        found |= {"aim": AIM, "ratio_is_met": ours <= AIM * floor}
    print(json.dumps({"figure": figure, **found, "ours_ms": ms(ours), "floor_ms": ms(floor), **about}), flush=True)


def ms(seconds: float) -> float:
    return round(seconds * 1_000, 3)


def main() -> None:
    parser = argparse.ArgumentParser(description="Print what the numbers of the linkage page cost.")
    parser.add_argument("--sectors", type=int, default=127)
    parser.add_argument("--runs", type=int, default=101, help="the quickest of them counts")
    options = parser.parse_args()
    accounts = make_accounts(options.sectors)
    floor = floor_of(accounts)
    shares = pd.DataFrame(0.5, accounts.sectors[:1], accounts.sectors)
    works: dict[str, Callable[[], object]] = {
        "table of linkages": lambda: linkage_table(accounts),
        "all numbers of the linkage page": page_of(accounts),
        "shares of imports in inputs": lambda: imported_input_share(accounts),
        "every sector taken out": lambda: extraction_losses(accounts),
        "a scenario in three cases": lambda: three_cases(accounts, shares, spread=0.25),
    }
    for figure, work in works.items():
        show(figure, {"floor": floor, "ours": work}, options.runs, sectors=options.sectors)


if __name__ == "__main__":
    main()
