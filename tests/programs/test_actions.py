"""Actions: board, table, forms, owners by name; the steps are in test_action_steps.py."""

import datetime
import uuid
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from capred_portal.models import Organisation
from programs.forms.owners import owner_label
from programs.models import Action, Person
from tests.factories import (
    ROLES,
    make_action,
    make_goal,
    make_organisation,
    make_outcome,
    make_person,
    make_program,
    make_user,
    make_workshop,
)

pytestmark = pytest.mark.django_db

LIST = reverse("actions:list")
FRAGMENT = {"HX-Request": "true"}
LAST_YEAR = datetime.date(2025, 1, 1)


def form_data(**changes):
    data = {
        "text_en": "Send the list",
        "owner": "MISTI",
        "due_on": "2099-05-01",
        "priority": "2",
        "creation_token": str(uuid.uuid4()),
    }
    return data | changes


def edit_data(action, **changes):
    return form_data(text_en=action.text_en, owner=owner_label(action.owner), version=action.version) | changes


def texts(cards):
    return [action.text_en for action in cards]


def column(response, status):
    return next(column for column in response.context["columns"] if column["status"] == status)


# Board and table


def test_board_has_a_column_per_status_with_overdue_first(staff_client):
    make_action(text_en="Later", due_on=datetime.date(2099, 3, 1))
    make_action(text_en="Late", due_on=LAST_YEAR)
    make_action(text_en="Begun", status="started")
    make_action(text_en="Given up", status="dropped")

    response = staff_client.get(LIST)

    assert texts(column(response, "planned")["cards"]) == ["Late", "Later"]
    assert (column(response, "planned")["count"], column(response, "planned")["overdue"]) == (2, 1)
    assert texts(column(response, "started")["cards"]) == ["Begun"]
    assert (response.context["rows_count"], response.context["dropped"]) == (4, 1)
    assert "days overdue" in response.content.decode()


def test_board_shows_the_first_cards_and_leads_to_the_rest(staff_client):
    workshop, owner = make_workshop(), make_organisation()
    for _number in range(11):
        make_action(workshop=workshop, owner_organisation=owner)

    response = staff_client.get(LIST)
    table = staff_client.get(LIST, {"view": "table", "status": "planned"})

    assert (len(column(response, "planned")["cards"]), column(response, "planned")["more"]) == (8, 3)
    assert "?view=table&amp;status=planned" in response.content.decode()
    assert table.context["rows_count"] == 11


def test_archived_actions_and_those_of_archived_records_are_not_shown(staff_client, staff):
    make_action().archive(by=staff, reason="Twice")
    outcome = make_outcome()
    make_action(outcome=outcome)
    outcome.workshop.archive(by=staff, reason="Never took place")

    assert staff_client.get(LIST).context["rows_count"] == 0


def test_filters_narrow_board_and_table_alike(staff_client, staff):
    goal, program = make_goal("9.1"), make_program()
    workshop = make_workshop(program=program)
    outcome = make_outcome(workshop=workshop)
    outcome.goals.add(goal)
    make_action(outcome=outcome, text_km="ផ្ញើបញ្ជី", owner_user=staff, due_on=LAST_YEAR, priority=3)
    make_action(due_on=datetime.date(2099, 1, 1))
    filters = [
        {"q": "បញ្ជី"},
        {"owner": "me"},
        {"priority": "3"},
        {"overdue": "1"},
        {"program": program.slug},
        {"goal": goal.pk},
        {"goal": goal.parent_id},
        {"goal": "any"},
        {"year": "2025"},
        {"workshop": workshop.pk},
    ]

    for params in filters:
        for view in ("", "table"):
            assert staff_client.get(LIST, {**params, "view": view}).context["rows_count"] == 1, params
    assert staff_client.get(LIST, {"open": "1", "province": "none"}).context["rows_count"] == 2
    assert staff_client.get(LIST, {"status": "nonsense", "year": "x"}).status_code == 200


def test_mine_includes_my_organisation(client_for, staff):
    staff.organisation = make_organisation()
    staff.save()
    make_action(owner_organisation=staff.organisation)
    make_action()

    assert client_for("staff").get(LIST, {"owner": "me"}).context["rows_count"] == 1


def test_htmx_gets_the_fragment_but_not_when_it_restores_history(staff_client):
    for params in ({}, {"view": "table"}):
        fragment = staff_client.get(LIST, params, headers=FRAGMENT)
        restored = staff_client.get(LIST, params, headers=FRAGMENT | {"HX-History-Restore-Request": "true"})

        assert "<html" not in fragment.content.decode()
        assert "<html" in restored.content.decode()
        assert fragment.headers["Vary"].startswith("HX-Request")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("view", ["", "table"])
