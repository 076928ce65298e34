"""Two people give shares of one link at the same moment: never more than 100 %, and whoever is late is told."""

import uuid

import pytest
from django.urls import reverse

from enterprises.models import LinkStage
from programs.models import LinkAttribution
from tests.factories import make_program
from tests.faults.test_parallel_saves import together
from tests.register_factories import make_link

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 25


@pytest.fixture
def two_people(client_for):
    return client_for("staff"), client_for("verifier")


def test_shares_saved_at_once_never_make_more_than_all(two_people):
    programs = [make_program(), make_program()]

    def give(person, program, url):
        values = {"program": program.pk, "share_pct": "60", "creation_token": str(uuid.uuid4())}
        return lambda: person.post(url, values)

    for _round in range(ROUNDS):
        link = make_link()
        url = reverse("attributions:new", args=[link.pk])
        pairs = zip(two_people, programs, strict=True)

        answers = together(*(give(person, program, url) for person, program in pairs))

        assert sorted(answer.status_code for answer in answers) == [302, 422]
        late = next(answer for answer in answers if answer.status_code == 422)
        assert "share_pct" in late.context["form"].errors
        link.refresh_from_db()
        assert link.attributed_pct == 60
        assert LinkAttribution.objects.active().filter(link=link).count() == 1


def test_shares_that_fit_are_both_saved(two_people):
    programs = [make_program(), make_program()]

    for _round in range(ROUNDS):
        link = make_link()
        url = reverse("attributions:new", args=[link.pk])

        def give(person, program, url=url):
            values = {"program": program.pk, "share_pct": "50", "creation_token": str(uuid.uuid4())}
            return lambda: person.post(url, values)

        pairs = zip(two_people, programs, strict=True)
        answers = together(*(give(person, program) for person, program in pairs))

        link.refresh_from_db()
        assert [answer.status_code for answer in answers] == [302, 302]
        assert link.attributed_pct == 100


def test_two_stages_at_once_leave_the_latest(two_people):
    for _round in range(ROUNDS):
        link = make_link(stage="trial")
        url = reverse("links:stage_new", args=[link.pk])

        def reach(person, stage, day, url=url):
            values = {"stage": stage, "reached_on": day, "creation_token": str(uuid.uuid4())}
            return lambda: person.post(url, values)

        stages = [("contract", "2024-09-01"), ("repeat", "2024-10-01")]
        answers = together(*(reach(person, *stage) for person, stage in zip(two_people, stages, strict=True)))

        link.refresh_from_db()
        assert [answer.status_code for answer in answers] == [302, 302]
        assert LinkStage.objects.filter(link=link).count() == 3
        assert (link.stage, link.version) == ("repeat", 3)
