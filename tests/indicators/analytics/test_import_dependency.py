"""Imported shares, penetration, concentration and comparative advantage: by hand, identities, what is refused."""

from dataclasses import replace
from math import isnan, nan

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.analytics.import_dependency import (
    NotWhole,
    dependency_ratio,
    herfindahl_hirschman,
    import_penetration,
    imported_input_share,
    revealed_comparative_advantage,
    symmetric_advantage,
)
from indicators.analytics.input_output import NotInTable
from tests.indicators.analytics.published import croatia, germany
from tests.indicators.analytics.random_tables import tables
from tests.indicators.analytics.test_substitution import BY_HAND

some = settings(max_examples=15)
amounts = st.lists(st.integers(0, 1000), min_size=1, max_size=6)


# Imported share of inputs


def test_imported_share_by_hand():
    """Textiles buy 20 of cotton at home and 30 abroad, garments 40 and 60 of textiles: 90 of 150 in all."""
    by_buyer, by_input, whole = imported_input_share(BY_HAND)

    assert by_buyer.to_list() == pytest.approx([nan, 0.6, 0.6], nan_ok=True)
    assert by_input.to_list() == pytest.approx([0.6, 0.6, nan], nan_ok=True)
    assert whole == pytest.approx(0.6)


@some
@given(tables())
def test_whole_share_is_the_weighted_mean_of_its_parts(accounts):
    by_buyer, by_input, whole = imported_input_share(accounts)

    for shares, weights in ((by_buyer, accounts.total.sum(axis=0)), (by_input, accounts.total.sum(axis=1))):
        known = shares.dropna()
        assert known.between(0, 1).all()
        assert shares.isna().equals(weights == 0)
        if weights.sum():
            assert (known * weights[known.index]).sum() / weights.sum() == pytest.approx(whole)


def test_imports_known_by_buyer_only():
    share = imported_input_share(germany())

    assert share.by_input.isna().all()
    assert share.by_buyer["manufacturing_group"] == pytest.approx(156703 / (156703 + 521216))
    assert share.whole == pytest.approx(222143 / (222143 + 1225617))


def test_croatian_share_of_all_inputs():
    """The two totals the files print: imported over imported and domestic inputs of 65 products."""
    share, accounts = imported_input_share(croatia()), croatia()

    assert share.whole == pytest.approx(accounts.imported.to_numpy().sum() / accounts.total.to_numpy().sum())
    assert isnan(share.by_buyer["U"])


def test_imports_that_the_table_does_not_hold():
    with pytest.raises(NotInTable, match="imports"):
        imported_input_share(replace(BY_HAND, imported=None, imports=None))
    with pytest.raises(NotInTable, match="domestic"):
        imported_input_share(replace(BY_HAND, domestic=None))


# Penetration and dependency


def test_penetration_by_hand():
    """Of 100 made, 60 are exported; 160 imported: 200 are used, of which 160 are imported."""
    assert import_penetration(160.0, 100.0, 60.0) == pytest.approx(0.8)
    assert dependency_ratio(160.0, 100.0, 60.0) == pytest.approx(0.8)


def test_penetration_of_series():
    imports, output, exports = (
        pd.Series(row, ["A", "B", "C"]) for row in ([0.0, 50.0, 10.0], [80.0, 0.0, 0.0], [20.0, 0.0, 10.0])
    )

    assert import_penetration(imports, output, exports).to_list() == pytest.approx([0, 1, nan], nan_ok=True)


@pytest.mark.parametrize("exports", [110.0, 120.0])
def test_penetration_where_nothing_is_used_at_home(exports):
    assert isnan(import_penetration(10.0, 100.0, exports))


# Concentration


@given(amounts)
def test_concentration_lies_between_equal_parts_and_one(values):
    series = pd.Series(values, dtype=float)
    index = herfindahl_hirschman(series, float(series.sum()))

    if series.sum():
        assert 1 / len(values) - 1e-9 <= index <= 1 + 1e-9
    else:
        assert isnan(index)


@given(st.integers(1, 9), st.integers(1, 1000))
def test_concentration_of_equal_parts(count, value):
    assert herfindahl_hirschman(pd.Series([float(value)] * count), float(value * count)) == pytest.approx(1 / count)


def test_concentration_by_hand():
    assert herfindahl_hirschman(pd.Series([60.0, 30.0, 10.0]), 100.0) == pytest.approx(0.46)


@pytest.mark.parametrize(
    ("values", "total"),
    [
        ([60.0, 30.0, 10.0], None),
        ([60.0, 30.0], 100.0),
        ([60.0, 30.0, nan], 90.0),
        ([60.0, 50.0, -10.0], 100.0),
        ([60.0, 50.0], 100.0),
        ([60.0, 40.0], nan),
    ],
)
def test_concentration_without_the_whole_is_refused(values, total):
    with pytest.raises(NotWhole):
        herfindahl_hirschman(pd.Series(values), total)


# Comparative advantage


def test_comparative_advantage_by_hand():
    """Garments are 60 of 100 exported, and 150 of 1,000 in the world: 0.6 / 0.15 = 4, symmetric 3 / 5."""
    exports = pd.Series({"garments": 60.0, "rice": 40.0, "cars": 0.0, "fax": 0.0})
    world = pd.Series({"cars": 450.0, "rice": 400.0, "garments": 150.0, "fax": 0.0})

    advantage = revealed_comparative_advantage(exports, world)

    assert advantage.to_list() == pytest.approx([4, 1, 0, nan], nan_ok=True)
    assert symmetric_advantage(advantage).to_list() == pytest.approx([0.6, 0, -1, nan], nan_ok=True)


@given(st.lists(st.tuples(st.integers(0, 1000), st.integers(1, 1000)), min_size=1, max_size=6))
def test_advantage_averages_one_by_the_shares_of_the_world(rows):
    exports = pd.Series([row[0] for row in rows], dtype=float)
    world = pd.Series([row[1] for row in rows], dtype=float) + exports

    advantage = revealed_comparative_advantage(exports, world)

    if exports.sum():
        assert (advantage * world / world.sum()).sum() == pytest.approx(1)
        assert symmetric_advantage(advantage).between(-1, 1).all()
        pd.testing.assert_series_equal(advantage, revealed_comparative_advantage(exports * 1000, world * 10))
    else:
        assert advantage.isna().all()


def test_products_that_differ_are_refused():
    with pytest.raises(ValueError, match="products"):
        revealed_comparative_advantage(pd.Series({"rice": 1.0}), pd.Series({"rice": 1.0, "cars": 2.0}))
