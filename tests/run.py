"""The test command: every check as a stage, each timed, all run even when one fails."""

import argparse
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.machine import IN_CI, NO_CHROMIUM, NO_POSTGRES, find_chromium, find_postgres

BIN = Path(sys.executable).parent
APPS = ("capred_portal", "enterprises", "programs", "indicators")
CODE = (*APPS, "tests", "manage.py")
COVER = ("--cov", "--cov-report=")
STORIES = (
    "tests/browser/test_story.py",
    "tests/browser/test_round_story.py",
    "tests/browser/test_input_story.py",
    "tests/browser/test_sign_in.py",
    "tests/browser/test_check_in_story.py",
)
# Looks at the code, or works in a copy of its own with no database of ours: once is enough.
ONCE = (
    "--ignore=tests/test_conventions.py",
    *(f"--deselect=tests/test_deployment.py::test_{name}" for name in ("dockerfile", "a_start", "shipped", "example")),
)


@dataclass
class Stage:
    """One check: its name, its command, and why it cannot run on this machine, if so."""

    name: str
    command: tuple[str, ...]
    missing: str = ""
    fast: bool = True
    result: str = "not run"
    seconds: float = 0.0

    def run(self) -> None:
        """Run the command where it can run and keep its outcome and duration."""
        print(f"\n== {self.name}", flush=True)
        if self.missing:
            self.result = f"skipped: because {self.missing}"
            print(self.result + (", and CI=true allows no skips" if IN_CI else ""))
            return
        program, *arguments = self.command
        started = time.monotonic()
        command = [str(BIN / program), *arguments]
        code = subprocess.run(command, check=False, stdin=subprocess.DEVNULL).returncode
        self.seconds = time.monotonic() - started
        self.result = "passed" if code == 0 else f"FAILED ({code})"
        print(f"-- {self.name}: {self.result} in {self.seconds:.1f} s", flush=True)

    @property
    def is_good(self) -> bool:
        """Passed, or skipped where skipping is allowed."""
        return self.result == "passed" or (bool(self.missing) and not IN_CI)


def stages() -> list[Stage]:
    """Return every stage in order, cheap ones first."""
    manage = ("python", "manage.py")
    processes = str(min(4, max(2, os.cpu_count() or 2)))
    pytest = ("python", "-m", "pytest", "-q", "-n", processes)
    suite = (*pytest, "--dist", "loadfile", "--no-loadscope-reorder", "--ignore=tests/browser")
    browser = (*pytest, "--dist", "worksteal")
    postgres = "" if find_postgres() else NO_POSTGRES
    chromium = "" if find_chromium() else NO_CHROMIUM
    return [
        Stage("format", ("ruff", "format", "--check", ".")),
        Stage("lint", ("ruff", "check", ".")),
        Stage("types", ("mypy",)),
        Stage("layers", ("lint-imports",)),
        Stage("templates", ("djlint", "templates", "--lint", "--quiet")),
        Stage("assets", (*manage, "build_assets")),
        Stage("migrations", (*manage, "makemigrations", "--check", "--dry-run")),
        Stage("system check", (*manage, "check", "--fail-level", "WARNING")),
        # Measuring costs as much as two thirds of the tests themselves: once, on the database where they take less.
        Stage("tests on SQLite", (*suite, *COVER)),
        Stage("tests on PostgreSQL", (*suite, *ONCE, "--pg", "--migrations"), missing=postgres, fast=False),
        Stage("browser on SQLite", (*browser, "tests/browser"), missing=chromium, fast=False),
        # The stories write; the other browser tests look at HTML, which is the same on both databases.
        Stage("stories on PostgreSQL", (*browser, *STORIES, "--pg"), missing=chromium or postgres, fast=False),
        Stage("coverage", ("coverage", "report", "--skip-covered")),
    ]


def summary(done: list[Stage]) -> str:
    """Return one line per stage with its duration, and the total."""
    lines = [f"{stage.name:<24}{stage.seconds:>8.1f} s  {stage.result}" for stage in done]
    return "\n".join([*lines, f"{'total':<24}{sum(stage.seconds for stage in done):>8.1f} s"])


def main() -> int:
    parser = argparse.ArgumentParser(prog="./portal test", description="Run every check of the portal.")
    parser.add_argument("--fast", action="store_true", help="SQLite only, without the browser")
    fast = parser.parse_args().fast
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    Path(".coverage").unlink(missing_ok=True)
    done = [stage for stage in stages() if stage.fast or not fast]
    for stage in done:
        stage.run()
    print(f"\n{summary(done)}")
    bad = [stage.name for stage in done if not stage.is_good]
    print(f"\nFAILED: {', '.join(bad)}" if bad else "\nAll good.")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
