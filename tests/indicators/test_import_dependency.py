"""The page of import dependency: three views, real numbers of the published series, and what an officer is not told."""

import re
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from capred_portal.facts import write_facts
from enterprises.services import settle_latest
from indicators.inputs.import_dependency import IMPORTED, published
from indicators.inputs.trade_summary import concentration_words, suppliers
from indicators.inputs.value_chains import chain_keys, participation
from indicators.models import SeriesValue
from tests.factories import ROLES
from tests.register_factories import make_enterprise, make_enterprise_year, make_sector

PAGE = "import_dependency:index"


@pytest.fixture
def facts(db):
    write_facts()


def make_firms(sector, shares, year=2024):
    """Make one firm of a division for each share."""
    make_sector(sector)
    for share in shares:
        firm = make_enterprise(sector=f"{sector}10", name_en=f"Firm {share}")
        make_enterprise_year(enterprise=firm, year=year, imported_input_share_pct=share)
        settle_latest([firm.pk])


def page_of(client, language="en", **params):
    client.cookies["django_language"] = language
    response = client.get(reverse(PAGE), params)
    assert response.status_code == 200
    return unescape(response.content.decode())


def markup(html, name):
    """Return the markup of one section of the page."""
    found = re.search(rf'<section[^>]* id="{name}".*?</section>', html, re.DOTALL)
    assert found
    return found[0]


def section(html, name):
    """Return the text of one section of the page."""
    return " ".join(re.sub(r"<[^>]+>", " ", markup(html, name)).split())


# Who


@pytest.mark.parametrize("role", ROLES)
def test_every_role_reads_the_page_with_and_without_facts(client_for, role):
    client = client_for(role)

    assert "No published values are held." in page_of(client)
    write_facts()
    assert "No published values are held." not in page_of(client)


def test_who_is_not_signed_in_goes_to_the_login_and_nobody_posts(client, staff_client):
    assert client.get(reverse(PAGE)).status_code == 302
    assert staff_client.post(reverse(PAGE)).status_code == 405


# Published series


def test_shares_are_those_of_the_reference(facts):
    series = published().series[IMPORTED]
    told = {point.period_key: round(float(point.value) / 100, 3) for piece in series.pieces for point in piece.points}

    expected = {"2010": 0.308, "2015": 0.311, "2017": 0.305, "2018": 0.472, "2019": 0.453, "2022": 0.622}
    assert {year: told[year] for year in expected} == expected


def test_three_views_stand_side_by_side_each_with_its_year(facts, staff_client):
    make_firms("14", [80, 70, 60])

    html = page_of(staff_client)

    shown = re.findall(r'<p class="figure-value">\s*([\d.]+ %) <span class="figure-unit">([^<]+)</span>', html)
    assert shown == [("62.2 %", "2022"), ("44.2 %", "2019"), ("70.0 %", "2024")]


def test_the_title_names_the_newest_year_only_and_no_line_crosses_the_break(facts, officer_client):
    share = markup(page_of(officer_client), "share")

    titles = re.findall(r'<figcaption class="chart-title">(.*?)</figcaption>', share)
    assert titles == ["62.2 % of the inputs of Cambodian sectors come from abroad (2022)"]
    paths = re.findall(r'<path class="line [a-z]*" d="M([^"]+)"', share)
    assert sorted(len(path.split(" L")) for path in paths) == [5, 5, 5, 11, 11, 11]
    assert "The source breaks before 2018" in share
    assert "Modelled or estimated, not measured." in share


def test_intermediate_goods_and_raw_materials_are_told_apart(facts, officer_client):
    stages = section(page_of(officer_client), "stages")

    assert "Intermediate goods are 44.2 % of imports, US$ 8,970 million (2019)" in stages
    assert "the class “raw materials” is 4.9 %" in stages
    assert "What the policy calls imported raw materials is mostly intermediate goods." in stages


def test_sectors_are_ranked_by_what_was_made_abroad_and_tiny_exporters_are_in_the_table_only(facts, staff_client):
    sectors = participation(published(chain_keys()).series)
    chains = markup(page_of(staff_client), "chains")
    table = staff_client.get(reverse(PAGE), {"numbers": "chains"}, headers={"HX-Request": "true"}).content.decode()

    assert [each.sector.number for each in sectors if each.is_drawn][:3] == ["10", "4", "7"]
    assert float(sectors[0].backward) == pytest.approx(70.1927)
    assert "Rubber and plastics: 70.2 % of the value of exports was made abroad, the most of all (2022)" in chains
    assert "refined petroleum" not in chains
    assert "refined petroleum" in table
    assert "Leather" not in chains + table


