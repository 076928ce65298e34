"""Small pictures: everything inside its box, nothing over anything else, gaps where nothing is known."""

import json
import re
from itertools import pairwise

import pytest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from capred_portal.interactive import HeatCell, InteractiveChart, heat_map, plotly_figure
from capred_portal.networks import LABEL, LETTERS, MOST_NODES, ROW, Firm, Link, network_picture, shortened
from capred_portal.plotting import cut_legend, cut_level, spark_lines, tile_map

CUTS = (0.5, 0.8, 1.25, 2)
STAGES = {"introduced": ("dotted", "introduced"), "trial": ("dashed", "trial order"), "repeat": ("solid", "repeat")}
VALUES = st.none() | st.integers(-50, 2_000_000) | st.decimals(-50, 2_000_000, places=2)


def numbers_of(path):
    return [float(number) for number in re.findall(r"-?[\d.]+", path)]


# Tiles


def test_tiles_show_counts_by_equal_steps():
    picture = tile_map([("Kampot", 0, 0, 0, ""), ("Kep", 0, 1, 1, ""), ("Takeo", 1, 0, 10, "")])

    assert [(tile.text, tile.level) for tile in picture.tiles] == [("0", 0), ("1", 1), ("10", 5)]
    assert (picture.width, picture.height) == (136, 96)


def test_tiles_show_decimals_by_fixed_limits_and_what_is_not_known():
    rows = [("Kampot", 0, 0, 1.25, ""), ("Kep", 0, 1, None, ""), ("Takeo", 0, 2, 0, "")]

    picture = tile_map(rows, cuts=CUTS, legend=cut_legend(CUTS), show="{:.2f}".format)
    html = render_to_string("plots/_tiles.html", {"picture": picture, "title": "Quotients"})

    assert [(tile.text, tile.level) for tile in picture.tiles] == [("1.25", 4), ("–", None), ("0.00", 0)]
    assert "<title>Kep: no data</title>" in html
    assert "level-missing" in html
    assert "0.8 to below 1.25" in html


def test_levels_by_limits():
    levels = [cut_level(value, CUTS) for value in (None, float("nan"), 0, 0.49, 0.5, 1, 1.25, 1.99, 2, 80)]

    assert levels == [None, None, 0, 1, 2, 3, 4, 4, 5, 5]


def test_every_level_has_its_words():
    swatches = [swatch for swatch, _words in cut_legend(CUTS)]

    assert swatches == [*(f"level-{level}" for level in range(6)), "level-missing"]


# Small lines


def test_a_small_line_breaks_where_a_year_is_missing():
    (line,) = spark_lines([("Jobs", {2019: 120, 2020: 80, 2022: 95, 2023: None, 2024: 152})])

    assert [spot.year for spot in line.spots] == [2019, 2020, 2022, 2024]
    first, second, *_later = line.spots
    assert [numbers_of(path) for path in line.paths] == [[first.x, first.y, second.x, second.y]]
    assert (line.first.text, line.last.text, line.missing) == ("120", "152", [2021, 2023])


def test_small_lines_share_one_axis_of_years():
    jobs, turnover = spark_lines([("Jobs", {2014: 1, 2024: 2}), ("Turnover", {2023: 5, 2024: 6})])

    assert jobs.last.x == turnover.last.x
    assert jobs.first.x < turnover.first.x
    assert turnover.is_short
    assert not jobs.is_short


def test_a_small_line_without_values_says_so():
    lines = spark_lines([("Jobs", {}), ("Export share", {2021: 62})])

    html = render_to_string("plots/_sparks.html", {"sparks": lines})

    assert lines[0].first is None
    assert "no data" in html
    assert 'aria-label="Export share: 2021: 62"' in html
    assert spark_lines([]) == []


@given(st.lists(st.dictionaries(st.integers(1990, 2030), VALUES, max_size=12), max_size=4))
def test_small_lines_stay_in_their_box(series):
    lines = spark_lines([("Measure", values) for values in series])

    for line in lines:
        assert all(0 <= spot.x <= line.width and 0 <= spot.y <= line.height for spot in line.spots)
        assert 0 <= line.baseline <= line.height
        assert all(line.spots[0].x <= spot.x <= line.spots[-1].x for spot in line.spots)


# Networks


def network_of(pairs, stages=STAGES):
    firms = {key: Firm(f"Firm {key}", f"/enterprises/{key}/") for pair in pairs for key in pair}
    return network_picture([Link(supplier, buyer, "trial") for supplier, buyer in pairs], firms, stages)


