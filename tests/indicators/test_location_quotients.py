"""Location quotients and cluster stars: an example by hand, identities, what cannot be compared."""

import subprocess
import sys

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.analytics.location_quotients import (
    Territory,
    cluster_strength,
    comparable_territory,
    confidence,
    focus_shares,
    in_top,
    location_quotients,
    size_shares,
    standardised_quotients,
)

# Kampong Speu has 60 of its 100 firms in garments; of all 200 firms, 80 are: (60/100) / (80/200) = 1.5.
BY_HAND = pd.DataFrame(
    {"10": [40, 80], "14": [60, 20]},
    index=["Kampong Speu", "Kampot"],
)


@st.composite
def counts_of(draw, most=500):
    """Frames of two to six provinces and divisions, some rows and columns empty."""
    rows, columns = draw(st.integers(2, 6)), draw(st.integers(2, 6))
    cells = draw(
        st.lists(
            st.lists(st.integers(0, most), min_size=columns, max_size=columns),
            min_size=rows,
            max_size=rows,
        )
    )
    return pd.DataFrame(cells, [f"P{row}" for row in range(rows)], [f"D{column}" for column in range(columns)])


def test_quotients_by_hand():
    quotients = location_quotients(BY_HAND)

    assert quotients.loc["Kampong Speu", "14"] == pytest.approx(1.5)
    assert quotients.loc["Kampong Speu", "10"] == pytest.approx((40 / 100) / (120 / 200))
    assert quotients.loc["Kampot", "14"] == pytest.approx(0.5)
    assert size_shares(BY_HAND).loc["Kampot", "14"] == pytest.approx(0.25)
    assert focus_shares(BY_HAND).loc["Kampot", "14"] == pytest.approx(0.20)


@given(counts_of())
def test_weighted_mean_over_provinces_is_one(counts):
    total = counts.to_numpy().sum()

    means = location_quotients(counts).mul(counts.sum(axis=1) / max(total, 1), axis=0).sum(axis=0)

    assert means[counts.sum(axis=0) > 0].to_list() == pytest.approx([1.0] * int((counts.sum(axis=0) > 0).sum()))


@given(counts_of())
def test_weighted_mean_over_divisions_is_one(counts):
    total = counts.to_numpy().sum()

    means = location_quotients(counts).mul(counts.sum(axis=0) / max(total, 1), axis=1).sum(axis=1)

    assert means[counts.sum(axis=1) > 0].to_list() == pytest.approx([1.0] * int((counts.sum(axis=1) > 0).sum()))


@given(counts_of(), st.integers(2, 1000))
def test_quotients_do_not_depend_on_the_unit(counts, factor):
    pd.testing.assert_frame_equal(location_quotients(counts), location_quotients(counts * factor))


@given(counts_of())
def test_empty_rows_and_columns_cannot_be_said(counts):
    quotients = location_quotients(counts)

    empty_row, empty_column = counts.sum(axis=1) == 0, counts.sum(axis=0) == 0
    assert quotients[empty_row].isna().all(axis=None)
    assert quotients.loc[:, empty_column].isna().all(axis=None)
    assert quotients.loc[~empty_row, ~empty_column].notna().all(axis=None)


@given(counts_of(), st.data())
def test_only_the_territory_is_compared(counts, data):
    provinces = data.draw(st.lists(st.sampled_from(list(counts.index)), unique=True, min_size=2))
    territory = Territory(provinces, list(counts.columns))

    part = location_quotients(counts, territory)

    pd.testing.assert_frame_equal(part.loc[provinces], location_quotients(counts.loc[provinces]))
    assert part.drop(index=provinces).isna().all(axis=None)


def test_territory_is_the_larger_rectangle():
    counts = pd.DataFrame(1, ["A", "B", "C"], ["10", "14", "23", "31"])

    assert comparable_territory(counts, {"A", "C"}, {"10"}) == Territory(["A", "C"], list(counts.columns))
    assert comparable_territory(counts, {"A", "C"}, {"10", "14", "31"}) == Territory(
        ["A", "B", "C"], ["10", "14", "31"]
    )


