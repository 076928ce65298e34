"""The same rows by django-import-export, with look-up by registration number, in its quickest mode."""

import time
from functools import partial
from pathlib import Path
from typing import Any

from import_export import fields, instance_loaders, resources, widgets
from tablib import Dataset

from enterprises.models import District, Enterprise, Province, Sector
from tests.benchmarks.apart import apart, show
from tests.benchmarks.firms import HEADER, Firms, write_file
from tests.benchmarks.measure_loads import empty, load_file

AIM = 10  # times quicker

known = partial(widgets.ForeignKeyWidget, field="code")


class Firm(resources.ModelResource):
    """The same columns with the package's own checks, found by registration number."""

    sector = fields.Field("sector", "sector", widget=known(Sector))
    province = fields.Field("province", "province", widget=known(Province))
    district = fields.Field("district", "district", widget=known(District))

    class Meta:
        model = Enterprise
        import_id_fields = ("registration_number",)
        fields = HEADER
        instance_loader_class = instance_loaders.CachedInstanceLoader  # one query for all numbers
        use_bulk, skip_diff, skip_html_diff, batch_size, use_transactions = True, True, True, 1_000, True


def load_by_peer(path: Path) -> dict[str, Any]:
    """Load a file and return the seconds and how many rows were new."""
    dataset = Dataset().load(path.read_text(encoding="utf-8"), format="csv")
    start = time.perf_counter()
    result = Firm().import_data(dataset, raise_errors=True)
    return {"seconds": time.perf_counter() - start, "new": result.totals["new"]}


def measure_peer(place: Path, rows: int) -> None:
    """Print how long django-import-export takes for the rows ours takes, both found by registration number."""
    path = write_file(place / "peer.csv", Firms(rows, 0).numbered)
    ours, our_peak = apart(load_file, path)
    empty()
    peer, peer_peak = apart(load_by_peer, path)
    empty()
    assert ours["new"] == peer["new"] == rows, (ours, peer)
    seconds = ours["check_s"] + ours["write_s"]
    times = round(peer["seconds"] / seconds, 1)
    found = {"times_quicker": times, "aim": AIM, "is_met": times >= AIM, "ours_s": seconds}
    peaks = {"peer_s": round(peer["seconds"], 1), "ours_mb": our_peak, "peer_mb": peer_peak}
    show(f"{rows:,} rows, beside django-import-export", **found, **peaks)
