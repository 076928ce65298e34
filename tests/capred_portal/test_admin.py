"""The admin: every page of every model, who may open it, and bounded queries."""

from collections.abc import Callable
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib import admin as django_admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from capred_portal import one_time_codes
from capred_portal.models import Organisation, User
from tests.admin_rows import ADDED_IN_ADMIN, MODELS, ROWS, address, name_of
from tests.codes import with_codes
from tests.factories import PASSWORD, make_organisation, make_workshop

# Who may


def test_every_registered_model_has_a_row_here() -> None:
    assert set(django_admin.site._registry) == set(ROWS)


@pytest.mark.parametrize("role", ["staff", "verifier", "officer"])
def test_other_roles_are_told_no(client_for: Callable[[str], Client], role: str) -> None:
    response = client_for(role).get(reverse("admin:index"))

    assert response.status_code == 403


@pytest.mark.parametrize("role", ["staff", "officer"])
def test_other_roles_cannot_write(client_for: Callable[[str], Client], role: str) -> None:
    organisation = make_organisation()

    response = client_for(role).post(address(Organisation, "change", organisation.pk), {"name_en": "Mine"})

    assert response.status_code == 403
    organisation.refresh_from_db()
    assert organisation.name_en != "Mine"


def test_anonymous_goes_to_the_one_sign_in_form(anonymous_client: Client) -> None:
    for path in (reverse("admin:index"), reverse("admin:login")):
        response = anonymous_client.get(path)

        assert response.status_code == 302
        assert response["Location"].startswith(reverse("login"))


def test_wrong_role_at_the_admin_login_is_told_no(staff_client: Client) -> None:
    assert staff_client.get(reverse("admin:login")).status_code == 403


# One's own account: where everybody changes theirs


def test_password_is_changed_and_the_session_left_by_the_portals_own_pages(admin_client: Client) -> None:
    page = admin_client.get(reverse("admin:index")).content.decode()

    assert f'href="{reverse("password_change")}"' in page
    assert f'action="{reverse("logout")}" data-forget-drafts' in page
    assert reverse("admin:logout") not in page
    assert "What you typed stays in this browser" not in page
    for method in (admin_client.get, admin_client.post):
        assert method(reverse("admin:password_change"))["Location"] == reverse("password_change")
    assert admin_client.post(reverse("admin:logout"))["Location"] == reverse("login")


@pytest.mark.parametrize("number", ["{}", "0{}", " {}"], ids=["plain", "zero", "space"])
def test_own_password_asks_for_the_old_one(admin_client: Client, admin: User, number: str) -> None:
    new = "another-long-password"
    page = reverse("admin:auth_user_password_change", args=[number.format(admin.pk)])

    answer = admin_client.post(page, {"usable_password": "true", "password1": new, "password2": new})

    assert answer["Location"] == reverse("password_change")
    admin.refresh_from_db()
    assert admin.check_password(PASSWORD)


def test_own_codes_are_turned_off_with_the_password_alone(admin_client: Client, admin: User) -> None:
    with_codes(admin)
    page = reverse("admin:capred_portal_user_sign_in", args=[admin.pk])

    answers = [admin_client.get(page), admin_client.post(page, {"codes": "away"})]

    assert [answer["Location"] for answer in answers] == [reverse("account")] * 2
    assert one_time_codes.has_codes(admin)


# Every page of every model


@pytest.mark.parametrize("language", ["en", "km"])
@pytest.mark.parametrize("model", MODELS, ids=name_of)
def test_pages_open(admin_client: Client, model: Any, language: str) -> None:
    row = ROWS[model](1)
    admin_client.cookies["django_language"] = language

    for page in ("changelist", "change", "history"):
        path = address(model, page) if page == "changelist" else address(model, page, row.pk)
        response = admin_client.get(path)

        assert response.status_code == 200, (page, response.status_code)
        assert b" style=" not in response.content
        assert b"onclick=" not in response.content


@pytest.mark.parametrize("model", MODELS, ids=name_of)
def test_add_page_opens_only_where_a_row_can_stand_alone(admin_client: Client, model: Any) -> None:
    response = admin_client.get(address(model, "add"))

    assert response.status_code == (200 if model in ADDED_IN_ADMIN else 403)


@pytest.mark.parametrize("model", MODELS, ids=name_of)
def test_list_queries_do_not_grow_with_rows(admin_client: Client, model: Any) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert admin_client.get(address(model, "changelist")).status_code == 200
        return len(captured)

    for number in range(1, 4):
        ROWS[model](number)
    few = queries()
    for number in range(4, 11):
        ROWS[model](number)

    assert queries() == few
    assert few <= 15


@pytest.mark.parametrize("model", MODELS, ids=name_of)
def test_list_can_be_searched(admin_client: Client, model: Any) -> None:
    if not django_admin.site._registry[model].search_fields:
        pytest.skip("this list has no search")
    ROWS[model](1)

    response = admin_client.get(address(model, "changelist"), {"q": "no such words"})

    assert response.context["cl"].result_count == 0


@pytest.mark.parametrize("model", MODELS, ids=name_of)
def test_nothing_is_deleted(admin_client: Client, model: Any) -> None:
    row = ROWS[model](1)

    response = admin_client.post(address(model, "delete", row.pk), {"post": "yes"})

    assert model._default_manager.filter(pk=row.pk).exists() is (model is not AccessAttempt)
    assert response.status_code == (302 if model is AccessAttempt else 403)
    assert "delete_selected" not in django_admin.site._registry[model].get_actions(response.wsgi_request)


@pytest.mark.django_db
def test_a_field_without_a_name_is_not_found(admin_client: Client) -> None:
    change = reverse("admin:programs_workshop_change", args=[make_workshop().pk])

    assert admin_client.get(change, {"_popup": "1", "_to_field": ""}).status_code == 404
    assert admin_client.post(change, {"_to_field": ""}).status_code == 404
