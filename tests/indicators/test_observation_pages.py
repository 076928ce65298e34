"""The page of one value: versions, parts, names and buttons as the reader may see them; its steps by one click."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from capred_portal.comments import add_comment
from capred_portal.models import Comment
from indicators import review
from indicators.models import Observation
from tests.factories import make_user
from tests.indicator_factories import make_indicator, make_observation

pytestmark = pytest.mark.django_db


def text(response):
    return response.content.decode()


def page(name, observation):
    return reverse(f"observations:{name}", args=[observation.pk])


def fresh(observation):
    return Observation.objects.get(pk=observation.pk)


# The page of a value


def test_the_page_shows_versions_side_by_side_with_why(staff_client, staff):
    first = make_observation(412, status="accepted")
    second = review.correct(observation=first, by=staff, values={"value": Decimal(415)}, reason="Three lists came late")

    shown = text(staff_client.get(page("detail", second)))

    for words in ("412 firms", "415 firms", "+3 firms", "Three lists came late", "Corrected", "version 2"):
        assert words in shown, words


def test_the_embassy_sees_no_draft_and_no_name_of_who_typed(officer_client):
    staff = make_user("staff", full_name_en="Sok Typist")
    first = make_observation(412, status="accepted", by=staff)
    second = review.correct(observation=first, by=staff, values={"value": Decimal(415)}, reason="Late lists")

    pages = [text(officer_client.get(page("detail", each))) for each in (first, second)]

    assert "412 firms" in pages[0]
    assert "This version is being worked on." in pages[1]
    for shown in pages:
        assert not re.search(r"\b415\b", shown)  # a token may hold these digits
        assert "Sok Typist" not in shown


def test_the_embassy_sees_no_small_part_and_the_ministry_every_part_with_unknown(client_for):
    indicator = make_indicator(breakdowns=["sex"])
    observation = make_observation(20, status="verified", indicator=indicator, parts={"sex": {"f": "3", "m": "9"}})

    parts = {
        role: {
            str(part.title): part.text
            for part in client_for(role).get(page("detail", observation)).context["breakdowns"][0].parts
        }
        for role in ("staff", "officer")
    }

    assert parts["staff"]["Unknown"] == "8"
    assert {"3", "9", "8"} <= set(parts["staff"].values())
    assert "3" not in parts["officer"].values()


BUTTONS = {
    ("staff", "draft"): {"edit", "submit"},
    ("staff", "submitted"): set(),
    ("staff", "verified"): {"correct"},
    ("verifier", "submitted"): {"verify", "return"},
    ("verifier", "verified"): {"return", "correct"},
    ("officer", "submitted"): set(),
    ("officer", "verified"): {"accept", "return"},
    ("officer", "accepted"): set(),
    ("admin", "draft"): set(),
    ("admin", "verified"): set(),
}


@pytest.mark.parametrize(("role", "status"), BUTTONS)
def test_the_page_offers_the_steps_the_reader_may_take(client_for, role, status):
    observation = make_observation(status=status)

    steps = client_for(role).get(page("detail", observation)).context["steps"]

    assert {name for name, may_take in steps.items() if may_take} == BUTTONS[role, status]


@pytest.mark.parametrize(
    ("role", "status", "step", "end"),
    [
        ("staff", "draft", "submit", "submitted"),
        ("verifier", "submitted", "verify", "verified"),
        ("officer", "verified", "accept", "accepted"),
    ],
)
def test_one_click_takes_a_step_and_a_stale_one_none(client_for, role, status, step, end):
    observation = make_observation(status=status)

    stale = client_for(role).post(page(step, observation), {"version": 7}, follow=True)
    assert fresh(observation).status == status
    done = client_for(role).post(page(step, observation), {"version": 1})

    assert "moved meanwhile" in text(stale)
    assert done.url == observation.get_absolute_url()
    assert fresh(observation).status == end
    assert client_for(role).post(page(step, observation)).status_code == 400
    assert client_for(role).get(page(step, observation)).status_code == 405


def test_who_submitted_withdraws(staff_client, staff):
    observation = make_observation(status="submitted", by=staff)

    staff_client.post(page("withdraw", observation), {"version": 1})

    assert fresh(observation).status == "draft"


def test_a_value_is_returned_with_a_reason(verifier_client):
    observation = make_observation(status="submitted")

    empty = verifier_client.post(page("return", observation), {"version": 1, "reason": ""})
    stale = verifier_client.post(page("return", observation), {"version": 7, "reason": "The list is missing"})
    again = {"version": stale.context["form"]["version"].value(), "reason": "The list is missing"}
    verifier_client.post(page("return", observation), again)

    assert (empty.status_code, set(empty.context["form"].errors)) == (422, {"reason"})
    assert "The list is missing" in text(stale)
    assert fresh(observation).status == "draft"
    assert "The list is missing" in text(verifier_client.get(page("detail", observation)))


def test_everybody_may_ask_and_the_answer_hangs_on_the_value(client_for):
    observation = make_observation(status="verified")

    response = client_for("officer").post(page("comment", observation), {"text": "Why so many?", "is_question": "on"})

    assert response.url.startswith(observation.get_absolute_url())
    assert "Why so many?" in text(client_for("staff").get(page("detail", observation)))


def test_forbidden_not_found_and_archived(client_for, admin):
    observation = make_observation(status="submitted")
    archived = make_observation(status="submitted")
    archived.archive(by=admin, reason="A test")

    assert client_for("staff").post(page("verify", observation), {"version": 1}).status_code == 403
    assert client_for("verifier").post(page("accept", observation), {"version": 1}).status_code == 403
    assert client_for("officer").post(page("submit", observation), {"version": 1}).status_code == 403
    assert client_for("staff").get(reverse("observations:detail", args=[0])).status_code == 404
    assert client_for("staff").get(page("detail", archived)).status_code == 404
    assert client_for("anonymous").get(page("detail", observation)).status_code == 302
    assert client_for("staff").post(page("detail", observation)).status_code == 405


def test_question_on_a_value_waits_in_the_list_of_questions_until_it_is_a_draft_again(
    officer_client, officer, verifier
):
    observation = make_observation(12, status="verified")
    add_comment(record=observation, text="Who counted them?", by=officer, kind=Comment.Kind.QUESTION)

    page = officer_client.get(reverse("questions:list"), {"place": "observation"})
    of_program = officer_client.get(reverse("questions:list"), {"program": observation.program.slug})
    review.send_back(observation=observation, by=verifier, reason="Twice")
    afterwards = officer_client.get(reverse("questions:list"))

    assert observation.get_absolute_url() in page.content.decode()
    assert [each.context["rows_count"] for each in (page, of_program, afterwards)] == [1, 1, 0]
