"""Between password and code nobody is signed in, at whatever address."""

import time
from itertools import product

import pytest
from django.contrib.auth import get_user
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice
from hypothesis import given
from hypothesis import strategies as st

from capred_portal import one_time_codes
from capred_portal.access import ANONYMOUS
from capred_portal.models import User
from tests.codes import CODE, KEY, NEW, app_shows, half_client, is_in, type_code, type_password, with_codes
from tests.factories import PASSWORD, make_user
from tests.routes import examples, make_sample

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _required(settings):
    """The setting as it ships; the other tests switch it off."""
    settings.ONE_TIME_CODES = True


@pytest.fixture(scope="module")
def sample(django_db_setup, django_db_blocker):
    """The rows behind every address, made once and rolled back after the last test here."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_sample()
        transaction.set_rollback(True)


@pytest.mark.parametrize("codes", [True, False], ids=["code", "set-up"])
def test_half_a_session_opens_no_address(codes, db, sample):
    """Every address, with a form and without: as if nobody had signed in."""
    user = make_user("admin")
    if codes:
        with_codes(user)
    client = half_client(user)
    closed = [
        each for each in examples(sample) if ANONYMOUS not in each.roles and not each.name.startswith("account_code")
    ]

    wrong = {}
    for each in closed:
        for answer in (client.get(each.url), client.post(each.url, {"codes": "away", "archive_reason": "x"})):
            refused = answer.status_code == 302 and answer.url.startswith(reverse("login"))
            if not (refused or (answer.status_code == 405 and not get_user(client).is_authenticated)):
                wrong[each.url] = answer.status_code

    assert len(closed) > 100
    assert wrong == {}


@given(path=st.text(st.characters(codec="utf-8", exclude_characters="?#"), max_size=40), post=st.booleans())
def test_half_a_session_is_nobody_at_any_address(path, post):
    user = make_user("admin")
    client = half_client(user)

    answer = (client.post if post else client.get)("/" + path.lstrip("/"))

    assert not answer.wsgi_request.user.is_authenticated


@pytest.mark.parametrize("role", ["verifier", "admin"])
def test_session_opened_without_a_code_is_only_half(role, client_for):
    """However it was opened: before the setting was switched on, or through a door that is not built yet."""
    client = client_for(role)

    answer = client.get(reverse("workshops:list"))

    assert answer.url.startswith(reverse("login"))
    assert client.get(answer.url).url.startswith(CODE)
    assert one_time_codes.HALF in client.session


def test_half_session_cannot_set_up_another_app_where_there_is_one():
    client = half_client(with_codes(make_user("admin")))

    answer = client.get(NEW)
    client.post(NEW, {"code": app_shows(), "password": PASSWORD})

    assert answer.url.startswith(CODE)
    assert TOTPDevice.objects.get().key == KEY
    assert one_time_codes.HALF in client.session


def test_half_session_lasts_a_quarter_of_an_hour():
    user = with_codes(make_user("admin"))
    client = half_client(user)
    session = client.session
    session[one_time_codes.HALF] |= {"at": int(time.time()) - 16 * 60}
    session.save()

    answer = type_code(client, app_shows())

    assert answer.url.startswith(reverse("login"))
    assert not is_in(client, user)


@pytest.mark.parametrize(
    "change", [{"role": "verifier"}, {"is_active": False}, {"password": "x"}, {"sessions_ended": 1}]
)
def test_half_session_ends_when_the_account_changes(change):
    user = with_codes(make_user("admin"))
    client = half_client(user)
    User.objects.filter(pk=user.pk).update(**change)

    type_code(client, app_shows())

    assert not is_in(client, user)


def test_both_steps_change_the_key_of_the_session():
    user = with_codes(make_user("admin"))
    client = Client()
    client.get(reverse("login"))
    session = client.session
    session["planted"] = 1
    session.save()
    keys = [session.session_key]

    type_password(user, client)
    keys.append(client.session.session_key)
    type_code(client, app_shows())
    keys.append(client.session.session_key)

    assert len(set(keys)) == 3
    assert "planted" not in client.session


def test_no_session_pays_with_queries_for_codes_it_does_not_use(settings):
    counts = []
    for required, role in product((True, False), ("staff", "admin")):
        settings.ONE_TIME_CODES = required
        user = make_user(role)
        client, _answer = type_password(user)
        if one_time_codes.HALF in client.session:
            client.get(NEW)
            client.post(NEW, {"code": app_shows(key=client.session["new_key"])})
        client.get(reverse("about"))
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(reverse("about"))
        counts.append(sum("otp_" in query["sql"] for query in captured))

    assert counts == [0, 0, 0, 0]
