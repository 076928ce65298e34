"""Two machines that start at once: one migrates, the other waits and finds nothing to do; the same for the facts."""

import pytest

from capred_portal.facts import write_facts
from enterprises.models import Province
from tests.machine import NO_POSTGRES, find_postgres, postgres_cluster
from tests.machines import environment, manage, output
from tests.workers import database_url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request, tmp_path):
    """The address of a database that holds nothing."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/portal.sqlite3"
        return
    if not find_postgres():
        pytest.skip(f"skipped: because {NO_POSTGRES}")
    with postgres_cluster() as socket_folder:
        yield f"postgres://test@/{socket_folder}/postgres"


def test_two_machines_that_migrate_at_once(empty_database, tmp_path):
    """One app will do: without the lock both make its first table."""
    env = environment(tmp_path, empty_database)

    machines = [manage("migrate", "auth", "--no-input", "--no-color", env=env) for _machine in range(3)]
    told = sorted(map(output, machines), key=len)

    assert "Applying auth.0001_initial... OK" in told[2]
    for each in told[:2]:
        assert "No migrations to apply." in each


@pytest.mark.django_db(transaction=True)
def test_two_machines_that_write_the_facts_at_once(tmp_path):
    env = environment(tmp_path, database_url())

    machines = [manage("facts", env=env) for _machine in range(2)]

    assert [output(machine).strip() for machine in machines] == ["facts written"] * 2
    before = Province.objects.count()
    write_facts()
    assert Province.objects.count() == before > 20
