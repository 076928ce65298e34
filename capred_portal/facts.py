"""Real facts that ship with the portal: each app's `facts.py` writes the tables of its `reference/` folder."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

from django.utils.module_loading import autodiscover_modules

from capred_portal.models import PrivacyNotice

Writer = Callable[[], None]
WRITERS: list[tuple[int, Writer]] = []


def facts(order: int) -> Callable[[Writer], Writer]:
    """Register a function that writes facts; low numbers first."""

    def register(writer: Writer) -> Writer:
        WRITERS.append((order, writer))
        return writer

    return register


def read(module_file: str, name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of `reference/<name>.csv` beside the module."""
    with (Path(module_file).parent / "reference" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def write_facts() -> None:
    """Write all facts; safe to repeat: rows that exist keep what people changed in them."""
    autodiscover_modules("facts")
    for _order, writer in sorted(WRITERS, key=lambda pair: pair[0]):
        writer()


@facts(order=5)
def write_notice() -> None:
    """Write the notice on personal data that we propose, unless there is or was one."""
    if not PrivacyNotice.objects.exists():
        PrivacyNotice.objects.bulk_create(PrivacyNotice(**row) for row in read(__file__, "privacy_notice"))