def test_queries_do_not_grow_with_rows(client_for, role, view):
    client, workshop, owner = client_for(role), make_workshop(program=make_program()), make_organisation()
    counts = []

    for _twice in range(2):
        for number in range(60):
            status = Action.Status.values[number % 3]
            make_action(outcome=make_outcome(workshop=workshop), owner_organisation=owner, status=status)
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(LIST, {"view": view}).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 15


def test_detail_shows_the_chain_as_links_to_every_role(client_for):
    goal, program = make_goal("9.1"), make_program()
    outcome = make_outcome(workshop=make_workshop(program=program))
    outcome.goals.add(goal)
    action = make_action(outcome=outcome)

    for role in ROLES:
        client = client_for(role)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(action.get_absolute_url()).content.decode()

        for record in (goal, program, outcome.workshop, outcome):
            assert f'href="{record.get_absolute_url()}"' in page
        assert len(queries) <= 15
        assert ("Or move it to" in page) == (role in {"staff", "verifier"})


def test_unknown_action_is_not_found_and_wrong_verbs_are_refused(staff_client):
    action = make_action()

    assert staff_client.get(reverse("actions:detail", args=[999])).status_code == 404
    assert staff_client.post(LIST).status_code == 405
    assert staff_client.post(action.get_absolute_url()).status_code == 405


# Forms


@pytest.mark.parametrize("parent", ["outcome", "workshop", "program"])
def test_staff_hang_an_action_on_a_record(staff_client, parent):
    make_organisation(name_en="Ministry", acronym="MISTI")
    makers: dict[str, Any] = {"outcome": make_outcome, "workshop": make_workshop, "program": make_program}
    record = makers[parent]()
    url = f"{reverse('actions:new')}?{parent}={record.slug if parent == 'program' else record.pk}"

    shown = staff_client.get(url)
    response = staff_client.post(url, form_data(due_on="០១/០៥/២០៩៩"))

    action = Action.objects.get()
    assert shown.status_code == 200
    assert response.url == f"{record.get_absolute_url()}#actions"
    assert (action.parent, action.due_on, action.owner.acronym) == (record, datetime.date(2099, 5, 1), "MISTI")


def test_new_action_without_a_record_asks_what_it_hangs_on(staff_client):
    workshop = make_workshop()

    page = staff_client.get(reverse("actions:new")).content.decode()

    assert f"?workshop={workshop.pk}" in page
    assert staff_client.get(f"{reverse('actions:new')}?outcome=x").status_code == 404
    assert staff_client.get(f"{reverse('actions:new')}?outcome=999").status_code == 404


@pytest.mark.parametrize("role", ["officer", "admin"])
def test_others_may_not_write(client_for, role):
    action, client = make_action(), client_for(role)

    for name in ("edit", "archive", "close", "reopen", "return", "evidence_new"):
        assert client.get(reverse(f"actions:{name}", args=[action.pk])).status_code == 403
    for name in ("move", "verify"):
        assert client.post(reverse(f"actions:{name}", args=[action.pk])).status_code == 403
    assert client.get(f"{reverse('actions:new')}?workshop={action.workshop_id}").status_code == 403
    assert client.get(reverse("actions:owners")).status_code == 403


def test_bad_input_is_named_beside_its_field(staff_client):
    url = f"{reverse('actions:new')}?workshop={make_workshop().pk}"

    response = staff_client.post(url, form_data(text_en="", due_on="", owner=""))

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"text_en", "due_on", "owner"}
    assert not Action.objects.exists()


def test_a_double_click_makes_one_action(staff_client):
    make_organisation(name_en="MISTI")
    url, data = f"{reverse('actions:new')}?workshop={make_workshop().pk}", form_data()

    staff_client.post(url, data)
    staff_client.post(url, data)

    assert Action.objects.count() == 1


def test_editing_changes_owner_and_keeps_one(staff_client):
    make_person(name_en="Chan Bopha")
    action = make_action(owner_organisation=make_organisation(name_en="Ministry"))
    url = reverse("actions:edit", args=[action.pk])

    assert 'value="Ministry (organisation)"' in staff_client.get(url).content.decode()
    staff_client.post(url, edit_data(action, owner="Chan Bopha (person)"))

    action.refresh_from_db()
    assert (action.owner_organisation, action.owner_person.name_en, action.version) == (None, "Chan Bopha", 2)