@pytest.mark.parametrize(("provinces", "divisions"), [(set(), set()), ({"A"}, {"10"}), ({"Z"}, {"99"})])
def test_nothing_to_compare_with(provinces, divisions):
    counts = pd.DataFrame(1, ["A", "B"], ["10", "14"])

    assert comparable_territory(counts, provinces, divisions) is None


@pytest.mark.parametrize(
    ("counts", "territory"),
    [
        (BY_HAND * -1, None),
        (BY_HAND.astype(float).replace(40, float("nan")), None),
        (pd.concat([BY_HAND, BY_HAND]), None),
        (BY_HAND, Territory(["Kep"], ["14"])),
    ],
    ids=["negative", "unknown", "twice", "elsewhere"],
)
def test_wrong_counts_are_refused(counts, territory):
    with pytest.raises(ValueError, match=r"negative|twice|not in"):
        location_quotients(counts, territory)


def test_an_unknown_count_outside_the_territory_does_no_harm():
    counts = BY_HAND.astype(float)
    counts.loc["Kep"] = float("nan")

    quotients = location_quotients(counts, Territory(list(BY_HAND.index), list(BY_HAND.columns)))

    assert quotients.loc["Kampong Speu", "14"] == pytest.approx(1.5)
    assert quotients.loc["Kep"].isna().all()


def test_standardised_quotients_mark_what_stands_out():
    quotients = pd.DataFrame({"10": [1.0] * 11 + [12.0], "14": [1.0, 2.0] + [0.0] * 10})

    scores = standardised_quotients(quotients)

    assert scores["10"].iloc[-1] > 1.96
    assert scores["14"].isna().all(), "two quotients above 0 are no distribution"


def test_confidence_says_why_not():
    firms = pd.DataFrame({"10": [0, 9, 10, 10, 50]}, index=list("ABCDE"))
    unknown = pd.DataFrame({"10": [0, 0, 2, 3, 50]}, index=list("ABCDE"))

    words = confidence(firms, unknown, Territory(list("ABCD"), ["10"]))

    assert words["10"].to_list() == ["none", "few firms", "sound", "jobs unknown", "not compared"]
    with pytest.raises(ValueError, match="more firms"):
        confidence(firms, unknown + 60)


def test_top_leaves_out_what_ties_across_the_edge():
    assert in_top(pd.Series([1, 1, 1, 1])).sum() == 0
    assert in_top(pd.Series([5, 3, 3, 0])).to_list() == [True, False, False, False]
    assert in_top(pd.Series(range(1, 21))).sum() == 2
    assert in_top(pd.Series([0, 0])).sum() == 0


def test_stars_by_hand():
    counts = pd.DataFrame(
        {"10": [90, 20, 20, 20], "14": [10, 80, 5, 5], "31": [0, 0, 9, 0]},
        index=["A", "B", "C", "D"],
    )

    table = cluster_strength(counts)

    cells = table.to_dict("index")
    earned = {place: [cell["size"], cell["specialisation"], cell["focus"]] for place, cell in cells.items()}
    assert table.index[0] == ("B", "14")
    assert earned["B", "14"] == [True, True, False]
    assert earned["A", "10"] == [True, False, True]
    assert cells["C", "31"]["quotient"] > 2
    assert cells["C", "31"]["stars"] == 0, "nine firms earn no star"


@given(counts_of(most=30))
def test_stars_add_up_and_come_strongest_first(counts):
    table = cluster_strength(counts)

    assert (table["stars"] == table[["size", "specialisation", "focus"]].sum(axis=1)).all()
    assert table["stars"].is_monotonic_decreasing
    assert not table.loc[table["firms"] < 10, "stars"].any()
    assert table["size_share"].between(0, 1).all()


def test_an_empty_register_has_no_clusters():
    counts = pd.DataFrame(0, ["A", "B"], ["10", "14"])

    assert location_quotients(counts).isna().all(axis=None)
    assert cluster_strength(counts).empty


def test_pandas_is_not_paid_for_before_it_is_used():
    code = "import indicators.analytics.location_quotients, sys; sys.exit('pandas' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
