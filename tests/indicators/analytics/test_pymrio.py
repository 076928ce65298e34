"""Input-output measures beside pymrio, on its own test system of six regions and eight sectors."""

import numpy as np
import pandas as pd
import pymrio
import pytest
from pymrio.tools import iomath

from indicators.analytics.input_output import (
    Accounts,
    direct_import_coefficients,
    ghosh_inverse,
    leontief_inverse,
    technical_coefficients,
    total_import_coefficients,
    value_added_multipliers,
)
from indicators.analytics.substitution import substitute

REGION = "reg2"


def plain(table):
    """Return a table of pymrio with one label for region and sector."""
    return table.set_axis(["/".join(label) for label in table.index], axis=0)


@pytest.fixture(scope="module")
def system():
    return pymrio.load_test().calc_all()


@pytest.fixture(scope="module")
def world(system):
    """All regions as one economy, which imports nothing."""
    sectors = ["/".join(label) for label in system.Z.index]
    return Accounts.of(
        output=pd.Series(system.x["indout"].to_numpy(), sectors),
        value_added=pd.Series(system.factor_inputs.F.loc["Value Added"].to_numpy(), sectors),
        domestic=pd.DataFrame(system.Z.to_numpy(), sectors, sectors),
        final_domestic=pd.DataFrame({"final": system.Y.sum(axis=1).to_numpy()}, sectors),
        jobs=pd.Series(system.emissions.F.iloc[0].to_numpy(), sectors),
    )


@pytest.fixture(scope="module")
def region(system):
    """One region as a national table: what others sell to it is imported, what they buy of it exported."""
    others = [name for name in system.get_regions() if name != REGION]
    home, final = system.Z.loc[REGION, REGION], system.Y.loc[REGION, REGION]
    exports = system.Z.loc[REGION, others].sum(axis=1) + system.Y.loc[REGION, others].sum(axis=1)
    return Accounts.of(
        output=system.x.loc[REGION, "indout"],
        value_added=system.factor_inputs.F.loc["Value Added", REGION],
        domestic=home,
        imported=system.Z.loc[others, REGION].groupby("sector").sum(),
        final_domestic=final.assign(EXPO=exports),
        final_imported=system.Y.loc[others, REGION].groupby("sector").sum(),
        export_categories=["EXPO"],
    )


def test_coefficients_and_inverses(system, world):
    coefficients = technical_coefficients(world.domestic, world.output)
    allocation = iomath.calc_B(system.Z, system.x)

    assert np.allclose(coefficients, system.A, rtol=1e-12, atol=1e-15)
    assert np.allclose(leontief_inverse(coefficients), system.L, rtol=1e-10, atol=1e-14)
    ghosh = iomath.calc_G(allocation)
    assert np.allclose(ghosh_inverse(world.domestic, world.output), ghosh, rtol=1e-10, atol=1e-14)


def test_multipliers(system, world):
    assert np.allclose(value_added_multipliers(world), system.factor_inputs.M.loc["Value Added"], rtol=1e-10)


def test_output_of_another_final_demand(system, world):
    change = pd.Series({"reg1/food": 1_000.0, "reg6/trade": -500.0})
    demand = plain(system.Y).sum(axis=1).add(change, fill_value=0.0)[world.sectors]

    output = substitute(world, demand_change=change).after["output"]

    expected = iomath.calc_x_from_L(system.L, pd.DataFrame(demand.to_numpy(), system.Y.index))
    assert np.allclose(output, expected["indout"], rtol=1e-10)


def test_trade_of_one_region(system, region):
    trade = iomath.calc_gross_trade(system.Z, system.Y).totals.loc[REGION]
    imports = region.imported.sum(axis=1) + region.final_imported.sum(axis=1)

    assert np.allclose(region.exports, trade.loc[region.sectors, "exports"], rtol=1e-12)
    assert np.allclose(imports, trade.loc[region.sectors, "imports"], rtol=1e-12)


def test_import_coefficients_of_one_region(system, region):
    """Direct ones are the foreign rows of A; total ones those rows times the inverse of the region alone."""
    foreign = system.A.drop(index=REGION, level="region")[REGION].sum(axis=0)
    alone = iomath.calc_L(system.A.loc[REGION, REGION])

    assert np.allclose(direct_import_coefficients(region), foreign[region.sectors], rtol=1e-12)
    expected = foreign.to_numpy() @ alone.to_numpy()
    assert np.allclose(total_import_coefficients(region), expected, rtol=1e-10)
