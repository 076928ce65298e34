"""Kept parts of pages: never stale, never somebody else's, with the reader's own token in every form."""

import datetime
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from capred_portal.caching import FORM_MARK, cached_value
from capred_portal.comments import add_comment
from capred_portal.models import Comment
from capred_portal.records import writing
from programs.models import Action, Workshop
from tests.factories import make_action, make_goal, make_organisation, make_workshop

pytestmark = pytest.mark.django_db
WORKSHOPS, BOARD, QUESTIONS = (reverse(f"{noun}:list") for noun in ("workshops", "actions", "questions"))
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def reader(user, **options):
    """Return a client that keeps the cache between its requests, unlike those of the other tests."""
    client = Client(**options)
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def page(client, address, **headers):
    return client.get(address, headers=headers).content.decode()


def queries(client, address):
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


@pytest.mark.parametrize("address", [WORKSHOPS, BOARD, f"{BOARD}?view=table", QUESTIONS, "/", "/strategy/"])
def test_second_reader_of_a_role_costs_no_more_than_who_asks_and_what_is_new(officer, address):
    client = reader(officer)

    first, second = queries(client, address), queries(client, address)

    assert first > second <= 4


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_list_shows_a_workshop_as_soon_as_it_is_saved(staff, officer, headers):
    host = make_organisation()
    assert "Clusters of 2025" not in page(reader(officer), WORKSHOPS, **headers)

    parts = {"title": "Clusters of 2025", "date": "2025-01-31", "host": str(host), "program": ""}
    saved = reader(staff).post(reverse("workshops:new"), parts)

    assert saved.status_code == 302, saved.context["form"].errors
    assert "Clusters of 2025" in page(reader(officer), WORKSHOPS, **headers)


def test_pages_show_what_changed_as_soon_as_the_version_rises(officer):
    client, goal, workshop = reader(officer), make_goal("9.1"), make_workshop(title_en="Before")
    addresses = [WORKSHOPS, "/", f"{WORKSHOPS}?q=after", goal.get_absolute_url()]
    assert not any("After all" in page(client, address) for address in addresses)

    with writing("programs"):
        workshop.goals.add(goal)
        Workshop.objects.filter(pk=workshop.pk).update(title_en="After all", search_key="after all")

    assert all("After all" in page(client, address) for address in addresses)


def test_parameters_keep_lists_apart(officer):
    client = reader(officer)
    make_workshop(title_en="Packaging")
    make_workshop(title_en="Skills")

    pages = [page(client, f"{WORKSHOPS}{query}") for query in ("", "?q=packaging", "?q=skills", "?q=packaging&page=1")]

    assert [("Packaging" in html, "Skills" in html) for html in pages] == [
        (True, True),
        (True, False),
        (False, True),
        (True, False),
    ]


def test_buttons_of_staff_are_not_kept_for_officers(staff, officer):
    make_action(owner_user=staff)

    assert reverse("actions:list") in page(reader(staff), BOARD)
    assert "csrfmiddlewaretoken" in page(reader(staff), BOARD).partition('id="rows"')[2]
    assert "csrfmiddlewaretoken" not in page(reader(officer), BOARD).partition('id="rows"')[2]


def test_forms_on_a_kept_board_work_for_every_reader(staff, verifier):
    make_action(owner_user=staff)
    make_action(owner_user=staff)

    for user in (staff, verifier):
        client = reader(user, enforce_csrf_checks=True)
        action = Action.objects.filter(status="planned").first()
        board = page(client, BOARD)
        tokens = TOKEN.findall(board.partition('id="rows"')[2])
        assert tokens
        assert FORM_MARK not in tokens
        moved = client.post(
            reverse("actions:move", args=[action.pk]),
            {"csrfmiddlewaretoken": tokens[0], "version": action.version, "to": "started"},
        )
        assert moved.status_code == 302

    assert not Action.objects.filter(status="planned").exists()


def test_what_is_mine_is_not_kept_for_others(staff, verifier):
    make_action(text_en="Ask the laboratory", owner_user=staff)
    workshop = make_workshop()
    add_comment(record=workshop, text="Who pays for it?", by=staff, kind=Comment.Kind.QUESTION)
    mine = [(f"{BOARD}?owner=me", "Ask the laboratory"), (f"{QUESTIONS}?who=me", "Who pays for it?")]

    for address, text in mine:
        assert text in page(reader(staff), address)
        assert text not in page(reader(verifier), address)


def test_who_closed_an_action_finds_no_step_on_its_card(staff, verifier):
    closed = {"done_en": "Signed", "closed_on": datetime.date(2025, 3, 1), "closed_by": staff}
    make_action(status="to-verify", owner_user=staff, **closed)
    step = "Look and verify"

    pages = [page(reader(user), BOARD) for user in (verifier, staff, verifier, staff)]

    assert [step in html for html in pages] == [True, False, True, False]


def test_text_of_users_cannot_pass_for_the_mark_of_a_form(officer):
    make_workshop(title_en=f'value="{FORM_MARK}"')

    html = page(reader(officer), WORKSHOPS)

    assert f"value=&quot;{FORM_MARK}&quot;" in html
    assert f'value="{FORM_MARK}"' not in html


@pytest.mark.parametrize("value", [None, 0, "", [], {"a": None}])
def test_whatever_was_computed_is_computed_once(value, staff, rf):
    computed = []

    def compute():
        computed.append(value)
        return value

    found = []
    for _request in range(2):
        request = rf.get("/")
        request.user = staff
        found.append(cached_value(request, compute, "nothing"))

    assert found == [value, value]
    assert len(computed) == 1
