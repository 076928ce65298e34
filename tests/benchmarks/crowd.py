"""A crowd of people with time to think, beside one person alone: no error, and how much slower a page gets.

    python -m tests.benchmarks.crowd [--people 100] [--minutes 10] [--think 3 8] [--sqlite]

Runs the portal as it is deployed, with demonstration rows. Prints one line of JSON: what was asked, every answer that
was no page, and the 95th percentile of the crowd as a ratio to that of one person. Not run by CI.
"""

import argparse
import json
import random
import sys
import threading
import time
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any

from tests.faults.bench import Portal, running
from tests.faults.clients import PASSWORD, Browser, Refused, Seen, expect, insist

ROLES = ("staff", "verifier", "officer")  # everybody of a role shares a session: to sign in is no page
ALONE = 3  # rounds through all pages that one person makes before the crowd comes, and after it has gone
PAGES = (
    "/",
    "/strategy/",
    "/workshops/",
    "/workshops/?q=standards",
    "/workshops/1/",
    "/outcomes/",
    "/outcomes/?kind=tool",
    "/actions/",
    "/actions/?view=table",
    "/programs/",
    "/enterprises/",
    "/clusters/",
    "/indicators/",
    "/import-dependency/",
    "/backward-linkages/",
    "/inclusion/",
    "/competitiveness/",
    "/questions/",
    "/rounds/",
    "/review/",
)


@dataclass
class Times:
    """How long answers took, and what was no page."""

    seconds: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    lock: Any = field(default_factory=threading.Lock)

    def ask(self, browser: Browser, address: str) -> None:
        start = time.perf_counter()
        answer = browser.get(address)
        took = time.perf_counter() - start
        with self.lock:
            self.seconds.append(took)
            if answer is None or answer.status != 200:
                self.wrong.append(f"{address}: {answer.status if answer else 'no answer'}")

    def told(self) -> dict[str, Any]:
        cuts = quantiles(self.seconds, n=20)
        figures = {"median": cuts[9], "p95": cuts[18], "most": max(self.seconds)}
        return {"requests": len(self.seconds), **{name: round(value, 3) for name, value in figures.items()}}


def signed_in(portal: Portal, role: str) -> Browser:
    browser = Browser(portal.port, Seen())
    insist(lambda: browser.get("/accounts/login/"))
    fields = {"username": [role], "password": [PASSWORD]}
    if expect(insist(lambda: browser.post("/accounts/login/", fields)), 302).address.startswith("/accounts/"):
        raise Refused(f"{role} is not signed in")
    return browser


def visit(browser: Browser, times: Times, chance: random.Random, until: float, think: tuple[float, float]) -> None:
    """Open a page, think, open the next, until it is time to go."""
    time.sleep(chance.uniform(0, think[1]))
    while time.monotonic() < until:
        times.ask(browser, chance.choice(PAGES))
        time.sleep(chance.uniform(*think))


def go_round(browsers: list[Browser], times: Times) -> None:
    """Open every page as every role, one after the other."""
    for browser in browsers:
        for address in PAGES:
            times.ask(browser, address)


def measure(portal: Portal, people: int, minutes: float, think: tuple[float, float]) -> dict[str, Any]:
    browsers = [signed_in(portal, role) for role in ROLES]
    alone, crowd, warm = Times(), Times(), Times()
    go_round(browsers, warm)
    for _turn in range(ALONE):
        go_round(browsers, alone)
    everybody = [browsers[number % len(browsers)] for number in range(people)]
    until = time.monotonic() + 60 * minutes
    crowds = [
        threading.Thread(target=visit, args=[browser, crowd, random.Random(number), until, think], daemon=True)
        for number, browser in enumerate(everybody)
    ]
    for one in crowds:
        one.start()
    for one in crowds:
        one.join()
    for _turn in range(ALONE):
        go_round(browsers, alone)
    figures = {"alone": alone.told(), "crowd": crowd.told()}
    wrong = [*warm.wrong, *alone.wrong, *crowd.wrong]
    ratio = round(figures["crowd"]["p95"] / figures["alone"]["p95"], 2)
    return {"people": people, "minutes": minutes, **figures, "p95_ratio": ratio, "wrong": wrong}


def main() -> int:
    parser = argparse.ArgumentParser(description="Let a crowd look at the portal.")
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--think", type=float, nargs=2, default=(3, 8), help="seconds between two pages")
    parser.add_argument("--sqlite", action="store_true", help="SQLite instead of a private PostgreSQL")
    options = parser.parse_args()

    def demo(portal: Portal) -> None:
        portal.manage("demo", "--no-server", DJANGO_SETTINGS_MODULE="tests.faults.no_migrations")

    with running(postgres=not options.sqlite, ready=demo, DEMO_PASSWORD=PASSWORD) as portal:
        found = measure(portal, options.people, options.minutes, tuple(options.think))
        print(json.dumps({"database": "sqlite" if options.sqlite else "postgresql", **found}))
    return 1 if found["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
