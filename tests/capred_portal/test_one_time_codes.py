"""One-time codes: who needs one, codes that are wrong or used, recovery codes, limits."""

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from threading import Barrier
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.db import connections
from django.test import Client
from django.urls import reverse
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from capred_portal import one_time_codes
from tests.codes import (
    CODE,
    KEY,
    NEW,
    app_shows,
    half_client,
    is_in,
    rest,
    text_of,
    type_code,
    type_password,
    with_codes,
    wrong_code,
)
from tests.factories import PASSWORD, make_user, make_workshop

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _required(settings):
    """The setting as it ships; the other tests switch it off."""
    settings.ONE_TIME_CODES = True


# Who needs a code


@pytest.mark.parametrize(
    ("role", "required", "chosen", "asked"),
    [
        (role, required, chosen, chosen or (required and role in {"admin", "verifier"}))
        for role, required, chosen in product(("staff", "verifier", "officer", "admin"), (True, False), (True, False))
    ],
)
def test_code_is_asked_of_roles_that_need_it_and_of_people_who_chose_it(role, required, chosen, asked, settings):
    settings.ONE_TIME_CODES = required
    user = make_user(role)
    if chosen:
        with_codes(user)

    client, answer = type_password(user)

    assert is_in(client, user) is not asked
    assert answer.url.startswith(CODE) is asked


def test_code_lets_in_where_the_person_wanted_to_go():
    user, workshop = with_codes(make_user("verifier")), make_workshop()
    client: Any = Client()
    login = client.get(workshop.get_absolute_url()).url
    page = client.post(login, {"username": user.username, "password": PASSWORD}).url

    form = client.get(page)
    answer = client.post(CODE, {"code": app_shows(), "next": form.context["next"]})

    assert answer.url == workshop.get_absolute_url()
    assert is_in(client, user)


@pytest.mark.parametrize(
    "evil", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "/\\e.example"]
)
@pytest.mark.parametrize("place", ["login", "code", "code form", "set up", "recovery"])
def test_no_step_leads_to_another_site(place, evil):
    user = make_user("staff") if place == "login" else make_user("verifier")
    if place.startswith("code"):
        with_codes(user)
    client, answer = type_password(user, url=f"?next={evil}" if place == "login" else "")
    if place == "code":
        answer = client.post(f"{CODE}?next={evil}", {"code": app_shows()})
    elif place == "code form":
        answer = type_code(client, app_shows(), next=evil)
    elif place in {"set up", "recovery"}:
        client.get(NEW)
        answer = client.post(NEW, {"code": app_shows(key=client.session["new_key"]), "next": evil})
    if place == "recovery":
        page = client.get(f"/accounts/code/recovery/?next={evil}")
        assert f'href="{reverse("overview")}"' in text_of(page)
        assert f'href="{evil}' not in text_of(page)

    assert answer.url == {"set up": "/accounts/code/recovery/?next=%2F"}.get(place.replace("recovery", "set up"), "/")


# Codes


def test_code_is_good_once():
    user, code = with_codes(make_user("admin")), app_shows()
    type_code(half_client(user), code)
    second = half_client(user)

    answer = type_code(second, code)

    assert "it was used before" in text_of(answer)
    assert not is_in(second, user)


