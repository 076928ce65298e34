"""Saving in the admin: versions, conflicts, archiving, history, accounts, search."""

import datetime
from typing import Any

import pytest
from django import forms
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from capred_portal.models import Organisation, User
from capred_portal.records import DataVersion
from enterprises.models import Province
from programs.models import Person, Program, Workshop
from tests.admin_rows import RECORDS, ROWS, address, make_province, name_of
from tests.factories import make_goal, make_organisation, make_program, make_workshop


def posted(client: Client, path: str) -> dict[str, Any]:
    """Return what a browser would post back from a form that nobody touched."""
    form = client.get(path).context["adminform"].form
    values = {}
    for name, field in form.fields.items():
        value = form[name].value()
        if not isinstance(field, forms.FileField) and value is not None and value is not False:
            values[name] = [getattr(item, "pk", item) for item in value] if isinstance(value, list) else value
    return values


def test_new_record_says_who_made_it_and_raises_the_data_version(admin_client: Client, admin: User) -> None:
    before = DataVersion.current()
    values = posted(admin_client, address(Organisation, "add")) | {"name_en": "Metal Works", "kind": "private"}

    response = admin_client.post(address(Organisation, "add"), values)

    assert response.status_code == 302
    made = Organisation.objects.get(name_en="Metal Works")
    assert made.created_by == admin
    assert made.creation_token is not None
    assert DataVersion.current() != before
    assert LogEntry.objects.filter(object_id=made.pk).count() == 1


def test_form_sent_twice_makes_one_record(admin_client: Client) -> None:
    values = posted(admin_client, address(Person, "add")) | {"name_en": "Sok Dara"}

    admin_client.post(address(Person, "add"), values)
    response = admin_client.post(address(Person, "add"), values)

    person = Person.objects.get(name_en="Sok Dara")
    assert response["Location"] == address(Person, "change", person.pk)


@pytest.mark.parametrize("model", RECORDS, ids=name_of)
def test_unchanged_save_is_the_next_version(admin_client: Client, admin: User, model: Any) -> None:
    row = ROWS[model](1)
    path = address(model, "change", row.pk)

    response = admin_client.post(path, posted(admin_client, path))

    assert response.status_code == 302, response.context["errors"]
    row.refresh_from_db()
    assert row.version == 2
    assert row.updated_by == admin
    assert row.history.first().history_user == admin


def test_name_is_wanted_in_one_language(admin_client: Client) -> None:
    program = make_program()
    path = address(Program, "change", program.pk)

    response = admin_client.post(path, posted(admin_client, path) | {"title_en": "", "title_km": ""})

    assert response.status_code == 200
    assert "title_en" in response.context["adminform"].form.errors


def test_khmer_digits_are_understood(admin_client: Client) -> None:
    workshop = make_workshop()
    path = address(Workshop, "change", workshop.pk)

    response = admin_client.post(path, posted(admin_client, path) | {"head_count": "១២០", "date": "១៤/០៨/២០២៤"})

    assert response.status_code == 302
    workshop.refresh_from_db()
    assert (workshop.head_count, workshop.date) == (120, datetime.date(2024, 8, 14))


def test_stale_save_shows_both_sides_and_keeps_what_was_typed(admin_client: Client, staff: User) -> None:
    program = make_program(title_en="First", summary_en="Old summary")
    path = address(Program, "change", program.pk)
    values = posted(admin_client, path) | {"title_en": "Mine"}
    program.title_en, program.summary_en = "Theirs", "Their summary"
    program.save_version(by=staff, expected=1)

    response = admin_client.post(path, values)

    assert response.status_code == 409
    fields = {difference.name: difference for difference in response.context["differences"]}
    assert (fields["title_en"].yours, fields["title_en"].theirs) == ("Mine", "Theirs")
    assert fields["title_en"].must_choose
    assert not fields["summary_en"].must_choose
    program.refresh_from_db()
    assert program.title_en == "Theirs"


def test_conflict_page_saves_what_was_chosen(admin_client: Client, staff: User) -> None:
    program = make_program(title_en="First", summary_en="Old summary")
    goal = make_goal()
    program.goals.add(goal)
    path = address(Program, "change", program.pk)
    values = posted(admin_client, path) | {"title_en": "Mine"}
    program.title_en, program.summary_en = "Theirs", "Their summary"
    program.save_version(by=staff, expected=1)
    page = admin_client.post(path, values).context
    chosen = dict([*page["unchanged"], *page["kept"]])

    response = admin_client.post(path, chosen | {"title_en": "Mine", "version": page["record"].version})

    assert response.status_code == 302
    program.refresh_from_db()
    assert (program.title_en, program.summary_en, program.version) == ("Mine", "Their summary", 3)
    assert list(program.goals.all()) == [goal]


def test_save_without_a_version_is_refused(admin_client: Client) -> None:
    program = make_program()
    path = address(Program, "change", program.pk)
    values = posted(admin_client, path)
    del values["version"]

    response = admin_client.post(path, values | {"title_en": "Mine"})

    assert response.status_code != 302
    program.refresh_from_db()
    assert program.title_en != "Mine"


