"""The register of outcomes, an outcome's page and the stages of its life."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from programs.models import Outcome, OutcomeStage
from tests.factories import make_action, make_goal, make_outcome, make_workshop

pytestmark = pytest.mark.django_db

LIST = reverse("outcomes:list")


def stage_data(stage="drafted", day="2025-01-01"):
    return {"stage": stage, "reached_on": day}


def test_register_says_what_became_of_each(officer_client):
    outcome = make_outcome()
    make_action(outcome=outcome)

    response = officer_client.get(LIST)

    assert response.context["action_counts"] == {outcome.pk: {"all": 1, "done": 0}}
    assert "0 of 1 action done" in " ".join(response.content.decode().split())


def test_register_leaves_out_outcomes_of_archived_workshops(staff_client, staff):
    outcome = make_outcome()
    outcome.workshop.archive(by=staff, reason="Entered twice")

    assert staff_client.get(LIST).context["rows_count"] == 0


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"kind": "policy"}, 1),
        ({"kind": "tool"}, 0),
        ({"stage": "none"}, 1),
        ({"stage": "drafted"}, 0),
        ({"q": "purchase"}, 1),
    ],
)
def test_register_filters(staff_client, params, found):
    make_outcome(kind="policy", text_en="Public purchase from SMEs")

    assert staff_client.get(LIST, params).context["rows_count"] == found


def test_register_filters_by_goal(staff_client):
    outcome, goal = make_outcome(), make_goal("6.2")
    outcome.goals.set([goal])

    assert staff_client.get(LIST, {"goal": goal.parent.pk}).context["rows_count"] == 1


def test_register_answers_htmx_with_rows_alone(officer_client):
    assert "<html" not in officer_client.get(LIST, headers={"HX-Request": "true"}).content.decode()


def test_register_refuses_post_and_the_anonymous(staff_client, anonymous_client):
    assert staff_client.post(LIST).status_code == 405
    assert anonymous_client.get(LIST).status_code == 302


def test_an_outcome_needs_words_in_one_language(staff_client):
    workshop = make_workshop()
    url = reverse("workshops:outcome_new", args=[workshop.pk])

    refused = staff_client.post(url, {"kind": "finding", "text_en": " ", "text_km": ""})
    staff_client.post(url, {"kind": "finding", "text_km": "ពឹងផ្អែកលើវត្ថុធាតុដើមនាំចូល"})

    assert "text_en" in refused.context["form"].errors
    assert Outcome.objects.get().text_km == "ពឹងផ្អែកលើវត្ថុធាតុដើមនាំចូល"


def test_the_latest_stage_is_the_stage_of_the_outcome(staff_client):
    outcome = make_outcome(kind="policy")
    url = reverse("outcomes:stage_new", args=[outcome.pk])

    staff_client.post(url, stage_data("adopted", "2025-06-01"))
    staff_client.post(url, stage_data("drafted", "2025-01-01"))

    outcome.refresh_from_db()
    assert outcome.stage == "adopted"
    assert outcome.stages.count() == 2


def test_correcting_a_date_settles_the_stage_again(staff_client):
    outcome = make_outcome(kind="tool", stage="adopted")
    drafted = OutcomeStage.objects.create(outcome=outcome, stage="drafted", reached_on=datetime.date(2025, 1, 1))
    OutcomeStage.objects.create(outcome=outcome, stage="adopted", reached_on=datetime.date(2025, 2, 1))

    staff_client.post(
        reverse("outcomes:stage_edit", args=[outcome.pk, drafted.pk]),
        stage_data("drafted", "2025-03-01") | {"version": 1},
    )

    outcome.refresh_from_db()
    assert outcome.stage == "drafted"


def test_a_stage_is_reached_once(staff_client):
    outcome = make_outcome(kind="policy")
    url = reverse("outcomes:stage_new", args=[outcome.pk])
    staff_client.post(url, stage_data())

    response = staff_client.post(url, stage_data(day="2025-05-05"))

    assert "stage" in response.context["form"].errors


def test_a_finding_has_no_life(staff_client):
    outcome = make_outcome(kind="finding")

    assert staff_client.get(reverse("outcomes:stage_new", args=[outcome.pk])).status_code == 404
    with pytest.raises(IntegrityError), transaction.atomic():
        Outcome.objects.filter(pk=outcome.pk).update(stage="drafted")


def test_an_outcome_with_a_stage_cannot_become_a_finding(staff_client):
    outcome = make_outcome(kind="policy", stage="drafted")

    response = staff_client.post(
        reverse("outcomes:edit", args=[outcome.pk]), {"kind": "finding", "text_en": "x", "version": 1}
    )

    assert "kind" in response.context["form"].errors


def test_officers_read_and_do_not_write(officer_client):
    outcome = make_outcome(kind="policy")

    assert officer_client.get(outcome.get_absolute_url()).status_code == 200
    assert officer_client.get(reverse("outcomes:edit", args=[outcome.pk])).status_code == 403
    assert officer_client.post(reverse("outcomes:stage_new", args=[outcome.pk]), stage_data()).status_code == 403
    assert officer_client.get(reverse("outcomes:detail", args=[987654])).status_code == 404
