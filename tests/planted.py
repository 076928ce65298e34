"""Words and numbers planted in every field that officers may not see, and how they are found again on a page."""

import html
import io
import re
import zipfile
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.utils import timezone

# model -> field -> what is planted: a number is followed by the row's own, so that no two rows say the same
HIDDEN: dict[str, dict[str, Any]] = {
    "enterprises.Enterprise": {
        "registration_number": "ZQXV-REGISTRATION-%s",
        "address": "Zqxv-address %s",
        "phone": "+8551299988%s",
    },
    "enterprises.EnterpriseYear": {
        "employees": 19_182_700,
        "women": 8_172_600,
        "men": None,
        "with_disability": 7_162_500,
        "turnover_usd": Decimal("91827364500.55"),
        "assets_usd": Decimal("81726354600.55"),
        "export_share_pct": Decimal("61.83"),
        "imported_input_share_pct": Decimal("37.91"),
        "source": "Zqxv-source-of-year %s",
    },
    "enterprises.Product": {"capacity": Decimal("71625344500.55"), "capacity_unit": "zqxv-tonnes"},
    "enterprises.SupplyLink": {"value_usd": Decimal("61524334500.55")},
    "enterprises.LinkStage": {"value_usd": Decimal("61524334500.55")},
    "programs.Person": {"phone": "+8551277766%s", "email": "zqxv-person-%s@example.org"},
    "programs.Support": {"value": Decimal("51423324500.55"), "currency": "USD"},
    "capred_portal.User": {"email": "zqxv-user-%s@example.org"},
}
NAME = "Zqxv-participant"  # of people who only took part
PAPER = "Zqxv-paper-of-a-link"
NOTE = "Zqxv-note-of-a-draft"
FILE = "zqxv-list.csv"
REASON = "Zqxv-reason"  # why something was archived


@dataclass(frozen=True)
class Mark:
    """What to look for in a text without spaces and separators."""

    field: str
    pattern: re.Pattern[str]


def squeezed(text: str) -> str:
    """Return a text as it is searched: no separators of thousands, spaces or capitals."""
    return re.sub(r"(?<=\d)[,\s](?=\d)", "", html.unescape(text)).lower()


def mark_of(field: str, planted: Any) -> Mark:
    """Return the mark of what is planted: its digits up to the row's own two, or the words before them."""
    if isinstance(planted, str):
        start = planted.partition("%s")[0].lower()
        local = f"0{start.removeprefix('+855')}" if start.startswith("+855") else start
        return Mark(field, re.compile(f"{re.escape(start)}|{re.escape(local)}"))
    whole, _dot, part = str(planted).partition(".")
    digits = rf"{whole}\.{part}" if len(whole) < 3 else rf"{whole[:-2]}\d\d"  # as long as it is: keys are shorter
    return Mark(field, re.compile(rf"(?<![\d.]){digits}"))


def marks() -> list[Mark]:
    """Return a mark for each field that is hidden."""
    found = [
        mark_of(f"{model}.{name}", planted)
        for model, fields in HIDDEN.items()
        for name, planted in fields.items()
        if planted is not None and name != "currency"
    ]
    words = {"names of people": NAME, "papers of links": PAPER, "drafts": NOTE, "files of loads": FILE}
    return found + [mark_of(field, word) for field, word in words.items()]


def seen(text: str) -> set[str]:
    """Return the fields whose planted words or numbers stand in a text."""
    text = squeezed(text)
    return {mark.field for mark in marks() if mark.pattern.search(text)}


def text_of(response: Any) -> str:
    """Return what a response says: of a workbook its cells, of anything else its text and headers."""
    content = response.getvalue()
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b" ".join(archive.read(name) for name in archive.namelist())
    return f"{content.decode(errors='replace')} {dict(response.headers)}"


def plant(sample: Any) -> None:
    """Plant in every row of the models above; then archive the last of each."""
    for label, fields in HIDDEN.items():
        rows = apps.get_model(label)._base_manager.order_by("pk")
        rows = rows.exclude(username="officer") if label == "capred_portal.User" else rows  # who reads their own
        for number, row in enumerate(rows):
            for name, planted in fields.items():
                whole = f"{number:03d}"[-2:] if "phone" in name else f"{number:03d}"
                setattr(row, name, planted % whole if isinstance(planted, str) and "%s" in planted else planted)
                if isinstance(planted, int | Decimal) and planted > 100:
                    setattr(row, name, planted + number % 100)
            row.save()
    plant_words(sample)
    for label in HIDDEN:
        if label != "capred_portal.User":
            row = apps.get_model(label)._base_manager.filter(archived_at=None).latest("pk")
            row.archived_at, row.archive_reason = timezone.now(), REASON
            row.save()


def plant_words(sample: Any) -> None:
    """Plant names of people who only took part, papers of links, notes of drafts and names of files."""
    named = apps.get_model("programs.Person").objects.filter(agenda_items=None, statements=None, actions=None)
    for number, person in enumerate(named):
        person.name_en = f"{NAME} {number}"
        person.save()
    sample.checked.file_name = sample.loaded.file_name = sample.waiting.file_name = FILE
    for load in (sample.checked, sample.loaded, sample.waiting):
        load.save()
    for link in apps.get_model("enterprises.SupplyLink").objects.all():
        paper = apps.get_model("capred_portal.Document").objects.create(title_en=PAPER, link="https://example.org/zqxv")
        link.evidence.add(paper)
    for draft in apps.get_model("indicators.Observation").objects.filter(status="draft"):
        draft.note = NOTE
        draft.save()
