"""The list of trade flows: filters, the sum that a figure leads to, pages, files; and comparative advantage shown."""

import csv
import io
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db.models import Sum
from django.urls import reverse

from capred_portal.access import READERS
from capred_portal.figures import REGISTRY, TOTAL, Scope
from indicators.filters.trade import FlowFilter
from indicators.models import TradeFlow
from tests.indicator_factories import make_source
from tests.indicators.test_trade import make_world
from tests.trade_factories import CHINA, make_flow, make_trade

pytestmark = pytest.mark.django_db
LIST = "/import-dependency/trade-flows/"


def kept(**asked):
    chosen = FlowFilter({name: str(value) for name, value in asked.items()}, TradeFlow.objects.all())
    assert chosen.is_valid(), chosen.errors
    return chosen


def one_telling(source, **more):
    return {"source": source.pk, "year": 2022, "period": "year", "flow": "M", "teller": "reported"} | more


@pytest.mark.parametrize("role", sorted(READERS))
def test_every_role_reads_the_list(client_for, role):
    make_trade()

    page = client_for(role).get(LIST).content.decode()

    assert "26 flows" in page
    assert "No sum: these rows tell the same goods several times." in page
    assert "China" in page


def test_without_flows_the_page_says_which_file_to_load(client_for):
    staff, officer = (client_for(role).get(LIST).content.decode() for role in ("staff", "officer"))

    assert "No trade flows are loaded. Ask UN Comtrade" in staff
    assert reverse("loads:new_kind", args=["comtrade"]) in staff
    assert reverse("loads:new_kind", args=["comtrade"]) not in officer


def test_who_is_not_signed_in_goes_to_the_login_and_nobody_posts(client, staff_client):
    assert client.get(LIST).status_code == 302
    assert staff_client.post(LIST).status_code == 405


def test_htmx_gets_the_rows_alone(staff_client):
    page = staff_client.get(LIST, headers={"HX-Request": "true"}).content.decode()

    assert page.strip().startswith('<div id="rows">')


def test_filters_know_who_the_partner_is():
    source = make_trade()
    make_flow(source, "TOTAL", 550, reporter=CHINA, partner=116, flow="X")
    make_flow(source, "61", 9, reporter=CHINA, flow="X")
    make_flow(source, "TOTAL", 80, month=1)

    assert kept(partner=CHINA, level=0).qs.count() == 1
    assert [flow.value_usd for flow in kept(teller="mirror", partner=CHINA).qs] == [550]
    assert [flow.value_usd for flow in kept(teller="others").qs] == [9]
    assert [flow.value_usd for flow in kept(period="month").qs] == [80]
    assert kept(code="5208", partner=0).qs.count() == 3
    assert kept(code="៥២").qs.count() == kept(code="52").qs.count() == 12
    assert not kept(partner="each").qs.filter(partner=0).exists()
    assert not FlowFilter({"code": "cotton"}, TradeFlow.objects.all()).is_valid()


def test_a_sum_is_shown_only_where_no_goods_are_told_twice(staff_client):
    source = make_trade()

    assert kept(**one_telling(source, partner=0, level=2)).adds_up
    assert kept(**one_telling(source, teller="mirror", flow="X", level=2)).adds_up
    for left_out in ("source", "year", "period", "flow", "teller", "partner", "level"):
        asked = one_telling(source, partner=0, level=2)
        del asked[left_out]
        assert not kept(**asked).adds_up, left_out
    page = staff_client.get(LIST, one_telling(source, partner=0, level=2)).content.decode()
    assert "Sum: US$ 1,000" in page


@pytest.mark.parametrize("code", ["goods-imports", "goods-exports"])
@pytest.mark.parametrize("by", ["", "year"])
def test_figures_lead_to_rows_whose_sum_they_are(code, by):
    source = make_trade()
    make_flow(source, "TOTAL", 80, year=2021, month=1)
    make_flow(source, "52", 70, year=2020, partner=CHINA)
    make_flow(source, "52", 30, year=2020, partner=764)
    make_flow(source, "TOTAL", 700, flow="X")
    make_flow(source, "TOTAL", 550, reporter=CHINA, partner=116, flow="M", year=2023)
    make_flow(source, "TOTAL", 12, reporter=97, partner=116, flow="M", year=2023)

    found = REGISTRY[code].figures(Scope("staff", {"by": by}))

    values = {key: figure.value for key, figure in found.items()}
    expected = {"goods-imports": {"2020": 100, "2021": 80, "2022": 1000}, "goods-exports": {"2022": 700, "2023": 550}}
    assert values == {TOTAL: expected[code][max(expected[code])], **(expected[code] if by else {})}
    for figure in found.values():
        chosen = kept(**{name: value for name, (value,) in parse_qs(urlsplit(figure.rows_url).query).items()})
        assert chosen.adds_up
        assert chosen.qs.order_by().aggregate(sum=Sum("value_usd"))["sum"] == figure.value


def test_figures_without_flows_are_missing():
    assert REGISTRY["goods-imports"].figures(Scope("staff"))[TOTAL].state == "missing"


@pytest.mark.parametrize("sort", ["value", "code"])
def test_pages_follow_each_other_without_a_gap(staff_client, sort):
    source = make_source()
    for number in range(90):
        make_flow(source, f"52{number:02}", number // 7)
    seen, after = [], ""
    for _page in range(3):
        response = staff_client.get(LIST, {"sort": sort, **({"after": after} if after else {})})
        html = response.content.decode()
        seen += [cell.split()[0] for cell in html.split('<th scope="row">')[1:]]
        after = (
            parse_qs(urlsplit(html.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")).query)["after"][0]
            if 'rel="next"' in html
            else ""
        )

    assert len(seen) == len(set(seen)) == 90
    assert after == ""


def test_the_file_holds_all_rows_of_the_filter_with_names(staff_client):
    make_trade()

    response = staff_client.get("/tables/trade-flows.csv", {"partner": CHINA, "level": 6})

    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    told = {(row["HS code"], row["Partner · Name in English"], row["Reporter · Name in Khmer"]) for row in rows}
    assert told == {(code, "China", "កម្ពុជា") for code in ("520811", "520812", "845221")}
    assert {row["Value, US$"] for row in rows} == {"300", "200", "100"}


def test_advantage_is_shown_where_the_exports_of_others_are_held(staff_client):
    make_world(make_source(title_en="UN Comtrade"))

    page = staff_client.get(reverse("competitiveness")).content.decode()

    assert "Revealed comparative advantage, 2022: Cambodia has one in 1 of 2 groups of goods" in page
    assert "61 Knitted apparel" in page
    assert "6.00" in page
    assert "The world is the 3 economies whose exports are held" in page


def test_the_list_asks_as_many_questions_for_few_as_for_many(staff_client, django_assert_max_num_queries):
    source = make_source()
    for number in range(60):
        make_flow(source, f"5208{number:02}", number)
    staff_client.get("/about/")

    with django_assert_max_num_queries(15):
        assert "60 flows" in staff_client.get(LIST).content.decode()


def test_names_are_in_the_readers_language(staff_client):
    make_trade()
    make_world(make_source())
    staff_client.cookies["django_language"] = "km"

    page = staff_client.get(LIST, {"sort": "code"}).content.decode()

    assert "កម្ពុជា" in page
    assert "ពិភពលោក" in page
    assert "61 សម្លៀកបំពាក់ប៉ាក់" in staff_client.get(reverse("competitiveness")).content.decode()
