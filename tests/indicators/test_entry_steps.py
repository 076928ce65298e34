"""What cannot be entered, two people in one cell, submitting and withdrawing, and correcting what is signed."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from indicators import review
from indicators.models import Indicator, Observation
from tests.indicator_factories import make_observation, make_period, make_program_indicator, make_round
from tests.indicators.test_entry import grid_url, post, report_of, text, value_of


@pytest.fixture
def report(db):
    return make_program_indicator()


# What cannot be entered


def test_a_closed_period_takes_no_new_value(staff_client, verifier, report):
    closed = {"status": "closed", "closed_by": verifier, "closed_at": timezone.now()}
    make_round(program=report.program, **closed)

    response = post(staff_client, report, value="12")

    assert "The round of Q3 2024 is closed: no new value can be entered." in text(response)
    assert 'value="12"' in text(response)
    assert not Observation.objects.exists()


def test_a_period_that_has_not_begun_takes_none(staff_client, report):
    later = f"{timezone.localdate().year + 1}-Q4"

    response = post(staff_client, report, later, value="12")

    assert "has not begun yet" in text(response)
    assert not Observation.objects.exists()


def test_a_retired_indicator_takes_none(staff_client):
    report = report_of(retired_on=datetime.date(2024, 1, 1))

    response = post(staff_client, report, value="12")

    assert "retired" in text(response)
    assert not Observation.objects.exists()


@pytest.mark.parametrize("status", ["submitted", "verified", "accepted"])
def test_a_value_that_has_left_is_not_written_over(staff_client, report, status):
    made = make_observation(10, indicator=report.indicator, program=report.program, status=status)

    response = post(staff_client, report, value="12", expected=f"{made.pk}.1")

    assert value_of(report).value == 10
    assert "You typed 12." in text(response)
    assert ("Correct" in text(response)) == (status != "submitted")


# Two people in one cell


def test_a_draft_of_somebody_else_is_named_and_can_be_edited(staff_client, verifier, report):
    draft = make_observation(10, indicator=report.indicator, program=report.program, by=verifier)

    assert f"{verifier} has a draft since" in text(staff_client.get(grid_url(report)))
    post(staff_client, report, value="12", expected=f"{draft.pk}.1")

    saved = value_of(report)
    assert (saved.value, saved.entered_by) == (12, verifier)
    assert saved.changed_by != verifier


def test_two_people_in_one_cell_lose_nothing(staff_client, verifier_client, verifier, report):
    post(verifier_client, report, value="10")

    stale = text(post(staff_client, report, value="12"))
    assert f"{verifier} saved another value" in stale
    assert 'value="12"' in stale
    assert "Mine: 12" in stale
    assert value_of(report).value == 10

    again = text(post(staff_client, report, value="12"))
    assert "Which one stays?" in again
    assert value_of(report).value == 10

    post(staff_client, report, value="12", take="mine 1")
    assert value_of(report).value == 12


def test_the_other_value_may_stay(staff_client, verifier_client, report):
    post(verifier_client, report, value="10")

    page = text(post(staff_client, report, value="12", take="theirs"))

    assert value_of(report).value == 10
    assert 'value="10"' in page


def test_a_third_save_is_compared_again(staff_client, verifier_client, report):
    post(verifier_client, report, value="10")
    post(verifier_client, report, value="11", expected=f"{value_of(report).pk}.1")

    post(staff_client, report, value="12", take="mine 1")

    assert value_of(report).value == 11


def test_the_draft_of_a_correction_is_not_mistaken_for_the_version_on_the_screen(staff_client, staff, report):
    signed = make_observation(10, indicator=report.indicator, program=report.program, status="verified")
    review.correct(observation=signed, by=staff, values={"value": Decimal(15)}, reason="Late lists")

    page = text(post(staff_client, report, value="12", expected=f"{signed.pk}.1"))

    assert "Which one stays?" in page
    assert Observation.objects.filter(value=15, number=2).exists()


def test_a_second_click_is_no_clash(staff_client, report):
    post(staff_client, report, value="12")

    page = text(post(staff_client, report, value="12"))

    assert "Which one stays?" not in page
    assert value_of(report).version == 1


# Steps


def test_drafts_are_submitted_one_by_one_and_all_at_once(staff_client, staff, report):
    reports = [report, *(make_program_indicator(program=report.program) for _number in range(3))]
    drafts = [make_observation(5, indicator=each.indicator, program=report.program, by=staff) for each in reports]
    url, about = reverse("indicators:entry_steps"), {"program": report.program.slug, "period": "2024-Q3"}

    staff_client.post(url, about | {"submit": drafts[0].pk})
    staff_client.post(url, about | {"do": "chosen", "observation": [drafts[1].pk]})
    assert Observation.objects.filter(status="submitted").count() == 2

    page = text(staff_client.post(url, about | {"do": "all"}, follow=True))
    assert "2 values were submitted." in page
    assert Observation.objects.filter(status="submitted").count() == 4


def test_who_submitted_a_value_withdraws_it(staff_client, staff, report):
    made = make_observation(5, indicator=report.indicator, program=report.program, by=staff, status="submitted")
    about = {"program": report.program.slug, "period": "2024-Q3"}

    staff_client.post(reverse("indicators:entry_steps"), about | {"withdraw": made.pk})

    assert value_of(report).status == "draft"


def test_a_value_of_another_grid_is_not_submitted(staff_client, staff, report):
    other = make_observation(5, by=staff)
    about = {"program": report.program.slug, "period": "2024-Q3"}
    make_period()

    staff_client.post(reverse("indicators:entry_steps"), about | {"submit": other.pk})

    assert Observation.objects.get().status == "draft"


# Corrections


def test_a_signed_value_is_corrected_with_a_reason(staff_client, report):
    signed = make_observation(10, indicator=report.indicator, program=report.program, status="accepted")
    url = reverse("observations:correct", args=[signed.pk])

    refused = staff_client.post(url, {"correction-state": "value", "correction-value": "12"})
    saved = staff_client.post(
        url, {"correction-state": "value", "correction-value": "12", "correction-reason": "Late lists"}
    )

    assert refused.status_code == 422
    draft = Observation.objects.get(number=2)
    assert (draft.value, draft.why, draft.status) == (Decimal(12), "Late lists", "draft")
    assert saved.url == draft.get_absolute_url()
    assert Observation.objects.get(number=1).value == 10


def test_a_draft_is_not_corrected(staff_client, report):
    draft = make_observation(10, indicator=report.indicator, program=report.program)
    url = reverse("observations:correct", args=[draft.pk])

    response = staff_client.post(
        url, {"correction-state": "value", "correction-value": "12", "correction-reason": "Late lists"}
    )

    assert "Only a signed value can be corrected" in text(response)


@pytest.mark.parametrize("role", ["officer", "admin"])
def test_only_the_ministry_corrects(client_for, role, report):
    signed = make_observation(10, status="accepted")

    assert client_for(role).get(reverse("observations:correct", args=[signed.pk])).status_code == 403


def test_there_is_nothing_to_correct(staff_client):
    assert staff_client.get(reverse("observations:correct", args=[10**9])).status_code == 404


def test_kinds_of_indicators_that_nobody_types(staff_client):
    report = report_of(kind=Indicator.Kind.DERIVED, derivation="workshops-held")

    assert post(staff_client, report, value="12").status_code == 404
    assert not Observation.objects.exists()