# Archiving


def test_archive_asks_why(admin_client: Client, admin: User) -> None:
    program = make_program()
    path = address(Program, "archive", program.pk)

    refused = admin_client.post(path, {"version": 1, "reason": ""})
    admin_client.post(path, {"version": 1, "reason": "Entered twice"})

    assert refused.status_code == 422
    program.refresh_from_db()
    assert (program.archived_by, program.archive_reason) == (admin, "Entered twice")


def test_archived_row_is_listed_and_brought_back(admin_client: Client, admin: User) -> None:
    program = make_program()
    program.archive(by=admin, reason="Entered twice")
    path = address(Program, "restore", program.pk)

    listed = admin_client.get(address(Program, "changelist"), {"state": "archived"}).context["cl"].result_count
    in_use = admin_client.get(address(Program, "changelist"), {"state": "active"}).context["cl"].result_count
    page = admin_client.get(path)
    admin_client.post(path, {"version": program.version})

    assert (listed, in_use) == (1, 0)
    assert "Entered twice" in page.content.decode()
    program.refresh_from_db()
    assert program.archived_at is None
    assert program.archive_reason == ""


def test_stale_or_clashing_restore_says_so(admin_client: Client, admin: User) -> None:
    away = make_organisation(name_en="Metal Works")
    away.archive(by=admin, reason="Closed")
    make_organisation(name_en="Metal Works")
    path = address(Organisation, "restore", away.pk)

    stale = admin_client.post(path, {"version": 1})
    clash = admin_client.post(path, {"version": away.version})

    assert (stale.status_code, clash.status_code) == (422, 422)
    assert stale.context["problem"] != clash.context["problem"]
    away.refresh_from_db()
    assert away.is_archived


def test_archived_row_cannot_be_changed(admin_client: Client, admin: User) -> None:
    program = make_program()
    program.archive(by=admin, reason="Entered twice")

    page = admin_client.get(address(Program, "change", program.pk)).content.decode()
    response = admin_client.post(address(Program, "change", program.pk), {"title_en": "Mine", "version": 2})

    assert "Bring back" in page
    assert 'name="_save"' not in page
    assert response.status_code == 403


@pytest.mark.parametrize("page", ["archive", "restore"])
def test_archiving_is_the_administrators(staff_client: Client, page: str) -> None:
    assert staff_client.get(address(Program, page, make_program().pk)).status_code == 403


# History


def test_history_is_read_and_not_reverted(admin_client: Client, staff: User) -> None:
    program = make_program(title_en="First")
    program.title_en = "Second"
    program.save_version(by=staff, expected=1)
    first = program.history.last()
    path = address(Program, "simple_history", program.pk, first.pk)

    listed = admin_client.get(address(Program, "history", program.pk)).content.decode()
    page = admin_client.get(path)
    sent = admin_client.post(path, {"title_en": "First", "version": 2})

    assert "First → Second" in listed
    assert page.status_code == 200
    assert b'name="_save"' not in page.content
    assert sent.status_code == 403
    program.refresh_from_db()
    assert program.title_en == "Second"


# Accounts


def test_last_administrator_stays(admin_client: Client, admin: User) -> None:
    path = address(User, "change", admin.pk)

    response = admin_client.post(path, posted(admin_client, path) | {"role": "staff"})

    assert "role" in response.context["adminform"].form.errors
    admin.refresh_from_db()
    assert admin.role == "admin"


def test_new_account_has_a_role(admin_client: Client) -> None:
    values = {"username": "dara", "usable_password": "true", "password1": "Xk-29-lotus-7", "password2": "Xk-29-lotus-7"}

    refused = admin_client.post(address(User, "add"), values)
    admin_client.post(address(User, "add"), values | {"role": "officer", "email": "dara@example.org"})

    assert "role" in refused.context["adminform"].form.errors
    assert User.objects.get(username="dara").role == "officer"


def test_code_of_a_province_never_changes(admin_client: Client) -> None:
    province = make_province(3)
    path = address(Province, "change", province.pk)

    admin_client.post(path, posted(admin_client, path) | {"code": "99", "name_en": "Renamed"})

    assert list(Province.objects.values_list("code", "name_en")) == [("03", "Renamed")]


def test_long_lists_are_searched_not_dropped_down(admin_client: Client) -> None:
    page = admin_client.get(address(Workshop, "change", make_workshop().pk)).context["adminform"].form

    assert "AutocompleteSelect" in type(page.fields["program"].widget.widget).__name__
    assert "AutocompleteSelect" in type(page.fields["goals"].widget.widget).__name__


def test_autocomplete_finds_without_spaces_and_case(admin_client: Client) -> None:
    make_program(title_en="Metal Works Program")

    found = admin_client.get(
        reverse("admin:autocomplete"),
        {"term": "METAL", "app_label": "programs", "model_name": "workshop", "field_name": "program"},
    ).json()

    assert [row["text"] for row in found["results"]] == ["Metal Works Program"]
