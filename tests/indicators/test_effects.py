"""Expected effects: what an outcome should move, and whether it did."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from indicators.effects import effects_of
from indicators.models import ExpectedEffect, Period
from tests.factories import make_outcome
from tests.indicator_factories import make_effect, make_indicator, make_observation, make_period

pytestmark = pytest.mark.django_db


def with_values(values: dict[str, Any], **fields: Any) -> Any:
    indicator = make_indicator(over_periods="latest", **fields)
    for quarter, value in values.items():
        about = {"indicator": indicator, "program": None, "period": make_period(quarter)}
        make_observation(value, status="verified", **about)
    return indicator


def came_of(values: dict[str, Any], **fields: Any) -> Any:
    """Return what came of 6 firms more from the first quarter of 2024 to the first of 2025."""
    made = make_effect(indicator=with_values(values), **fields)
    (effect,) = effects_of(made.outcome)
    return effect


@pytest.mark.parametrize(
    ("values", "words", "mark"),
    [
        ({"2024-Q1": 10, "2025-Q1": 15}, "Moved by 5 of the 6 firms expected", "warn"),
        ({"2024-Q1": 10, "2025-Q1": 17}, "Moved by 7 of the 6 firms expected", "good"),
        ({"2024-Q1": 10, "2025-Q1": 8}, "Moved the other way, by 2 firms", "bad"),
        ({"2024-Q1": 10, "2025-Q1": 10}, "Did not move", "warn"),
        ({"2024-Q1": 10}, "Not yet", "grey"),
        ({"2025-Q1": 10}, "Not yet", "grey"),
        ({"2024-Q1": 10, "2025-Q2": 99}, "Not yet", "grey"),
    ],
)
def test_effect_says_what_came_of_it(values, words, mark):
    effect = came_of(values)

    assert (effect.words, effect.mark) == (words, mark)


def test_lowering_is_moving_down():
    effect = came_of({"2024-Q1": 10, "2025-Q1": 3}, direction="lower")

    assert (effect.moved, effect.code) == (7, "reached")


def test_newest_value_so_far_counts_until_the_effect_is_due():
    effect = came_of({"2024-Q1": 10, "2024-Q3": 12})

    assert (effect.moved, effect.is_final) == (2, False)


def test_another_version_of_the_rule_is_not_comparable():
    indicator = with_values({"2024-Q1": 10})
    about = {"indicator": indicator, "program": None, "period": make_period("2025-Q1")}
    make_observation(20, status="verified", rule_version=2, **about)

    (effect,) = effects_of(make_effect(indicator=indicator).outcome)

    assert (effect.words, effect.moved) == ("Not comparable", None)


# Pages


def form_data(indicator: Any, **fields: Any) -> dict[str, Any]:
    defaults = {"indicator": indicator.pk, "direction": "raise", "amount": "6", "since": "2024-Q1", "by": "2025-Q1"}
    return defaults | fields


def test_outcome_shows_its_effects_as_a_part(officer_client):
    made = make_effect(indicator=with_values({"2024-Q1": 10, "2025-Q1": 15}))
    address = reverse("effects:of_outcome", args=[made.outcome.pk])

    page, part = officer_client.get(address), officer_client.get(address, headers={"HX-Request": "true"})

    assert "Moved by 5 of the 6 firms expected" in page.content.decode()
    assert part.content.decode().lstrip().startswith('<section class="section" id="effects"')
    assert address in officer_client.get(made.outcome.get_absolute_url()).content.decode()


def test_indicator_names_the_outcomes_that_should_move_it(officer_client):
    made = make_effect()

    page = officer_client.get(made.indicator.get_absolute_url()).content.decode()

    assert made.outcome.get_absolute_url() in page


def test_archived_outcome_moves_nothing(officer_client, staff):
    made = make_effect()
    made.outcome.archive(by=staff, reason="Entered twice")

    page = officer_client.get(made.indicator.get_absolute_url()).content.decode()

    assert "No outcome is expected to move this indicator." in page
    assert officer_client.get(reverse("effects:of_outcome", args=[made.outcome.pk])).status_code == 404


def test_staff_says_what_an_outcome_should_move(staff_client, staff):
    outcome, indicator = make_outcome(), make_indicator()

    staff_client.post(reverse("effects:new", args=[outcome.pk]), form_data(indicator, amount="៦"))

    effect = ExpectedEffect.objects.get()
    assert (effect.outcome, effect.indicator, effect.created_by) == (outcome, indicator, staff)
    assert effect.amount == 6
    assert effect.by == Period.objects.get(code="2025-Q1")


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"amount": "0"}, "amount"),
        ({"amount": "-3"}, "amount"),
        ({"by": "2023-Q4"}, "by"),
        ({"by": "2025"}, "by"),
        ({"since": "soon"}, "since"),
    ],
)
def test_effect_that_makes_no_sense_is_refused(staff_client, fields, wrong):
    response = staff_client.post(
        reverse("effects:new", args=[make_outcome().pk]), form_data(make_indicator(), **fields)
    )

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {wrong}


def test_same_effect_twice_is_refused(staff_client):
    made = make_effect()

    response = staff_client.post(reverse("effects:new", args=[made.outcome.pk]), form_data(made.indicator))

    assert "indicator" in response.context["form"].errors


def test_effect_is_changed_and_archived(staff_client):
    made = make_effect()

    data = form_data(made.indicator, amount="8", version=1)
    staff_client.post(reverse("effects:edit", args=[made.pk]), data)
    staff_client.post(reverse("effects:archive", args=[made.pk]), {"reason": "Wrong indicator", "version": 2})

    made.refresh_from_db()
    assert (made.amount, made.is_archived) == (Decimal(8), True)


@pytest.mark.parametrize("name", ["new", "edit", "archive"])
def test_officer_and_admin_write_no_effects(client_for, name):
    made = make_effect()
    pk = made.outcome.pk if name == "new" else made.pk

    for role in ("officer", "admin"):
        assert client_for(role).get(reverse(f"effects:{name}", args=[pk])).status_code == 403


def test_unknown_effect_and_wrong_verb(staff_client):
    made = make_effect()

    assert staff_client.get(reverse("effects:edit", args=[10**6])).status_code == 404
    assert staff_client.post(reverse("effects:of_outcome", args=[made.outcome.pk])).status_code == 405
