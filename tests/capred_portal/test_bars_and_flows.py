"""Pictures of ranked bars and of flows: where things stand, what is written, and the same numbers as a table."""

from capred_portal.interactive_flows import Band, sankey
from capred_portal.plotting import width_of
from capred_portal.ranked_bars import NAME_WIDTH, ranked_bars, shortened


def test_bars_grow_with_their_values_and_what_is_unknown_has_words_only():
    chart = ranked_bars(
        [("A", [(50, "50 %"), (25, "25 %")]), ("B", [(None, "withheld"), (-3, "-3")])], names=["x", "y"]
    )

    (first, second), (unknown, negative) = (row.bars for row in chart.rows)
    assert first.width == 2 * second.width > 0
    assert (unknown.width, unknown.text) == (0, "withheld")
    assert negative.width == 0
    assert [bar.y for bar in (first, second, unknown, negative)] == sorted({first.y, second.y, unknown.y, negative.y})
    assert chart.legend == [("", "x"), ("secondary", "y")]


def test_the_words_of_the_longest_bar_stay_inside_the_picture():
    text = "100.0 % · US$ 12,345 million"

    chart = ranked_bars([("A", [(100, text)])], names=["x"], most=100)

    assert chart.rows[0].bars[0].width + 6 + width_of(text) < chart.width


def test_no_rows_and_nothing_but_zeros_are_drawn():
    assert ranked_bars([], names=["x"]).rows == []
    assert ranked_bars([("A", [(0, "0")])], names=["x"]).rows[0].bars[0].width == 0


def test_long_names_are_cut_between_words_in_both_scripts():
    english = "Manufacture of wood and of products of wood and cork, except furniture; articles of straw"
    khmer = "ការផលិតឈើនិងផលិតផលធ្វើពីឈើនិងឆ្នុកលើកលែងគ្រឿងសង្ហារឹមនិងរបស់របរធ្វើពីចំបើងនិងសម្ភារៈត្បាញទាំងអស់ក្នុងស្រុក"

    assert shortened("Textiles") == "Textiles"
    assert shortened(english).endswith("of wood…")
    assert NAME_WIDTH - 20 < width_of(shortened(khmer)) <= NAME_WIDTH


def test_flows_are_bands_between_nodes_and_rows_of_the_table():
    china, cotton, mills = (0, "China"), (1, "Cotton <b>"), (2, "Mills")
    bands = [Band(china, cotton, 60.0, "US$ 60 m"), Band(cotton, mills, 60.0, "US$ 60 m"), Band(china, mills, 0, "0")]

    plot = sankey(bands, columns=["Supplier", "Goods", "Buyer"], unit="US$ m")

    drawn = plot.figure["data"][0]
    assert drawn["node"]["label"] == ["China", "Cotton &lt;b&gt;", "Mills"]
    assert (drawn["link"]["source"], drawn["link"]["target"], drawn["link"]["value"]) == ([0, 1], [1, 2], [60.0, 60.0])
    assert drawn["link"]["customdata"][0][0] == "China → Cotton &lt;b&gt;: US$ 60 m"
    assert len(set(drawn["node"]["color"])) == 3
    assert plot.table.corner == "Supplier / Goods"
    assert [(name, [cell.text for cell in cells]) for name, cells in plot.table.rows] == [
        ("China", ["Cotton <b>", "US$ 60 m"]),
        ("Cotton <b>", ["Mills", "US$ 60 m"]),
        ("China", ["Mills", "0"]),
    ]
