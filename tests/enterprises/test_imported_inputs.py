"""What firms say of their imported inputs: means, years, weights, what an officer does not get, and the rows behind."""

from decimal import Decimal

import pytest
from django.urls import reverse

from capred_portal.figures import REGISTRY, TOTAL, Scope
from enterprises.services import settle_latest
from tests.factories import ROLES
from tests.register_factories import make_enterprise, make_enterprise_year, make_sector

pytestmark = pytest.mark.django_db


def figures(code, role="staff", **params):
    return REGISTRY[code].figures(Scope(role, params))


def make_firms(sector, shares, *, year=2024, turnover=1000):
    """Make one firm of a division for each share; None states nothing."""
    make_sector(sector)
    firms = [make_enterprise(sector=f"{sector}10") for _share in shares]
    for firm, share in zip(firms, shares, strict=True):
        make_enterprise_year(enterprise=firm, year=year, imported_input_share_pct=share, turnover_usd=turnover)
    settle_latest([firm.pk for firm in firms])
    return firms


def values(found):
    return {key: one.value for key, one in found.items()}


def test_years_are_means_of_that_year_and_the_total_is_the_latest_of_each_firm():
    firms = make_firms("14", [80, 60, None])
    make_enterprise_year(enterprise=firms[0], year=2020, imported_input_share_pct=30)
    settle_latest([firms[0].pk])

    assert values(figures("imported-input-share", by="year")) == {TOTAL: 70, "2020": 30, "2024": 70}
    assert values(figures("imported-input-firms", by="year")) == {TOTAL: 2, "2020": 1, "2024": 2}


def test_archived_firms_and_years_say_nothing(staff):
    gone, year = make_firms("14", [80, 60])[1], make_firms("10", [10])[0].years.get()
    gone.refresh_from_db()
    gone.archive(by=staff, reason="Closed")
    year.archive(by=staff, reason="Wrong")
    settle_latest([year.enterprise_id])

    assert values(figures("imported-input-share", by="year")) == {TOTAL: 80, "2024": 80}


def test_weighted_by_turnover_large_firms_count_for_more():
    make_firms("14", [90], turnover=3000)
    make_firms("10", [10], turnover=1000)
    make_firms("10", [50], turnover=None)

    one = figures("imported-input-share-by-turnover")[TOTAL]

    assert one.value == Decimal("70.0")
    assert [exclusion.count for exclusion in one.excluded] == [1]


def test_an_officer_gets_no_mean_of_few_firms_nor_one_that_a_single_firm_makes():
    make_firms("14", [80] * 6)
    make_firms("10", [20] * 4)
    make_firms("22", [50] * 7)

    parts = figures("imported-input-share", "officer", by="sector")
    counts = figures("imported-input-firms", "officer", by="sector")

    hidden = {key for key, one in parts.items() if one.state == "withheld"}
    assert hidden == {"10", "14"} == {key for key, one in counts.items() if one.state == "withheld"}
    assert parts["22"].value == 50
    make_firms("22", [99], turnover=10_000_000)
    assert figures("imported-input-share-by-turnover", "officer")[TOTAL].state == "withheld"
    assert figures("imported-input-share-by-turnover", "staff")[TOTAL].state == "value"


@pytest.mark.parametrize("role", ROLES)
def test_rows_behind_the_number_of_firms_are_for_those_who_read_firms(client_for, role):
    make_firms("14", [80] * 6)
    make_firms("10", [None] * 2)

    one = figures("imported-input-firms", role)[TOTAL]
    rows = client_for(role).get(reverse("enterprises:list"), {"imports": "stated"}, headers={"HX-Request": "true"})

    assert one.value == 6
    assert bool(one.rows_url) == (role != "officer")
    assert rows.context["rows_count"] == (8 if role == "officer" else 6)
