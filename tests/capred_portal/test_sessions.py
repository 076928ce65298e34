"""How long a session lasts, what ends it everywhere, and where a request goes whose session is over."""

import re
import time

import pytest
from django.conf import settings as portal_settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from capred_portal.middleware import SEEN
from capred_portal.models import User
from tests.codes import is_in, text_of, type_password
from tests.factories import PASSWORD, make_user, make_workshop

pytestmark = pytest.mark.django_db

STAY = "/accounts/stay/"
HOUR = 3600


@pytest.fixture
def user():
    return make_user("staff")


@pytest.fixture
def client(user):
    """Return a client that signed in with the form."""
    return type_password(user)[0]


def let_pass(client, seconds, *, user=None):
    """Let the last sign of life of a session be so long ago."""
    session = client.session
    session[SEEN] = int(time.time()) - seconds
    session.save()


def left(client):
    """Return how long the session lasts, as a page asks."""
    return int(client.get(STAY).content)


def writes_of(client, path):
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return [query["sql"] for query in captured if re.match("UPDATE|INSERT|DELETE", query["sql"])]


# Idle


@pytest.mark.parametrize(("minutes", "stays"), [(59, True), (61, False)])
def test_session_ends_without_a_sign_of_life(minutes, stays, client, user):
    let_pass(client, minutes * 60)

    assert is_in(client, user) is stays


def test_length_of_the_pause_is_a_setting(client, user, settings):
    settings.SESSION_IDLE_MINUTES = 10
    let_pass(client, 9 * 60)
    assert is_in(client, user)
    let_pass(client, 11 * 60)

    assert not is_in(client, user)


def test_ended_session_is_gone_for_good(client, user):
    key = client.cookies[portal_settings.SESSION_COOKIE_NAME].value
    let_pass(client, 2 * HOUR)

    client.get(reverse("overview"))
    thief = Client()
    thief.cookies[portal_settings.SESSION_COOKIE_NAME] = key

    assert not is_in(thief, user)


def test_page_after_the_end_says_so_and_leads_back(client, user):
    workshop = make_workshop()
    let_pass(client, 2 * HOUR)

    page = client.get(workshop.get_absolute_url(), follow=True)

    assert "signed out because nothing came from you" in text_of(page)
    assert page.context["next"] == workshop.get_absolute_url()
    again = client.post(
        page.request["PATH_INFO"], {"username": user.username, "password": PASSWORD, "next": page.context["next"]}
    )
    assert again.url == workshop.get_absolute_url()


def test_session_without_a_note_began_when_its_user_signed_in(staff_client, staff):
    User.objects.filter(pk=staff.pk).update(last_login="2024-08-14T00:00:00Z")

    assert not is_in(staff_client, staff)


def test_sign_of_life_is_written_at_most_every_two_minutes(client):
    let_pass(client, 60)
    seldom = writes_of(client, reverse("about"))
    let_pass(client, 130)

    assert seldom == []
    assert len(writes_of(client, reverse("about"))) == 1
    assert writes_of(client, reverse("about")) == []
    assert left(client) > HOUR - 60


@pytest.mark.parametrize("minutes", [1, 55])
def test_asking_how_long_is_left_keeps_nobody_in(minutes, client, user):
    let_pass(client, minutes * 60)

    first, second = left(client), left(client)

    assert first >= second
    assert abs(first - (60 - minutes) * 60) < 60
    client.post(STAY)
    assert left(client) > HOUR - 60


@pytest.mark.parametrize(("method", "stays"), [("get", False), ("post", True)])
def test_page_that_asks_by_itself_keeps_nobody_in(method, stays, client):
    let_pass(client, 55 * 60)

    getattr(client, method)(reverse("about"), headers={"X-Only-Asks": "1"})

    assert (left(client) > HOUR - 10) is stays


def test_twelve_hours_are_the_end_whatever_comes(client, user):
    session = client.session
    session["_session_expiry"] = "2024-08-14T00:00:00+00:00"
    session.save(must_create=False)

    assert not is_in(client, user)


def test_signs_of_life_do_not_move_the_last_end(client):
    ends = client.session.get_expiry_date()
    let_pass(client, 50 * 60)

    client.post(STAY)

    assert client.session.get_expiry_date() == ends


def test_before_the_last_end_pages_know_it(client):
    session = client.session
    session.set_expiry(200)
    session.save()

    assert left(client) <= 200


# Pages


@pytest.mark.parametrize("page", ["overview", "admin:index"])
def test_page_knows_when_its_session_ends(page):
    client, _answer = type_password(make_user("admin"))

    shown = text_of(client.get(reverse(page)))

    (seconds,) = re.findall(r'data-ends-in="(\d+)"', shown)
    assert HOUR - 60 < int(seconds) <= HOUR


def test_page_of_a_visitor_warns_of_nothing(anonymous_client):
    assert "session-dialog" not in text_of(anonymous_client.get(reverse("about")))


# Ended everywhere


