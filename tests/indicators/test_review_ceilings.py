"""The pages of the review ask at most 15 queries, and no more when their rows double; so do steps, by value."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from capred_portal.models import DataVersion
from indicators import review, rounds
from indicators.models import Observation, ProgramIndicator, Target
from tests.factories import make_program, make_user
from tests.indicator_factories import make_observation, make_period, make_round, make_target
from tests.round_factories import closed_round, report_on

pytestmark = pytest.mark.django_db

MOST = 15


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200, address
    return len(queries)


def add_rows(open_round, author, count=8):
    """Add values at each status with those of the quarter before, returned drafts, targets and closed rounds."""
    program, period = open_round.program, open_round.period
    for number in range(count):
        item = report_on(program, value=number, status="submitted")
        ProgramIndicator.objects.filter(pk=item.pk).update(reporter=make_user("staff"))
        report_on(program)
        make_observation(5, status="verified", program=program, indicator=item.indicator, period=make_period("2024-Q2"))
        make_observation(5, status="verified", period=period)
        make_observation(5, by=author, period=period)
        returned = make_observation(5, status="submitted", by=author, period=period)
        review.send_back(observation=returned, by=make_user("verifier"), reason="Look again")
        make_target(status=Target.Status.PROPOSED, created_by=author)


def add_versions(first, count=4):
    """Correct a value so often, each version signed."""
    for _number in range(count):
        author = make_user("staff")
        first = review.correct(observation=first, by=author, values={}, reason="Again")
        review.submit(observation=first, by=author)
        review.verify(observation=first, by=make_user("verifier"))
    return first


@pytest.mark.parametrize("role", ["staff", "verifier", "officer"])
def test_pages_ask_few_queries_and_no_more_when_rows_double(client_for, request, role):
    client = client_for(role)
    report = make_round()
    author = request.getfixturevalue(role) if role != "officer" else make_user("staff")
    first = make_observation(5, status="verified")
    addresses = [
        reverse("review:list"),
        reverse("review:list") + "?show=mine",
        reverse("rounds:list"),
        report.get_absolute_url(),
        first.get_absolute_url(),
    ]
    add_rows(report, author)
    newest = add_versions(first)
    closed_round()
    once = {address: queries_of(client, address) for address in addresses}

    add_rows(report, author)
    add_versions(newest)
    closed_round()

    assert {address: number for address, number in once.items() if number > MOST} == {}
    assert {address: queries_of(client, address) for address in addresses} == once


def test_a_closed_round_and_its_comparison_ask_no_more_with_more_figures(staff_client):
    counts, verifier = [], make_user("verifier")
    for figures in (2, 8):
        program = make_program()
        for _number in range(figures):
            item = report_on(program, value=3)
            make_observation(
                5, program=program, indicator=item.indicator, status="submitted", period=make_period("2024-Q2")
            )
        reports = [make_round(program=program, period=make_period(code)) for code in ("2024-Q2", "2024-Q3")]
        for report in reports:
            rounds.close_round(report=report, by=verifier, expected=1)
        addresses = [reports[0].get_absolute_url(), reverse("rounds:compare", args=[reports[1].pk])]
        counts.append([queries_of(staff_client, address) for address in addresses])

    assert counts[0] == counts[1]
    assert max(counts[0]) <= MOST


def test_a_step_on_a_value_asks_few_queries(verifier_client):
    observation = make_observation(status="submitted")
    data = {"pick": [f"{observation.pk}:1"], "step": "sign"}
    DataVersion.raise_for("indicators")  # the first change of all makes its row

    with CaptureQueriesContext(connection) as queries:
        verifier_client.post(reverse("review:step"), data)

    assert Observation.objects.get(pk=observation.pk).status == "verified"
    assert len(queries) <= 31  # six of them note who hears of it, so that nobody is told twice
