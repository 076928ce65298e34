"""People with one-time codes, the codes their apps show, and the two steps of signing in, for tests."""

import datetime as dt
from binascii import unhexlify

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from capred_portal import one_time_codes
from tests.factories import PASSWORD

KEY = "3132333435363738393031323334353637383930"
CODE, NEW, ACCOUNT = "/accounts/code/", "/accounts/code/new/", "/accounts/"


def with_codes(user):
    """Give a user an app that knows KEY, and recovery codes."""
    TOTPDevice.objects.create(user=user, name="phone", key=KEY)
    one_time_codes.renew_recovery_codes(user)
    return user


def app_shows(steps=0, key=KEY):
    """Return what an app shows now, or some half minutes from now."""
    return f"{totp(unhexlify(key), drift=steps):06}"


def wrong_code():
    shown = {app_shows(steps) for steps in range(-3, 4)}
    return next(
        code
        for code in ("000000", "111111", "222222", "333333", "444444", "555555", "666666", "777777")
        if code not in shown
    )


def type_password(user, client=None, url=""):
    """Type name and password; return the client and the answer."""
    client = client or Client()
    answer = client.post(reverse("login") + url, {"username": user.username, "password": PASSWORD})
    return client, answer


def type_code(client, code, **fields):
    return client.post(CODE, {"code": code, **fields})


def text_of(response):
    return response.content.decode()


def is_in(client, user):
    """Tell whether the client is signed in as the user, as every view would see it."""
    answer = client.get(ACCOUNT)
    return answer.status_code == 200 and answer.wsgi_request.user == user


def rest(model=TOTPDevice):
    """Let the pause after a wrong code be over."""
    model.objects.update(throttling_failure_timestamp=timezone.now() - dt.timedelta(days=3))


def half_client(user):
    client, _answer = type_password(user)
    assert one_time_codes.HALF in client.session
    return client


def set_up(client, **fields):
    """Scan the picture of the page and type what the app shows; return the answer."""
    client.get(NEW)
    return client.post(NEW, {"code": app_shows(key=client.session["new_key"]), **fields})
