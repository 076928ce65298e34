"""Keyset pages: every row once, in order, forward and back, with ties, gaps and marks that mean nothing."""

import datetime
import json
from base64 import urlsafe_b64encode

import pytest

from capred_portal.keysets import Key, keyset_page
from enterprises.models import Enterprise
from tests.register_factories import make_enterprise

pytestmark = pytest.mark.django_db

BY_NAME = (Key("name_en_key"), Key("name_km_key"), Key("id"))
NEWEST = (Key("registered_on", is_descending=True, is_nullable=True), Key("id", is_descending=True))
CHANGED = (Key("updated_at", is_descending=True), Key("id", is_descending=True))


def encoded(place):
    return urlsafe_b64encode(json.dumps(place).encode()).decode()


def make_firms():
    """Make firms with names, dates and moments that several share; some have no date."""
    days = [datetime.date(2020, 1, 1), None, datetime.date(2021, 1, 1), datetime.date(2020, 1, 1), None]
    for number in range(23):
        make_enterprise(name_en=f"Firm {number % 3}", registered_on=days[number % 5])


def walk(keys, per_page=4):
    """Return the pages from the first to the last."""
    pages = [keyset_page(Enterprise.objects.all(), {}, keys, per_page=per_page)]
    while pages[-1].after:
        pages.append(keyset_page(Enterprise.objects.all(), {"after": pages[-1].after}, keys, per_page=per_page))
    return pages


def ids(page):
    return [row.pk for row in page]


@pytest.mark.parametrize("keys", [BY_NAME, NEWEST, CHANGED])
def test_pages_hold_every_row_once_and_lead_back(keys):
    make_firms()

    pages = walk(keys)
    back = [pages[-1]]
    while back[0].before:
        params = {"before": back[0].before}
        back.insert(0, keyset_page(Enterprise.objects.all(), params, keys, per_page=4))

    assert sorted(pk for page in pages for pk in ids(page)) == sorted(Enterprise.objects.values_list("pk", flat=True))
    assert [ids(page) for page in back[1:]] == [ids(page) for page in pages[1:]]
    assert ids(back[0]) == ids(pages[0])
    assert not pages[0].before
    assert not pages[-1].after


def test_order_is_that_of_the_database():
    make_firms()

    by_name = [pk for page in walk(BY_NAME) for pk in ids(page)]
    newest = [row.registered_on for page in walk(NEWEST) for row in page]

    assert by_name == list(Enterprise.objects.order_by("name_en_key", "name_km_key", "id").values_list("pk", flat=True))
    dated = [day for day in newest if day]
    assert newest == [*sorted(dated, reverse=True), *[None] * (len(newest) - len(dated))]


def test_page_stands_when_a_row_before_it_comes_or_goes():
    make_firms()
    first = keyset_page(Enterprise.objects.all(), {}, BY_NAME, per_page=4)
    second = keyset_page(Enterprise.objects.all(), {"after": first.after}, BY_NAME, per_page=4)
    make_enterprise(name_en="A firm before all others")
    Enterprise.objects.filter(pk=first.rows[-1].pk).delete()

    again = keyset_page(Enterprise.objects.all(), {"after": first.after}, BY_NAME, per_page=4)

    assert ids(again) == ids(second)


@pytest.mark.parametrize(
    "mark",
    [
        "x",
        "!!!!",
        "W10",
        "WzAsMV0",
        "WzksMSwyLDNd",
        "bnVsbA",
        "Wzk5XQ",
        "ឯ",
        "a" * 5000,
        *map(encoded, ([0, "a", "b", 10**30], [0, "a\0", "b", 1])),
    ],
)
def test_mark_that_means_nothing_shows_the_first_page(mark):
    make_firms()
    first = keyset_page(Enterprise.objects.all(), {}, BY_NAME, per_page=4)

    assert ids(keyset_page(Enterprise.objects.all(), {"after": mark}, BY_NAME, per_page=4)) == ids(first)
    assert ids(keyset_page(Enterprise.objects.all(), {"before": mark}, BY_NAME, per_page=4)) == ids(first)
