"""The short form of the fault bench: people write while the database and workers are killed, and the books agree."""

import json

from tests.faults.kills import run


def test_what_was_acknowledged_is_stored_once(request):
    """PostgreSQL is killed twice where the tests run on it; workers are killed twice on both databases."""
    postgres = bool(request.config.getoption("--pg"))

    seen = run(postgres=postgres, writes=300, people=8, database_kills=2 * postgres, worker_kills=2)

    assert not seen["problems"], json.dumps(seen, indent=1, ensure_ascii=False).replace("\\n", "\n")
    assert seen["acknowledged"] >= 300
    assert seen["history"]["rows"] == seen["history"]["changes"]
