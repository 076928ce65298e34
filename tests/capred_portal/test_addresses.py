"""The address of a visitor: what the nearest proxy saw, not what the visitor claims."""

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from capred_portal.addresses import client_address
from tests.factories import PASSWORD, make_user


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "10.0.0.1"),  # nobody vouches for the header
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.2.3.4, 203.0.113.9", "203.0.113.9"),  # the visitor wrote the first one
        (2, "1.2.3.4, 203.0.113.9, 198.51.100.7", "203.0.113.9"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),  # one line at home has all of these
        (1, "::ffff:203.0.113.9", "203.0.113.9"),
        (1, "nonsense", "10.0.0.1"),
        (2, "203.0.113.9", "10.0.0.1"),  # came past one of them
        (1, None, "10.0.0.1"),
    ],
)
def test_address_is_what_the_proxy_saw(proxies, forwarded, address, settings):
    settings.PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}

    assert client_address(RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", headers=headers)) == address


def test_lock_behind_a_proxy_hits_only_the_address_that_guessed(db, settings):
    settings.PROXIES = 1
    user = make_user()

    def sign_in(address: str, password: str) -> int:
        answers = {"username": user.username, "password": password}
        return Client(headers={"X-Forwarded-For": address}).post(reverse("login"), answers).status_code

    guesses = [sign_in("203.0.113.9", "wrong") for _attempt in range(5)]

    assert guesses[-1] == 429
    assert sign_in("198.51.100.7", PASSWORD) == 302


def test_guesses_from_one_line_of_version_6_count_together(db):
    user = make_user()

    def guess(host: int) -> int:
        client = Client(REMOTE_ADDR=f"2001:db8:1:2::{host}")
        return client.post(reverse("login"), {"username": user.username, "password": "wrong"}).status_code

    assert [guess(host) for host in range(1, 6)] == [200, 200, 200, 200, 429]
