"""The cast of every test, and the ground it stands on: databases, caches, templates, translations."""

from collections import Counter
from collections.abc import Callable, Iterator

import pandas as pd
import pytest
import pytest_django
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.core.management import call_command
from django.db import connections, transaction
from django.test import Client
from django.utils.translation import activate
from hypothesis import settings as hypothesis_settings

from capred_portal.facts import write_facts
from capred_portal.models import User
from tests.factories import make_user
from tests.machine import IN_CI, NO_POSTGRES, find_postgres, postgres_cluster
from tests.undefined import UndefinedVariable

ClientFor = Callable[[str], Client]

hypothesis_settings.register_profile("portal", deadline=None)  # a busy machine is no defect
hypothesis_settings.load_profile("portal")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pg", action="store_true", help="run on a private PostgreSQL instead of SQLite")


def pytest_configure(config: pytest.Config) -> None:
    pd.set_option("mode.string_storage", "python")  # as in production: a peer that tests use brings Arrow
    if config.getoption("--pg") and not find_postgres():
        pytest.exit(f"skipped: because {NO_POSTGRES}", returncode=1 if IN_CI else 0)
    if not hasattr(config, "workerinput"):  # once, not in each process of -n 2
        call_command("build_assets", verbosity=0)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In the processes of -n, take files of few tests first: the long ones. Short ones fill up the end."""
    if hasattr(config, "workerinput"):
        tests = Counter(item.path for item in items)
        items.sort(key=lambda item: (tests[item.path], item.path))


# Databases


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest, django_db_modify_db_settings_parallel_suffix: None
) -> Iterator[None]:
    """With --pg, point Django to a cluster of this process's own before the test database is made."""
    if not request.config.getoption("--pg"):
        yield
        return
    with postgres_cluster() as socket_folder:
        changes = {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "postgres",
            "USER": "test",
            "HOST": socket_folder,
            "OPTIONS": {},
        }
        database = {**connections["default"].settings_dict, **changes}
        database["TEST"] = {**database["TEST"], "NAME": "test_portal"}
        del connections["default"]
        connections.databases["default"] = database
        yield


@pytest.fixture(scope="module")
def shipped_facts(django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker) -> Iterator[None]:
    """The facts that ship, written once for all tests of a file and rolled back after the last of them."""
    with django_db_blocker.unblock(), transaction.atomic():
        write_facts()
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Start each test without cached fragments: rolled-back rows leave old data versions behind."""
    cache.clear()


@pytest.fixture(autouse=True)
def _in_english() -> None:
    """Start each test in English: a request leaves its language behind in the thread."""
    activate("en")


@pytest.fixture(autouse=True)
def _undefined_variables_fail() -> Iterator[None]:
    UndefinedVariable.seen.clear()
    yield
    assert not UndefinedVariable.seen, "undefined template variables"


# Personas


@pytest.fixture
def staff(db: None) -> User:
    return make_user("staff")


@pytest.fixture
def verifier(db: None) -> User:
    return make_user("verifier")


@pytest.fixture
def officer(db: None) -> User:
    return make_user("officer")


@pytest.fixture
def admin(db: None) -> User:
    return make_user("admin")


@pytest.fixture
def anonymous() -> AnonymousUser:
    return AnonymousUser()


class ColdClient(Client):
    """Asks with an empty cache: rows made by factories raise no data version, so a kept part would be stale.

    How parts are kept is tested with Django's own client, in tests/capred_portal/test_caching.py.
    """

    def request(self, **request):
        cache.clear()
        return super().request(**request)


@pytest.fixture
def client_for(request: pytest.FixtureRequest, db: None) -> ClientFor:
    """Return a function from a persona's name to a client signed in as that persona."""

    def signed_in(role: str) -> Client:
        client = ColdClient()
        if role != "anonymous":
            client.force_login(request.getfixturevalue(role), "django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


@pytest.fixture
def staff_client(client_for: ClientFor) -> Client:
    return client_for("staff")


@pytest.fixture
def verifier_client(client_for: ClientFor) -> Client:
    return client_for("verifier")


@pytest.fixture
def officer_client(client_for: ClientFor) -> Client:
    return client_for("officer")


@pytest.fixture
def admin_client(client_for: ClientFor) -> Client:
    return client_for("admin")


@pytest.fixture
def anonymous_client(client_for: ClientFor) -> Client:
    return client_for("anonymous")