def test_suppliers_stand_left_of_buyers():
    picture = network_of([("a", "x"), ("b", "x")])

    assert {node.firm.name for node in picture.suppliers} == {"Firm a", "Firm b"}
    assert [node.firm.name for node in picture.buyers] == ["Firm x"]
    assert picture.suppliers[0].x < picture.buyers[0].x
    assert picture.buyers[0].y == pytest.approx((picture.suppliers[0].y + picture.suppliers[1].y) / 2)


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=120).map(
        lambda pairs: [(f"s{supplier}", f"b{buyer}") for supplier, buyer in pairs]
    )
)
def test_names_never_overlap_and_stay_in_the_box(pairs):
    picture = network_of(pairs)

    for nodes in (picture.suppliers, picture.buyers):
        heights = sorted(node.y for node in nodes)
        assert all(below - above >= ROW for above, below in pairwise(heights))
        assert all(ROW / 2 <= node.y <= picture.height - ROW / 2 for node in nodes)
        assert all(node.box >= 0 and node.box + node.width <= picture.width for node in nodes)
    assert len(picture.suppliers) + len(picture.buyers) <= MOST_NODES
    assert len(picture.suppliers) + picture.more_suppliers == len({supplier for supplier, _buyer in pairs})
    assert len(picture.buyers) + picture.more_buyers == len({buyer for _supplier, buyer in pairs})
    for curve in picture.curves:
        assert all(0 <= number <= max(picture.width, picture.height) for number in numbers_of(curve.path))


def test_a_buyer_alone_leaves_its_room_to_the_suppliers():
    picture = network_of([(f"s{place}", "hub") for place in range(60)])

    assert (len(picture.suppliers), picture.more_suppliers) == (MOST_NODES - 1, 21)


def test_links_of_a_pair_are_one_curve_of_the_furthest_stage():
    links = [Link("a", "x", "repeat"), Link("a", "x", "introduced"), Link("a", "x", "repeat"), Link("b", "x", "trial")]

    picture = network_picture(links, {key: Firm(key.upper()) for key in "abx"}, STAGES)

    curves = {curve.title: curve.style for curve in picture.curves}
    assert curves == {"A → X: repeat, introduced": "solid", "B → X: trial order": "dashed"}
    assert [style for style, _words in picture.legend] == ["dotted", "dashed", "solid"]


def test_firms_stand_near_their_partners():
    picture = network_of([("a", "z"), ("b", "y"), ("c", "x")])

    levels = {node.firm.name: node.y for node in (*picture.suppliers, *picture.buyers)}
    assert levels["Firm a"] == levels["Firm z"]
    assert levels["Firm c"] == levels["Firm x"]


def test_a_network_without_links_says_so():
    html = render_to_string("plots/_network.html", {"picture": network_of([]), "title": "Links"})

    assert "No links to draw yet." in html
    assert "<svg" not in html


def test_a_network_links_to_its_firms_and_tells_every_line():
    pairs = [(f"s{place}", f"b{place}") for place in range(25)]

    html = render_to_string("plots/_network.html", {"picture": network_of(pairs), "title": "Links"})

    assert 'href="/enterprises/s1/"' in html
    assert html.count("trial order</title>") == 20
    assert "and 5 more suppliers" in html
    assert "and 5 more buyers" in html


@given(st.text(max_size=80))
def test_shortened_names_fit_and_begin_as_the_name_does(name):
    short = shortened(name)

    assert short == name or name.startswith(short.removesuffix("…"))
    assert len(shortened("W" * 80)) == LETTERS
    assert LABEL > LETTERS * 8


def test_khmer_names_are_cut_before_a_letter_not_before_its_vowel():
    assert shortened("ក្រុមហ៊ុន", 3) == "ក្រុម…"
    assert shortened("កា កា", 3) == "កា…"
    assert shortened("ក្រុមហ៊ុន", 4) == "ក្រុមហ៊ុន"


# Plots


def heat(rows):
    return heat_map([("10", "Food"), ("14", "<Apparel>")], rows, cuts=CUTS, corner="Province", legend=cut_legend(CUTS))


def test_a_heat_map_and_its_table_hold_the_same_numbers():
    row = ("Kampot <b>", [HeatCell(2.5, "2.5", "Kampot, food: 2.5", "/enterprises/?q=1"), HeatCell(None, "–")])

    picture = heat([row])

    colors, texts = picture.figure["data"]
    assert colors["z"] == [[5, None]]
    assert colors["customdata"][0][0] == ["Kampot, food: 2.5", "/enterprises/?q=1"]
    assert texts["text"] == ["2.5", "–"]
    assert picture.figure["layout"]["yaxis"]["ticktext"] == ["Kampot &lt;b&gt;"]
    assert picture.table.columns == ["Food", "<Apparel>"]
    assert [cell.text for _name, cells in picture.table.rows for cell in cells] == texts["text"]


def test_a_heat_map_without_rows_has_no_cells():
    picture = heat([])

    assert picture.figure["data"][0]["z"] == []
    assert picture.table.rows == []


def test_a_figure_is_safe_inside_a_page():
    chart = InteractiveChart("where", "Title", "Source", heat([("</script>", [HeatCell(1, "1"), HeatCell(2, "2")])]))

    html = render_to_string("plots/_plotly.html", {"chart": chart})

    assert html.count("</script>") == 1
    figure = json.loads(re.findall(r"<script[^>]*>(.*?)</script>", html, re.DOTALL)[0])
    assert figure["layout"]["template"] == "none"
    assert figure["data"][0]["z"] == [[3, 5]]
    assert " style=" not in html


def test_what_is_no_number_becomes_null():
    figure = plotly_figure([{"y": [1, float("nan"), float("inf"), gettext_lazy("Workshops")]}], {"height": 300})

    assert figure["data"][0]["y"] == [1, None, None, "Workshops"]
    assert figure["layout"] == {"template": "none", "height": 300}
