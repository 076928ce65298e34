"""Two machines that start at once: one migrates, the other waits and finds nothing to do; the same for the facts."""

import re

import pytest

from tests.machine import NO_POSTGRES, find_postgres, postgres_cluster
from tests.machines import environment, manage, output


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
    env = environment(tmp_path, empty_database)

    first, second = (manage("migrate", "--no-input", "--no-color", env=env) for _machine in range(2))
    told = sorted((output(first), output(second)), key=len, reverse=True)

    assert len(re.findall(r"Applying .+ OK", told[0])) > 20
    assert "Applying" not in told[1]
    assert "No migrations to apply." in told[1]

    facts = [manage("facts", env=env) for _machine in range(2)]

    assert [output(each).strip() for each in facts] == ["facts written"] * 2
