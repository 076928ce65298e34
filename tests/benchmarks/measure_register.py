"""Loads, pages and exports of the register beside raw writes, a page that shows nothing, and the bare query."""

import json
import multiprocessing
import resource
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.test import Client, override_settings

from capred_portal import loads
from capred_portal.bulk import bulk_load, defaults
from capred_portal.facts import write_facts
from capred_portal.load_tables import as_row
from capred_portal.models import Load, User
from enterprises.loaders.enterprises import EnterpriseTable
from enterprises.models import Completeness, District, Enterprise, Province, Sector
from tests.benchmarks.bulk import finish
from tests.benchmarks.firms import HEADER, Firms, changed, write_file
from tests.benchmarks.measure import BACKEND, Slow, cost

KIND = "enterprises"
PEER_ROWS = 100_000
PAGES = {
    "list": "/enterprises/",
    "three filters": "/enterprises/?province=12&sector=C&legal_form=sole",
    "rare word": "/enterprises/?q=kravanh",
    "common word": "/enterprises/?q=rice",
    "Khmer word": "/enterprises/?q=ក្រវាញ",
    "by sound": "/enterprises/?sound=Sok+Dara",
    "figures": "/enterprises/figures/",
    "where clusters could grow": "/clusters/where/",
    "clusters": "/clusters/",
    "links": "/links/",
    "quality": "/quality/",
}


def show(figure: str, **values: Any) -> None:
    print(json.dumps({"database": connection.vendor, "figure": figure, **values}), flush=True)


def run(folder: str, count: int, unnumbered: int, *, only: str) -> None:
    """Measure what was asked for; the pages and the export need the loaded rows."""
    write_facts()
    by = User.objects.create_user("staff0", "", "a-long-enough-password", role="staff")
    User.objects.create_user("officer0", "", "a-long-enough-password", role="officer")
    firms = Firms(count, unnumbered)
    numbered = write_file(Path(folder) / "numbered.csv", firms.numbered)
    if only == "peer":
        import_export_peer(folder, by)
        return
    floor = raw_write(numbered)
    measure_loads(folder, firms, numbered, by, floor)
    if only in ("", "pages"):
        measure_pages()
    if only in ("", "export"):
        measure_export()


# Loads