@pytest.mark.parametrize("where", ["here", "elsewhere"])
def test_signing_out_everywhere(where, client, user):
    other, _answer = type_password(user)

    page = client.post(reverse("account_sessions_end"), follow=True)

    assert "You are signed out everywhere" in text_of(page)
    assert not is_in(client if where == "here" else other, user)


@pytest.mark.parametrize("role", ["staff", "verifier", "officer", "admin"])
def test_a_new_role_ends_all_sessions(role):
    for other in {"staff", "verifier", "officer", "admin"} - {role}:
        user = make_user(role)
        client, _answer = type_password(user)

        User.objects.filter(pk=user.pk).update(role=other)

        assert not is_in(client, user)


def change_in_admin(admin_client, user, **changes):
    page = reverse("admin:capred_portal_user_change", args=[user.pk])
    fields = {"username": user.username, "email": user.email, "language": "en", "role": user.role, "is_active": "on"}
    sent = {name: value for name, value in (fields | changes).items() if value is not None}
    assert admin_client.post(page, sent).status_code == 302


@pytest.mark.parametrize(
    ("changes", "out"),
    [({"role": "verifier"}, True), ({"is_active": None}, True), ({"full_name_en": "Sok"}, False)],
    ids=["role", "leaver", "name"],
)
def test_administrators_change_ends_sessions_when_it_changes_rights(changes, out, client, user, admin_client):
    change_in_admin(admin_client, user, **changes)

    assert is_in(client, user) is not out


def test_password_set_by_an_administrator_ends_sessions(client, user, admin_client):
    page, new = reverse("admin:auth_user_password_change", args=[user.pk]), "another-long-password"

    admin_client.post(page, {"usable_password": "true", "password1": new, "password2": new})

    assert not is_in(client, user)


def test_changed_password_ends_the_other_sessions(client, user):
    other, _answer = type_password(user)
    new = "another-long-password"

    client.post(reverse("password_change"), {"old_password": PASSWORD, "new_password1": new, "new_password2": new})

    assert is_in(client, user)
    assert not is_in(other, user)


def test_guessing_the_old_password_is_limited(client, user):
    new = "another-long-password"
    answers = {"old_password": "wrong", "new_password1": new, "new_password2": new}

    statuses = [client.post(reverse("password_change"), answers).status_code for _time in range(5)]
    right = client.post(reverse("password_change"), answers | {"old_password": PASSWORD})

    assert statuses == [200, 200, 200, 200, 429]
    assert right.status_code == 429
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


@pytest.mark.parametrize("language", ["en", "km"])
def test_rules_of_passwords_stand_beside_the_field(language, client):
    client.cookies["django_language"] = language

    page = text_of(client.get(reverse("password_change")))

    (rules,) = re.findall(r'id="id_new_password1_helptext">(.*?)</div>', page, re.DOTALL)
    assert rules.count("<li>") == 4
    assert "12" in rules
    assert bool(re.search("[a-z]{4}", re.sub("<[^>]+>", "", rules))) is (language == "en")


# Where a request goes whose session is over


def over(**headers):
    """Send a form or ask for a page without a session; return where the answer leads."""
    return Client().post(reverse("workshops:new"), {"title": "x"}, headers=headers)


def test_htmx_is_led_to_the_sign_in_page_as_a_whole():
    answer = over(**{"HX-Request": "true", "HX-Current-URL": "http://testserver/workshops/?q=1"})

    assert answer.status_code == 200
    assert answer.headers["HX-Redirect"] == "/accounts/login/?next=%2Fworkshops%2F%3Fq%3D1"
    assert answer.content == b""


def test_history_is_led_to_the_sign_in_form():
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}

    page = Client().get(reverse("workshops:list"), headers=headers, follow=True)

    assert "HX-Redirect" not in page.headers
    assert 'name="password"' in text_of(page)


@pytest.mark.parametrize("current", ["https://elsewhere.example/", "//elsewhere.example", "no address"])
def test_htmx_comes_back_to_no_other_site(current):
    answer = over(**{"HX-Request": "true", "HX-Current-URL": current})

    assert answer.headers["HX-Redirect"] == "/accounts/login/?next=%2Fworkshops%2Fnew%2F"


def test_form_comes_back_to_the_page_it_was_on():
    assert over(Referer="http://testserver/about/").url.endswith("?next=http%3A%2F%2Ftestserver%2Fabout%2F")
    assert over(Referer="https://elsewhere.example/").url.endswith("?next=%2Fworkshops%2Fnew%2F")
    assert over().url.endswith("?next=%2Fworkshops%2Fnew%2F")


# The cookie


def test_cookie_is_for_this_site_and_its_server_alone(user):
    cookie = type_password(user)[1].cookies[portal_settings.SESSION_COOKIE_NAME]

    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_signing_in_changes_the_key(user):
    client = Client()
    session = client.session
    session["planted"] = 1
    session.save()
    client.cookies[portal_settings.SESSION_COOKIE_NAME] = str(session.session_key)

    type_password(user, client)

    assert client.session.session_key != session.session_key
