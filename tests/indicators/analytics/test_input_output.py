"""Input-output measures: identities on random valid tables, tables that lack something, tables that do not converge."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from indicators.analytics.import_dependency import imported_input_share
from indicators.analytics.input_output import (
    Accounts,
    DoesNotConverge,
    NotInTable,
    backward_linkages,
    direct_import_coefficients,
    domestic_value_added_in_exports,
    employment_multipliers,
    forward_linkages,
    ghosh_inverse,
    import_content_of_exports,
    imports_in_exports,
    leontief_inverse,
    linkage_table,
    localisation_gap,
    power_of_dispersion,
    sensitivity_of_dispersion,
    technical_coefficients,
    total_import_coefficients,
    type_one_ratios,
    value_added_in_exports,
    value_added_multipliers,
)
from tests.indicators.analytics.random_tables import in_other_order, in_other_unit, tables

some = settings(max_examples=15)
close = {"rel": 1e-9, "abs": 1e-9}

# Farms sell 20 of their 100 to mills; mills sell 50 of their 100 to bakeries, which buy 30 of flour abroad.
SECTORS = ["farms", "mills", "bakeries"]
BY_HAND = Accounts.of(
    output=pd.Series([100, 100, 200], SECTORS),
    value_added=pd.Series([100, 80, 100], SECTORS),
    domestic=pd.DataFrame([[0, 20, 0], [0, 0, 50], [0, 0, 0]], SECTORS, SECTORS),
    imported=pd.DataFrame([[0, 0, 0], [0, 0, 30], [0, 0, 0]], SECTORS, SECTORS),
    final_domestic=pd.DataFrame([[80, 0], [50, 0], [150, 50]], SECTORS, ["HFCE", "EXPO"]),
    taxes=pd.Series([0, 0, 20], SECTORS),
    jobs=pd.Series([50, 10, 40], SECTORS),
    export_categories=["EXPO"],
)


def inverses(accounts):
    return (
        leontief_inverse(technical_coefficients(accounts.domestic, accounts.output)),
        leontief_inverse(technical_coefficients(accounts.total, accounts.output)),
    )


def taxes_in_final_demand(accounts):
    return value_added_multipliers(replace(accounts, value_added=accounts.taxes))


# By hand


def test_by_hand():
    """a = 0.2 of farms in mills, 0.25 of mills in bakeries, 0.4 with imports: one unit of bread takes 0.25 of flour
    and 0.05 of grain, and 0.15 of imports; 0.4 and 0.08 if the flour of either origin were milled at home."""
    table = linkage_table(BY_HAND)

    assert table["backward_domestic"].to_list() == pytest.approx([1, 1.2, 1.3])
    assert table["backward_total"].to_list() == pytest.approx([1, 1.2, 1.48])
    assert table["gap"].to_list() == pytest.approx([0, 0, 0.18])
    assert table["power_domestic"].to_list() == pytest.approx([3 / 3.5, 3.6 / 3.5, 3.9 / 3.5])
    assert table["sensitivity_domestic"].to_list() == pytest.approx([1.25 / 3.5 * 3, 1.25 / 3.5 * 3, 1 / 3.5 * 3])
    assert table["forward"].to_list() == pytest.approx([1 + 0.2 + 0.2 * 0.5, 1.5, 1])
    assert table["direct_import"].to_list() == table["total_import"].to_list() == pytest.approx([0, 0, 0.15])
    assert table["value_added_multiplier"].to_list() == pytest.approx([1, 1, 0.5 + 0.25 * 0.8 + 0.05])
    assert table["jobs_multiplier"].to_list() == pytest.approx([0.5, 0.2, 0.2 + 0.025 + 0.025])
    assert table["type_one"].to_list() == pytest.approx([1, 2, 1.25])
    assert table["imported_share"].to_list() == pytest.approx([np.nan, 0, 30 / 80], nan_ok=True)
    assert table["exports"].to_list() == [0, 0, 50]
    assert table["is_key"].to_list() == [False, True, False]
    assert import_content_of_exports(BY_HAND) == pytest.approx(0.15)
    assert domestic_value_added_in_exports(BY_HAND) == pytest.approx(0.75)


# Identities


@some
@given(tables())
def test_inverse_is_the_sum_of_all_rounds(accounts):
    coefficients = technical_coefficients(accounts.domestic, accounts.output)
    inverse = leontief_inverse(coefficients)
    unit = np.eye(len(inverse))

    assert np.allclose(inverse, unit + coefficients.dot(inverse))
    assert np.allclose(inverse, unit + inverse.dot(coefficients))
    assert np.allclose(inverse.dot(accounts.final_domestic.sum(axis=1)), accounts.output)
    assert (backward_linkages(inverse) >= 1 - 1e-9).all()


@some
@given(tables())
def test_ghosh_inverse_is_the_leontief_inverse_by_output(accounts):
    """g_ij = l_ij x_j / x_i, and what enters production from outside, spread forward, is output."""
    ghosh = ghosh_inverse(accounts.domestic, accounts.output)
    inverse, _total = inverses(accounts)
    entering = accounts.value_added + accounts.imports + accounts.taxes

    kept = accounts.producing
    similar = inverse.mul(accounts.output, axis=1).div(accounts.output.where(kept, 1), axis=0)
    assert np.allclose(ghosh.loc[kept, kept], similar.loc[kept, kept])
    assert np.allclose(entering.dot(ghosh), accounts.output)
    assert (forward_linkages(ghosh)[~kept] == 1).all()


@some
@given(tables())
def test_average_dispersion_is_one(accounts):
    for inverse in inverses(accounts):
        kept = accounts.producing

        assert power_of_dispersion(inverse).mean() == pytest.approx(1)
        assert sensitivity_of_dispersion(inverse).mean() == pytest.approx(1)
        assert power_of_dispersion(inverse, kept)[kept].mean() == pytest.approx(1)
        assert sensitivity_of_dispersion(inverse, kept)[kept].mean() == pytest.approx(1)


@some
@given(tables())
def test_output_is_value_added_imports_and_taxes(accounts):
    """vc L + mu L + t L = u for every sector that makes something; 0 for one that does not."""
    sums = value_added_multipliers(accounts) + total_import_coefficients(accounts) + taxes_in_final_demand(accounts)

    assert sums.to_list() == pytest.approx(accounts.producing.astype(float).to_list(), **close)
    assert (total_import_coefficients(accounts) >= direct_import_coefficients(accounts) - 1e-9).all()


@some
@given(tables())
def test_exports_are_value_added_imports_and_taxes(accounts):
    exports, taxes = accounts.exports, taxes_in_final_demand(accounts) * accounts.exports
    parts = value_added_in_exports(accounts) + imports_in_exports(accounts) + taxes

    assert parts.to_list() == pytest.approx(exports.to_list(), **close)
    if exports.sum():
        shares = domestic_value_added_in_exports(accounts) + import_content_of_exports(accounts)
        assert shares + taxes.sum() / exports.sum() == pytest.approx(1, **close)


@some
@given(tables())
def test_no_linkage_is_gained_by_buying_abroad(accounts):
    domestic, total = inverses(accounts)

    assert (localisation_gap(domestic, total) >= -1e-9).all()


@some
@given(tables())
def test_each_column_at_once_equals_its_function(accounts):
    domestic, total = inverses(accounts)
    kept, ghosh = accounts.producing, ghosh_inverse(accounts.domestic, accounts.output)
    expected = {
        "output": accounts.output,
        "backward_domestic": backward_linkages(domestic),
        "backward_total": backward_linkages(total),
        "gap": localisation_gap(domestic, total),
        "power_domestic": power_of_dispersion(domestic, kept),
        "power_total": power_of_dispersion(total, kept),
        "sensitivity_domestic": sensitivity_of_dispersion(domestic, kept),
        "sensitivity_total": sensitivity_of_dispersion(total, kept),
        "forward": forward_linkages(ghosh),
        "direct_import": direct_import_coefficients(accounts),
        "total_import": total_import_coefficients(accounts),
        "value_added_multiplier": value_added_multipliers(accounts),
        "jobs_multiplier": employment_multipliers(accounts),
        "type_one": type_one_ratios(accounts),
        "imported_share": imported_input_share(accounts).by_buyer,
        "exports": accounts.exports,
    }

    table = linkage_table(accounts)

    pd.testing.assert_frame_equal(table[list(expected)], pd.DataFrame(expected))
    assert table.drop(columns=["type_one", "imported_share"]).notna().all(axis=None)
    assert list(table.columns[-3:]) == ["imported_share", "exports", "is_key"]
    assert (table["is_key"] <= (kept & (table["power_domestic"] > 1) & (table["sensitivity_domestic"] > 1))).all()


@some
@given(tables())
def test_neither_unit_nor_order_of_sectors_matters(accounts):
    table, money = linkage_table(accounts), ["output", "exports"]

    turned = linkage_table(in_other_order(accounts, list(accounts.sectors[::-1])))
    scaled = linkage_table(in_other_unit(accounts, 1000.0))

    pd.testing.assert_frame_equal(turned.loc[accounts.sectors], table, check_dtype=False)
    scaled[money] /= 1000
    scaled["jobs_multiplier"] *= 1000
    pd.testing.assert_frame_equal(scaled.drop(columns="is_key"), table.drop(columns="is_key"))


# What a table may not hold


@pytest.mark.parametrize(
    ("measure", "what"),
    [
        (employment_multipliers, "jobs"),
        (type_one_ratios, "jobs"),
        (direct_import_coefficients, "imports"),
        (total_import_coefficients, "imports"),
        (import_content_of_exports, "imports"),
    ],
)
def test_measure_that_the_table_does_not_hold(measure, what):
    accounts = replace(BY_HAND, jobs=None, imports=None, imported=None)

    with pytest.raises(NotInTable, match=what) as caught:
        measure(accounts)

    assert caught.value.what == what


def test_columns_that_the_table_does_not_hold():
    unknown = ["jobs_multiplier", "type_one"]
    table = linkage_table(replace(BY_HAND, jobs=None))

    assert table[unknown].isna().all(axis=None)
    pd.testing.assert_frame_equal(table.drop(columns=unknown), linkage_table(BY_HAND).drop(columns=unknown))


def test_table_that_tells_origins_not_apart():
    accounts = Accounts.of(
        output=BY_HAND.output,
        value_added=BY_HAND.value_added,
        final_domestic=BY_HAND.final_domestic.assign(IMPO=[0, -30, 0]),
        total=BY_HAND.total,
    )

    table, known = linkage_table(accounts), ["output", "backward_total", "power_total", "sensitivity_total"]

    pd.testing.assert_frame_equal(table[known], linkage_table(BY_HAND)[known])
    assert table.drop(columns=[*known, "exports", "is_key"]).isna().all(axis=None)
    assert not table["is_key"].any()
    with pytest.raises(NotInTable, match="domestic"):
        value_added_multipliers(accounts)


def test_nothing_exported():
    accounts = replace(BY_HAND, export_categories=())

    assert accounts.exports.to_list() == [0, 0, 0]
    assert np.isnan(import_content_of_exports(accounts))
    assert np.isnan(domestic_value_added_in_exports(accounts))


def test_sector_without_output_is_a_column_of_zeros():
    """What rounding leaves of a sector that makes nothing counts as nothing, or its inputs would be huge."""
    output = BY_HAND.output.replace(200.0, 1e-8)

    coefficients = technical_coefficients(BY_HAND.domestic, output)
    table = linkage_table(replace(BY_HAND, output=output))

    assert coefficients["bakeries"].to_list() == [0, 0, 0]
    assert table.loc["bakeries", "backward_domestic"] == 1
    assert table.drop(columns=["imported_share", "type_one"]).notna().all(axis=None)
    assert np.isfinite(table["power_domestic"]).all()


def test_negative_entries_stay():
    """Flour given back, or stocks run down: 20 less of flour make the linkage smaller than 1."""
    flows = BY_HAND.domestic.replace(50.0, -50.0)

    inverse = leontief_inverse(technical_coefficients(flows, BY_HAND.output))

    assert backward_linkages(inverse).to_list() == pytest.approx([1, 1.2, 1 - 0.25 - 0.05])


def test_output_in_another_order_is_found_by_its_labels():
    turned = BY_HAND.output[::-1]

    expected = technical_coefficients(BY_HAND.domestic, BY_HAND.output)
    pd.testing.assert_frame_equal(technical_coefficients(BY_HAND.domestic, turned), expected)
    pd.testing.assert_frame_equal(
        ghosh_inverse(BY_HAND.domestic, turned), ghosh_inverse(BY_HAND.domestic, BY_HAND.output)
    )


def test_rows_and_columns_in_different_orders_are_refused():
    with pytest.raises(ValueError, match="order"):
        leontief_inverse(technical_coefficients(BY_HAND.require("domestic")[::-1], BY_HAND.output))


# Tables that do not converge


@pytest.mark.parametrize(
    "coefficients",
    [
        [[0.5, 0.5], [0.5, 0.5]],  # nothing is left over
        [[0.0, 4.0], [0.5, 0.0]],  # in circles
        [[0.9, 0.3], [0.3, 0.9]],
        [[-1.5, 0.0], [0.0, 0.5]],
        [[0.0, 1.2], [-1.2, 0.0]],  # its powers turn sign
    ],
)
def test_table_that_does_not_converge_is_refused(coefficients):
    flows = pd.DataFrame(coefficients, ["A", "B"], ["A", "B"])

    with pytest.raises(DoesNotConverge) as caught:
        leontief_inverse(flows)
    with pytest.raises(DoesNotConverge):
        ghosh_inverse(flows, pd.Series(1.0, ["A", "B"]))

    assert set(caught.value.sectors) <= {"A", "B"}
    assert caught.value.sectors


@pytest.mark.parametrize(
    "coefficients",
    [[[0.1, 5.0], [0.1, 0.1]], [[0.0, 0.9], [1.0, 0.0]], [[0.5, 1e9], [0.0, 0.5]], [[0.999999, 0.0], [2.0, 0.0]]],
)
def test_column_above_one_converges_where_inputs_die_out(coefficients):
    inverse = leontief_inverse(pd.DataFrame(coefficients))

    assert (inverse >= 0).all(axis=None)


def test_sectors_that_buy_too_much_are_named():
    with pytest.raises(DoesNotConverge, match="mills") as caught:
        leontief_inverse(pd.DataFrame([[0.1, 0.4], [0.2, 0.95]], ["farms", "mills"], ["farms", "mills"]))

    assert caught.value.sectors == ("mills",)


# Accounts


def test_parts_are_brought_into_one_order():
    turned = in_other_order(BY_HAND, ["bakeries", "farms", "mills"])

    assert turned.domestic.loc["mills", "bakeries"] == 50
    assert list(turned.domestic.index) == list(turned.domestic.columns) == list(turned.jobs.index)
    assert turned.imports.to_dict() == {"bakeries": 30, "farms": 0, "mills": 0}


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("domestic", BY_HAND.domestic.drop(columns="mills")),
        ("domestic", BY_HAND.domestic.rename(index={"mills": "farms"})),
        ("domestic", BY_HAND.domestic.replace(50.0, np.nan)),
        ("jobs", BY_HAND.jobs.rename({"mills": "mines"})),
        ("output", BY_HAND.output.replace(200.0, -200.0)),
        ("value_added", BY_HAND.value_added.replace(80.0, np.inf)),
        ("export_categories", ["EXPORTS"]),
    ],
)
def test_parts_that_do_not_fit_are_refused(part, value):
    with pytest.raises(ValueError, match=r"sector|number|negative|category"):
        Accounts.of(**{**vars(BY_HAND), part: value})


def test_pandas_is_not_paid_for_before_it_is_used():
    code = "import indicators.analytics.substitution, sys; sys.exit('pandas' in sys.modules or 'numpy' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
