"""What is bought abroad of an input: unknown without a file, told by year and partner with one; where to start from."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.models import Correspondence, SectorConcordance, TradeFlow
from indicators.models.trade import CAMBODIA, WORLD
from tests.indicator_factories import make_source
from tests.table_factories import make_table

PAGE, IMPORTS = reverse("suppliers:list"), reverse("suppliers:imports")
VIETNAM, THAILAND = 704, 764


def make_flow(value, *, partner=WORLD, hs_code="4819", year=2023, reporter=CAMBODIA, flow="M", **fields):
    """Return a yearly flow in US$."""
    about = {"classification": "H6", "digits": len(hs_code), "source": fields.pop("source", None) or make_source()}
    return TradeFlow.objects.create(
        value_usd=value, partner=partner, hs_code=hs_code, year=year, reporter=reporter, flow=flow, **about | fields
    )


def make_year(source, year=2023, hs_code="4819"):
    """Write a year of one heading: 10 million, of which Viet Nam 6 and Thailand 4."""
    for partner, millions in ((WORLD, 10), (VIETNAM, 6), (THAILAND, 4)):
        make_flow(millions * 1_000_000, partner=partner, source=source, year=year, hs_code=hs_code)


@pytest.mark.parametrize("role", ["staff", "officer"])
def test_without_a_trade_file_the_value_is_unknown(client_for, role):
    client = client_for(role)
    for address in (PAGE, f"{PAGE}?hs=4819", f"{IMPORTS}?hs=4819"):
        page = client.get(address).content.decode()

        assert "unknown, no trade file is loaded" in page
        assert (reverse("loads:new_kind", args=["comtrade"]) in page) is (role == "staff")


def test_the_imports_of_a_code_are_told_by_year_and_partner(client_for):
    make_year(make_source())

    response = client_for("staff").get(IMPORTS, {"hs": "4819"})

    row = response.context["years"][0]
    assert (row.year, row.value, str(row.teller)) == (2023, "10", "Cambodia (reported)")
    assert [share for _name, share in row.partners] == ["60.0 %", "40.0 %"]
    assert "supplies 60.0 % of imports of HS 4819, US$ 10 million (2023)" in response.content.decode()


def test_what_partners_tell_is_called_a_mirror(client_for):
    make_flow(2_000_000, reporter=VIETNAM, partner=CAMBODIA, flow="X")

    row = client_for("staff").get(IMPORTS, {"hs": "4819"}).context["years"][0]

    assert (row.value, str(row.teller)) == ("2.0", "its partners (mirror)")


def test_a_code_that_no_file_tells_is_unknown_and_one_without_a_row_is_nothing(client_for):
    make_year(make_source())
    client = client_for("staff")

    assert "tells codes of this length" in client.get(IMPORTS, {"hs": "48"}).content.decode()
    assert client.get(IMPORTS, {"hs": "1006"}).context["years"][0].value == "0.0"


def test_an_item_that_is_told_by_heading_alone_shows_its_heading_and_says_so(client_for):
    make_year(make_source())

    response = client_for("staff").get(IMPORTS, {"hs": "481910"})

    assert "this is HS 4819, which HS 481910 is a part of" in response.content.decode()
    assert response.context["years"][0].value == "10"


def test_a_heading_that_is_told_by_items_alone_is_added_up_for_the_newest_year(client_for):
    source = make_source()
    for year in (2023, 2022):
        make_year(source, year, "481910")
        make_year(source, year, "481920")
        make_year(source, year, "482110")

    response = client_for("staff").get(IMPORTS, {"hs": "4819"})

    years = response.context["years"]
    assert [(row.year, row.value) for row in years] == [(2023, "20")]
    assert [share for _name, share in years[0].partners] == ["60.0 %", "40.0 %"]
    assert "supplies 60.0 % of imports of HS 4819" in response.content.decode()


def test_the_page_leads_to_the_imports_of_its_code(client_for):
    make_year(make_source())

    page = client_for("officer").get(PAGE, {"hs": "4819"}).content.decode()

    assert f'hx-get="{IMPORTS}?hs=4819"' in page
    assert "unknown" not in page


def test_one_begins_with_the_headings_of_which_most_is_bought_abroad(client_for):
    source = make_source()
    make_year(source)
    make_flow(30_000_000, hs_code="5205", source=source)
    make_flow(50_000_000, hs_code="5208", source=source, year=2022)

    response = client_for("staff").get(PAGE)

    assert [(each.code, each.value) for each in response.context["largest"]] == [("5205", "30"), ("4819", "10")]
    assert f"{PAGE}?hs=5205" in response.content.decode()


def test_headings_are_added_up_from_their_items(client_for):
    source = make_source()
    make_flow(3_000_000, hs_code="520511", source=source)
    make_flow(4_000_000, hs_code="520512", source=source)

    assert [each.code for each in client_for("staff").get(PAGE).context["largest"]] == ["5205"]


# From a sector of a table


def make_meanings(*rows):
    source = make_source()
    for hs_code, classes, end_use in rows:
        Correspondence.objects.create(source=source, hs_code=hs_code, isic_classes=classes, end_use=end_use)


def test_a_sector_without_a_concordance_shows_no_heading_and_which_file_to_load(client_for):
    table = make_table()
    make_meanings(("481910", "1702", "intermediate"))

    response = client_for("staff").get(PAGE, {"table": table.pk, "sector": "M"})

    goods = response.context["goods"]
    assert ([each.sector for each in goods.bought], goods.headings) == (["M", "A", "S"], [])
    assert reverse("loads:new_kind", args=["sector-concordance"]) in response.content.decode()


def test_a_sector_leads_to_the_headings_of_inputs_that_its_divisions_make(client_for):
    table = make_table()
    concordance = {"source": make_source(), "classification": table.classification, "sector": "M"}
    SectorConcordance.objects.create(**concordance, division="17", weight="0.75")
    SectorConcordance.objects.create(**concordance, division="18", weight="0.25")
    make_meanings(
        ("481910", "1702", "intermediate"),
        ("481920", "1702|2220", "several"),
        ("490110", "1811", "consumption"),
        ("100630", "1061", "intermediate"),
    )

    response = client_for("staff").get(PAGE, {"table": table.pk, "sector": "M"})

    goods = response.context["goods"]
    assert [(each.code, each.items, each.shared) for each in goods.headings] == [("4819", 2, 1)]
    assert [division for division, _weight in goods.divisions] == ["17", "18"]
    assert "17: 75 %" in response.content.decode()


def test_a_sector_that_is_none_leads_to_the_start(client_for):
    response = client_for("staff").get(PAGE, {"table": make_table().pk, "sector": "no such"})

    assert response.context["goods"] is None
    assert "Which input?" in response.content.decode()


@pytest.mark.parametrize("years", [(2023,), (2023, 2022, 2021)])
@pytest.mark.parametrize("address", ["?hs=4819&standard=gmp", "?", "imports/?hs=4819", "?sector=M"])
def test_imports_cost_few_queries_however_many_years(client_for, address, years):
    source = make_source()
    make_table()
    for year in years:
        make_year(source, year)
        make_year(source, year, "5205")
    client = client_for("staff")
    cache.clear()

    with CaptureQueriesContext(connection) as queries:
        assert client.get(PAGE + address).status_code == 200

    assert len(queries) <= 15