def test_stale_edit_shows_both_versions(staff_client):
    owner = make_organisation(name_en="MISTI")
    action = make_action(text_en="Before", owner_organisation=owner, due_on=datetime.date(2099, 5, 1))
    url, first = reverse("actions:edit", args=[action.pk]), edit_data(action, text_en="Theirs")
    staff_client.post(url, first)

    response = staff_client.post(url, edit_data(action, text_en="Mine"))

    assert response.status_code == 409
    assert [(row.name, row.must_choose) for row in response.context["differences"]] == [("text_en", True)]
    action.refresh_from_db()
    assert action.text_en == "Theirs"


def test_stale_edit_does_not_ask_about_an_owner_only_the_other_changed(staff_client):
    make_organisation(name_en="Ours")
    action = make_action(owner_organisation=make_organisation(name_en="MISTI"), due_on=datetime.date(2099, 5, 1))
    url = reverse("actions:edit", args=[action.pk])
    staff_client.post(url, edit_data(action, owner="Ours"))

    response = staff_client.post(url, edit_data(action, text_en="Mine"))

    owner = next(row for row in response.context["differences"] if row.name == "owner")
    assert (owner.must_choose, owner.is_yours, owner.theirs) == (False, False, "Ours (organisation)")


def test_a_done_action_does_not_become_high_priority_unverified(staff_client, staff):
    action = make_action(
        status="done",
        done_en="Sent",
        closed_on=LAST_YEAR,
        closed_by=staff,
        owner_organisation=make_organisation(name_en="MISTI"),
    )

    response = staff_client.post(reverse("actions:edit", args=[action.pk]), edit_data(action, priority="3"))

    assert set(response.context["form"].errors) == {"priority"}


def test_archiving_asks_why(staff_client):
    action = make_action()

    staff_client.post(reverse("actions:archive", args=[action.pk]), {"reason": "Twice", "version": 1})

    action.refresh_from_db()
    assert action.is_archived
    assert "archived" in staff_client.get(action.get_absolute_url()).content.decode()
    assert staff_client.get(reverse("actions:edit", args=[action.pk])).status_code == 404


# Owners


def test_owner_choices_tell_which_kind(staff_client):
    make_user("officer", full_name_en="Sok Dara")
    make_organisation(name_en="Dara Garments")
    make_person(name_en="Keo Dara")
    make_user("officer", full_name_en="Left Dara", is_active=False)

    page = staff_client.get(reverse("actions:owners"), {"q": "dara"}).content.decode()

    assert 'value="Sok Dara (user)"' in page
    assert 'value="Dara Garments (organisation)"' in page
    assert 'value="Keo Dara (person)"' in page
    assert "Left" not in page


def test_namesakes_must_be_told_apart(staff_client):
    first, second = make_person(name_en="Sok Dara"), make_person(name_en="Sok Dara")
    url = f"{reverse('actions:new')}?workshop={make_workshop().pk}"

    refused = staff_client.post(url, form_data(owner="Sok Dara"))
    staff_client.post(url, form_data(owner=f"Sok Dara #{second.pk} (person)"))

    assert f"Sok Dara #{first.pk} (person)" in str(refused.context["form"].errors["owner"])
    assert Action.objects.get().owner == second


@pytest.mark.parametrize(("kind", "model"), [("organisation", Organisation), ("person", Person)])
def test_an_unknown_owner_can_be_created_in_place(staff_client, kind, model):
    url = f"{reverse('actions:new')}?workshop={make_workshop().pk}"

    refused = staff_client.post(url, form_data(owner="សមាគមថ្មី"))
    response = staff_client.post(url, form_data(owner="សមាគមថ្មី", create_owner=kind))

    assert refused.status_code == 422
    assert 'type="radio"' in refused.content.decode()
    assert response.status_code == 302
    assert Action.objects.get().owner == model.objects.get(name_km="សមាគមថ្មី")


def test_owner_is_found_in_khmer_letters_and_khmer_labels(staff_client):
    organisation = make_organisation(name_en="Ministry", name_km="ក្រសួង")
    staff_client.cookies["django_language"] = "km"
    url = f"{reverse('actions:new')}?workshop={make_workshop().pk}"

    staff_client.post(url, form_data(owner="ក្រសួង (organisation)"))

    assert Action.objects.get().owner == organisation


def test_due_today_is_not_overdue():
    assert not make_action(due_on=timezone.localdate()).is_overdue
    assert make_action(due_on=timezone.localdate() - datetime.timedelta(days=2)).days_overdue == 2
