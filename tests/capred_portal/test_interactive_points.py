"""Pictures of points: quarters with names and symbols, labels with room, pairs with gaps, bars with ranges."""

import pytest

from capred_portal.interactive_points import (
    Pair,
    Point,
    RangeBar,
    bar_span,
    dumbbell,
    labels_that_fit,
    range_bars,
    scatter,
    short,
)
from capred_portal.plotting import Table

NOTHING = Table("", [], [])
FIELD = [(0.0, 2.0), (0.0, 2.0)]


def quarters(*points):
    """Return four quarters with all points in the first."""
    return [("A & B", list(points)), ("C", []), ("D", []), ("E", [])]


def test_a_field_names_its_quarters_draws_its_lines_and_gives_each_quarter_a_symbol():
    plot = scatter(quarters(Point("x", 1.5, 1.2, "<b>", "/there/")), axes=("a", "b"), at=1, table=NOTHING)

    layout, traces = plot.figure["layout"], plot.figure["data"]
    assert [note["text"] for note in layout["annotations"]] == ["A &amp; B", "C", "D", "E"]
    assert [(note["x"], note["y"]) for note in layout["annotations"]] == [(1, 1), (1, 0), (0, 1), (0, 0)]
    assert len(layout["shapes"]) == 2
    assert len({trace["marker"]["symbol"] for trace in traces}) == 4
    assert traces[0]["customdata"] == [["&lt;b&gt;", "/there/"]]


def test_a_field_shows_all_its_points_and_its_lines_and_may_be_empty():
    plot = scatter(quarters(Point("x", 3, 0.5, "")), axes=("a", "b"), at=1, table=NOTHING)
    empty = scatter(quarters(), axes=("a", "b"), at=1, table=NOTHING)

    (left, right), (low, high) = (plot.figure["layout"][axis]["range"] for axis in ("xaxis", "yaxis"))
    assert left < 1 < 3 < right
    assert low < 0.5 < 1 < high
    assert empty.figure["layout"]["xaxis"]["range"][0] < 1


def test_labels_that_would_lie_over_each_other_are_left_to_the_pointer():
    far, near, alone = (
        Point(name, x, y, "") for name, x, y in (("far", 1.9, 1.9), ("near", 1.89, 1.9), ("ok", 0.2, 0.2))
    )

    assert labels_that_fit([near, far, alone], at=1, spans=FIELD) == {far, alone}


def test_a_label_does_not_lie_over_another_mark():
    low, above = Point("low", 1.5, 1.5, ""), Point("above", 1.5, 1.55, "")

    assert low not in labels_that_fit([low, above], at=1, spans=FIELD)


def test_pairs_are_drawn_with_the_gap_between_them_in_their_order():
    plot = dumbbell(
        [Pair("One", 1, 2, "1.00", ""), Pair("Two", 1.5, 1.7, "0.20", "")], names=("a", "b"), axis="", table=NOTHING
    )

    line, first, second = plot.figure["data"]
    assert line["x"] == [1, 2, None, 1.5, 1.7, None]
    assert (first["x"], second["x"]) == ([1, 1.5], [2, 1.7])
    assert (first["text"], second["text"]) == (["", ""], ["1.00", "0.20"])
    assert first["marker"]["symbol"] != second["marker"]["symbol"]
    assert [note["text"] for note in plot.figure["layout"]["annotations"]] == ["One", "Two"]


@pytest.mark.parametrize(("value", "low", "high", "array", "minus"), [(2, 1, 4, 2, 1), (-2, -1, -4, 1, 2)])
def test_a_whisker_goes_from_low_to_high_whatever_the_sign(value, low, high, array, minus):
    plot = range_bars([RangeBar("A", value, "text", "", low, high)], axis="", table=NOTHING)

    whisker = plot.figure["data"][0]["error_x"]
    assert (whisker["array"], whisker["arrayminus"]) == ([array], [minus])


def test_bars_without_a_range_have_no_whisker_and_a_bar_left_of_zero_its_number_on_the_left():
    plot = range_bars([RangeBar("A", 3, "3", ""), RangeBar("B", -1, "-1", "")], axis="", table=NOTHING)

    bars, texts = plot.figure["data"]
    assert "error_x" not in bars
    assert texts["textposition"] == ["middle right", "middle left"]
    assert texts["x"] == [3, -1]


def test_an_axis_of_bars_holds_zero_and_room_for_the_numbers():
    assert bar_span([RangeBar("A", 2, "", "", 1, 4)]) == pytest.approx((0, 4.88))
    assert bar_span([RangeBar("A", -2, "", "")]) == pytest.approx((-2.44, 0))
    assert bar_span([]) == (0, 1)


def test_a_long_name_is_cut_and_a_short_one_stays():
    assert short("Textiles") == "Textiles"
    assert len(short("x" * 80)) == 46
