"""Imports of a Comtrade file on their pages: by product, supplier and end use, as a flow; two tellers never added."""

import json
import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.models import SectorConcordance, TradeFlow
from tests.factories import ROLES
from tests.indicator_factories import make_source
from tests.table_factories import make_table
from tests.trade_flows import make_correspondence, make_flows

pytestmark = pytest.mark.django_db

PARTS = ["by_buyer", "flows", "imports"]


def page_of(client, name, **params):
    response = client.get(reverse(f"import_dependency:{name}"), params)
    assert response.status_code == 200
    return unescape(response.content.decode())


def words(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def plot_of(client, **params):
    """Return the names of the nodes and the bands of the flow picture: start, end, millions of US$."""
    html = page_of(client, "flows", **params)
    figure = json.loads(re.findall(r'<script id="plot-flows" type="application/json">(.*?)</script>', html)[0])
    names = [name for name, _url in figure["data"][0]["node"]["customdata"]]
    link = figure["data"][0]["link"]
    bands = zip(link["source"], link["target"], link["value"], strict=True)
    return {(names[start], names[end]): value for start, end, value in bands}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", PARTS)
def test_every_role_reads_the_parts_with_and_without_data(client_for, role, name):
    client = client_for(role)

    before = words(page_of(client, name))
    make_flows()
    make_correspondence()
    make_table()
    after = words(page_of(client, name))

    assert ("is loaded" in before) or ("are not loaded" in before)
    assert "Imports by product and partner are not loaded" not in after
    assert "No input-output table of Cambodia is loaded" not in after


@pytest.mark.parametrize("name", PARTS)
def test_parts_are_pages_and_fragments_and_nobody_posts(client, staff_client, name):
    url = reverse(f"import_dependency:{name}")

    assert client.get(url).status_code == 302
    assert staff_client.post(url).status_code == 405
    fragment = staff_client.get(url, headers={"HX-Request": "true"})
    assert "<html" not in fragment.content.decode()
    assert "HX-Request" in fragment["Vary"]
    restored = staff_client.get(url, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in restored.content.decode()


def test_chapters_and_suppliers_have_shares_and_concentration(staff_client):
    make_flows()

    text = words(page_of(staff_client, "imports"))

    assert "China supplies 80.0 % of imports of US$ 100 million (2022)" in text
    assert "70.0 % of imports of US$ 100 million, the most of all (2022)" in text
    assert "(Herfindahl-Hirschman, 0 to 1): 0.68." in text  # 0.8² + 0.2²
    assert "(Herfindahl-Hirschman, 0 to 1): 0.54." in text  # 0.7² + 0.1² + 0.2²
    assert "By end use: not known." in text


def test_no_index_where_suppliers_do_not_add_up_to_the_world(staff_client):
    make_flows()
    TradeFlow.objects.filter(partner=704).delete()

    assert "No index of concentration: the parts do not add up" in words(page_of(staff_client, "imports"))


def test_end_uses_keep_the_ambiguous_and_the_unclassified_apart(staff_client):
    make_flows()
    make_correspondence()

    html = page_of(staff_client, "imports")

    assert "Intermediate goods are 80.0 % of imports (2022); 10.0 % may be for several uses and 10.0 % is not" in html
    picture = html[html.index("may be for several uses") :]
    bars = re.findall(r'<text x="0"[^>]*><title>([^<]+)</title>', picture)
    assert bars == ["intermediate goods", "several end uses", "not classified"]


def test_mirror_data_are_chosen_never_added(staff_client):
    make_flows()
    make_flows(is_mirror=True)

    reported = words(page_of(staff_client, "imports"))
    mirror = words(page_of(staff_client, "imports", told_by="partners"))

    assert "of imports of US$ 100 million (2022)" in reported
    assert "as told by Cambodia (reported)" in reported
    assert "of imports of US$ 100 million (2022)" in mirror
    assert "as told by its partners (mirror)" in mirror
    assert "(FOB)" in mirror
    assert reported.count("No index of concentration") == 0
    assert mirror.count("No index of concentration") == 2
    assert "US$ 200 million" not in reported + mirror


def test_edition_and_year_are_chosen_by_the_address_and_nonsense_is_left_aside(staff_client):
    make_flows()
    older = make_flows(2020)

    assert "(2020)" in words(page_of(staff_client, "imports", year="2020"))
    assert "(2020)" in words(page_of(staff_client, "imports", edition=older.pk))
    assert "(2022)" in words(page_of(staff_client, "imports", year="1066", told_by="nobody", edition="x"))


def test_flows_lead_from_supplier_to_goods_to_end_use(staff_client):
    make_flows()
    make_correspondence()

    bands = plot_of(staff_client)

    cotton = next(end for start, end in bands if start == "China" and end.startswith("52"))
    assert bands["China", cotton] == 60
    assert bands[cotton, "intermediate goods"] == 70
    assert sum(value for (start, _end), value in bands.items() if start in ("China", "Viet Nam")) == 100
    assert f"The largest flow: {cotton} from China, 60.0 % of imports (2022)" in page_of(staff_client, "flows")


def test_flows_lead_to_buying_sectors_as_the_table_divides_them(staff_client):
    """Goods of division 13 (M of the table, 65 imported: 15, 40 and 10): 80 are divided 15 to 40 to 10."""
    make_flows()
    make_correspondence()
    make_table(classification="three")
    SectorConcordance.objects.create(source=make_source(), classification="three", sector="M", division="13")

    bands = plot_of(staff_client)

    ends: dict[str, float] = {}
    for (start, end), value in bands.items():
        if start[:2].isdecimal():
            ends[end] = ends.get(end, 0) + value
    assert ends["Agriculture"] == pytest.approx(80 * 15 / 65)
    assert ends["Manufacturing"] == pytest.approx(80 * 40 / 65)
    assert ends["buyer not known"] == pytest.approx(20)
    assert sum(ends.values()) == pytest.approx(100)
    assert "The last step is modelled" in page_of(staff_client, "flows")


def test_without_a_table_the_page_says_that_buyers_are_not_known(staff_client):
    make_flows()
    make_correspondence()
    make_table(economy="HRV", is_example=True)

    assert "Which sector buys the goods is not known" in page_of(staff_client, "flows")
    assert "No input-output table of Cambodia is loaded." in page_of(staff_client, "by_buyer")


def test_a_table_of_cambodia_tells_shares_by_buyer_and_by_input(officer_client):
    """Imported 20, 70 and 15 of inputs of 60, 160 and 55; whole 105 of 275."""
    make_table()

    text = words(page_of(officer_client, "by_buyer"))

    assert "38.2 % of all inputs are imported; the most by Manufacturing: 43.8 % (2022)" in text
    assert "the largest imported share is that of Manufacturing: 46.4 % (2022)" in text


def test_the_whole_page_fetches_the_parts_with_what_is_asked(staff_client):
    make_flows()

    html = page_of(staff_client, "index", told_by="partners")

    for name in PARTS:
        assert f'hx-get="{reverse(f"import_dependency:{name}")}?told_by=partners"' in html
    assert "The trade summary tells four groups" not in html


@pytest.mark.parametrize("name", [*PARTS, "index"])
def test_parts_ask_few_queries(client_for, name):
    make_flows()
    make_flows(is_mirror=True)
    make_correspondence()
    table = make_table()
    SectorConcordance.objects.create(
        source=make_source(), classification=table.classification, sector="M", division="13"
    )
    client = client_for("officer")

    with CaptureQueriesContext(connection) as queries:
        client.get(reverse(f"import_dependency:{name}"))

    assert len(queries) <= 15


@pytest.mark.parametrize("role", ["staff", "officer"])
@pytest.mark.parametrize("teller", ["cambodia", "partners"])
def test_values_lead_to_the_flows_that_add_up_to_them(client_for, role, teller):
    make_flows()
    make_flows(is_mirror=True)
    client = client_for(role)

    html = page_of(client, "imports", told_by=teller)

    rows = re.findall(r'<th scope="row">([^<]+)</th>\s*<td class="num">\s*<a href="([^"]+)">([\d.,]+)</a>', html)
    assert {"China", "Total"} <= {name for name, _url, _value in rows}
    assert len(rows) == 2 + 3 + 2  # partners, chapters, the two totals
    for _name, url, value in rows:
        found = client.get(url, headers={"HX-Request": "true"})
        assert found.context["rows_sum"] == float(value) * 1_000_000, url
