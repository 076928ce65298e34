"""Links made, alive, and their value: counted once, at the end of each period, and never one firm's for officers."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from capred_portal.figures import REGISTRY, TOTAL, Scope
from enterprises.models import LinkStage
from enterprises.services import settle_stage
from tests.register_factories import make_enterprise, make_link, make_province, make_sector

pytestmark = pytest.mark.django_db

VALUES = ("links-value", "links-value-replacing-imports")


def figures(code, role="staff", **params):
    return REGISTRY[code].figures(Scope(role, params))


def values(found):
    return {key: one.value for key, one in found.items() if key != TOTAL}


def add_stage(link, stage, day, value=None):
    LinkStage.objects.create(link=link, stage=stage, reached_on=day, value_usd=value)
    settle_stage(link, by=None)


@pytest.fixture
def ledger(db):
    """Four links: traded since 2023, tried in 2024 and grown, ended in 2024, and only introduced."""
    make_sector("10")
    make_sector("13")
    mill = make_enterprise(province="02", sector="1061")
    weaver = make_enterprise(province="03", sector="1312")
    old = make_link(supplier=mill, stage="contract", stage_since=datetime.date(2023, 5, 1), value_usd=1000)
    grown = make_link(supplier=weaver, stage="trial", stage_since=datetime.date(2024, 2, 1), value_usd=10)
    add_stage(grown, "contract", datetime.date(2024, 11, 1), 500)
    add_stage(grown, "repeat", datetime.date(2025, 1, 1))
    gone = make_link(supplier=mill, stage="trial", stage_since=datetime.date(2023, 7, 1), value_usd=7)
    add_stage(gone, "ended", datetime.date(2024, 7, 1))
    introduced = make_link(stage="introduced", stage_since=datetime.date(2024, 1, 1))
    type(old).objects.filter(pk=grown.pk).update(replaces_import=True)
    return {"old": old, "grown": grown, "gone": gone, "introduced": introduced}


def test_links_are_made_by_their_first_order(ledger):
    total = figures("links-made", by="year")

    assert total[TOTAL].value == 3
    assert values(total) == {"2023": 2, "2024": 1}
    assert values(figures("links-made", by="quarter")) == {"2023-Q2": 1, "2023-Q3": 1, "2024-Q1": 1}
    assert values(figures("links-made", by="stage")) == {"contract": 1, "repeat": 1, "ended": 1}
    assert values(figures("links-made", by="province")) == {"02": 2, "03": 1}
    assert values(figures("links-made", by="sector")) == {"10": 2, "13": 1}
    assert figures("links-made", year="2023", province="02")[TOTAL].value == 2


def test_links_live_from_their_first_order_to_their_end(ledger):
    found = figures("links-alive", by="year")

    assert found[TOTAL].value == 2
    assert {key: found[key].value for key in ("2023", "2024", "2025")} == {"2023": 2, "2024": 2, "2025": 2}
    assert figures("links-alive", quarter="2024-Q2")[TOTAL].value == 3
    assert figures("links-alive", quarter="2023-Q1")[TOTAL].value == 0
    assert values(figures("links-alive", year="2024", by="stage")) == {"contract": 2}
    assert values(figures("links-alive", by="stage")) == {"contract": 1, "repeat": 1}


def test_value_is_the_one_stated_by_then(ledger):
    found = figures("links-value", by="quarter")

    assert found[TOTAL].value == 1500
    assert {key: found[key].value for key in ("2023-Q2", "2023-Q4", "2024-Q1", "2024-Q4")} == {
        "2023-Q2": 1000,
        "2023-Q4": 1007,
        "2024-Q1": 1017,
        "2024-Q4": 1500,
    }
    assert figures("links-value-replacing-imports")[TOTAL].value == 500
    assert figures("links-value", year="2023")[TOTAL].value == 1007


def test_value_nobody_stated_is_missing_and_none_is_zero():
    assert figures("links-value")[TOTAL].value == 0

    make_link(stage="contract")

    found = figures("links-value")[TOTAL]
    assert (found.state, found.value) == ("missing", None)
    assert [exclusion.count for exclusion in found.excluded] == [1]


def test_archived_links_and_firms_are_left_out_and_said(admin):
    make_link(stage="contract").archive(by=admin, reason="Wrong")
    link = make_link(stage="contract", is_demo=True)
    link.buyer.archive(by=admin, reason="Closed")

    total = figures("links-alive")[TOTAL]

    assert total.value == 0
    assert not total.has_demo
    assert [exclusion.count for exclusion in total.excluded()] == [2]


@pytest.mark.parametrize("code", ["links-made", "links-alive", *VALUES])
@pytest.mark.parametrize(
    "params",
    [
        {},
        {"year": "2024"},
        {"quarter": "2024-Q2"},
        {"province": "02"},
        {"sector": "10", "year": "2023"},
        {"stage": "contract", "by": "year"},
        *({"by": name} for name in ("year", "quarter", "stage", "province", "sector")),
    ],
)
def test_rows_behind_are_as_many_or_add_up(ledger, staff_client, code, params):
    for key, one in figures(code, **params).items():
        context = staff_client.get(one.rows_url, headers={"HX-Request": "true"}).context
        behind = context.get("rows_sum", context["rows_count"])
        assert behind == one.value, (key, one.rows_url)


def test_nonsense_is_not_found(officer_client):
    for code in ("links-made", "links-alive", *VALUES):
        for query in ("year=abc", "quarter=2024-Q5", "province=99"):
            assert officer_client.get(f"{reverse('figure', args=[code])}?{query}").status_code == 404


# What officers see


def make_links(count, province, value=100, **fields):
    """Make links of as many buyers and suppliers of a province."""
    for _number in range(count):
        supplier = make_enterprise(province=province)
        make_link(supplier=supplier, stage="contract", value_usd=value, **fields)


@pytest.mark.parametrize("code", VALUES)
def test_officers_see_values_that_rest_on_three_links_and_no_rows(code):
    make_links(2, "02", replaces_import=True)
    few = figures(code, "officer")[TOTAL]
    make_links(1, "02", replaces_import=True)

    enough = figures(code, "officer")[TOTAL]

    assert (few.state, few.value) == ("withheld", None)
    assert (enough.value, enough.rows_url) == (300, "")
    assert figures("links-alive", "officer")[TOTAL].rows_url


def test_three_links_of_one_buyer_say_what_it_spends():
    buyer = make_enterprise()
    make_links(3, "02", buyer=buyer)

    assert figures("links-value", "officer")[TOTAL].state == "withheld"
    assert figures("links-value", "staff")[TOTAL].value == 300


def test_no_part_can_be_found_by_taking_the_others_from_the_total():
    make_province("03")
    make_links(1, "02", value=11)
    make_links(3, "03", value=20)
    make_links(5, "04", value=30)

    by_province = figures("links-value", "officer", by="province")
    narrowed = {code: figures("links-value", "officer", province=code)[TOTAL] for code in ("02", "03", "04")}

    assert by_province[TOTAL].value == 221
    assert {key: one.state for key, one in by_province.items()} == {
        TOTAL: "value",
        "02": "withheld",
        "03": "withheld",
        "04": "value",
    }
    assert {key: one.state for key, one in narrowed.items()} == {"02": "withheld", "03": "withheld", "04": "value"}
    assert narrowed["04"].value == 150
    assert not any(one.rows_url for one in [*by_province.values(), *narrowed.values()])
    assert figures("links-value", "officer", province="04", stage="contract")[TOTAL].state == "withheld"


def test_what_replaces_imports_does_not_tell_what_does_not():
    make_links(3, "02", replaces_import=True)
    make_links(1, "02", value=77, replaces_import=False)

    assert figures("links-value", "officer")[TOTAL].value == 377
    assert figures("links-value-replacing-imports", "officer")[TOTAL].state == "withheld"


def test_period_that_rests_on_few_is_withheld():
    make_links(1, "02", stage_since=datetime.date(2023, 5, 1))
    make_links(3, "02", stage_since=datetime.date(2024, 5, 1))

    found = figures("links-value", "officer", by="year")

    assert (found["2023"].state, found["2024"].value) == ("withheld", Decimal(400))
    assert not found["2024"].rows_url


# Queries


@pytest.mark.parametrize("code", ["links-made", "links-alive", *VALUES])
@pytest.mark.parametrize("by", ["year", "quarter", "stage", "province", "sector"])
@pytest.mark.parametrize("role", ["staff", "officer"])
def test_figure_asks_the_same_queries_whatever_the_rows(ledger, code, by, role):
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as queries:
            figures(code, role, by=by)
        counts.append(len(queries))
        for province in ("04", "05", "06"):
            make_links(3, province, stage_since=datetime.date(2022, 1, 1))

    assert counts[0] == counts[1]
    assert max(counts) <= 8
