"""Lines in pieces: nothing joins what may not be joined, everything stays inside the box, labels stand apart."""

import re
from itertools import pairwise

from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from capred_portal.line_charts import LABEL_ROOM, VALUE_ROOM, Piece, line_chart, line_table
from capred_portal.plotting import letters, width_of

OLD = Piece("2023 edition", [("2020", 16.3, ""), ("2021", 18.2, ""), ("2022", 18.9, "")])
NEW = Piece("2026 edition", [("2021", 24.1, ""), ("2022", 27.0, ""), ("2024", 28.4, "/rows/")])
VALUES = st.floats(-1e9, 1e12, allow_nan=False)
YEARS = st.integers(1990, 2030).map(str)


def numbers_of(path):
    return [float(number) for number in re.findall(r"-?[\d.]+", path)]


def test_two_editions_are_two_lines():
    picture = line_chart([OLD, NEW])

    assert [line.style for line in picture.lines] == ["", "secondary"]
    assert [len(line.paths) for line in picture.lines] == [1, 1]
    assert len(numbers_of(picture.lines[0].paths[0])) == 6


def test_a_year_without_value_is_a_gap():
    picture = line_chart([NEW])

    assert [len(numbers_of(path)) for path in picture.lines[0].paths] == [4]
    assert [text for _x, text in picture.ticks] == ["2021", "2022", "2023", "2024"]


def test_pieces_of_one_name_look_alike_and_have_one_label():
    pieces = [Piece("KHM", [("2016", 30.1, ""), ("2017", 30.5, "")]), Piece("KHM", [("2018", 47.2, "")])]

    picture = line_chart(pieces, breaks=[("2018", "break")])

    assert [line.style for line in picture.lines] == ["", ""]
    assert [(label.name, label.text) for label in picture.labels] == [("KHM", "47.2")]
    assert [len(line.paths) for line in picture.lines] == [1, 0]
    assert picture.lines[0].dots[-1].x < picture.breaks[0].x < picture.lines[1].dots[0].x


def test_a_target_path_is_joined_over_years_without_value():
    picture = line_chart([OLD], path=[("2013", 15.5), ("2025", 20)])

    assert len(numbers_of(picture.target)) == 4
    assert picture.labels[-1].text == "18.9"
    assert picture.labels[0].text == "20"


def test_the_picture_and_its_table_say_the_same():
    html = render_to_string("plots/_lines.html", {"picture": line_chart([OLD, NEW]), "title": "Rose"})
    table = line_table("Year", [OLD, NEW])

    assert 'aria-label="Rose; 2026 edition, 2024: 28.4; 2023 edition, 2022: 18.9"' in html
    assert table.columns == ["2023 edition", "2026 edition"]
    assert [(name, [cell.text for cell in cells]) for name, cells in table.rows][-1] == ("2024", ["–", "28.4"])
    assert table.rows[-1][1][1].url == "/rows/"


def test_khmer_letters_below_and_marks_take_no_room():
    assert letters("កម្ពុជា") == 4
    assert letters("KHM") == 3


def test_nothing_to_draw_is_an_empty_box():
    picture = line_chart([])

    assert (picture.lines, picture.labels) == ([], [])


@given(st.lists(st.dictionaries(YEARS, st.none() | VALUES, max_size=12), max_size=4), st.booleans())
def test_everything_stays_inside_the_box(series, from_zero):
    pieces = [
        Piece(str(number), [(year, value, "") for year, value in sorted(points.items())])
        for number, points in enumerate(series)
    ]

    picture = line_chart(pieces, from_zero=from_zero)

    scale = picture.scale
    for dot in (dot for line in picture.lines for dot in line.dots):
        assert scale.left <= dot.x <= scale.right
        assert scale.top <= dot.y <= scale.bottom
    for above, below in pairwise(picture.labels):
        assert below.y - above.y >= (VALUE_ROOM if picture.names else LABEL_ROOM) - 0.2
    assert all(scale.top - 8 <= label.y <= scale.bottom for label in picture.labels)


def test_short_names_stand_beside_their_lines_and_long_or_many_ones_below():
    points = [("2020", 1, ""), ("2021", 2, "")]

    short = line_chart([Piece("Cambodia", points), Piece("Bangladesh", points)])
    long = line_chart([Piece("Since the baseline", points)], path=[("2020", 0), ("2023", 9)])
    many = line_chart([Piece(name, points) for name in "ABCDE"])

    assert short.names == []
    assert [str(name.name) for name in long.names] == ["Target", "Since the baseline"]
    assert [name.style for name in long.names] == ["target", ""]
    assert len(many.names) == 5
    assert long.scale.right > short.scale.right
    for picture in (long, many):
        assert all(name.end + 6 + width_of(str(name.name)) <= picture.width for name in picture.names)
        assert all(picture.scale.bottom + 26 < name.y < picture.height for name in picture.names)


def test_names_below_stand_in_as_many_rows_as_they_need():
    points = [("2020", 1, ""), ("2021", 2, "")]

    picture = line_chart([Piece(f"The {number}nd edition of a source", points) for number in range(3)])

    assert len({name.y for name in picture.names}) == 3
    assert all(below.y - above.y >= 16 for above, below in pairwise(picture.names))


def test_words_of_breaks_stay_between_the_axes_and_apart():
    points = [(str(year), 5, "") for year in range(2000, 2021)]
    years = ["2001", "2002", "2010", "2020"]

    picture = line_chart([Piece("Value", points)], breaks=[(year, "break") for year in years])

    assert [mark.anchor for mark in picture.breaks] == ["start", "", "end", "end"]
    ends = [(mark.x - 41, mark.x) if mark.anchor == "end" else (mark.x, mark.x + 41) for mark in picture.breaks]
    shown = [end for end, mark in zip(ends, picture.breaks, strict=True) if mark.anchor]
    assert all(first[1] <= second[0] for first, second in pairwise(shown))
    assert shown[0][0] >= picture.scale.left
