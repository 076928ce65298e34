"""One-time codes are set up, moved and turned off by their owner, and taken away by administrators."""

import time

import pytest
from django.contrib import admin as django_admin
from django.contrib.admin.models import LogEntry
from django.core.management import CommandError, call_command
from django.urls import reverse
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from capred_portal import one_time_codes
from tests.codes import (
    CODE,
    KEY,
    NEW,
    app_shows,
    half_client,
    is_in,
    set_up,
    text_of,
    type_code,
    type_password,
    with_codes,
)
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
LANGUAGES = pytest.mark.parametrize("language", ["en", "km"])


@pytest.fixture(autouse=True)
def _required(settings):
    """The setting as it ships; the other tests switch it off."""
    settings.ONE_TIME_CODES = True


# Setting up


@LANGUAGES
def test_set_up_at_the_first_sign_in(language):
    user = make_user("verifier", language=language)
    client, answer = type_password(user)
    client.cookies["django_language"] = language
    page = client.get(client.get(answer.url).url)

    done = set_up(client)
    recovery = client.get(done.url)

    assert one_time_codes.readable_key(TOTPDevice.objects.get().key) in text_of(page)
    assert 'src="data:image/svg+xml' in text_of(page)
    assert f'lang="{language}"' in text_of(recovery)
    shown = recovery.context["recovery_codes"]
    assert len(set(shown)) == 10
    assert all(code in text_of(recovery) for code in shown)
    assert is_in(client, user)
    assert "new_key" not in client.session
    assert client.get(reverse("overview")).status_code == 200


def test_recovery_codes_are_shown_once():
    client = half_client(make_user("verifier"))
    done = set_up(client)
    shown = client.get(done.url).context["recovery_codes"]

    again = text_of(client.get(done.url))

    assert not any(code in again for code in shown)


def test_code_of_setting_up_does_not_sign_in_again(monkeypatch):
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)  # no half minute begins in between
    user = make_user("verifier")
    client = half_client(user)
    set_up(client)
    second = half_client(user)

    type_code(second, app_shows(key=TOTPDevice.objects.get().key))

    assert not is_in(second, user)


def test_wrong_code_sets_nothing_up():
    user = make_user("verifier")
    client = half_client(user)
    page = client.get(NEW)

    answer = client.post(NEW, {"code": "000"})

    assert not TOTPDevice.objects.exists()
    assert "not the code of this picture" in text_of(answer)
    assert answer.context["key"] == page.context["key"], "the same picture"


def test_who_is_signed_in_turns_codes_on_with_the_password(staff_client, staff):
    elsewhere, _answer = type_password(staff)

    refused = set_up(staff_client, password="wrong")
    none = TOTPDevice.objects.exists()
    done = set_up(staff_client, password=PASSWORD)

    assert refused.status_code == 200
    assert not none
    assert done.url.startswith("/accounts/code/recovery/")
    assert is_in(staff_client, staff)
    assert not is_in(elsewhere, staff), "a session opened without the code is over"
    assert type_password(staff)[1].url.startswith(CODE)


def test_codes_move_to_another_phone():
    user = with_codes(make_user("staff"))
    client = half_client(user)
    type_code(client, app_shows())
    old = one_time_codes.recovery_codes(user)

    set_up(client, password=PASSWORD)

    assert TOTPDevice.objects.get(user=user).key != KEY
    assert not set(old) & set(one_time_codes.recovery_codes(user))
    assert is_in(client, user)


def test_new_recovery_codes_take_the_password():
    user = with_codes(make_user("admin"))
    client = half_client(user)
    type_code(client, app_shows())
    old = one_time_codes.recovery_codes(user)

    refused = client.post("/accounts/code/recovery/", {"password": "wrong"})
    kept = one_time_codes.recovery_codes(user)
    shown = client.post("/accounts/code/recovery/", {"password": PASSWORD}, follow=True)

    assert "This is not your password" in text_of(refused)
    assert kept == old
    assert shown.context["recovery_codes"] == one_time_codes.recovery_codes(user) != old


