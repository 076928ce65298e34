"""Backward linkages: the numbers of the analytics, four quarters, what is not in a table, one economy at a time."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from capred_portal.models import Load
from capred_portal.spreadsheets import read_table
from indicators.analytics.input_output import import_content_of_exports, linkage_table
from indicators.inputs.linkages import KEY, LOOSE, PULLS, SERVES, Question, findings_of
from indicators.inputs.tables import accounts_of
from indicators.inputs.tables_kept import tables_kept
from indicators.models import InputOutputCell, InputOutputTable, SectorConcordance
from tests.table_factories import make_table

PAGE = reverse("backward_linkages:index")


def make_total_table(**values):
    """Make a table that does not tell origins apart: one square of inputs, imports told by nobody."""
    table = make_table(has_imported=False, **values)
    cells = InputOutputCell.objects.filter(table=table)
    cells.filter(block__in=("zm", "fm")).delete()
    cells.filter(block="zd").update(block="z")
    cells.filter(block="fd").update(block="f")
    return table


def line(response, code):
    """Return the line of a sector in the ranking of a page."""
    return next(line for line in response.context["lines"] if line.sector.code == code)


# The numbers


@pytest.mark.django_db
def test_the_page_shows_what_the_analytics_compute(staff_client):
    table = make_table()
    frame = linkage_table(accounts_of(table))

    response = staff_client.get(PAGE, {"table": table.pk})

    assert response.status_code == 200
    for code in frame.index:
        row = line(response, code)
        values = frame.loc[code]
        assert row.sector.power == values["power_domestic"]
        assert row.sector.sensitivity == values["sensitivity_domestic"]
        assert row.sector.jobs == values["jobs_multiplier"]
        assert row.texts[0] == f"{values['power_domestic']:.2f}"
        assert row.texts[2] == f"{values['gap']:.2f}"
        assert row.texts[3] == f"{values['imported_share'] * 100:.1f}"


@pytest.mark.django_db
def test_inputs_of_either_origin_are_another_measure(staff_client):
    table = make_table()
    frame = linkage_table(accounts_of(table))

    response = staff_client.get(PAGE, {"measure": "total"})

    assert line(response, "M").sector.power == frame.loc["M", "power_total"]


@pytest.mark.django_db
def test_a_sector_is_key_where_both_indices_lie_above_1():
    findings = findings_of(make_table(), Question())

    for row in findings.sectors:
        expected = {
            (True, True): KEY,
            (True, False): PULLS,
            (False, True): SERVES,
            (False, False): LOOSE,
        }[(row.power or 0) > 1, (row.sensitivity or 0) > 1]
        assert row.quarter == expected
    assert [row.code for row in findings.in_quarter(KEY)] == ["M"]
    frame = linkage_table(findings.accounts)
    assert [row.code for row in findings.in_quarter(KEY)] == list(frame.index[frame["is_key"]])


@pytest.mark.django_db
def test_titles_of_pictures_are_computed(staff_client):
    table = make_table()
    share = import_content_of_exports(accounts_of(table))

    response = staff_client.get(PAGE)

    quarters, gap, exports = response.context["pictures"]
    assert quarters.title == "1 of 3 sectors is a key sector: Manufacturing"
    assert gap.title.startswith("Most leaks abroad in Manufacturing: ")
    assert exports.title == f"{share * 100:.0f} % of the value of exports is imported inputs"


@pytest.mark.django_db
def test_the_largest_gap_stands_first_and_the_table_has_the_same_numbers(staff_client):
    table = make_table()
    frame = linkage_table(accounts_of(table)).sort_values("gap", ascending=False)

    gap = staff_client.get(PAGE).context["pictures"][1]

    first, second = gap.picture.figure["data"][1:]
    assert first["x"] == list(frame["backward_domestic"])
    assert second["x"] == list(frame["backward_total"])
    assert next(name for name, _cells in gap.picture.table.rows) == "Manufacturing"
    assert [cell.text for cell in gap.picture.table.rows[0][1]] == [
        f"{frame.iloc[0][name]:.2f}" for name in ("backward_domestic", "backward_total", "gap")
    ]


@pytest.mark.django_db
def test_the_four_quarters_are_named_in_the_picture_and_have_symbols_of_their_own(staff_client):
    make_table()

    figure = staff_client.get(PAGE).context["pictures"][0].picture.figure

    names = [note["text"] for note in figure["layout"]["annotations"]]
    assert names == [
        "Key sectors",
        "Pull their suppliers",
        "Serve the others",
        "Loosely linked",
    ]
    assert len({trace["marker"]["symbol"] for trace in figure["data"]}) == 4
    assert [(shape.get("x0"), shape.get("y0")) for shape in figure["layout"]["shapes"]] == [(1, 0), (0, 1)]


# The address holds the state


@pytest.mark.django_db
def test_the_ranking_is_sorted_by_what_the_address_says(staff_client):
    make_table()

    by_gap = staff_client.get(PAGE, {"sort": "gap"}).context["lines"]
    as_in_table = staff_client.get(PAGE, {"sort": "table"}).context["lines"]

    assert [row.sector.gap for row in by_gap] == sorted((row.sector.gap for row in by_gap), reverse=True)
    assert [row.sector.code for row in as_in_table] == ["A", "M", "S"]


@pytest.mark.django_db
def test_a_parameter_that_makes_no_sense_is_left_as_it_is_by_default(staff_client):
    make_table()

    response = staff_client.get(PAGE, {"sort": "x", "measure": "y", "sector": "nowhere", "table": "z"})

    assert response.status_code == 200
    assert response.context["findings"].question == Question(sector="nowhere")
    assert response.context["basket"] is None


@pytest.mark.django_db
def test_a_sector_shows_what_it_buys_and_where_to_go(staff_client):
    table = make_table()

    response = staff_client.get(PAGE, {"table": table.pk, "sector": "M"})

    basket, page = response.context["basket"], response.content.decode()
    assert [(row.code, row.value) for row in basket.home] == [("M", 40), ("A", 30), ("S", 20)]
    assert [(row.code, row.value) for row in basket.abroad] == [("M", 40), ("A", 20), ("S", 10)]
    assert basket.abroad[0].share == 40 / 160
    assert f"/suppliers/?sector=M&amp;table={table.pk}" in page
    assert all("&sector=M" in view.url for view in response.context["views"])
    assert all("&sector=M" in column.url for column in response.context["columns"])
    assert basket.abroad[1].shift_url == f"/scenarios/?table={table.pk}&shift=A%3AM%3A50"


# What is not in the table


@pytest.mark.django_db
def test_what_a_table_does_not_tell_apart_is_said_and_never_0(staff_client):
    make_total_table(jobs=False)

    response = staff_client.get(PAGE, {"sector": "M"})

    row = line(response, "M")
    assert [row.texts[place] for place in (2, 3, 4, 5)] == ["not in this table"] * 4
    assert len(response.context["pictures"]) == 1
    assert "are not in this table: it does not tell" in response.content.decode()
    assert response.context["basket"].home is None
    assert response.context["findings"].question.measure == "total"


@pytest.mark.django_db
def test_a_table_without_jobs_says_so(staff_client):
    make_table(jobs=False)

    response = staff_client.get(PAGE)

    assert {row.texts[5] for row in response.context["lines"]} == {"not in this table"}


@pytest.mark.django_db
def test_a_sector_that_makes_nothing_is_in_the_table_but_in_no_picture(staff_client):
    table = make_table()
    InputOutputCell.objects.filter(table=table, block__in=("x", "v"), column="S").update(value=0)
    InputOutputCell.objects.filter(table=table, block__in=("zd", "zm"), column="S").update(value=0)

    response = staff_client.get(PAGE)

    assert line(response, "S").texts[:2] == ["not in this table"] * 2
    assert line(response, "S").sector.reasons == "It makes nothing in this table."
    assert [name for name, _cells in response.context["pictures"][0].picture.table.rows] == [
        "Manufacturing",
        "Agriculture",
    ]


@pytest.mark.django_db
def test_a_table_that_does_not_converge_names_its_sectors(staff_client):
    table = make_table()
    InputOutputCell.objects.filter(table=table, block="zd", row="M", column="M").update(value=500)

    response = staff_client.get(PAGE)

    assert response.status_code == 200
    assert "reach or exceed their output: M" in response.content.decode()
    assert staff_client.get(reverse("backward_linkages:export", args=["csv"])).status_code == 404


@pytest.mark.django_db
def test_without_a_table_the_page_says_what_to_load(staff_client):
    InputOutputTable.objects.all().delete()

    response = staff_client.get(PAGE)

    assert response.status_code == 200
    assert "No input-output table is loaded yet" in response.content.decode()


# One economy per picture; the published check


@pytest.mark.django_db
def test_an_example_stands_under_its_banner_and_is_not_compared_with_cambodia(staff_client):
    table = make_table(economy="HRV", is_example=True)

    response = staff_client.get(PAGE, {"table": table.pk})

    page = response.content.decode()
    assert "These are not figures of Cambodia" in page
    assert response.context["compared"] == []
    assert "They wait for a table of Cambodia" in page
    assert all("An example country, not Cambodia." in chart.source for chart in response.context["pictures"])


@pytest.mark.django_db
def test_a_cambodian_table_is_checked_against_what_was_published(staff_client):
    table = make_table()
    SectorConcordance.objects.create(source=table.source, classification="three", sector="M", division="13")

    response = staff_client.get(PAGE)

    textiles, food, other = response.context["compared"]
    power = line(response, "M").sector.power
    assert (textiles.published.value, textiles.computed) == (1.16, power)
    assert textiles.signed == f"{power - 1.16:+.2f}"
    assert food.sector is None
    assert other.sector is None
    assert "Journal of Economic Structures 2021" in response.content.decode()


# Files, roles, cache


def rows_of_page(response):
    return [
        [str(row.sector.place), row.sector.code, row.sector.title, *row.numbers] for row in response.context["lines"]
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("format_name", ["csv", "xlsx"])
def test_the_file_has_the_rows_of_the_page(staff_client, format_name):
    table = make_table()
    asked = {"table": table.pk, "sort": "gap", "measure": "total"}

    page = staff_client.get(PAGE, asked)
    file = staff_client.get(reverse("backward_linkages:export", args=[format_name]), asked)

    read = read_table(b"".join(file.streaming_content), f"linkages.{format_name}", max_rows=10)
    found = [list(row.cells) for row in read.rows]
    assert [[*row[:3], *map(float, row[5:11])] for row in found] == rows_of_page(page)
    assert {row[11] for row in found} == {str(table)}


@pytest.mark.django_db
def test_an_officer_looks_and_who_is_not_signed_in_goes_to_the_login_page(officer_client, anonymous_client):
    make_table()

    assert officer_client.get(PAGE).status_code == 200
    assert anonymous_client.get(PAGE).status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize("path", [PAGE, reverse("backward_linkages:export", args=["csv"])])
def test_nothing_is_posted_here(staff_client, path):
    assert staff_client.post(path).status_code == 405


@pytest.mark.django_db
def test_the_page_speaks_khmer(staff_client):
    make_table()
    staff_client.post(reverse("set_language"), {"language": "km", "next": "/"})

    assert staff_client.get(PAGE).status_code == 200


@pytest.mark.django_db
def test_a_page_that_was_shown_once_computes_nothing_again(staff, django_assert_max_num_queries, monkeypatch):
    make_table()
    client = Client()
    client.force_login(staff)
    cache.clear()
    with django_assert_max_num_queries(15):
        client.get(PAGE)

    monkeypatch.setattr("indicators.views.backward_linkages.findings_of", None)

    assert client.get(PAGE).status_code == 200
    assert client.get(PAGE, {"unknown": "1"}).status_code == 200


@pytest.mark.django_db
def test_tables_are_kept_without_the_people_who_loaded_them(staff, rf):
    table = make_table()
    table.load = Load.objects.create(kind="labelled-iot", created_by=staff, file_name="table.csv")
    table.save()
    request = rf.get(PAGE)
    request.user = staff

    tables_kept(request)
    (kept,) = tables_kept(request)

    assert kept.load_id == table.load_id
    assert "load" not in kept._state.fields_cache
    assert str(kept) == str(table)
