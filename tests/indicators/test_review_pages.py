"""What waits for me, and the page of a value: who sees what, one step or several at once, and the mails after."""

from decimal import Decimal

import pytest
from django.core import mail
from django.urls import reverse

from indicators import review
from indicators.models import Indicator, Observation, Target
from tests.factories import make_program, make_user
from tests.indicator_factories import make_indicator, make_observation, make_period, make_round, make_target

pytestmark = pytest.mark.django_db

LIST = reverse("review:list")
STEP = reverse("review:step")


def text(response):
    return response.content.decode()


def mark(observation):
    return f"{observation.pk}:{observation.version}"


def page(name, observation):
    return reverse(f"observations:{name}", args=[observation.pk])


def fresh(observation):
    return Observation.objects.get(pk=observation.pk)


def titles(response):
    """Return the indicators of the values in a list."""
    return [row.indicator.title_en for row in response.context["page_obj"]]


def titled(title, value=10, **fields):
    """Return a value of a new indicator of that title."""
    return make_observation(value, indicator=make_indicator(title_en=title), **fields)


# What waits


def test_a_verifier_sees_what_others_submitted(verifier_client, verifier):
    titled("Of others", status="submitted")
    titled("Of mine", status="submitted", by=verifier)
    titled("In draft")
    titled("Signed", status="verified")
    said_before = titled("Said before", 12, status="verified", by=verifier)
    about = {name: getattr(said_before, name) for name in ("indicator", "program", "period")}
    make_observation(12, number=2, why="Again", status="submitted", is_shown=False, **about)

    assert titles(verifier_client.get(LIST)) == ["Of others"]


def test_an_officer_sees_what_is_verified_and_needs_the_embassy(officer_client):
    titled("Verified", status="verified")
    titled("Submitted", status="submitted")
    national = make_indicator(title_en="Of the ministry", signatures=Indicator.Signatures.MINISTRY)
    make_observation(status="verified", indicator=national)

    shown = officer_client.get(LIST)

    assert titles(shown) == ["Verified"]
    assert "Accept the chosen values" in text(shown)


def test_staff_see_their_drafts_and_why_values_came_back(staff_client, staff):
    mine = titled("Mine", by=staff)
    returned = titled("Came back", status="submitted", by=staff)
    review.send_back(observation=returned, by=make_user("verifier"), reason="The list is missing")
    titled("Of another")
    make_round(program=mine.program, period=mine.period)

    response = staff_client.get(LIST)

    assert titles(response) == ["Came back", "Mine"]
    assert "The list is missing" in text(response)
    assert "Overdue" in text(response)


def test_a_verifier_has_both_lists_and_an_administrator_an_explanation(client_for, verifier):
    titled("My draft", by=verifier)

    assert titles(client_for("verifier").get(LIST, {"show": "mine"})) == ["My draft"]
    assert titles(client_for("verifier").get(LIST)) == []
    assert "Nothing waits for administrators here" in text(client_for("admin").get(LIST))


def test_the_row_shows_the_value_before_and_the_change(verifier_client):
    indicator, program = make_indicator(), make_program()
    about = {"indicator": indicator, "program": program}
    make_observation(40, status="accepted", period=make_period("2024-Q2"), **about)
    make_observation(50, status="submitted", note="Two courses more", **about)

    shown = text(verifier_client.get(LIST))

    for words in ("40 firms", "50 firms", "+10 firms", "+25.0 %", "better", "Q2 2024", "Two courses more"):
        assert words in shown, words


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        ({"direction": "down"}, 50, "worse"),
        ({"unit_en": "%"}, 50, "+10 points"),
        ({"direction": "range"}, 30, "−10 firms"),
        ({}, 40, "no change"),
    ],
)
def test_the_change_is_told_in_the_direction_of_the_indicator(verifier_client, before, now, words):
    about = {"indicator": make_indicator(**before), "program": make_program()}
    make_observation(40, status="accepted", period=make_period("2024-Q2"), **about)
    make_observation(now, status="submitted", **about)

    shown = text(verifier_client.get(LIST))

    assert words in shown
    assert "25.0 %" not in shown or "unit_en" not in before


def test_a_correction_is_compared_with_what_is_shown_and_a_new_rule_with_nothing(verifier_client, staff):
    first = make_observation(412, status="accepted", rule_version=1)
    second = review.correct(observation=first, by=staff, values={"value": Decimal(415)}, reason="Late lists")
    review.submit(observation=second, by=staff)

    row = verifier_client.get(LIST).context["page_obj"].rows[0]
    Observation.objects.filter(pk=second.pk).update(rule_version=2)
    other = verifier_client.get(LIST).context["page_obj"].rows[0]

    assert (row.before_words, row.change.text) == ("412 firms", "+3 firms")
    assert "not comparable" in str(other.change.words)


