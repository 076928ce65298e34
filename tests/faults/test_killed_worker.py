"""A worker killed at any moment of a load leaves the old register or the new one, and the next worker ends the work."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from threading import Event

import pytest
from django.db import connections
from django_tasks_db.models import DBTaskResult

from capred_portal import loads, spreadsheets
from capred_portal.facts import write_facts
from capred_portal.models import Load, LoadRow
from enterprises.models import Enterprise
from tests.factories import make_user
from tests.register_factories import make_enterprise
from tests.workers import wait_for, worker_processes

pytestmark = pytest.mark.django_db(transaction=True)

State, Outcome = Load.State, LoadRow.Outcome
HEADER = ["Registration number", "Name (Latin)", "Name (Khmer)", "ISIC class", "Province", "Phone"]
PROVINCES = ("02", "05", "12", "18")
FIRST_FIRMS = 6_000
CHANGED, SAME, NEW, WRONG = 4_000, 500, 2_000, 100  # rows of each further file
MOMENTS = 10


@pytest.fixture(autouse=True)
def _queue_in_the_database(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture(autouse=True)
def _facts(db):
    write_facts()


@pytest.fixture
def start_worker():
    with worker_processes() as start:
        yield start


# The register


@dataclass
class Edition:
    """A file and what the register must be after it: number -> name, province, phone, version."""

    content: bytes
    counts: dict
    after: dict


def first_edition():
    """Return a file of new firms, and the register it makes."""
    firms = {f"{number:08}": (f"Rice Mill {number}", PROVINCES[number % 4], "", 1) for number in range(FIRST_FIRMS)}
    return Edition(file_of(firms, [*firms]), {Outcome.NEW: FIRST_FIRMS}, firms)


def next_edition(before, chance):
    """Return a file that changes some firms, repeats some, adds some, and has wrong rows in between."""
    known = chance.sample(sorted(before), CHANGED + SAME)
    changed, first = known[:CHANGED], len(before)
    after = dict(before)
    for number in changed:
        name, _province, _phone, version = before[number]
        after[number] = (
            name + " II",
            chance.choice(PROVINCES),
            f"+855{chance.randrange(12000000, 13000000)}",
            version + 1,
        )
    new = [f"{number:08}" for number in range(first, first + NEW)]
    after |= {number: (f"Brick Works {number}", chance.choice(PROVINCES), "", 1) for number in new}
    wrong = {f"W{number}": ("Wrong", "99", "", 1) for number in range(WRONG)}
    lines = [*known, *new, *wrong]
    chance.shuffle(lines)
    counts = {Outcome.CHANGED: CHANGED, Outcome.UNCHANGED: SAME, Outcome.NEW: NEW, Outcome.WRONG: WRONG}
    return Edition(file_of(after | wrong, lines), counts, after)


def file_of(firms, lines):
    rows = ([number, firms[number][0], "", "1061", firms[number][1], firms[number][2]] for number in lines)
    return spreadsheets.write_csv(HEADER, rows)


def register():
    """Return every active firm as it is now."""
    told = ("registration_number", "name_en", "province_id", "phone", "version")
    firms = list(Enterprise.objects.active().exclude(registration_number="").values_list(*told))
    found = {number: tuple(values) for number, *values in firms}
    assert len(found) == len(firms), "a firm is there twice"
    return found


# Loads and tasks


def receive(edition, by):
    kind = loads.REGISTRY["enterprises"]
    return loads.receive(kind=kind, content=edition.content, file_name="firms.csv", scope={}, by=by)


def newest_task():
    return DBTaskResult.objects.order_by("-enqueued_at").values_list("pk", flat=True)[0]


def attempts(task):
    return len(DBTaskResult.objects.values_list("worker_ids", flat=True).get(pk=task))


def has_begun(task, earlier):
    """Tell whether a worker has taken the task up after those before, or the last of those ended it when killed."""
    return attempts(task) > earlier or has_ended(task)()


def seconds(task):
    """Return how long a task took that nobody disturbed."""
    ended = DBTaskResult.objects.get(pk=task)
    assert ended.finished_at is not None
    assert ended.started_at is not None
    return (ended.finished_at - ended.started_at).total_seconds()


def has_ended(task):
    return lambda: DBTaskResult.objects.filter(pk=task, status__in=["SUCCESSFUL", "FAILED"]).exists()


def assert_written_once(load, edition):
    """One row per line, one history row per changed firm, and the register of the file."""
    load.refresh_from_db()
    assert (load.state, load.problem) == (State.DONE, "")
    assert register() == edition.after
    for outcome in Outcome:
        wanted = edition.counts.get(outcome, 0)
        assert (load.counts[outcome], load.rows.filter(outcome=outcome).count()) == (wanted, wanted)
    assert load.rows_total == load.rows_done == sum(edition.counts.values())
    history = Enterprise.history.filter(history_change_reason=f"load {load.pk}").values_list("registration_number")
    assert len(history) == len({*history}) == edition.counts.get(Outcome.CHANGED, 0)


class Killer:
    """Starts workers, and kills them at random moments of their tasks."""

    def __init__(self, start_worker, chance):
        self.start_worker = start_worker
        self.chance = chance
        self.killed = 0
        self.worker = start_worker()

    def kill_within(self, task, length, *allowed):
        """Kill the worker up to three times while it works on the task; the register must then be one of those allowed.

        A worker that was quicker than the moment drawn lives on.
        """
        for tried in range(min(3, MOMENTS - self.killed)):
            wait_for(partial(has_begun, task, tried), self.worker)
            time.sleep(self.chance.uniform(0, length))
            if has_ended(task)():
                return
            self.worker.kill()
            self.worker.wait()
            self.killed += 1
            assert register() in allowed
            self.worker = self.start_worker()


class Somebody:
    """Saves one firm again and again, in a thread, while loads go on."""

    def __init__(self, by):
        self.by = by
        self.firm = make_enterprise(name_en="A firm somebody works on")
        self.stopping = Event()
        self.longest = 0.0

    def save_on(self):
        try:
            while not self.stopping.wait(0.1):
                began = time.monotonic()
                self.firm.save_version(by=self.by, expected=self.firm.version)
                self.longest = max(self.longest, time.monotonic() - began)
        finally:
            connections.close_all()

    def __enter__(self):
        self.pool = ThreadPoolExecutor(1)
        self.saving = self.pool.submit(self.save_on)
        return self

    def __exit__(self, *_error):
        self.stopping.set()
        self.saving.result()
        self.pool.shutdown()


# Tests


def load_undisturbed(edition, by):
    """Load an edition; return how long its check and its writing took."""
    load = receive(edition, by)
    check = newest_task()
    wait_for(has_ended(check))
    assert loads.confirm(load)
    writing = newest_task()
    wait_for(has_ended(writing))
    assert_written_once(load, edition)
    return seconds(check), seconds(writing)


def load_killed(edition, before, by, killer, lengths):
    """Load an edition by workers that are killed in its check and while it is written."""
    load = receive(edition, by)
    check = newest_task()
    killer.kill_within(check, lengths[0], before)
    wait_for(has_ended(check), killer.worker)
    load.refresh_from_db()
    assert (load.state, register()) == (State.CHECKED, before)
    assert loads.confirm(load)
    writing = newest_task()
    killer.kill_within(writing, lengths[1], before, edition.after)
    wait_for(has_ended(writing), killer.worker)
    assert_written_once(load, edition)


def test_a_worker_killed_at_ten_random_moments_leaves_the_old_or_the_new_register(start_worker):
    """Meanwhile somebody else saves, and no save fails."""
    by, chance = make_user(), random.Random(20240814)
    first = first_edition()
    killer = Killer(start_worker, chance)
    load_undisturbed(first, by)
    edition = next_edition(first.after, chance)
    lengths = load_undisturbed(edition, by)

    with Somebody(by) as somebody:
        while killer.killed < MOMENTS:
            before, edition = edition.after, next_edition(edition.after, chance)
            load_killed(edition, before, by, killer, lengths)

    somebody.firm.refresh_from_db()
    assert somebody.firm.version > MOMENTS
    assert somebody.firm.history.count() == somebody.firm.version


def test_a_worker_killed_while_it_undoes_a_load_leaves_the_register_before_or_after(start_worker, monkeypatch):
    monkeypatch.setattr(loads, "UNDO_AT_ONCE", 0)
    by, chance = make_user(), random.Random(3)
    first = first_edition()
    killer = Killer(start_worker, chance)
    load_undisturbed(first, by)
    edition = next_edition(first.after, chance)
    _checking, length = load_undisturbed(edition, by)
    load = Load.objects.latest("pk")
    undone = {
        number: (*firm[:-1], firm[-1] if edition.after[number] == firm else firm[-1] + 2)
        for number, firm in first.after.items()
    }

    assert loads.undo_later(load, by=by)
    killer.kill_within(newest_task(), length, edition.after, undone)
    wait_for(has_ended(newest_task()), killer.worker)

    load.refresh_from_db()
    assert load.state == State.UNDONE
    assert register() == undone
    assert Enterprise.objects.exclude(archived_at=None).count() == NEW
    assert Enterprise.history.exclude(history_change_reason="").count() == 2 * CHANGED + NEW
