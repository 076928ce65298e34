"""The parts of the register's benchmark in order; what needs an empty register comes first."""

from pathlib import Path

from capred_portal.facts import write_facts
from capred_portal.models import User
from enterprises.models import Enterprise
from tests.benchmarks.apart import apart, show
from tests.benchmarks.bulk import finish
from tests.benchmarks.firms import Firms, changed, write_file
from tests.benchmarks.measure_filled import find_duplicates, measure_export, measure_pages
from tests.benchmarks.measure_loads import measure_loads, measure_workbook, write_raw
from tests.benchmarks.peer import measure_peer
from tests.benchmarks.register_rows import build_rows

PEER_ROWS, XLSX_ROWS = 100_000, 200_000


def run(folder: str, count: int, unnumbered: int, *, only: str) -> None:
    """Measure what was asked for, or everything; what needs an empty register comes first."""
    write_facts()
    for role in ("staff", "officer"):
        User.objects.get_or_create(username=f"{role}0", defaults={"role": role})
    firms, place = Firms(count, unnumbered), Path(folder)
    is_empty = not Enterprise.objects.exists()
    assert is_empty or only not in ("peer", "xlsx", "load"), "this part needs an empty register"
    if is_empty:
        measure_empty(firms, place, only)
    if only in ("", "pages", "export", "duplicates"):
        show("rows of the other pages", **apart(build_rows, count)[0])
    if only in ("", "pages"):
        measure_pages()
    if only in ("", "export"):
        measure_export()
    if only in ("", "duplicates"):
        find_duplicates()


def measure_empty(firms: Firms, place: Path, only: str) -> None:
    """Measure what begins with an empty register; leave it filled where something follows that needs it."""
    if only in ("", "peer"):
        measure_peer(place, min(PEER_ROWS, firms.count - firms.unnumbered))
    if only in ("", "xlsx"):
        measure_workbook(place, min(XLSX_ROWS, firms.count - firms.unnumbered))
    if only in ("peer", "xlsx"):
        return
    numbered = write_file(place / "numbered.csv", firms.numbered)
    unnumbered = write_file(place / "unnumbered.csv", firms.without_number)
    if only in ("", "load"):
        measure_loads(numbered, write_file(place / "later.csv", lambda: changed(firms.numbered())), unnumbered)
    else:
        for path in (numbered, unnumbered):
            apart(write_raw, path)
        finish([Enterprise])
