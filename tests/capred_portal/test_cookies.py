"""Cookies: what they hold is for the server alone, and no other site sends them along with a form."""

import pytest
from django.urls import reverse

from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db


def test_no_script_reads_a_cookie_and_no_other_site_sends_one(client):
    user = make_user()
    client.get(reverse("login"))
    client.post(reverse("set_language"), {"language": "km"})
    client.post(reverse("login"), {"username": user.username, "password": PASSWORD})

    assert {"csrftoken", "django_language", "sessionid"} <= set(client.cookies)
    for name in ("csrftoken", "django_language", "sessionid"):
        assert (client.cookies[name]["httponly"], client.cookies[name]["samesite"]) == (True, "Lax"), name
