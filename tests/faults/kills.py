"""People write through gunicorn while databases and workers are killed; in the end the books must agree.

    python -m tests.faults.kills [--writes 10000] [--people 16] [--database-kills 5] [--worker-kills 10] [--sqlite]

Prints what was seen as JSON, and ends with 1 when something was lost, doubled or stuck. The tests run a short form.
"""

import argparse
import json
import random
import sys
import threading
import time
from typing import Any

from tests.faults.bench import Portal, running
from tests.faults.clients import PASSWORD, Browser, Ledger, Person, Seen

PAUSE = 0.05  # seconds between two looks at how far people are


class Killer(threading.Thread):
    """Kills at moments that are told by how much was acknowledged, never by the clock."""

    def __init__(self, portal: Portal, ledger: Ledger, moments: list[tuple[int, str]]) -> None:
        super().__init__(name="killer", daemon=True)
        self.portal, self.ledger, self.moments = portal, ledger, moments
        self.done: list[str] = []
        self.stopping = threading.Event()

    def run(self) -> None:
        chance = random.Random(4711)
        for moment, what in self.moments:
            while len(self.ledger.rows) < moment:
                if self.stopping.wait(PAUSE):
                    return
            killed = self.portal.database.kill(chance) if what == "database" else self.portal.kill_workers(chance)
            self.done.append(f"{killed} after {len(self.ledger.rows)}")
            print(self.done[-1], file=sys.stderr, flush=True)


def moments(writes: int, database_kills: int, worker_kills: int) -> list[tuple[int, str]]:
    """Spread the kills evenly over the writes."""
    both = (("database", database_kills), ("worker", worker_kills))
    return sorted((round(writes * (turn + 0.6) / (kills + 0.5)), what) for what, kills in both for turn in range(kills))


def run(*, postgres: bool, writes: int, people: int, database_kills: int, worker_kills: int) -> dict[str, Any]:
    """Return what was seen; `problems` must be empty."""
    told: list[str] = []

    def ready(portal: Portal) -> None:
        told.append(ask(portal, f"prepare({people}, {PASSWORD!r})"))

    with running(postgres=postgres, ready=ready) as portal:
        ledger, seen, indicators = Ledger(), Seen(), json.loads(told[0])
        shares = [writes // people + (number < writes % people) for number in range(people)]
        staff = [
            Person(number, share, browser=Browser(portal.port, seen), ledger=ledger, indicators=indicators)
            for number, share in enumerate(shares)
        ]
        killer = Killer(portal, ledger, moments(writes, database_kills, worker_kills))
        started = time.monotonic()
        for thread in (*staff, killer):
            thread.start()
        for person in staff:
            person.join()
        seconds = round(time.monotonic() - started)
        killer.stopping.set()
        killer.join()
        found: dict[str, Any] = json.loads(ask(portal, "check()", said=json.dumps(ledger.rows)))
        found["problems"] += ledger.problems
        found["problems"] += error_problems(seen)
        if len(killer.done) != database_kills + worker_kills:
            found["problems"].append(f"killed too little: {killer.done}")
        found |= {"acknowledged": len(ledger.rows), "seconds": seconds, "killed": killer.done}
        found |= {"restarts": portal.restarts, "statuses": seen.statuses, "without an answer": seen.silences}
        found["logs"] = portal.told() if found["problems"] else ""
    return found


def ask(portal: Portal, call: str, said: str = "") -> str:
    """Run a function of tests.faults.stored in the portal's own settings; return what it printed."""
    return portal.manage("shell", "--no-imports", "-c", f"from tests.faults import stored; stored.{call}", said=said)


def error_problems(seen: Seen) -> list[str]:
    """A portal whose database is away says so (503); an error page (500) says that nobody thought of it."""
    return [f"error pages: {len(seen.errors)}, such as {seen.errors[:3]}"] if seen.errors else []


def main() -> int:
    parser = argparse.ArgumentParser(description="Write while databases and workers are killed.")
    parser.add_argument("--writes", type=int, default=10_000)
    parser.add_argument("--people", type=int, default=16)
    parser.add_argument("--database-kills", type=int, default=5)
    parser.add_argument("--worker-kills", type=int, default=10)
    parser.add_argument("--sqlite", action="store_true", help="SQLite, which has no server to kill")
    options = vars(parser.parse_args())
    postgres = not options.pop("sqlite")
    options["database_kills"] *= postgres
    found = run(postgres=postgres, **options)
    print(json.dumps(found, indent=1, ensure_ascii=False).replace("\\n", "\n"))
    return 1 if found["problems"] else 0


if __name__ == "__main__":
    sys.exit(main())