@pytest.mark.parametrize(("role", "status", "left"), [("staff", 302, 0), ("admin", 403, 1)])
def test_codes_are_turned_off_where_the_role_does_without(role, status, left):
    user = with_codes(make_user(role))
    client = half_client(user)
    type_code(client, app_shows())

    answer = client.post("/accounts/code/off/", {"password": PASSWORD})

    assert answer.status_code == status
    assert TOTPDevice.objects.count() == StaticDevice.objects.count() == left


@pytest.mark.parametrize("path", ["/accounts/code/recovery/", "/accounts/code/off/"])
def test_guessing_the_password_inside_is_limited(path):
    user = with_codes(make_user("staff"))
    client = half_client(user)
    type_code(client, app_shows())

    answers = [client.post(path, {"password": "wrong"}).status_code for _time in range(5)]

    assert answers == [200, 200, 200, 200, 429]
    assert client.post(path, {"password": PASSWORD}).status_code == 429
    assert TOTPDevice.objects.exists()


# The banner, administrators, the command


@LANGUAGES
@pytest.mark.parametrize("page", ["login", "about", "overview", "admin:index"])
def test_banner_is_on_every_page_while_codes_are_off(page, language, settings, client_for):
    client = client_for("anonymous" if page == "login" else "admin")
    client.cookies["django_language"] = language
    settings.ONE_TIME_CODES = False
    shown = text_of(client.get(reverse(page)))
    settings.ONE_TIME_CODES = True

    hidden = text_of(client.get(reverse(page)))

    assert "demo-banner" in shown
    assert "demo-banner" not in hidden


@pytest.fixture
def administrator():
    """Return a client of an administrator who passed both steps."""
    user = with_codes(make_user("admin"))
    client = half_client(user)
    type_code(client, app_shows())
    return client


def test_administrators_take_codes_away_and_see_no_keys(administrator):
    user = with_codes(make_user("verifier"))
    session, page = half_client(user), reverse("admin:capred_portal_user_sign_in", args=[user.pk])
    type_code(session, app_shows())
    seen = [administrator.get(page), administrator.get(reverse("admin:capred_portal_user_changelist"))]
    seen.append(administrator.get(reverse("admin:capred_portal_user_change", args=[user.pk])))

    administrator.post(page, {"codes": "away"})

    secrets = {KEY, one_time_codes.readable_key(KEY), *one_time_codes.recovery_codes(user)}
    assert not [secret for answer in seen for secret in secrets if secret in text_of(answer)]
    assert "True" in text_of(seen[1])
    assert not one_time_codes.has_codes(user)
    assert not is_in(session, user)
    assert "One-time codes taken away" in LogEntry.objects.get().change_message
    assert type_password(user)[1].url.startswith(CODE)


def test_administrators_sign_somebody_out(administrator):
    user = make_user("staff")
    session, _answer = type_password(user)

    administrator.post(reverse("admin:capred_portal_user_sign_in", args=[user.pk]), {"sessions": "end"})

    assert not is_in(session, user)


@pytest.mark.parametrize("role", ["staff", "verifier", "officer"])
def test_others_may_not(role, settings, client_for):
    settings.ONE_TIME_CODES = False
    user = with_codes(make_user("staff"))

    answer = client_for(role).post(reverse("admin:capred_portal_user_sign_in", args=[user.pk]), {"codes": "away"})

    assert answer.status_code == 403
    assert one_time_codes.has_codes(user)


def test_secrets_are_not_in_the_administration():
    assert not {TOTPDevice, StaticDevice, StaticToken} & django_admin.site._registry.keys()


def test_command_helps_the_last_administrator(capsys):
    user = with_codes(make_user("admin", username="last"))

    call_command("reset_codes", "last")

    assert "leads to setting up new ones" in capsys.readouterr().out
    assert not one_time_codes.has_codes(user)
    with pytest.raises(CommandError):
        call_command("reset_codes", "nobody")
