"""The pages of reporting rounds: corrections told beside what was reported, two rounds compared, who may what."""

from decimal import Decimal

import pytest
from django.urls import reverse

from indicators import review, rounds
from indicators.models import RoundEntry
from tests.factories import make_program, make_user
from tests.indicator_factories import (
    make_observation,
    make_period,
    make_round,
)
from tests.round_factories import closed_round, report_on, signed_round

pytestmark = pytest.mark.django_db

LIST, NEW = reverse("rounds:list"), reverse("rounds:new")


def text(response):
    return response.content.decode()


def page(name, report):
    return reverse(f"rounds:{name}", args=[report.pk])


def fresh(row):
    return type(row).objects.get(pk=row.pk)


# Afterwards


def test_a_later_correction_is_told_beside_what_was_reported(staff_client, staff):
    report = signed_round(value=412)
    first = fresh(report.entries.get().observation)
    second = review.correct(observation=first, by=staff, values={"value": Decimal(415)}, reason="Three lists came late")
    review.submit(observation=second, by=staff)
    review.verify(observation=second, by=make_user("verifier"))

    shown = text(staff_client.get(page("detail", report)))

    assert "reported 412 firms · now 415 firms" in shown
    assert "Three lists came late" in shown
    assert str(staff) in shown
    assert RoundEntry.objects.get().value == 412
    assert "reported 412 firms · now 415 firms" in text(staff_client.get(second.get_absolute_url()))


def test_two_rounds_side_by_side_show_the_change(staff_client):
    program = make_program()
    item = report_on(program, value=40, period="2024-Q2")
    make_observation(50, indicator=item.indicator, program=program, status="submitted")
    pair = [make_round(program=program, period=make_period(code)) for code in ("2024-Q2", "2024-Q3")]
    for report in pair:
        rounds.close_round(report=report, by=make_user("verifier"), expected=1)
    elsewhere = closed_round()

    shown = text(staff_client.get(page("compare", pair[1])))
    turned = text(staff_client.get(page("compare", pair[0]), {"with": pair[1].pk}))

    for words in ("40 firms", "50 firms", "+10 firms", "better"):
        assert words in shown
        assert words in turned
    for nonsense in (elsewhere.pk, 0, "x"):
        assert staff_client.get(page("compare", pair[0]), {"with": nonsense}).status_code == 404
    assert "no other closed round" in text(staff_client.get(page("compare", elsewhere)))


# Pages


def test_the_list_narrows_by_program_and_status(staff_client):
    report, other = closed_round(), make_round(period=make_period("2023-Q1"))

    whole = staff_client.get(LIST)
    narrow = staff_client.get(LIST, {"status": "closed"}, headers={"HX-Request": "true"})

    assert report.get_absolute_url() in text(whole)
    assert other.get_absolute_url() in text(whole)
    assert other.get_absolute_url() not in text(narrow)
    assert text(narrow).lstrip().startswith('<div id="rows"')


@pytest.mark.parametrize("step", ["remind", "sign", "accept"])
def test_steps_take_posts_with_a_version(client_for, step):
    report, role = make_round(), "officer" if step == "accept" else "verifier"

    assert client_for(role).get(page(step, report)).status_code == 405
    assert client_for(role).post(page(step, report)).status_code == 400
    assert client_for(role).post(reverse(f"rounds:{step}", args=[0]), {"version": 1}).status_code == 404


def test_others_do_not_move_rounds(client_for):
    report = make_round()

    for role in ("staff", "officer", "admin"):
        answers = {
            client_for(role).post(page(step, report), {"version": 1}).status_code
            for step in ("remind", "close", "sign")
        }
        assert answers | {client_for(role).get(NEW).status_code} == {403}
    assert client_for("verifier").post(page("accept", report), {"version": 1}).status_code == 403
    assert client_for("staff").get(reverse("rounds:detail", args=[0])).status_code == 404
    assert client_for("anonymous").get(LIST).status_code == 302
    assert client_for("staff").post(page("detail", report)).status_code == 405
