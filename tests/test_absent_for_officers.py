"""What officers may not see is nowhere: on no page, in no file, search, filter or error, behind no guessed number."""

import datetime
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve

from capred_portal.access import may
from capred_portal.models import User
from capred_portal.tables import TABLES, Requester, TableExport
from tests.found_forms import FormsReader
from tests.planted import marks, plant, seen, text_of
from tests.route_kinds import ADMIN_PAGES
from tests.routes import examples, make_sample

FRAGMENT = {"HX-Request": "true"}
NOWHERE: set[str] = set()
EMPTY_FORMS: tuple[dict[str, str], ...] = ({}, {"text": "", "version": "0", "reason": ""})
SEARCHES = ("Zqxv-address 1", "zqxv-person", "ZQXV-REGISTRATION", "+85512999881", "918273645", "Zqxv-participant")
HIDDEN_FILTERS = (
    *("phone", "address", "email", "registration_number", "employees", "turnover_usd", "turnover", "women", "capacity"),
    *("imported_input_share_pct", "imported", "value_usd", "value", "legal_form", "sex", "disability"),
)
HIDDEN_ORDERS = ("phone", "turnover_usd", "capacity", "value_usd", "imported_input_share_pct")


@pytest.fixture(scope="module")
def sample(django_db_setup, django_db_blocker):
    """The rows of all tests here, planted once and rolled back after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        sample = make_sample()
        plant(sample)
        yield sample
        transaction.set_rollback(True)


def client_of(role):
    client = Client()
    if role != "anonymous":
        client.force_login(User.objects.get(username=role), "django.contrib.auth.backends.ModelBackend")
    return client


def opened(client, url, **headers):
    cache.clear()
    response = client.get(url, headers=headers)
    return response.status_code, text_of(response)


def shapes(url, page):
    """Yield the addresses on a page, each with its route and the names of its parameters."""
    reader = LinkReader(url)
    reader.feed(page)
    for address in sorted(reader.addresses):
        parts = urlsplit(urljoin(url, address))
        try:
            match = resolve(parts.path) if not parts.netloc else None
        except Resolver404:
            continue
        if match:
            names = sorted(name for name, _value in parse_qsl(parts.query))
            yield (match.view_name, *names), f"{parts.path}?{parts.query}" if parts.query else parts.path


class LinkReader(FormsReader):
    """Collects every address that a page leads to or asks for by itself."""

    def __init__(self, url):
        super().__init__(url)
        self.addresses = set()

    def handle_starttag(self, tag, attrs):
        super().handle_starttag(tag, attrs)
        self.addresses |= {value for name, value in attrs if name in {"href", "hx-get", "data-url"} and value}


def walk(role, sample):
    """Yield address and text of every page and file of a role, also as a fragment, and of what they lead to."""
    client = client_of(role)
    mine = [one.url for one in examples(sample) if role in one.roles and not one.is_post and one.name != "logout"]
    known: set[tuple[str, ...]] = set()
    more: dict[tuple[str, ...], str] = {}
    for url in mine:
        _status, text = opened(client, url)
        yield url, text
        yield f"{url} as a fragment", opened(client, url, **FRAGMENT)[1]
        known.add((resolve(urlsplit(url).path).view_name, *sorted(name for name, _ in parse_qsl(urlsplit(url).query))))
        more |= dict(shapes(url, text)) if "<html" in text else {}
    for shape, url in more.items():
        if shape not in known and not shape[0].startswith("admin:"):
            yield url, opened(client, url)[1]


def leaks_of(texts):
    return {url: sorted(seen(text)) for url, text in texts if seen(text)}


def test_no_page_file_or_fragment_shows_officers_what_is_hidden(db, sample):
    assert leaks_of(walk("officer", sample)) == {}


def test_the_public_page_shows_nothing_that_is_hidden(db, sample, settings):
    settings.PUBLIC_DASHBOARD = True

    assert leaks_of(walk("anonymous", sample)) == {}


def test_the_ministry_does_see_all_that_is_planted(db, sample):
    """Or the tests here would prove nothing."""
    left = {mark.field for mark in marks()}
    for role in ("staff", "admin"):
        client = client_of(role)
        for example in examples(sample):
            if left and role in example.roles and not example.is_post and example.name != "logout":
                left -= seen(opened(client, example.url)[1])

    assert left == NOWHERE


def written(cell):
    """Return a cell as text; a fraction of a second could look like a number that was planted."""
    return cell.isoformat(timespec="minutes") if isinstance(cell, datetime.datetime) else str(cell)


def tables_of(role):
    """Yield each table a role may read, as text: for people and for machines."""
    user = User.objects.get(username=role)
    for table in TABLES.values():
        if may(user, table.action):
            told = TableExport(table, Requester(user))
            machines = (each.values() for each in told.for_machines())
            rows = [told.header, *told.for_people(), *machines]
            yield table.name, "\n".join(" | ".join(map(written, row)) for row in rows)


def test_no_table_tells_officers_what_is_hidden(db, sample):
    assert leaks_of(tables_of("officer")) == {}


def test_tables_tell_the_ministry_all_that_is_planted_in_records(db, sample):
    told = set().union(*(seen(text) for _name, text in tables_of("staff")))

    assert {mark.field for mark in marks()} - told == {"capred_portal.User.email", "files of loads"}  # one's own drafts


def test_no_table_has_a_filter_by_what_is_hidden_from_officers(db, sample):
    officer = User.objects.get(username="officer")
    names = {
        (name, each)
        for name, table in TABLES.items()
        if may(officer, table.action)
        for each in TableExport(table, Requester(officer)).filter_names & set(HIDDEN_FILTERS)
    }

    assert names == set()


def test_refusals_show_nothing(db, sample):
    """Of pages that are closed to officers, of forms they may send, and of the administration."""
    client = client_of("officer")
    texts = []
    for example in examples(sample):
        if "officer" not in example.roles or example.name in ADMIN_PAGES:
            cache.clear()
            texts.append((example.url, text_of(client.get(example.url))))
        if example.is_post and example.name not in {"logout", "set_language"}:
            texts += [(f"post {example.url}", text_of(client.post(example.url, fields))) for fields in EMPTY_FORMS]

    assert leaks_of(texts) == {}


def lists(client, sample):
    """Return the pages an officer may search or filter."""
    found: dict[str, tuple[str, bool]] = {}
    for example in examples(sample):
        if example.is_page and "officer" in example.roles and "?" not in example.url:
            _status, text = opened(client, example.url)
            reader = FormsReader(example.url)
            reader.feed(text)
            if any(form.method == "get" and form.values for form in reader.forms):
                found.setdefault(
                    example.name, (example.url, "q" in {name for one in reader.forms for name in one.values})
                )
    return found.values()


def rows_told(client, url, **parameters):
    """Return a page without what was asked for and what differs each time."""
    _status, text = opened(client, f"{url}?{urlencode(parameters)}", **FRAGMENT)
    for value in parameters.values():
        text = text.replace(value, "").replace(urlencode({"": value})[1:], "")
    return text.replace("&amp;", "&").partition("{'Content-Type'")[0]


def test_searching_for_what_is_hidden_finds_as_little_as_nonsense(db, sample):
    client = client_of("officer")
    told = []
    for url, can_search in lists(client, sample):
        if can_search:
            nothing = rows_told(client, url, q="nononsuchthing")
            told += [(url, word) for word in SEARCHES if rows_told(client, url, q=word) != nothing]

    assert told == []


def test_filters_and_orders_by_hidden_fields_do_nothing(db, sample):
    client = client_of("officer")
    asked = [
        dict.fromkeys(HIDDEN_FILTERS, "1"),
        dict.fromkeys(HIDDEN_FILTERS, "yes"),
        {"sex": "f"},
        *({"sort": f"-{name}"} for name in HIDDEN_ORDERS),
    ]
    told, tried = [], 0
    for url, _can_search in lists(client, sample):
        plain = words_of(client, url, {"nothing": "1"})
        for parameters in asked:
            tried += 1
            if words_of(client, url, parameters) != plain:
                told.append((url, parameters))

    assert tried > 50
    assert told == []


def words_of(client, url, parameters):
    """Return the words of a page, not the addresses in it."""
    reader = WordReader(url)
    reader.feed(opened(client, f"{url}?{urlencode(parameters)}", **FRAGMENT)[1].rpartition("{'Content-Type'")[0])
    return reader.words


class WordReader(FormsReader):
    def __init__(self, url):
        super().__init__(url)
        self.words = []

    def handle_data(self, data):
        super().handle_data(data)
        self.words += data.split()
