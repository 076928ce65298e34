"""What the database says in the end, held against what people were told; run inside the portal's own settings."""

import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django_tasks_db.models import DBTaskResult

from capred_portal.loads import token_of
from capred_portal.models import Comment, DataVersion, Load, LoadRow, TaskLease, User
from capred_portal.records import Record
from indicators.models import Indicator, Observation, ProgramIndicator
from programs.models import Action, Attendance, Outcome, Person, Program, Workshop

LOOKS, PAUSE = 1_200, 0.25  # at a queue that must become empty


def prepare(people: int, password: str) -> None:
    """Make people, a program, and an indicator for each of them; print the numbers of the indicators."""
    keyed = User(role="staff")
    keyed.set_password(password)
    names = [f"staff{number}" for number in range(people)]
    User.objects.bulk_create(
        User(username=name, email=f"{name}@example.org", role="staff", full_name_en=name, password=keyed.password)
        for name in names
    )
    program = Program.objects.create(slug="bench", title_en="Bench")
    indicators = [
        Indicator.objects.create(
            code=f"bench-{name}",
            title_en=f"Counted by {name}",
            definition_en="What is counted.",
            level=Indicator.Level.OUTPUT,
            kind=Indicator.Kind.REPORTED,
            unit_en="firms",
            over_periods=Indicator.Rule.SUM,
            over_places=Indicator.Rule.SUM,
            signatures=Indicator.Signatures.BOTH,
        )
        for name in names
    ]
    for indicator in indicators:
        ProgramIndicator.objects.create(program=program, indicator=indicator)
    print(json.dumps([indicator.pk for indicator in indicators]))


def check() -> None:
    """Read what was acknowledged from standard input; print what is stored, and what is wrong with it, as JSON."""
    ledger: list[list[str]] = json.load(sys.stdin)
    told: dict[str, list[tuple[str, ...]]] = {}
    for kind, *said in ledger:
        told.setdefault(kind, []).append(tuple(said))
    problems = [*queue_problems(), *(problem for kind, rows in told.items() for problem in differences(kind, rows))]
    histories: Counter[str] = Counter()
    problems += [*load_problems(told.get("upload", [])), *history_problems(histories), *version_problems(told)]
    counts = {kind: len(rows) for kind, rows in sorted(told.items())}
    print(json.dumps({"told": counts, "history": histories, "problems": problems}))


# What was told and what is there


def differences(kind: str, told: list[tuple[str, ...]]) -> Iterator[str]:
    """Compare what people were told with what is stored: the same, and each of it once."""
    said, there = Counter(told), Counter(STORED[kind]())
    for what, rows in (("lost", said - there), ("stored although nobody was told, or twice", there - said)):
        if rows:
            yield f"{kind}, {what}: {sum(rows.values())}, such as {sorted(rows)[:5]}"


def of_people(model: Any) -> Any:
    """Return the records that people wrote: facts that ship have no author."""
    return model._default_manager.exclude(created_by=None)


def texts(rows: Any, *names: str) -> Iterator[tuple[str, ...]]:
    return (tuple(map(str, row)) for row in rows.values_list(*names))


def cells() -> Iterator[tuple[str, ...]]:
    for indicator, period, value in Observation.history.values_list("indicator", "period__code", "value"):
        yield str(indicator), period, str(int(value))


def edits() -> Iterator[tuple[str, ...]]:
    return texts(Workshop.history.filter(version__gt=1), "id", "summary_en")


def confirmed() -> Iterator[tuple[str, ...]]:
    """Each load once for each time its rows were written."""
    yield from texts(Load.objects.filter(state=Load.State.DONE), "file_name")


STORED: dict[str, Any] = {
    "workshop": lambda: texts(of_people(Workshop), "title_en"),
    "outcome": lambda: texts(of_people(Outcome), "text_en"),
    "action": lambda: texts(of_people(Action), "text_en"),
    "comment": lambda: texts(of_people(Comment), "text"),
    "edit": edits,
    "cell": cells,
    "upload": lambda: texts(Load.objects, "file_name"),
    "confirm": confirmed,
}


# Loads and tasks


def queue_problems() -> Iterator[str]:
    """Wait until the queue is empty; then no task may have failed, and nobody may hold one."""
    unfinished = DBTaskResult.objects.exclude(status__in=["SUCCESSFUL", "FAILED"])
    for _look in range(LOOKS):
        if not unfinished.exists():
            break
        time.sleep(PAUSE)
    else:
        yield f"tasks that never end: {list(unfinished.values_list('task_path', 'status', 'worker_ids'))}"
    for path, error in DBTaskResult.objects.failed().values_list("task_path", "exception_class_path"):
        yield f"a task failed: {path}: {error}"
    if held := TaskLease.objects.count():
        yield f"{held} leases of tasks that have ended"


def load_problems(told: list[tuple[str, ...]]) -> Iterator[str]:
    """Every load must be done, with three new rows of the list of people and no other."""
    wanted = {"new": 3, "changed": 0, "unchanged": 0, "uncertain": 0, "wrong": 0}
    rows = Counter(LoadRow.objects.values_list("load", flat=True))
    people = Counter(Attendance.objects.active().values_list("creation_token", flat=True))
    for load in Load.objects.all():
        counts = {code: load.counts.get(code, 0) for code in wanted}
        found = (load.state, counts, rows[load.pk], people[token_of(load)])
        if found != (Load.State.DONE, wanted, 3, 3):
            yield f"load {load.pk} of {load.file_name}: {found}"
    for model in (Attendance, Person):
        if (count := of_people(model).count()) != 3 * len(told):
            yield f"{model.__name__}: {count} rows instead of {3 * len(told)}"


# History


def written() -> Iterable[Any]:
    """Yield every kind of record that people write."""
    return (model for model in apps.get_models() if issubclass(model, Record))


def history_problems(counted: Counter[str]) -> Iterator[str]:
    """Every version of every record must have one row of history; a loaded record's first version is its load."""
    loaded = {token_of(load) for load in Load.objects.all()}
    for model in written():
        versions: dict[Any, list[int]] = {}
        for pk, version in model.history.order_by("history_id").values_list("id", "version"):
            versions.setdefault(pk, []).append(version)
        for pk, version, token in of_people(model).values_list("pk", "version", "creation_token"):
            first = 2 if token in loaded else 1
            counted["changes"] += version + 1 - first
            counted["rows"] += len(versions.get(pk, []))
            if versions.get(pk, []) != [*range(first, version + 1)]:
                yield f"{model.__name__} {pk}: version {version}, history {versions.get(pk)}"
        if strangers := versions.keys() - set(model._default_manager.values_list("pk", flat=True)):
            yield f"{model.__name__}: history of records that are not there: {sorted(strangers)[:5]}"


def version_problems(told: dict[str, list[tuple[str, ...]]]) -> Iterator[str]:
    """Cached pages are keyed by a count that every write must raise, at least once for each that was told."""
    wrote = {
        "programs": "workshop outcome action comment edit confirm",
        "indicators": "cell",
        "capred_portal": "comment",
    }
    counters = dict(DataVersion.objects.values_list("app", "number"))
    for app, kinds in wrote.items():
        least = sum(len(told.get(kind, [])) for kind in kinds.split())
        if counters.get(app, 0) < least:
            yield f"data version of {app}: {counters.get(app, 0)} after {least} writes"
