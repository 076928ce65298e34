"""Measures of published tables: Germany 1995, Croatia 2010, two examples of textbooks."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from indicators.analytics.input_output import (
    backward_linkages,
    direct_import_coefficients,
    employment_multipliers,
    forward_linkages,
    ghosh_inverse,
    import_content_of_exports,
    leontief_inverse,
    linkage_table,
    power_of_dispersion,
    sensitivity_of_dispersion,
    technical_coefficients,
    total_import_coefficients,
    value_added_multipliers,
)
from indicators.analytics.substitution import extraction_losses, hypothetical_extraction
from tests.indicators.analytics.published import croatia, croatian_total, germany, results, rows

KINDS = {"total": "total", "column": "column_only", "row": "row_only"}
MILLER_BLAIR = "miller_blair_two_sector"


@pytest.fixture(scope="module")
def german():
    return germany()


@pytest.fixture(scope="module")
def inverse(german):
    return leontief_inverse(technical_coefficients(german.domestic, german.output))


@pytest.fixture(scope="module")
def published():
    return results("germany_1995_expected_results.json")["published"]


@pytest.fixture(scope="module")
def computed():
    return results("germany_1995_expected_results.json")["computed_here"]


@pytest.fixture(scope="module")
def croatian():
    return croatia()


# Germany 1995


def test_german_backward_linkages(inverse, published):
    assert backward_linkages(inverse).round(4).to_list() == published["backward_linkage_column_sums"]
    assert np.diag(inverse)[:3].round(4).tolist() == published["leontief_diag_first3"]


def test_german_forward_linkages(german, published):
    """Manufacturing is printed as 1.6691, which no reading of the table gives: it is 1.6910."""
    expected = pd.Series(published["forward_linkage_ghosh_row_sums"], german.sectors)
    expected["manufacturing_group"] = 1.6910

    linkages = forward_linkages(ghosh_inverse(german.domestic, german.output))

    assert linkages.round(4).to_list() == expected.to_list()


def test_german_multipliers(german, published):
    assert value_added_multipliers(german).round(4).to_list() == published["gva_multipliers"]
    assert employment_multipliers(german).round(4).to_list() == published["employment_multipliers_per_1000EUR_x"]


def test_german_values_computed_elsewhere(german, inverse, computed):
    close = {"abs": 1e-6, "rel": 0}
    direct = direct_import_coefficients(german).dot(german.exports) / german.exports.sum()

    assert backward_linkages(inverse).to_list() == pytest.approx(computed["backward_linkage"], **close)
    assert power_of_dispersion(inverse).to_list() == pytest.approx(computed["power_of_dispersion"], **close)
    sensitivity = computed["sensitivity_of_dispersion_leontief"]
    assert sensitivity_of_dispersion(inverse).to_list() == pytest.approx(sensitivity, **close)
    assert total_import_coefficients(german).to_list() == pytest.approx(computed["total_import_content"], **close)
    assert import_content_of_exports(german) == pytest.approx(computed["vs_share_of_exports"], **close)
    assert direct == pytest.approx(computed["direct_import_content_of_exports"], **close)


def test_german_sectors_taken_out(german, computed):
    losses = extraction_losses(german)

    for sector, expected in computed["hypothetical_extraction_output_loss_x0_is_L_f"].items():
        for kind, name in KINDS.items():
            assert hypothetical_extraction(german, sector, kind) == pytest.approx(expected[name], abs=0.06)
            assert losses.loc[sector, kind] == pytest.approx(expected[name], abs=0.06)


def test_german_table_at_once(german, published):
    table = linkage_table(german)

    assert table["backward_domestic"].round(4).to_list() == published["backward_linkage_column_sums"]
    assert table["value_added_multiplier"].round(4).to_list() == published["gva_multipliers"]
    assert table.index[table["is_key"]].to_list() == ["manufacturing_group"]
    assert table[["backward_total", "power_total", "sensitivity_total", "gap"]].isna().all(axis=None)


# Croatia 2010


def test_croatian_origins_add_up_to_the_total(croatian):
    assert (croatian.total - croatian_total()).abs().to_numpy().max() < 0.002  # three files, each rounded to 0.001


def test_croatian_output_is_imports_value_added_and_taxes(croatian):
    home = value_added_multipliers(croatian)
    abroad = total_import_coefficients(croatian)
    taxes = value_added_multipliers(replace(croatian, value_added=croatian.taxes))  # spread as value added is

    sums = (home + abroad + taxes)[croatian.producing]

    assert sums.to_list() == pytest.approx([1.0] * 64, abs=1e-6)


@pytest.mark.parametrize("dropped", [(), ("U",)])
def test_croatian_results(dropped):
    """Sector U makes nothing: whether it stays, with a column of zeros, or goes, the other 64 are the same."""
    expected = rows("croatia_2010_expected_results_64sector.csv")

    table = linkage_table(croatia(*dropped)).loc[expected.index]

    columns = {
        "output": "output",
        "backward_domestic": "bl_domestic",
        "backward_total": "bl_total",
        "power_domestic": "power_dispersion_dom",
        "sensitivity_domestic": "sensitivity_dispersion_dom",
        "direct_import": "direct_import_coeff",
        "total_import": "total_import_coeff",
    }
    found = table[list(columns)].set_axis(list(columns.values()), axis=1)
    assert len(expected) == 64
    assert (found["output"] - expected["output"]).abs().max() < 0.001
    assert (found - expected).drop(columns="output").abs().to_numpy().max() < 1.1e-6


def test_croatian_sector_without_output(croatian):
    row = linkage_table(croatian).loc["U"]

    assert (row["backward_domestic"], row["backward_total"], row["forward"]) == (1.0, 1.0, 1.0)
    assert (row["direct_import"], row["total_import"], row["value_added_multiplier"]) == (0.0, 0.0, 0.0)
    assert not row["is_key"]


# Textbooks


def test_miller_and_blair():
    example = results("textbook_examples.json")[MILLER_BLAIR]
    output = pd.Series(example["x"], ["1", "2"], dtype=float)

    coefficients = technical_coefficients(pd.DataFrame(example["Z"], ["1", "2"], ["1", "2"]), output)
    inverse = leontief_inverse(coefficients)

    assert coefficients.to_numpy().tolist() == example["A"]
    assert inverse.to_numpy().round(6).tolist() == example["L_computed"]
    assert inverse.dot(example["f"]).to_list() == pytest.approx(example["x"])
    assert inverse.dot(example["f_new"]).round(4).to_list() == example["x_new_computed"]


def test_smallest_matrix():
    example = results("textbook_examples.json")["minimal_matrix_iotables_test"]

    assert leontief_inverse(pd.DataFrame(example["A"])).to_numpy().round(6).tolist() == example["L"]
