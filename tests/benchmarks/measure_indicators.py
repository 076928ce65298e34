"""Pages of indicators, the review queue and the grid of entry, beside an empty page; a saved cell, beside a form."""

from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any

from django.db import connection, transaction
from django.db.models import Count
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.entry import entries, reports_of
from indicators.models import Indicator, Observation, Period
from programs.models import Program, Theme
from tests.benchmarks.apart import plan, show, timed
from tests.benchmarks.measure import Slow, cost, queries_of, show_plans
from tests.benchmarks.measure_filled import client_of
from tests.benchmarks.urls import FLOOR, FORM_FLOOR

SCORECARD_AIM, INDICATOR_AIM, QUEUE_AIM, CELL_AIM = 6, 4, 4, 4
SCORECARD_QUERIES, CELL_QUERIES = 20, 12
EVERYBODY = ("staff", "verifier", "officer")
REPEAT, SAVES = 15, 40
LAST, BEFORE_LAST = "2026-Q2", "2026-Q1"

Page = tuple[str, tuple[str, ...], dict[str, int]]  # address, roles, aims


def pages() -> dict[str, Page]:
    """Return the address, the roles and the aims of every page to measure, by what it shows."""
    scorecard = {"aim": SCORECARD_AIM, "aim_queries": SCORECARD_QUERIES}
    of_indicator, queue = {"aim": INDICATOR_AIM}, {"aim": QUEUE_AIM}
    most, usual = Indicator.objects.get(code="benchmark-0"), Indicator.objects.get(code="benchmark-2")
    program = busiest()
    grid = f"{reverse('indicators:entry')}?program={program.slug}&period="
    return {
        "scorecard: indicators": ("/indicators/", EVERYBODY, scorecard),
        "scorecard: indicators far behind": ("/indicators/?status=red", EVERYBODY, scorecard),
        "scorecard: indicators of a program": (f"/indicators/?program={program.slug}", EVERYBODY, scorecard),
        "scorecard: strategy": ("/strategy/", EVERYBODY, scorecard),
        "indicator with most values": (most.get_absolute_url(), EVERYBODY, of_indicator),
        "indicator with most values, by year": (f"{most.get_absolute_url()}?years=calendar", EVERYBODY, of_indicator),
        "indicator": (usual.get_absolute_url(), EVERYBODY, of_indicator),
        "review queue": ("/review/", ("verifier", "officer"), queue),
        "drafts": ("/review/?show=mine", ("staff",), queue),
        "entry grid": (grid + LAST, ("staff",), {}),
        "entry grid, signed": (grid + BEFORE_LAST, ("staff",), {}),
    }


def busiest() -> Program:
    """Return the program that reports most indicators."""
    return Program.objects.active().annotate(size=Count("reports")).order_by("-size", "pk")[0]


def run(*, only: str, explain: bool) -> None:
    """Print a line for every page and role, then the saved cell; the statements of the floors come first."""
    slow = Slow()
    with override_settings(ROOT_URLCONF="tests.benchmarks.urls"):
        explain_floors()
        for page, (address, roles, aims) in pages().items():
            if only in page:
                for role in roles:
                    show_page(page, address, role, aims, slow)
        if only in "saved cell":
            show_cell()
    if explain:
        show_plans(slow)


def show_page(page: str, address: str, role: str, aims: dict[str, int], slow: Slow) -> None:
    found = cost(client_of(role), address, REPEAT, page, slow)
    if "aim_queries" in aims and "cold_queries" in found:
        found["queries_is_met"] = found["cold_queries"] <= aims["aim_queries"]
    show(page, role=role, **aims, **found)


def explain_floors() -> None:
    """Print the statements of both floors, and how the database carries them out."""
    client = client_of("staff")
    with transaction.atomic():
        asked = {"page": queries_of(client, FLOOR), "form": statements(lambda: save_theme(client, "x"))}
        transaction.set_rollback(True)
    for floor, queries in asked.items():
        for query in queries:
            sql = query["sql"]
            if sql.startswith(("SELECT", "UPDATE", "INSERT")):
                show(f"floor: statement of the {floor} that shows nothing", sql=sql, plan=plan(sql))


def statements(work: Callable[[], Any]) -> list[dict[str, str]]:
    with CaptureQueriesContext(connection) as queries:
        work()
        return list(queries.captured_queries)


# A saved cell


def save_theme(client: Client, name: str) -> None:
    theme = Theme.objects.order_by("pk").values_list("pk", flat=True)[0]
    answer = client.post(f"{FORM_FLOOR}{theme}/", {"title_en": f"Theme {name}", "title_km": "ប្រធានបទ"})
    assert answer.status_code == 302, answer.status_code


class Cell:
    """A cell of the grid that takes a number, best one that is empty; posted as its page posts it."""

    def __init__(self, client: Client) -> None:
        self.client, self.program = client, busiest()
        period = Period.objects.get(code=LAST)
        rows = entries(reports_of(self.program, period), self.program, period)
        free = [row for row in rows if row.takes_typing and row.indicator.over_places in ("sum", "none")]
        plain = [row for row in free if row.indicator.over_periods != "ratio"]
        row = min(plain, key=lambda row: row.observation is not None)
        self.indicator, self.usual = row.indicator, row.before[0].value if row.before else 500

    def typed(self, step: int) -> dict[str, object]:
        """Return what a person types who has the newest version on the screen."""
        about = {"indicator": self.indicator, "program": self.program, "period__code": LAST, "province": None}
        newest = Observation.objects.open().filter(**about).first()
        typed = {"value": f"{self.usual + step:f}", "state": "value", "note": "As counted"}
        typed["expected"] = f"{newest.pk}.{newest.version}" if newest else ""
        about = {"program": self.program.slug, "period": LAST, "indicator": self.indicator.pk}
        return about | {f"i{self.indicator.pk}-{name}": value for name, value in typed.items()}

    def save(self, typed: dict[str, object]) -> None:
        answer = self.client.post(reverse("indicators:entry"), typed, headers={"HX-Request": "true"})
        assert b"entry-row" in answer.content, answer.status_code
        assert b" wrong" not in answer.content, answer.content.decode()


def show_cell() -> None:
    """Print what a first value and the next states of a draft cost, between posts of the form of one row."""
    client = client_of("staff")
    cell = Cell(client)
    for what in ("first value", "next state of a draft"):
        typed = cell.typed(0)
        asked = count(statements(partial(cell.save, typed)))
        show(f"saved cell, {what}", queries=asked, aim_queries=CELL_QUERIES, queries_is_met=asked <= CELL_QUERIES)
    saved, floors = [], []
    for step in range(1, SAVES):
        saved.append(timed(partial(cell.save, cell.typed(step))) * 1000)
        floors.append(timed(partial(save_theme, client, str(step))) * 1000)
    took, floor = median(saved), median(floors)
    ratio = round(took / floor, 2)
    show("saved cell", aim=CELL_AIM, cell_ms=round(took, 2), floor_ms=round(floor, 2), ratio=ratio)


def count(asked: list[dict[str, str]]) -> int:
    return len([each for each in asked if not each["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))])
