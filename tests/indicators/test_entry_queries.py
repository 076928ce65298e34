"""How many queries entering costs: a cell at most twelve, the grid no more with more rows."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from capred_portal.records import DataVersion
from indicators.models import Observation
from tests.factories import make_user
from tests.indicator_factories import make_indicator, make_observation, make_period, make_program_indicator

CELL = 12  # queries of saving one, with the two that begin and end its transaction
AGAIN = 11  # of its next state
GRID = 14


@pytest.fixture
def client(db):
    client = Client()
    client.force_login(make_user("staff"), "django.contrib.auth.backends.ModelBackend")
    return client


def save(client, report, **fields):
    typed = {f"i{report.indicator.pk}-{name}": value for name, value in fields.items()}
    about = {"program": report.program.slug, "period": "2024-Q3", "indicator": report.indicator.pk}
    return client.post(reverse("indicators:entry"), about | typed, headers={"HX-Request": "true"})


def with_history(program=None):
    fields = {"program": program} if program else {}
    report = make_program_indicator(indicator=make_indicator(breakdowns=["sex"]), **fields)
    about = {"indicator": report.indicator, "program": report.program, "status": "verified"}
    for quarter in ("2023-Q4", "2024-Q1", "2024-Q2"):
        make_observation(10, period=make_period(quarter), **about)
    return report


@pytest.mark.django_db(transaction=True)
def test_saving_a_cell_takes_at_most_twelve_queries(client, django_assert_max_num_queries):
    report = with_history()
    make_period()
    DataVersion.raise_for("indicators")

    with django_assert_max_num_queries(CELL):
        save(client, report, value="12")
    draft = Observation.objects.get(value=12)
    with django_assert_max_num_queries(AGAIN):
        save(client, report, value="13", note="Late lists", expected=f"{draft.pk}.1")

    draft.refresh_from_db()
    assert draft.value == 13
    assert draft.version == 2


def test_the_grid_asks_no_more_with_more_rows(client, django_assert_max_num_queries):
    report = with_history()
    make_observation(5, indicator=report.indicator, program=report.program)
    url = f"{reverse('indicators:entry')}?program={report.program.slug}&period=2024-Q3"
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(url)
    for _number in range(12):
        each = with_history(report.program)
        make_observation(5, indicator=each.indicator, program=report.program)

    with django_assert_max_num_queries(min(len(few), GRID)):
        page = client.get(url)

    assert page.content.decode().count("<tbody") == 13


def test_the_file_asks_no_more_with_more_rows(client, django_assert_max_num_queries):
    report = with_history()
    for _number in range(8):
        with_history(report.program)
    url = f"{reverse('indicators:entry_file')}?program={report.program.slug}&period=2024-Q3"

    with django_assert_max_num_queries(8):
        b"".join(client.get(url).streaming_content)
