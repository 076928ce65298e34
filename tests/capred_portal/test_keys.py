"""Numbers no database holds, wherever a form or an address takes a number: refused, never an error."""

import pytest
from django.urls import reverse

from capred_portal.keys import key_in
from tests.factories import make_workshop
from tests.indicator_factories import make_program_indicator
from tests.register_factories import make_link

TOO_LONG = ("9223372036854775808", "9" * 5_000)


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12), ("១២", 12), ("-1", 0), ("²", 0), ("1.0", 0), ("", 0), *((one, 0) for one in TOO_LONG)],
)
def test_a_key_is_a_number_that_a_record_can_have(text, number):
    assert key_in(text) == number


@pytest.mark.parametrize("number", TOO_LONG)
def test_long_numbers_in_forms_and_addresses_are_refused(number, verifier_client):
    workshop, link, report = make_workshop(), make_link(), make_program_indicator()
    edit = reverse("workshops:edit", args=[workshop.pk])

    goals = verifier_client.post(edit, {"goals": [number], "version": workshop.version})
    answers = [
        verifier_client.post(reverse("workshops:comment", args=[workshop.pk]), {"text": "a", "answers": number}),
        verifier_client.post(reverse("links:verify", args=[link.pk]), {"version": number}),
        verifier_client.post(
            reverse("indicators:entry"), {"program": report.program.slug, "period": "2024-Q3", "indicator": number}
        ),
        verifier_client.get(reverse("actions:new"), {"workshop": number}),
        verifier_client.get(reverse("links:new"), {"buyer": number}),
    ]

    assert "goals" in goals.context["form"].errors
    assert [answer.status_code for answer in answers] == [404, 400, 404, 404, 200]


@pytest.mark.parametrize("number", [*TOO_LONG, "no-number", "\0"])
def test_what_is_no_number_is_refused_in_the_administration(number, admin_client):
    workshop = make_workshop()
    url = reverse("admin:programs_workshop_change", args=[workshop.pk])

    response = admin_client.post(url, {"goals": [number], "program": number, "title_en": "a", "version": 1})

    assert response.status_code == 200
    assert {"goals", "program"} <= response.context["adminform"].form.errors.keys()
