"""One's own keys: made with the password, shown once, valid for a time, revoked at once, nobody else's business."""

import datetime as dt

import pytest
from django.urls import reverse

from capred_portal.access_keys import key_with_scope, new_key
from capred_portal.models import AccessToken
from capred_portal.views import keys as views
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

KEYS = reverse("account_keys")
TYPED = {"label": "Excel in my office", "scopes": ["figures", "records"], "days": "90", "password": PASSWORD}


def key_in(response):
    return response.context["key"]


def test_keys_are_made_with_the_password_and_shown_once(staff, staff_client):
    response = staff_client.post(KEYS, TYPED)

    token = AccessToken.objects.get()
    assert key_in(response) in response.text
    assert key_with_scope(key_in(response), "figures").user == staff
    assert sorted(token.scopes) == ["figures", "records"]
    assert round((token.expires_at - token.created_at) / dt.timedelta(days=1)) == 90
    later = staff_client.get(KEYS)
    assert "Excel in my office" in later.text
    assert key_in(response) not in later.text
    assert response.headers["Cache-Control"]
    assert "no-store" in response.headers["Cache-Control"]


def test_keys_are_not_made_with_a_wrong_password(staff_client):
    response = staff_client.post(KEYS, TYPED | {"password": "guessed"})

    assert not AccessToken.objects.exists()
    assert response.context["form"].has_error("password")


def test_keys_for_people_are_not_for_officers(officer_client, staff_client):
    refused = officer_client.post(KEYS, TYPED | {"scopes": ["people"]})
    staff_client.post(KEYS, TYPED | {"scopes": ["people"]})

    assert refused.context["form"].has_error("scopes")
    assert AccessToken.objects.get().user.role == "staff"


def test_keys_are_not_made_without_end(staff, staff_client, monkeypatch):
    monkeypatch.setattr(views, "MOST_KEYS", 1)
    new_key(staff, "first", ["figures"], 30)

    refused = staff_client.post(KEYS, TYPED)
    calendar = staff_client.post(reverse("account_calendar_key"))

    assert "too many keys" in refused.text
    assert calendar.status_code == 302
    assert AccessToken.objects.count() == 1


def test_keys_are_revoked_by_their_owner_alone(staff, staff_client, verifier_client):
    token, key = new_key(staff, "Excel", ["figures"], 30)
    address = reverse("account_key_revoke", args=[token.pk])

    foreign = verifier_client.post(address)
    still = key_with_scope(key, "figures")
    staff_client.post(address)
    staff_client.post(address)

    assert foreign.status_code == 404
    assert still
    assert key_with_scope(key, "figures") is None
    assert "Revoked" in staff_client.get(KEYS).text


def test_calendar_keys_open_the_calendar_and_nothing_else(staff_client):
    response = staff_client.post(reverse("account_calendar_key"))

    assert f"{reverse('workshops:calendar')}?key={key_in(response)}" in response.text
    assert AccessToken.objects.get().scopes == ["calendar"]


def test_pages_of_keys_are_for_who_is_signed_in(anonymous_client):
    for address in (KEYS, reverse("workshops:calendar_subscribe")):
        assert anonymous_client.get(address).status_code == 302
    assert anonymous_client.post(reverse("account_calendar_key")).status_code == 302
