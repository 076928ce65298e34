"""The competitiveness page and its sources: real series, editions apart, breaks, findings, for every role."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from capred_portal.facts import write_facts
from indicators.competitiveness import finding, panels
from indicators.models import Indicator, SeriesValue
from indicators.series import SeriesKey, imported_share, published, published_readings, published_series
from tests.indicator_factories import make_indicator, make_series_value, make_source

ROLES = ["staff", "verifier", "officer", "admin"]


@pytest.fixture
def facts(db):
    write_facts()


def external(**fields):
    shared = {"kind": "external", "signatures": "none", "over_periods": "latest", "over_places": "none"}
    return make_indicator(**{"series": "TEST|KHM||||", "unit_en": "%", **shared} | fields)


# Pages


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", ["competitiveness", "indicators:sources"])
def test_every_role_reads_the_pages(client_for, facts, role, name):
    response = client_for(role).get(reverse(name))

    assert response.status_code == 200
    assert "World Development Indicators" in response.content.decode()


@pytest.mark.parametrize("name", ["competitiveness", "indicators:sources"])
def test_who_is_not_signed_in_goes_to_the_login_and_nobody_posts(client, staff_client, name):
    assert client.get(reverse(name)).status_code == 302
    assert staff_client.post(reverse(name)).status_code == 405


@pytest.mark.parametrize("name", ["competitiveness", "indicators:sources"])
def test_the_pages_work_before_anything_is_loaded(staff_client, name):
    assert staff_client.get(reverse(name)).status_code == 200


def test_the_page_says_what_its_numbers_say_and_where_they_come_from(officer_client, facts):
    html = officer_client.get(reverse("competitiveness")).content.decode()

    assert "Manufacturing value added, share of GDP: rose from" in html
    assert "27.8 % (2024)" in html
    assert "Imported share of intermediate inputs: rose from 47.2 % (2018) to 62.2 % (2022)" in html
    assert "The source breaks before 2018" in html
    assert "Day of retrieval not recorded" in html
    assert "Modelled or estimated, not measured" in html
    assert "No value yet: it needs the exports of Cambodia and of all others to the world" in html
    assert reverse("loads:new_kind", args=["comtrade"]) not in html  # an officer loads nothing


def test_the_queries_do_not_grow_with_the_series(facts, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        assert len(panels()) == 11


# Reading


def test_two_editions_are_two_pieces_and_give_no_change(db):
    force, older = make_source(edition="2026"), make_source(edition="2023", is_superseded=True)
    for source, year, value in ((older, 2020, 5.0), (older, 2021, 5.5), (force, 2021, 10.0), (force, 2022, 10.85)):
        make_series_value(value, year, source=source)

    indicator = external()

    pieces = published(indicator)

    assert [(piece.source, [point.period_key for point in piece.points]) for piece in pieces] == [
        (older, ["2020", "2021"]),
        (force, ["2021", "2022"]),
    ]
    series = published_series([SeriesKey("TEST")])[SeriesKey("TEST")]
    moved = series.moved(5)
    assert moved
    first, last, difference = moved
    assert (first.period_key, last.period_key, difference) == ("2021", "2022", Decimal("0.85"))
    assert "Editions are drawn apart: their values are not comparable." in series.notes()
    assert [reading.edition for reading in published_readings([indicator])[indicator.pk]] == [
        str(older),
        str(older),
        str(force),
        str(force),
    ]


def test_the_imported_share_is_that_of_all_sectors_and_breaks_before_2018(facts):
    shares = imported_share("KHM")
    key = SeriesKey("computed:imported-share")
    series = published_series([key])[key]

    told = {2010: 0.308, 2015: 0.311, 2017: 0.305, 2018: 0.472, 2019: 0.453, 2022: 0.622}
    assert {year: round(float(share), 3) for year, share in shares.items() if year in told} == told
    assert [(piece.first.period_key, piece.last.period_key) for piece in series.pieces] == [
        ("2000", "2017"),
        ("2018", "2022"),
    ]
    assert "Computed from published values." in series.notes()


def test_a_year_told_of_fewer_sellers_than_users_has_no_imported_share(db):
    source = make_source()
    for sector in ("1", "2"):
        make_series_value(10, 2030, source=source, code="intermediate_use_all_origins", sector=sector)
    make_series_value(6, 2030, source=source, code="domestic_sales_intermediate", sector="1")

    assert imported_share() == {}


def test_top_partners_need_all_five(facts):
    key = SeriesKey("computed:top-suppliers")
    assert len(published_series([key])[key].pieces[0].points) == 20
    SeriesValue.objects.filter(code__startswith="Partner share(%)-Top 5 Import", year=2019).first().delete()

    series = published_series([key])[key]

    assert series.latest.last.period_key == "2018"


def test_old_and_modelled_values_say_so(facts):
    keys = [SeriesKey("SL.IND.EMPL.FE.ZS"), SeriesKey("NV_IND_MANFPC", dimensions="nature=m;units=con_usd")]
    women, per_head = published_series(keys).values()

    assert women.is_modelled
    assert women.is_stale
    assert "Held in a superseded edition only." in women.notes()
    assert per_head.is_modelled


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([(2019, 10.0), (2024, 12.0)], "Topic: rose from 10.0 (2019) to 12.0 (2024)"),
        ([(2019, 10.0), (2024, 8.0)], "Topic: fell from 10.0 (2019) to 8.0 (2024)"),
        ([(2019, 10.0), (2024, 10.9)], "Topic: no clear change, 10.0 (2019) and 10.9 (2024)"),
        ([(2010, 1.0), (2020, 10.0)], "Topic: 10.0 (2020)"),
        ([], "Topic: no values are held"),
    ],
)
def test_a_finding_says_what_a_series_did(db, values, words):
    source = make_source()
    for year, value in values:
        make_series_value(value, year, source=source)

    series = published_series([SeriesKey("TEST")])[SeriesKey("TEST")]

    assert finding("Topic", series, "{:.1f}".format) == words


def test_published_shares_are_shown_as_percentages(facts):
    indicator = Indicator.objects.get(code="value-chain-participation")

    assert published(indicator)[-1].last.value == Decimal("53.8697")


# Pages of indicators


@pytest.mark.parametrize(
    ("code", "lengths"), [("imported-share-inputs", [5, 11]), ("manufacturing-value-added", [9, 32])]
)
def test_the_page_of_an_indicator_joins_nothing_either(staff_client, facts, code, lengths):
    page = staff_client.get(reverse("indicators:detail", args=[code])).content.decode()

    paths = re.findall(r'<path class="line [a-z]*" d="M([^"h]+)"', page)  # with h: the piece of line before a name
    assert sorted(len(path.split(" L")) for path in paths) == lengths


@pytest.mark.parametrize("name", ["competitiveness", "indicators:sources"])
def test_the_pages_ask_few_queries_and_no_more_when_values_double(officer_client, facts, name):
    url = reverse(name)
    with CaptureQueriesContext(connection) as before:
        officer_client.get(url)
    source = make_source()
    rows = list(SeriesValue.objects.filter(source__code="wdi")) + list(SeriesValue.objects.filter(source__code="wits"))
    for row in rows:
        row.pk, row.source = None, source
    SeriesValue.objects.bulk_create(
        {(row.code, row.partner, row.product, row.dimensions, row.year): row for row in rows}.values()
    )

    with CaptureQueriesContext(connection) as after:
        officer_client.get(url)

    assert len(before) <= 15
    assert len(after) <= len(before)
