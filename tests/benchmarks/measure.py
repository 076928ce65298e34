"""Ask for every page, cold and warm, beside the floor; count queries and bytes; explain the slowest queries."""

import gzip
import json
import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import Count
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from capred_portal.models import User
from capred_portal.records import DataVersion
from programs.models import Action, Framework, Goal, Outcome, Program, Workshop
from tests.benchmarks.build import build
from tests.benchmarks.urls import FLOOR

KEEPERS = ("staff",)
COLD_RUNS, EXPLAINED = 3, 8
BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass
class Slow:
    """The slowest queries seen, with the page that asked."""

    queries: list[tuple[float, str, str]] = field(default_factory=list)

    def note(self, page: str, queries: Any) -> None:
        found = ((float(query["time"]), page, query["sql"]) for query in queries)
        self.queries = sorted({*self.queries, *found}, reverse=True)[:60]


def fill(scale: float) -> dict[str, int]:
    """Build the rows unless they are there."""
    return {} if User.objects.filter(username="staff0").exists() else build(scale)


def biggest(model: Any, many: str) -> Any:
    """Return the row on which most rows of another kind hang."""
    return model.objects.active().annotate(size=Count(many)).order_by("-size", "pk").first()


def pages() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return name -> address and roles of every page to measure."""
    both = ("officer", "staff")
    framework = Framework.objects.order_by("order", "code")[0]
    servable = Goal.objects.servable().select_related("framework").filter(framework=framework)
    goal = servable.annotate(size=Count("outcomes")).order_by("-size")[0]
    program, workshop = biggest(Program, "workshops"), biggest(Workshop, "attendances")
    outcome, action = Outcome.objects.active()[0], Action.objects.active()[0]
    here = f"/workshops/{workshop.pk}/"
    addresses = {
        "overview": "/",
        "strategy": "/strategy/",
        "framework": framework.get_absolute_url(),
        "goal": goal.get_absolute_url(),
        "coverage": "/strategy/coverage/",
        "workshops": "/workshops/",
        "workshops by program, province": f"/workshops/?program={program.slug}&province=12",
        "workshops by goal": f"/workshops/?goal={goal.pk}",
        "workshops by English word": "/workshops/?q=standards",
        "workshops by Khmer words": "/workshops/?q=ស្តង់ដា+អាហារ",
        "workshops page 100": "/workshops/?page=100",
        "outcomes": "/outcomes/",
        "outcomes filtered": f"/outcomes/?kind=tool&goal={goal.pk}&q=laboratory",
        "actions board": "/actions/",
        "actions table": "/actions/?view=table",
        "actions by goal": f"/actions/?view=table&goal={goal.pk}",
        "questions": "/questions/",
        "programs": "/programs/",
        "support": "/programs/support/",
        "program": program.get_absolute_url(),
        "program figures": f"{program.get_absolute_url()}figures/",
        "workshop": here,
        "attendance": f"{here}attendance/",
        "outcome": outcome.get_absolute_url(),
        "action": f"/actions/{action.pk}/",
        "figure": "/figures/workshops-held/?by=province",
        "figure unique people": "/figures/unique-people/?by=sex",
    }
    found: dict[str, tuple[str, tuple[str, ...]]] = {name: (address, both) for name, address in addresses.items()}
    found["people"] = ("/people/", KEEPERS)
    found["people by name"] = ("/people/?q=dara", KEEPERS)
    found["attendances"] = ("/people/attendances/", KEEPERS)
    return found


def run(*, only: str, repeat: int, explain: bool) -> None:
    """Print a line for every page and role, then the weight of the first view."""
    slow = Slow()
    with override_settings(ROOT_URLCONF="tests.benchmarks.urls"):
        clients = {role: Client() for role in ("officer", "staff")}
        for role, client in clients.items():
            client.force_login(User.objects.get(username=f"{role}0"), BACKEND)
        for page, (address, roles) in pages().items():
            if only in page:
                for role in roles:
                    found = cost(clients[role], address, repeat, page, slow)
                    line = {"database": connection.vendor, "page": page, "role": role, **found}
                    print(json.dumps(line), flush=True)
        if only in "first view":
            print(json.dumps({"database": connection.vendor, "page": "first view", **weight(clients["officer"])}))
    if explain:
        show_plans(slow)


def cost(client: Client, address: str, repeat: int, page: str, slow: Slow) -> dict[str, Any]:
    """Measure one page cold (the data have just changed) and warm, and the floor between its warm runs."""
    try:
        response = client.get(address)
    except Exception as error:  # a page under construction must not hide the others
        return {"failed": repr(error)[:200]}
    if response.status_code != 200:
        return {"failed": response.status_code}
    forget()
    cold_queries, warm_queries = queries_of(client, address), queries_of(client, address)
    slow.note(page, cold_queries)
    cold = median(milliseconds(client, address, forgotten=True) for _ in range(COLD_RUNS))
    for _ in range(3):
        milliseconds(client, address), milliseconds(client, FLOOR)
    pairs = [(milliseconds(client, address), milliseconds(client, FLOOR)) for _ in range(repeat)]
    warm, floor = (median(column) for column in zip(*pairs, strict=True))
    return {
        "cold_ms": round(cold, 1),
        "warm_ms": round(warm, 2),
        "floor_ms": round(floor, 2),
        "cold_ratio": round(cold / floor, 1),
        "warm_ratio": round(warm / floor, 2),
        "cold_queries": len(cold_queries),
        "warm_queries": len(warm_queries),
        "bytes": len(response.content),
    }


def queries_of(client: Client, address: str) -> list[dict[str, str]]:
    """Return the queries of one request; the next request would forget them."""
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
        return list(queries.captured_queries)


def forget() -> None:
    """Empty the cache and change the data, as the first reader after a save meets them."""
    cache.clear()
    DataVersion.raise_for("programs")


def milliseconds(client: Client, address: str, *, forgotten: bool = False) -> float:
    """Return how long the page takes, in process."""
    if forgotten:
        forget()
    start = time.perf_counter()
    client.get(address)
    return (time.perf_counter() - start) * 1000


def weight(client: Client) -> dict[str, int]:
    """Return what a first view of the overview sends before fonts: the page, and its assets as compressed on disk."""
    html = client.get("/").content
    sizes = {"html": len(html), "html_gzip": len(gzip.compress(html, 6))}
    links = re.findall(rb'(?:href|src)="/static/([^"]+\.(?:css|js|svg))"', html)
    for path in sorted({Path(settings.STATIC_ROOT) / link.decode() for link in links}):
        versions = (path.with_name(path.name + ending) for ending in ("", ".br"))
        sizes[path.name] = min(version.stat().st_size for version in versions if version.exists())
    assets = sum(size for name, size in sizes.items() if not name.startswith("html"))
    return {**sizes, "sum": assets + sizes["html"], "sum_behind_compressing_proxy": assets + sizes["html_gzip"]}


def show_plans(slow: Slow) -> None:
    """Print the slowest statements, each once, with the way the database carries them out."""
    seen: set[str] = set()
    for seconds, page, sql in slow.queries:
        if sql not in seen and len(seen) < EXPLAINED and sql.startswith("SELECT"):
            seen.add(sql)
            how = "EXPLAIN (ANALYZE, BUFFERS)" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
            with connection.cursor() as cursor:
                cursor.execute(f"{how} {sql}".replace("%", "%%"), [])
                plan = "\n".join(" ".join(str(part) for part in row) for row in cursor.fetchall())
            print(f"\n-- {page}: {seconds * 1000:.0f} ms\n{sql}\n{plan}")
