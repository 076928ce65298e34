"""Tasks for the tests of the worker: the process they run in is killed."""

import time
from pathlib import Path

from django_tasks import task


@task()
def nap(diary: str, seconds: float = 0) -> None:
    """Note that it began; sleep, the first time only; note that it ended."""
    path = Path(diary)
    first = not path.exists()
    note(path, "began")
    if first:
        time.sleep(seconds)
    note(path, "ended")


def note(path: Path, word: str) -> None:
    with path.open("a", encoding="ascii") as file:
        file.write(f"{word}\n")
