"""Every address of the portal as every persona: who may open it, who is told why not, and what a guess leads to."""

from urllib.parse import parse_qs

import pytest
from django.db import transaction
from django.urls import NoReverseMatch, reverse

from capred_portal.access import ANONYMOUS
from tests.factories import ROLES
from tests.route_kinds import ADMIN_PAGES, OF_ONE_USER, OUTSIDE_THE_MATRIX
from tests.routes import arguments, examples, make_sample, routes

GUESSES = (10**12, 0, "no-such-thing")
OPENED: dict[tuple[str, str], tuple[int, bytes]] = {}  # what a role has opened in one test, another only reads
KNOWN_ANYWAY = {"password_reset_confirm"}  # a wrong link gets a page that offers a new one


@pytest.fixture(scope="module")
def sample(django_db_setup, django_db_blocker):
    """The rows of all tests here, made once and rolled back after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_sample()
        transaction.set_rollback(True)


def open_page(client, role, example):
    """Return status and first bytes of what an example leads to; reading a file to its end closes it."""
    if (role, example.url) not in OPENED:
        response = client.get(example.url, follow=True)
        OPENED[role, example.url] = response.status_code, response.getvalue()[:200].lstrip().lower()
    return OPENED[role, example.url]


def ask(client, example):
    """Open an example, or send an empty form where an address takes only that."""
    return client.post(example.url) if example.is_post else client.get(example.url)


def test_every_route_has_an_example(db, sample):
    shown = {example.name for example in examples(sample)}

    assert sorted(routes().keys() - shown) == [], "add examples to tests/routes.py"
    assert sorted(arguments(sample).keys() - routes().keys()) == [], "examples of routes that are gone"


def test_every_view_says_who_may_use_it():
    silent = {name for name, entry in routes().items() if not getattr(entry.callback, "action", None)}

    assert silent - ADMIN_PAGES.keys() == OUTSIDE_THE_MATRIX.keys()


@pytest.mark.parametrize("role", ROLES)
def test_role_opens_what_the_matrix_gives_it(role, db, sample, client_for):
    client = client_for(role)
    found = [one for one in examples(sample) if role in one.roles and not one.is_post]
    open_to_role = [example for example in found if example.name not in OF_ONE_USER]

    answers = {example.url: open_page(client, role, example)[0] for example in open_to_role}

    assert len(answers) > 20
    assert {url: status for url, status in answers.items() if status != 200} == {}


@pytest.mark.parametrize("role", ROLES)
def test_wrong_role_is_told_no(role, db, sample, client_for):
    client = client_for(role)
    closed = [one for one in examples(sample) if role not in one.roles and one.name not in OUTSIDE_THE_MATRIX]

    answers = {example.url: ask(client, example).status_code for example in closed}

    assert {url: status for url, status in answers.items() if status != 403} == {}
    assert len(closed) >= (20 if role in {"officer", "admin"} else 4)


def test_visitor_signs_in_first(db, sample, anonymous_client):
    closed = [example for example in examples(sample) if ANONYMOUS not in example.roles]

    answers = {example.url: ask(anonymous_client, example) for example in closed}

    for url, response in answers.items():
        address, _, question = response.headers.get("Location", "").partition("?")
        assert (response.status_code, address, parse_qs(question)) == (302, reverse("login"), {"next": [url]})


def test_public_pages_are_open(db, sample, anonymous_client):
    public = [example for example in examples(sample) if ANONYMOUS in example.roles and not example.is_post]

    answers = {example.url: open_page(anonymous_client, ANONYMOUS, example)[0] for example in public}

    assert set(answers.values()) == {200}


def test_guessed_address_is_not_found(db, sample, client_for):
    found = []
    for example in examples(sample):
        if example.name in KNOWN_ANYWAY | ADMIN_PAGES.keys():
            continue
        client = client_for("verifier" if "verifier" in example.roles else min(example.roles))
        for url in guesses(example):
            response = client.post(url) if example.is_post else client.get(url)
            if response.status_code != 404:
                found.append(f"{example.name} {url}: {response.status_code}")

    assert not found


def guesses(example):
    """Yield the example's address with one argument at a time replaced by what no record has."""
    kwargs = dict(example.kwargs)
    for name in kwargs:
        for guess in GUESSES:
            try:
                yield reverse(example.name, kwargs=kwargs | {name: guess})
            except NoReverseMatch:
                continue  # no such text fits the address


def test_pages_and_other_answers_are_told_apart(db, sample, verifier_client, admin_client):
    wrong = []
    for example in examples(sample):
        if not example.is_post and example.name not in OF_ONE_USER:
            is_admin = example.name in ADMIN_PAGES
            client, role = (admin_client, "admin") if is_admin else (verifier_client, "verifier")
            _status, start = open_page(client, role, example)
            if start.startswith(b"<!doctype html>") != example.is_page:
                wrong.append(example.url)

    assert not wrong


def test_reading_an_address_that_only_takes_forms_is_refused(db, sample, staff_client):
    answers = {
        example.url: staff_client.get(example.url).status_code for example in examples(sample) if example.is_post
    }

    assert len(answers) > 1
    assert set(answers.values()) == {405}


def test_pages_refuse_other_verbs(db, sample, staff_client, admin_client):
    """Nothing is deleted or put by verb, and a page that has no form takes none."""
    wrong = []
    for example in examples(sample):
        client = admin_client if example.name in ADMIN_PAGES else staff_client
        if example.name.startswith(("admin:", "password", "login", "logout")):
            continue  # Django's own
        if client.delete(example.url).status_code != 405:
            wrong.append(example.url)

    assert not wrong
