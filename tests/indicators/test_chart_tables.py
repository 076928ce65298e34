"""Long tables of charts: not sent with the first view of a page, there when asked for, with the same numbers."""

import re
from html import unescape

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.table_factories import make_table
from tests.trade_flows import make_correspondence, make_flows

pytestmark = pytest.mark.django_db

PAGE = reverse("backward_linkages:index")
HTMX = {"HX-Request": "true"}


@pytest.fixture
def long(monkeypatch):
    """Let tables of three sectors count as long."""
    monkeypatch.setattr("capred_portal.plotting.MOST_CELLS", 2)


def toggles(response):
    """Return what stands behind each toggle of the charts of a page: whether it is open, and its HTML."""
    found = re.findall(r'<details id="numbers-([\w-]+)"( open)?>(.*?)</details>', response.content.decode(), re.DOTALL)
    return {key: (bool(is_open), inside) for key, is_open, inside in found}


def links(inside):
    """Return where the link of a toggle leads, and what htmx asks for."""
    return [unescape(address) for address in re.findall(r'(?:href|hx-get)="([^"]+)"', inside)]


def numbers(html):
    """Return the texts of the cells of a table, row by row."""
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in html.split("<tr>")[2:]]
    return [[re.sub(r"<[^>]+>", " ", cell).strip() for cell in row] for row in rows]


def test_a_page_comes_without_its_long_tables_and_says_where_they_are(staff_client, long):
    table = make_table()

    found = toggles(staff_client.get(PAGE))

    assert list(found) == ["quarters", "gap", "exports"]
    for key, (is_open, inside) in found.items():
        address = f"{PAGE}?table={table.pk}&numbers={key}"
        assert links(inside) == [f"{address}#numbers-{key}", address]
        assert "<table" not in inside
        assert not is_open


def test_a_short_table_comes_with_its_chart(staff_client):
    make_table()

    found = toggles(staff_client.get(PAGE))

    assert [inside.count("<table") for _is_open, inside in found.values()] == [1, 1, 1]
    assert not any(is_open or links(inside) for is_open, inside in found.values())


def test_htmx_gets_the_table_alone_with_the_numbers_of_the_chart(staff_client, long):
    make_table()
    gap = staff_client.get(PAGE).context["pictures"][1]

    answer = staff_client.get(PAGE, {"numbers": "gap"}, headers=HTMX)

    html = answer.content.decode().strip()
    assert (html[:4], html[-6:], html.count("<table")) == ("<div", "</div>", 1)
    assert "HX-Request" in answer["Vary"]
    drawn = [trace["x"] for trace in gap.picture.figure["data"][1:]]
    assert [row[1:3] for row in numbers(html)] == [
        [f"{value:.2f}" for value in pair] for pair in zip(*drawn, strict=True)
    ]
    assert [row[0] for row in numbers(html)] == [name for name, _cells in gap.table.rows]


@pytest.mark.parametrize("headers", [{}, HTMX | {"HX-History-Restore-Request": "true"}, HTMX | {"HX-Boosted": "true"}])
def test_without_scripts_the_link_leads_to_the_page_with_the_table_open(staff_client, long, headers):
    make_table()
    alone = staff_client.get(PAGE, {"numbers": "gap"}, headers=HTMX).content.decode()
    address, _asked = links(toggles(staff_client.get(PAGE))["gap"][1])

    page = staff_client.get(address.partition("#")[0], headers=headers)

    found = toggles(page)
    assert page.content.lstrip().lower().startswith(b"<!doctype")
    assert numbers(found["gap"][1]) == numbers(alone)
    assert [key for key, (is_open, inside) in found.items() if is_open or "<table" in inside] == ["gap"]


def test_the_address_of_a_table_keeps_what_the_page_is_asked(staff_client, long):
    make_table()
    asked = {"measure": "total", "sort": "table", "sector": "M"}

    address = links(toggles(staff_client.get(PAGE, asked))["quarters"][1])[1]

    answers = [staff_client.get(each, headers=HTMX).content.decode() for each in (address, f"{PAGE}?numbers=quarters")]
    page = staff_client.get(PAGE, asked).context["pictures"][0]
    assert all(f"{name}={value}" in address for name, value in asked.items())
    assert numbers(answers[0]) == [[name, *(cell.text for cell in cells)] for name, cells in page.table.rows]
    assert numbers(answers[0]) != numbers(answers[1])


def test_a_table_that_no_chart_has_is_not_found_and_opens_nothing(staff_client, long):
    make_table()

    assert staff_client.get(PAGE, {"numbers": "nothing"}, headers=HTMX).status_code == 404
    page = staff_client.get(PAGE, {"numbers": "nothing"})
    assert page.status_code == 200
    assert not any(is_open for is_open, _inside in toggles(page).values())


def test_parts_that_a_page_fetches_later_are_not_asked_for_a_table_of_the_page(staff_client, long):
    make_flows()
    make_correspondence()

    page = staff_client.get(reverse("import_dependency:index"), {"numbers": "chains", "year": "2023"}).content.decode()

    addresses = [unescape(address) for address in re.findall(r'hx-get="([^"]+)" hx-trigger="load"', page)]
    assert len(addresses) == 3
    assert all("year=2023" in address and "numbers" not in address for address in addresses)
    assert {staff_client.get(address, headers=HTMX).status_code for address in addresses} == {200}


def test_tables_of_a_part_that_came_later_are_asked_of_that_part(staff_client, long):
    make_flows()
    make_correspondence()
    part = reverse("import_dependency:imports")

    found = toggles(staff_client.get(part, headers=HTMX))

    assert {"chapters", "partners"} <= set(found)
    for key in ("chapters", "partners"):
        assert links(found[key][1])[1] == f"{part}?numbers={key}"
        assert staff_client.get(f"{part}?numbers={key}", headers=HTMX).content.count(b"<table") == 1


def test_the_flow_picture_has_its_table_too(staff_client, long):
    make_flows()
    make_correspondence()
    part = reverse("import_dependency:flows")

    chart = staff_client.get(part).context["chart"]
    answer = staff_client.get(part, {"numbers": chart.key}, headers=HTMX)

    assert [row[0] for row in numbers(answer.content.decode())] == [name for name, _cells in chart.table.rows]


def test_a_table_asks_the_database_for_no_more_than_its_page(staff_client, long):
    make_table()
    counts = []

    for headers in ({}, HTMX):
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            staff_client.get(PAGE, {"numbers": "gap"}, headers=headers)
        counts.append(len(queries))

    assert counts[1] <= counts[0]


def test_who_is_not_signed_in_gets_no_table(anonymous_client, long):
    make_table()

    answer = anonymous_client.get(PAGE, {"numbers": "gap"}, headers=HTMX)

    assert answer.headers["HX-Redirect"].startswith(reverse("login"))
    assert answer.content == b""


def test_the_ranking_is_paged_and_its_pages_lead_back_to_it(staff_client, monkeypatch):
    table = make_table()
    monkeypatch.setattr("indicators.views.backward_linkages.SECTORS_PER_PAGE", 2)

    first = staff_client.get(PAGE, {"sort": "gap"})
    second = staff_client.get(PAGE, {"sort": "gap", "page": 2})

    shown = [[line.sector.code for line in page.context["page_obj"]] for page in (first, second)]
    assert [*shown[0], *shown[1]] == [line.sector.code for line in first.context["lines"]]
    assert [len(codes) for codes in shown] == [2, 1]
    assert 'href="?sort=gap&amp;page=2#ranking"' in first.content.decode()
    assert f"?table={table.pk}&amp;sort=gap&amp;sector=M#sector" in second.content.decode() + first.content.decode()
