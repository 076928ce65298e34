"""Published input-output tables as accounts, read where they lie beside the project: never copied into it."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from indicators.analytics.input_output import Accounts
from tests.machine import IN_CI

REFERENCE = Path(__file__).parents[4] / "shared" / "reference" / "iot"
GERMAN_DEMAND = (
    "consumption_expenditure_household consumption_expenditure_government gross_capital_formation inventory_change"
    " export_goods_services"
).split()
CROATIAN_DEMAND = ["P3", "P5", "P6"]  # consumption, capital formation, exports


def reference(name: str) -> Path:
    """Return the path of a published file; the test is skipped where it is missing, but not in CI."""
    path = REFERENCE / name
    if not path.exists() and not IN_CI:
        pytest.skip(f"skipped: because {path} is missing")
    return path


def results(name: str) -> Any:
    return json.loads(reference(name).read_text(encoding="utf-8"))


def rows(name: str) -> pd.DataFrame:
    return pd.read_csv(reference(name), index_col=0).drop(columns="label", errors="ignore")


def numbers(table: pd.DataFrame, labels: list[str], columns: list[str], names: list[str]) -> pd.DataFrame:
    return table.loc[labels, columns].astype(float).set_axis(names, axis=0)


def germany() -> Accounts:
    """Germany 1995, six sectors, million EUR and thousand persons: imports as one row, none by product."""
    table = rows("germany_1995_6sector_beutel.csv")
    sectors = results("germany_1995_expected_results.json")["sectors"]
    products = list(table.index[: len(sectors)])
    return Accounts.of(
        output=table.loc["P1", sectors].astype(float),
        value_added=table.loc["B1G", sectors].astype(float),
        domestic=numbers(table, products, sectors, sectors),
        final_domestic=numbers(table, products, GERMAN_DEMAND, sectors),
        imports=table.loc["P7", sectors].astype(float),
        taxes=table.loc["D21_M_D31", sectors].astype(float),
        jobs=table.loc["EMP", sectors].astype(float),
        export_categories=["export_goods_services"],
    )


def croatia(*dropped: str) -> Accounts:
    """Croatia 2010, 65 products, thousand HRK, no jobs; sector U has no output."""
    home, abroad = rows("croatia_2010_domestic_thousandHRK.csv"), rows("croatia_2010_imports_thousandHRK.csv")
    sectors = [name for name in home.columns[: home.columns.get_loc("TOTAL")] if name not in dropped]
    products = [f"CPA_{sector}" for sector in sectors]
    return Accounts.of(
        output=home.loc["P1", sectors].astype(float),
        value_added=home.loc["B1G", sectors].astype(float),
        domestic=numbers(home, products, sectors, sectors),
        imported=numbers(abroad, products, sectors, sectors),
        final_domestic=numbers(home, products, CROATIAN_DEMAND, sectors),
        final_imported=numbers(abroad, products, CROATIAN_DEMAND, sectors),
        taxes=home.loc["D21_M_D31", sectors].astype(float),
        export_categories=["P6"],
    )


def croatian_total() -> pd.DataFrame:
    """The inputs of either origin as published in a file of their own."""
    table, sectors = rows("croatia_2010_total_thousandHRK.csv"), list(croatia().sectors)
    return numbers(table, [f"CPA_{sector}" for sector in sectors], sectors, sectors)
