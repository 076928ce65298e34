"""Every address of the portal as every persona: who may open it, who is told why not, and what a guess leads to."""


import pytest

from tests.routes import make_sample

GUESSES = {"int": [10**12, 0], "slug": ["no-such-thing"], "str": ["no such thing"]}


@pytest.fixture(scope="module")
def sample(django_db_setup, django_db_blocker):
    """The rows of all tests here, made once: nothing below writes, except what its own test rolls back."""
    with django_db_blocker.unblock():
        transaction = atomic()
        transaction.__enter__()
        yield make_sample()
        set_rollback(True)
        transaction.__exit__(None, None, None)