def test_filters_narrow_the_list_and_pages_follow(verifier_client):
    kept = titled("Kept", status="submitted")
    titled("Elsewhere", status="submitted", period=make_period("2023-Q1"))
    narrow = {"program": kept.program.slug, "period": "2024-Q3", "indicator": kept.indicator.code}

    shown = verifier_client.get(LIST, narrow)
    fragment = verifier_client.get(LIST, narrow, headers={"HX-Request": "true"})
    restored = verifier_client.get(LIST, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})

    assert [row.pk for row in shown.context["page_obj"]] == [kept.pk]
    assert text(fragment).lstrip().startswith('<div id="rows"')
    assert "<html" in text(restored)
    assert "HX-Request" in fragment["Vary"]


def test_long_lists_come_in_pages(verifier_client):
    indicator, staff = make_indicator(), make_user("staff")
    for number in range(45):
        period = make_period(f"{1995 + number // 4}-Q{number % 4 + 1}")
        make_observation(status="submitted", indicator=indicator, period=period, by=staff)

    first = verifier_client.get(LIST).context["page_obj"]
    second = verifier_client.get(LIST, {"after": first.after}).context["page_obj"]

    assert (len(first.rows), len(second.rows)) == (40, 5)
    assert not {row.pk for row in first.rows} & {row.pk for row in second.rows}


# Steps on several at once


def test_several_are_verified_at_once_and_each_refusal_is_named(verifier_client, verifier):
    good, own = titled("Good", status="submitted"), titled("Own", status="submitted", by=verifier)
    stale = titled("Stale", status="submitted")
    Observation.objects.filter(pk=stale.pk).update(version=5)
    picks = [mark(good), mark(own), mark(stale), "999999:1", "nonsense"]

    response = verifier_client.post(STEP, {"pick": picks, "step": "sign"}, follow=True)

    assert [fresh(each).status for each in (good, own, stale)] == ["verified", "submitted", "submitted"]
    told = [str(message) for message in response.context["messages"]]
    assert any(words.startswith("1 value verified: Good") for words in told)
    assert any(words.startswith("Own") and "Another verifier" in words for words in told)
    assert any(words.startswith("Stale") and "moved meanwhile" in words for words in told)


def test_one_is_signed_by_its_own_button_without_a_mail(officer_client, django_capture_on_commit_callbacks):
    first, second = titled("First", status="verified"), titled("Second", status="verified")

    with django_capture_on_commit_callbacks(execute=True):
        officer_client.post(STEP + "?period=2024-Q3", {"one": mark(first), "pick": [mark(second)]})

    assert [fresh(each).status for each in (first, second)] == ["accepted", "verified"]
    assert mail.outbox == []


def test_several_go_back_with_a_reason_and_their_author_gets_one_mail(
    officer_client, officer, django_capture_on_commit_callbacks
):
    author, program = make_user("staff", language="km"), make_program()
    values = [titled(title, status="verified", by=author, program=program) for title in ("First", "Second")]
    other = titled("Third", status="verified")
    data = {"pick": [mark(each) for each in (*values, other)], "step": "return", "reason": "The lists are missing"}

    with django_capture_on_commit_callbacks(execute=True):
        officer_client.post(STEP, data)

    assert {fresh(each).status for each in (*values, other)} == {"draft"}
    assert len(mail.outbox) == 2
    letter = next(each for each in mail.outbox if each.to == [author.email])
    assert letter.body.count("http://testserver/observations/") == 2
    assert "The lists are missing" in letter.body
    assert str(officer) in letter.body


def test_returning_without_a_reason_keeps_what_was_chosen(verifier_client):
    observation = make_observation(status="submitted")

    response = verifier_client.post(STEP, {"pick": [mark(observation)], "step": "return", "reason": " "})

    assert response.status_code == 422
    assert "Say why the values go back." in text(response)
    assert "checked" in text(response)
    assert fresh(observation).status == "submitted"


def test_nothing_chosen_is_said(verifier_client):
    assert "Choose at least one value." in text(verifier_client.post(STEP, {"step": "sign"}))


@pytest.mark.parametrize("role", ["staff", "admin"])
def test_who_signs_nothing_cannot_post_steps(client_for, role):
    observation = make_observation(status="submitted")

    assert client_for(role).post(STEP, {"pick": [mark(observation)]}).status_code == 403
    assert client_for("verifier").get(STEP).status_code == 405
    assert fresh(observation).status == "submitted"


def test_mail_of_a_broken_server_leaves_the_signatures(verifier_client, settings, django_capture_on_commit_callbacks):
    settings.EMAIL_BACKEND = "no.such.Backend"
    observation = make_observation(status="submitted")

    with django_capture_on_commit_callbacks(execute=True):
        verifier_client.post(STEP, {"pick": [mark(observation)], "step": "sign"})

    assert fresh(observation).status == "verified"


# Targets


def test_a_verifier_sees_the_targets_others_propose(client_for, verifier):
    proposed = make_target(90, status=Target.Status.PROPOSED, created_by=make_user("staff"))
    make_target(80, status=Target.Status.PROPOSED, created_by=verifier)
    make_target(70)

    shown = client_for("verifier").get(LIST)

    assert list(shown.context["targets"]) == [proposed]
    assert reverse("targets:approve", args=[proposed.pk]) in text(shown)
    for role in ("staff", "officer"):
        assert list(client_for(role).get(LIST).context["targets"]) == []