@pytest.mark.parametrize(("steps", "good"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_clock_of_a_phone_may_be_half_a_minute_off(steps, good, monkeypatch):
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)
    user = with_codes(make_user("admin"))
    client = half_client(user)

    type_code(client, app_shows(steps))

    assert is_in(client, user) is good


@pytest.mark.parametrize(
    "write",
    [
        lambda code: f"{code[:3]} {code[3:]}",
        lambda code: code.translate({ord(str(digit)): 0x17E0 + digit for digit in range(10)}),
    ],
    ids=["spaced", "khmer-digits"],
)
def test_code_is_understood_as_people_write_it(write):
    user = with_codes(make_user("admin"))
    client = half_client(user)

    type_code(client, write(app_shows()))

    assert is_in(client, user)


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abc", "²²²²²²", "𝟏𝟐𝟑𝟒𝟓𝟔", "x" * 5000, "\0", "''--"])
def test_what_is_no_code_opens_nothing(typed):
    user = with_codes(make_user("admin"))
    client = half_client(user)

    answer = type_code(client, typed)

    assert answer.status_code == 200
    assert not is_in(client, user)


def test_wrong_code_makes_the_next_wait():
    user = with_codes(make_user("admin"))
    client = half_client(user)

    first = type_code(client, wrong_code())
    TOTPDevice.objects.update(throttling_failure_count=6)  # a pause of half a minute
    at_once = type_code(client, app_shows())
    TOTPDevice.objects.update(throttling_failure_count=12)
    later = type_code(client, app_shows())

    assert "This code is not right" in text_of(first)
    assert "wait some seconds" in text_of(at_once)
    assert "Too many wrong codes" in text_of(later)
    assert not is_in(client, user)


def test_wrong_passwords_and_codes_count_together():
    """Four wrong passwords, the right one, and one wrong code: the right password resets nothing."""
    user = with_codes(make_user("admin"))
    client = Client()
    for _time in range(4):
        client.post(reverse("login"), {"username": user.username, "password": "wrong"})
    type_password(user, client)

    locked = type_code(client, wrong_code())
    rest()

    assert locked.status_code == 429
    assert "until nobody has tried for 15" in " ".join(text_of(locked).split())
    assert type_code(client, app_shows()).status_code == 429, "even with the right one"
    assert type_password(user)[1].status_code == 429
    assert not is_in(client, user)


def test_both_steps_done_reset_the_count():
    user = with_codes(make_user("admin"))
    client = half_client(user)
    type_code(client, wrong_code())
    rest()

    type_code(client, app_shows())

    assert is_in(client, user)
    assert not AccessAttempt.objects.exists()


# Recovery codes


def test_recovery_code_opens_once_and_says_how_many_are_left():
    user = with_codes(make_user("admin"))
    code = one_time_codes.recovery_codes(user)[3]
    client, again = half_client(user), half_client(user)

    page = client.post(CODE, {"code": code.upper(), "next": reverse("about")}, follow=True)
    type_code(again, code)

    assert "9 are left" in text_of(page)
    assert is_in(client, user)
    assert not is_in(again, user)


def test_recovery_code_works_while_the_app_has_to_wait():
    user = with_codes(make_user("admin"))
    client = half_client(user)
    type_code(client, wrong_code())

    type_code(client, one_time_codes.recovery_codes(user)[0])

    assert is_in(client, user)


def test_recovery_code_of_somebody_else_opens_nothing():
    user, other = with_codes(make_user("admin")), with_codes(make_user("admin"))
    client = half_client(user)

    type_code(client, one_time_codes.recovery_codes(other)[0])

    assert not is_in(client, user)
    assert StaticToken.objects.filter(device__user=other).count() == 10


# At once


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["app", "recovery"])
def test_code_typed_twice_at_once_opens_once(kind):
    user = with_codes(make_user("admin"))
    code = app_shows() if kind == "app" else one_time_codes.recovery_codes(user)[0]
    start = Barrier(4)

    def try_it(_number):
        try:
            start.wait(timeout=30)
            return one_time_codes.check_code(user, code).right
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(try_it, range(4)))

    assert sorted(opened) == [False, False, False, True]


def test_code_with_spaces_that_nobody_sees_opens(db):
    user = with_codes(make_user("verifier"))
    shown = app_shows()

    type_code(client := half_client(user), f"\u200b{shown[:3]}\u200b {shown[3:]}\u200b")

    assert is_in(client, user)


def test_first_set_up_does_not_replace_one_made_meanwhile(db):
    user = with_codes(make_user("verifier"))
    key = one_time_codes.new_key()

    assert not one_time_codes.set_up(user, key, app_shows(key=key), first=True)
    assert TOTPDevice.objects.get(user=user).key == KEY
    assert one_time_codes.set_up(user, key, app_shows(key=key))
