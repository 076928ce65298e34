"""Two machines on one database: what is saved on one is seen on the other at once; nothing in a process matters."""

from contextlib import ExitStack
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.factories import make_user, make_workshop
from tests.machines import environment, server
from tests.page import form_values
from tests.workers import database_url

pytestmark = pytest.mark.django_db(transaction=True)

LIST = reverse("workshops:list")


@pytest.fixture
def machines(tmp_path):
    env = environment(tmp_path, database_url(), ONE_TIME_CODES="0")
    with ExitStack() as running:
        yield [running.enter_context(server(env, "--workers=1")) for _machine in range(2)]


def signed_in():
    """Return the cookies of somebody of the ministry."""
    client = Client()
    client.force_login(make_user("staff"), "django.contrib.auth.backends.ModelBackend")
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def test_what_one_machine_saves_the_other_shows(machines):
    workshop = make_workshop(title_en="Title 0")
    url, cookie, (here, there) = reverse("workshops:edit", args=[workshop.pk]), signed_in(), machines
    assert "Title 0" in there.ask(LIST, cookie=cookie)[1]

    for number in range(1, 6):
        _status, page, headers = here.ask(url, cookie=cookie)
        token = SimpleCookie(headers["Set-Cookie"])[settings.CSRF_COOKIE_NAME].value
        body = urlencode(form_values(page, "title_en") | {"title_en": [f"Title {number}"]}, doseq=True)
        saved = here.ask(url, "POST", body, cookie=f"{cookie}; {settings.CSRF_COOKIE_NAME}={token}")

        assert saved[0] == 302
        assert f"Title {number}" in there.ask(LIST, cookie=cookie)[1]
        here, there = there, here