def test_the_page_works_where_a_sector_was_not_told_of_in_the_newest_year(facts, staff_client):
    SeriesValue.objects.filter(code="GVCP_trade_b", sector="10", year=2022).delete()

    assert "Textiles and textile products: 57.6 %" in section(page_of(staff_client), "chains")


# The trade summary


def test_without_flows_the_summary_stands_in_and_the_page_names_the_file(facts, staff_client, officer_client):
    ours, theirs = (section(page_of(client), "customs") for client in (staff_client, officer_client))

    for text in (ours, theirs):
        assert "China supplies 37.4 % of imports; the 5 largest suppliers 75.1 % (2019)" in text
        assert "US$ 20,279 million of goods came in (2019); the largest group is intermediate goods" in text
        assert "No index of concentration" in text
        assert "names 5 of 156" in text
        assert "Viet Nam 13.4 %" in text
        assert "UN Comtrade" in text
    assert "Load a file of UN Comtrade" in ours
    assert "Load a file of UN Comtrade" not in theirs


def test_concentration_is_told_once_all_suppliers_are(facts):
    found = suppliers()

    assert found
    total = sum((each.dollars for each in found.named), Decimal(0))
    words = concentration_words(found, total)
    assert words == "Index of concentration (Herfindahl-Hirschman, 0 to 1): 0.33."


# What firms report


def test_staff_see_divisions_with_firms_and_the_way_to_them(facts, staff_client):
    make_firms("14", [80] * 6)
    make_firms("10", [20] * 2)

    html = page_of(staff_client)

    firms = section(html, "firms")
    assert "Firms import 65.0 % of their inputs on average; the most in 14" in firms
    assert "80.0 % · firms: 6" in firms
    assert f"{reverse('enterprises:list')}?imports=stated&sector=14" in html


def test_an_officer_sees_no_small_cell_no_link_to_rows_and_no_name(facts, officer_client):
    make_firms("14", [80] * 6)
    make_firms("22", [55] * 7)
    make_firms("10", [20.5] * 2)

    html = page_of(officer_client)

    firms = section(html, "firms")
    assert "55.0 % · firms: 7" in firms
    assert firms.count("withheld") >= 2
    assert "20.5 %" not in html
    assert "80.0 %" not in html
    assert "imports=stated" not in html
    assert "Firm 20.5" not in html


def test_an_officer_sees_no_year_of_few_firms(facts, officer_client, staff_client):
    make_firms("14", [80] * 9)
    make_firms("14", [30] * 3, year=2021)

    ours, theirs = (section(page_of(client), "firms") for client in (staff_client, officer_client))

    assert "30.0 % · firms: 3" in ours
    assert "30.0 %" not in theirs
    assert "firms: 3" not in theirs


def test_demonstration_rows_are_marked(facts, staff_client):
    make_firms("14", [80] * 6)
    assert "includes demonstration rows" not in page_of(staff_client)
    firm = make_enterprise(sector="1410", is_demo=True)
    make_enterprise_year(enterprise=firm, year=2024, imported_input_share_pct=10, is_demo=True)
    settle_latest([firm.pk])

    assert page_of(staff_client).count("includes demonstration rows") == 3


# Languages and queries


def test_the_page_speaks_khmer(facts, staff_client):
    html = page_of(staff_client, "km")

    assert 'lang="km"' in html
    assert "កៅស៊ូ និងប្លាស្ទិក" in html
    assert "វៀតណាម" in section(html, "customs")


@pytest.mark.parametrize("role", ["staff", "officer"])
def test_the_page_asks_few_queries_and_no_more_when_firms_double(facts, client_for, role):
    client = client_for(role)
    make_firms("14", [80] * 6)

    with CaptureQueriesContext(connection) as before:
        client.get(reverse(PAGE))
    make_firms("22", [80] * 12)
    with CaptureQueriesContext(connection) as after:
        client.get(reverse(PAGE))

    assert len(before) <= 15
    assert len(after) == len(before)
