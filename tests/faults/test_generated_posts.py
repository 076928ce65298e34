"""Whatever is sent to whatever address: never a 500, and an answer that refuses has changed nothing.

A short form runs with the suite; `GENERATED_POSTS=20000` in the environment makes it long.
"""

import os

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.odd_requests import CHANGES, make_ground

POSTS = int(os.environ.get("GENERATED_POSTS", "0"))
SHORT = 500  # of each test, the same ones each time
PARTS = st.sampled_from(["", "", "fields", "files"])
HEADERS = st.sampled_from([{}, {"HX-Request": "true"}, {"Accept-Language": "km"}])


@pytest.fixture(scope="module")
def ground(django_db_setup, django_db_blocker):
    """The rows of all tests here, made once and rolled back after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_ground()
        transaction.set_rollback(True)


def generated(number):
    """Give a test this many examples: other ones each time where a number was asked for."""
    return settings(
        max_examples=number,
        derandomize=not POSTS,
        database=None,
        suppress_health_check=[*HealthCheck],
    )


def test_no_post_breaks_a_page_or_writes_half(db, ground):
    @generated(POSTS or SHORT)
    @given(place=st.integers(0, len(ground.posts) - 1), changes=CHANGES, parts=PARTS)
    def run(place, changes, parts):
        ground.post(ground.posts[place], changes, parts)

    run()

    print(f"{POSTS or SHORT} posts to {len(ground.posts)} forms, answers: {ground.statuses}")
    assert not ground.wrong, "\n\n".join(f"{key}\n  {value}" for key, value in ground.wrong.items())


def test_no_parameter_breaks_a_page(db, ground):
    @generated((POSTS or SHORT) // 2)
    @given(place=st.integers(0, len(ground.gets) - 1), changes=CHANGES, headers=HEADERS)
    def run(place, changes, headers):
        ground.get(ground.gets[place], changes, headers)

    ground.wrong, ground.statuses = {}, {}
    run()

    print(f"{(POSTS or SHORT) // 2} reads of {len(ground.gets)} pages, answers: {ground.statuses}")
    assert not ground.wrong, "\n\n".join(f"{key}\n  {value}" for key, value in ground.wrong.items())
