"""Keys for programs: shown once, kept as a digest, valid for a while and for what they were made for."""

import datetime as dt

import pytest
from django.utils import timezone

from capred_portal.access_keys import key_with_scope, new_key, token_of
from capred_portal.models import AccessToken


def test_a_key_is_known_by_its_digest_only(staff):
    token, key = new_key(staff, "Power BI", ["figures"], 30)

    assert key_with_scope(key, "figures") == token
    assert key_with_scope(key, "figures").user == staff
    assert key not in str(AccessToken.objects.values_list().get())
    assert key.startswith(token.beginning)
    assert len(key) > 40


def test_two_keys_differ(staff):
    assert new_key(staff, "A", ["figures"], 30)[1] != new_key(staff, "A", ["figures"], 30)[1]


def test_a_key_opens_only_what_it_was_made_for(staff):
    _token, key = new_key(staff, "Calendar", ["calendar"], 30)

    assert key_with_scope(key, "calendar")
    assert key_with_scope(key, "records") is None


def test_a_scope_that_does_not_exist_is_refused(staff):
    with pytest.raises(ValueError, match="everything"):
        new_key(staff, "All", ["everything"], 30)


@pytest.mark.parametrize("wrong", ["", "mcp-", "no such key", "\x00", "\udcff", "ក"])
def test_what_is_no_key_opens_nothing(wrong, staff):
    new_key(staff, "A", ["figures"], 30)

    assert token_of(wrong) is None


def test_a_revoked_key_opens_nothing(staff):
    token, key = new_key(staff, "A", ["figures"], 30)
    AccessToken.objects.filter(pk=token.pk).update(revoked_at=timezone.now())

    assert token_of(key) is None


def test_an_expired_key_opens_nothing(staff):
    token, key = new_key(staff, "A", ["figures"], 30)
    AccessToken.objects.filter(pk=token.pk).update(expires_at=timezone.now())

    assert token_of(key) is None


def test_the_key_of_an_account_that_is_switched_off_opens_nothing(staff):
    _token, key = new_key(staff, "A", ["figures"], 30)
    staff.is_active = False
    staff.save()

    assert token_of(key) is None


def test_use_is_noted_once_an_hour(staff, django_assert_num_queries):
    token, key = new_key(staff, "A", ["figures"], 30)

    with django_assert_num_queries(2):
        token_of(key)
    with django_assert_num_queries(1):
        token_of(key)
    token.refresh_from_db()
    assert token.last_used_at

    AccessToken.objects.filter(pk=token.pk).update(last_used_at=timezone.now() - dt.timedelta(hours=1))
    with django_assert_num_queries(2):
        token_of(key)
