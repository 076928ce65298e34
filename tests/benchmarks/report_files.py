"""Reports: the brief's PDF file as a ratio to the page of the same brief, and to its HTML alone."""

import statistics
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from capred_portal import pdf
from capred_portal.models import RateWindow, User
from indicators.reports.documents import Document, make_document
from indicators.reports.kinds import KINDS
from programs.models import Program
from tests.benchmarks.apart import peak_mb, show, timed

TIMES = 7


def typical(work: Callable[[], Any]) -> float:
    """Return the median of several times, after one that nobody counts."""
    work()
    return statistics.median(timed(work) for _time in range(TIMES))


def file_of(document: Document) -> bytes:
    about = {"title": document.title, "languages": document.languages, "body": document.body}
    return pdf.pdf_of(render_to_string("reports/_document.html", about | {"made_at": timezone.now()}))


def opened(client: Client, address: str) -> None:
    cache.clear()
    RateWindow.objects.all().delete()  # what limits how many files a user makes is not what is measured
    assert client.get(address).status_code == 200, address


def measure(program: Program, name: str, language: str) -> None:
    """Show one report in one language."""
    kind, params = KINDS[name], {"program": program.slug}
    client, query = Client(), f"?program={program.slug}&language={language}"
    client.force_login(User.objects.filter(is_active=True).earliest("pk"), settings.AUTHENTICATION_BACKENDS[-1])
    document = make_document(kind, params, language)
    html = typical(lambda: make_document(kind, params, language))
    drawn = typical(lambda: file_of(document))
    page = typical(lambda: opened(client, reverse("reports:report", args=[name]) + query))
    file = typical(lambda: opened(client, reverse("reports:pdf", args=[name]) + query))
    show(
        f"{name} as PDF, {language}",
        html_ms=round(html * 1000),
        drawing_ms=round(drawn * 1000),
        page_ms=round(page * 1000),
        pdf_ms=round(file * 1000),
        drawing_to_html=round(drawn / html, 1),
        ratio=round(file / page, 1),
        kb=round(len(file_of(document)) / 1000),
        process_mb=peak_mb(),
    )


def run() -> None:
    """Show the reports on the program of the demonstration in each language."""
    program = Program.objects.active().filter(is_demo=True).earliest("pk")
    for name in ("brief", "quarterly"):
        for language in ("en", "km", "both"):
            measure(program, name, language)
