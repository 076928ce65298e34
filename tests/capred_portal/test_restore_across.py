"""From SQLite to PostgreSQL and back: the same rows, checksums, uploads, figures and pages."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.backup_files import manifest_of
from tests.machine import NO_POSTGRES, find_postgres, postgres_cluster
from tests.machines import ROOT, environment, manage, output

pytestmark = pytest.mark.skipif(not find_postgres(), reason=NO_POSTGRES)

SHOW = "import django; django.setup(); from tests.all_shown import main; main()"
PDF = b"%PDF-1.4 minutes"
ADD_UPLOAD = (
    "from capred_portal.models import Document; from django.core.files.base import ContentFile;"
    f"Document.objects.create(title_en='Minutes', file=ContentFile({PDF!r}, 'minutes.pdf'))"
)


class Portal:
    """A portal with a database and a folder of its own, whose tables come straight from the models."""

    def __init__(self, folder: Path, database_url: str) -> None:
        folder.mkdir()
        self.folder = folder
        settings = {"DJANGO_SETTINGS_MODULE": "tests.faults.no_migrations", "DEMO_PASSWORD": "look-at-it-2026"}
        self.env = environment(folder, database_url, ONE_TIME_CODES="0", **settings)

    def manage(self, *arguments: str) -> str:
        return output(manage(*arguments, env=self.env))

    def backup(self) -> Path:
        path = self.folder / "portal.zip"
        self.manage("backup", str(path))
        return path

    def restore(self, path: Path) -> str:
        self.manage("migrate", "--run-syncdb", "--verbosity=0")
        return self.manage("restore", str(path))

    def uploads(self) -> dict[str, bytes]:
        folder = self.folder / "media"
        return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    def shown(self) -> Any:
        done = subprocess.run([sys.executable, "-c", SHOW], cwd=ROOT, env=self.env, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return json.loads(done.stdout)


@pytest.fixture
def postgres(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.config.getoption("--pg"):
        pytest.skip("the run on SQLite crosses between the two")
    with postgres_cluster() as socket_folder:
        yield f"postgres://test@/{socket_folder}/postgres"


def test_portal_moves_to_postgresql_and_back(tmp_path: Path, postgres: str) -> None:
    pilot = Portal(tmp_path / "pilot", f"sqlite:///{tmp_path}/pilot.sqlite3")
    grown = Portal(tmp_path / "grown", postgres)
    back = Portal(tmp_path / "back", f"sqlite:///{tmp_path}/back.sqlite3")
    pilot.manage("migrate", "--run-syncdb", "--verbosity=0")
    pilot.manage("demo", "--no-server")
    pilot.manage("shell", "--no-imports", "-c", ADD_UPLOAD)

    files = [pilot.backup()]
    for portal in (grown, back):
        assert "counts and checksums" in portal.restore(files[-1])
        files.append(portal.backup())

    first, *others = map(manifest_of, files)
    assert len(first["tables"]) > 100
    assert first["tables"]["indicators_observation"]["rows"] > 0
    assert [manifest["engine"].split()[0] for manifest in (first, *others)] == ["sqlite", "postgresql", "sqlite"]
    for manifest in others:
        assert manifest["tables"] == first["tables"]
        assert manifest["files"] == first["files"]
    assert list(pilot.uploads().values()) == [PDF]
    assert pilot.uploads() == grown.uploads() == back.uploads()
    assert_same_shown(pilot.shown(), grown.shown())


def assert_same_shown(here: Any, there: Any) -> None:
    """Compare what two portals show, telling which figures and pages differ."""
    for kind in ("figures", "pages"):
        assert len(here[kind]) > 50
        assert here[kind].keys() == there[kind].keys()
    texts = {**here["figures"], **here["pages"]}
    others = {**there["figures"], **there["pages"]}
    assert not [(name, texts[name], others[name]) for name in texts if texts[name] != others[name]]