def timed(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def loaded(path: Path, by: User) -> tuple[float, float, Load]:
    """Take a file through every step; return the seconds of checking and writing, and the load."""
    kind = loads.REGISTRY[KIND]
    with path.open("rb") as file:
        load = loads.receive(kind=kind, content=file, file_name=path.name, scope={}, by=by, enqueue=False)
    check = timed(lambda: loads.check_load.func(load.pk))
    Load.objects.filter(pk=load.pk, state=Load.State.CHECKED).update(state=Load.State.CONFIRMED)
    write = timed(lambda: loads.apply_load.func(load.pk))
    load.refresh_from_db()
    assert load.state == Load.State.DONE, (load.state, load.problem)
    return check, write, load


def ready_rows(path: Path) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a file as the table takes them, worked out before the clock runs."""
    kind, table = loads.REGISTRY[KIND], EnterpriseTable()
    with path.open("rb") as file:
        opened = loads.open_rows(kind, file, path.name)
        mapping = loads.propose_mapping(kind, opened.header)
        for line in loads.read_lines(kind, opened, mapping):
            values = table.complete(loads.stored(line.values))
            yield (str(line.number), *as_row(table, values))


def raw_write(path: Path) -> float:
    """Return how long the same rows take as one raw write into the same empty, indexed table; take them out again.

    It runs in a process of its own, so that its rows do not count as memory of the load.
    """
    connection.close()
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("fork")) as apart:
        seconds, rows = apart.submit(write_raw, path).result()
    show("floor: raw write", rows=rows, seconds=round(seconds, 1))
    finish([Enterprise])
    return seconds


def write_raw(path: Path) -> tuple[float, int]:
    """Write the rows, show how, and delete them; return seconds and rows."""
    rows = list(ready_rows(path))
    columns = ("creation_digest", *EnterpriseTable.fields.values(), *EnterpriseTable.computed)
    constants = defaults(Enterprise, columns)
    seconds = timed(partial(bulk_load, Enterprise, columns, rows, constants=constants))
    names = ", ".join((*columns, *constants))
    how = "COPY {} FROM STDIN" if connection.vendor == "postgresql" else "INSERT INTO {} VALUES (?, ...)"
    show("floor: statement", sql=how.format(f"enterprises_enterprise ({names})"))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute('DELETE FROM "enterprises_enterprise"')
    return seconds, len(rows)


def measure_loads(folder: str, firms: Firms, numbered: Path, by: User, floor: float) -> None:
    """Load all rows, the later file with 5 % changed, and the rows without a number."""
    files = {
        "load into the empty register": numbered,
        "load with 5 % changed": write_file(Path(folder) / "later.csv", lambda: changed(firms.numbered())),
        "load of rows without number": write_file(Path(folder) / "unnumbered.csv", firms.without_number),
    }
    for name, path in files.items():
        check, write, load = loaded(path, by)
        counts = {outcome: load.counts[outcome] for outcome in ("new", "changed", "unchanged", "uncertain", "wrong")}
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        times = {"check_s": round(check, 1), "write_s": round(write, 1), "ratio": round((check + write) / floor, 2)}
        show(name, **times, peak_mb=peak, **counts)
        finish([Enterprise])


# Pages and export


def measure_pages() -> None:
    """Print each page cold and warm, beside the floor."""
    Completeness.objects.create(province_id="12", declared_on="2026-01-01", source="Benchmark")
    Completeness.objects.create(province_id="02", declared_on="2026-01-01", source="Benchmark")
    firm = Enterprise.objects.active().order_by("pk")[1000 % max(1, Enterprise.objects.count())]
    with override_settings(ROOT_URLCONF="tests.benchmarks.urls"):
        for role in ("staff", "officer"):
            client = Client()
            client.force_login(User.objects.get(username=f"{role}0"), BACKEND)
            for page, address in {**PAGES, "an enterprise": firm.get_absolute_url()}.items():
                if role == "staff" or "legal_form" not in address:
                    show(f"page: {page}", role=role, **cost(client, address, 9, page, Slow()))


def measure_export() -> None:
    """Print the export of all rows as CSV, beside the bare query read to its end."""
    client = Client()
    client.force_login(User.objects.get(username="staff0"), BACKEND)
    names = ["registration_number", "name_en", "name_km", "sector_id", "province_id", "district_id", "address", "phone"]
    names += ["founded_year", "registered_on", "legal_form", "is_women_owned", "is_women_led", "owner_has_disability"]
    rows = Enterprise.objects.active().order_by("name_en_key", "name_km_key", "pk").values_list(*names)

    def exhaust(parts: Any) -> None:
        for _part in parts:
            pass

    floor = timed(lambda: exhaust(rows.iterator(chunk_size=2_000)))
    show("floor: query", sql=str(rows.query), plan=rows.explain())
    answer: Any = client.get("/enterprises/export.csv")
    sent = timed(lambda: exhaust(answer.streaming_content))
    show("export of all rows", seconds=round(sent, 1), floor_s=round(floor, 1), ratio=round(sent / floor, 2))


# The peer


def import_export_peer(folder: str, by: User) -> None:
    """Print how long django-import-export takes for the rows ours takes, with look-up by registration number."""
    from import_export import fields, instance_loaders, resources, widgets
    from tablib import Dataset

    def known(model: Any) -> Any:
        return widgets.ForeignKeyWidget(model, "code")

    class Firm(resources.ModelResource):
        """The same columns with the package's own checks, found by registration number, in its quickest mode."""

        sector = fields.Field("sector", "sector", widget=known(Sector))
        province = fields.Field("province", "province", widget=known(Province))
        district = fields.Field("district", "district", widget=known(District))

        class Meta:
            model = Enterprise
            import_id_fields = ("registration_number",)
            fields = HEADER
            instance_loader_class = instance_loaders.CachedInstanceLoader  # one query for all numbers
            use_bulk, skip_diff, skip_html_diff, batch_size, use_transactions = True, True, True, 1_000, True

    path = write_file(Path(folder) / "peer.csv", Firms(PEER_ROWS, 0).numbered)
    check, write, _load = loaded(path, by)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute('DELETE FROM "enterprises_enterprise"')
    dataset = Dataset().load(path.read_text(encoding="utf-8"), format="csv")
    start = time.perf_counter()
    result = Firm().import_data(dataset, raise_errors=True)
    peer = time.perf_counter() - start
    ours = check + write
    show(
        f"{PEER_ROWS:,} rows by django-import-export",
        new=result.totals["new"],
        peer_s=round(peer, 1),
        ours_s=round(ours, 1),
        ratio=round(peer / ours, 1),
    )
