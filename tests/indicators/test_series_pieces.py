"""Series in pieces, changes between two points, and the years that quarters make."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.analytics.aggregation import (
    Point,
    australian_year,
    calendar_year,
    change,
    quarter_key,
    quarters_of,
    series_pieces,
)

numbers = st.decimals(-10_000_000, 10_000_000, places=4)
quarters = st.builds("{:04}-Q{}".format, st.integers(1990, 2060), st.integers(1, 4))
points = st.lists(
    st.builds(Point, quarters, numbers, st.sampled_from(["WDI 2023", "WDI 2024", ""]), st.integers(1, 2)),
    max_size=12,
    unique_by=lambda point: (point.period_key, point.edition, point.rule_version),
)


@given(points, st.lists(quarters, max_size=3), st.data())
def test_pieces_hold_every_point_once_and_join_nothing(series, breaks, data):
    pieces = series_pieces(series, breaks)

    assert sorted(map(repr, series)) == sorted(repr(point) for piece in pieces for point in piece)
    for piece in pieces:
        assert len({(point.edition, point.rule_version) for point in piece}) == 1
        assert [point.period_key for point in piece] == sorted({point.period_key for point in piece})
        assert not [mark for mark in breaks if piece[0].period_key < mark <= piece[-1].period_key]
    assert series_pieces(data.draw(st.permutations(series)), set(breaks)) == pieces


def test_a_break_starts_a_new_piece():
    """As the classification of 2018 does: no line from 2017 to 2018, and no change."""
    series = [Point(str(year), Decimal(year), "WITS 2021") for year in range(2016, 2020)]

    pieces = series_pieces(series, breaks={"2018"})

    assert [[point.period_key for point in piece] for piece in pieces] == [["2016", "2017"], ["2018", "2019"]]
    assert change(series[1], series[2], {"2018"}) is None
    assert change(series[2], series[3], {"2018"}) == change(series[0], series[1], {"2018"}) == 1


def test_a_gap_stays_in_its_piece():
    series = [Point("2020", Decimal(1)), Point("2021", None), Point("2022", Decimal(3))]

    assert series_pieces(series) == [tuple(series)]
    assert change(series[0], series[1]) is None
    assert change(series[0], series[2]) == 2


def test_a_period_comes_once_in_an_edition():
    with pytest.raises(ValueError, match="2020 comes twice in WDI"):
        series_pieces([Point("2020", Decimal(1), "WDI"), Point("2020", Decimal(2), "WDI")])


def test_change_runs_forward():
    with pytest.raises(ValueError, match="earlier"):
        change(Point("2021", Decimal(1)), Point("2020", Decimal(1)))


def test_change_needs_one_version_of_the_rule():
    assert change(Point("2020", Decimal(1), rule_version=1), Point("2021", Decimal(1), rule_version=2)) is None


# Quarters and the years they make


def test_years_of_a_quarter():
    assert quarter_key("2024-Q3") == (2024, 3)
    assert calendar_year("2024-Q3") == "2024"
    assert australian_year("2024-Q3") == "2024-25"
    assert australian_year("2024-Q2") == "2023-24"
    assert australian_year("1999-Q4") == "1999-00"
    assert quarters_of("2024") == ("2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4")
    assert quarters_of("2024-25") == ("2024-Q3", "2024-Q4", "2025-Q1", "2025-Q2")


@given(quarters)
def test_a_quarter_is_in_its_years(quarter):
    assert quarter in quarters_of(calendar_year(quarter))
    assert quarter in quarters_of(australian_year(quarter))
    assert {australian_year(other) for other in quarters_of(australian_year(quarter))} == {australian_year(quarter)}


@pytest.mark.parametrize("text", ["2024", "2024-Q5", "24-Q1", "2024-Q1 ", "២០២៤-Q1", "2024-q1"])
def test_not_a_quarter(text):
    with pytest.raises(ValueError, match="not a quarter"):
        quarter_key(text)


@pytest.mark.parametrize("text", ["2024-26", "2024-Q1", "FY2024", "២០២៤", ""])
def test_not_a_year(text):
    with pytest.raises(ValueError, match="not a year"):
        quarters_of(text)
