"""With PUBLIC_DASHBOARD=1 anybody sees the overview and the strategy: accepted and published values, nothing else."""

import datetime
import re
from html import unescape

import pytest
from django.core.cache import cache
from django.urls import reverse

from capred_portal.access import ANONYMOUS, MATRIX, may
from capred_portal.demo import make_rows
from capred_portal.facts import write_facts
from indicators.models import Indicator, Target
from programs.models import Person
from tests.factories import ROLES, make_goal, make_program
from tests.indicator_factories import (
    make_indicator,
    make_observation,
    make_period,
    make_series_value,
    make_source,
    make_target,
)
from tests.route_kinds import OUTSIDE_THE_MATRIX
from tests.routes import routes

pytestmark = pytest.mark.django_db

OVERVIEW, STRATEGY = reverse("overview"), reverse("strategy:index")
PAGES = (OVERVIEW, STRATEGY)


@pytest.fixture
def public(settings):
    settings.PUBLIC_DASHBOARD = True


def page(client, url=OVERVIEW):
    cache.clear()
    return unescape(client.get(url).content.decode())


def make_external(value=27.8, **fields):
    """Return an external indicator with one published value of 2024."""
    source = make_source(title_en="World Indicators", edition="2026", **fields)
    make_series_value(value, 2024, source=source, code="X.TEST")
    return make_indicator(
        title_en="Manufacturing share",
        kind=Indicator.Kind.EXTERNAL,
        series="X.TEST|KHM||||",
        signatures="none",
        unit_en="%",
        decimals=1,
        over_periods="latest",
        over_places="none",
    )


# Who may


def test_nobody_gets_in_without_the_setting(anonymous_client):
    for url in PAGES:
        assert anonymous_client.get(url).url.startswith(reverse("login"))


def test_with_the_setting_visitors_read_both_pages(public, anonymous_client):
    for url in PAGES:
        assert anonymous_client.get(url).status_code == 200
        assert anonymous_client.post(url).status_code == 405


def test_everything_else_still_asks_to_sign_in(public, anonymous_client):
    opened = {"overview", "strategy:index"}
    closed = 0

    for name, entry in routes().items():
        if name in opened or name in OUTSIDE_THE_MATRIX or entry.pattern.converters or name.startswith("admin:"):
            continue
        response = anonymous_client.get(reverse(name))
        assert response.status_code in (302, 405), name
        assert response.status_code == 405 or response.url.startswith(reverse("login")), name
        closed += 1

    assert closed > 25


def test_the_matrix_alone_decides(public, anonymous):
    assert [action for action in MATRIX if may(anonymous, action)] == ["page.public"]
    assert all(ANONYMOUS not in roles for roles in MATRIX.values())


@pytest.mark.parametrize("role", ROLES)
def test_who_signs_in_sees_the_full_pages(public, client_for, role):
    client = client_for(role)

    assert "The figures that matter" in page(client)
    assert "Accepted by the ministry and the embassy" not in page(client)


# What they see


def test_accepted_values_are_shown_and_no_others(public, anonymous_client):
    statuses = {"draft": 111, "submitted": 222, "verified": 333, "accepted": 444}
    for status, value in statuses.items():
        make_observation(value, status=status, indicator=make_indicator(title_en=f"Indicator {status}"))

    text = page(anonymous_client)

    assert "Indicator accepted" in text
    assert "444 firms" in text
    for status, value in list(statuses.items())[:3]:
        assert f"Indicator {status}" not in text
        assert str(value) not in text


def test_the_newest_accepted_value_of_all_programs_together(public, anonymous_client):
    indicator = make_indicator(title_en="Suppliers trained")
    for period, value in (("2024-Q3", 10), ("2024-Q4", 20), ("2024-Q4", 22)):
        make_observation(value, indicator=indicator, period=make_period(period), status="accepted")
    make_observation(500, indicator=indicator, period=make_period("2025-Q1"), status="verified")

    text = page(anonymous_client)

    assert "42 firms" in text
    assert "Q4 2024" in text
    assert not re.search(r"\b500\b", text)


def test_published_values_come_with_their_source_and_edition(public, anonymous_client):
    indicator = make_external()
    goal = make_goal("9.1")
    indicator.goals.add(goal)

    for url in PAGES:
        text = page(anonymous_client, url)
        assert "Manufacturing share" in text
        assert "27.8 %" in text
        assert "World Indicators, 2026" in text


def test_targets_of_policies_are_shown_and_those_of_programs_are_not(public, anonymous_client):
    make_target(31, "2028", indicator=make_external())
    reported = make_indicator(title_en="Reported")
    make_observation(7, indicator=reported, status="accepted")
    make_target(9_876, "2028-Q4", indicator=reported)

    text = page(anonymous_client)

    assert "31.0 %" in text
    assert "9,876" not in text


def test_invented_rows_never_show(public, anonymous_client):
    demo = make_program(is_demo=True)
    make_observation(911, status="accepted", is_demo=True)
    make_observation(912, status="accepted", program=demo)
    make_observation(913, status="accepted", indicator=make_indicator(is_demo=True))
    make_external(914, is_demo=True)

    text = page(anonymous_client)

    assert "No value has been accepted by both sides yet." in text
    assert not re.search(r"91[1-4]", text)


def test_archived_and_retired_indicators_never_show(public, anonymous_client):
    gone = {"archived_at": datetime.datetime.now(datetime.UTC), "archive_reason": "Twice"}
    make_observation(911, status="accepted", indicator=make_indicator(**gone))
    make_observation(912, status="accepted", indicator=make_indicator(retired_on=datetime.date(2020, 1, 1)))

    assert not re.search(r"91[12]", page(anonymous_client))


def test_the_portal_as_it_ships_shows_facts_and_nothing_invented(public, anonymous_client):
    write_facts()
    make_rows()

    for url in PAGES:
        text = page(anonymous_client, url)
        assert "demonstration" not in text.lower()
        assert "Demonstration" not in text
        assert "Manufacturing value added, share of GDP" in text
        assert not any(str(person) in text for person in Person.objects.all()[:50])
    assert Target.objects.filter(is_demo=True).exists()


def test_no_link_leads_where_visitors_cannot_go(public, anonymous_client):
    write_facts()
    make_rows()

    for url in PAGES:
        for link in set(re.findall(r'(?:href|hx-get)="(/[^"#]*)', page(anonymous_client, url))):
            if not link.startswith("/static/"):
                assert anonymous_client.get(link).status_code == 200, link


def test_both_languages(public, anonymous_client):
    write_facts()
    anonymous_client.post(reverse("set_language"), {"language": "km", "next": OVERVIEW})

    text = page(anonymous_client)

    assert '<html lang="km">' in text
    assert "តម្លៃបន្ថែមកម្មន្តសាល" in text


def test_queries_do_not_grow_with_values(public, anonymous_client, django_assert_max_num_queries):
    for _number in range(12):
        make_observation(5, status="accepted")

    for url in PAGES:
        with django_assert_max_num_queries(16):
            page(anonymous_client, url)
