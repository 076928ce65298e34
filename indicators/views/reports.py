"""Pages of reports: choose one, read it, take it away as PDF."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from capred_portal import pdf
from capred_portal.access import requires
from capred_portal.htmx import PortalRequest
from capred_portal.languages import reading_language
from capred_portal.listing import list_page
from capred_portal.models import Report
from capred_portal.rate_limits import seconds_to_wait
from indicators.forms.reports import choices_of_period, choices_of_program, recent_workshops
from indicators.reports.documents import IN_LANGUAGES, LANGUAGE_NAMES, Document, asked_document
from indicators.reports.kinds import KINDS

FILES_A_MINUTE = 20  # of one user


@require_safe
@requires("page.read")
def report_list(request: PortalRequest) -> HttpResponse:
    """Choose a report; and all that were frozen, newest first."""
    rows = Report.objects.select_related("made_by").prefetch_related("shares").defer("body")
    context = {
        "kinds": [kind for kind in KINDS.values() if kind.name != "workshop"],
        "programs": choices_of_program(),
        "periods": choices_of_period(),
        "workshops": recent_workshops(),
        "languages": LANGUAGE_NAMES.items(),
        "language": reading_language(),
        **list_page(request, rows),
    }
    return render(request, "reports/list.html", context)


@require_safe
@requires("page.read")
def report(request: PortalRequest, kind: str) -> HttpResponse:
    """A report as it stands now."""
    document = asked_document(kind, request.GET.dict(), reading_language())
    context = {
        "document": document,
        "languages": [(code, LANGUAGE_NAMES[code], f"{request.path}?{query(document, code)}") for code in IN_LANGUAGES],
        "pdf_url": f"{reverse('reports:pdf', args=[kind])}?{query(document)}" if pdf.is_available() else "",
        "freeze_url": f"{reverse('reports:freeze')}?kind={kind}&{query(document)}",
    }
    return render(request, "reports/report.html", context)


@require_safe
@requires("page.read")
def report_pdf(request: PortalRequest, kind: str) -> HttpResponse:
    """The same as a file."""
    if wait := seconds_to_wait("report-pdf", str(request.user.pk), most=FILES_A_MINUTE, seconds=60):
        return please_wait(request, wait)
    document = asked_document(kind, request.GET.dict(), reading_language())
    name = "-".join([kind, *document.params.values(), document.language])
    return pdf_response(request, document.title, document.languages, document.body, name)


def query(document: Document, language: str = "") -> str:
    """Return a document's question as the query of an address, in this language or its own."""
    return urlencode({**document.params, "language": language or document.language})


def pdf_response(
    request: PortalRequest, title: str, languages: tuple[str, ...], body: str, name: str, made_at: Any = None
) -> HttpResponse:
    """Return a body as a PDF file; where none can be made, a page that says so."""
    if not pdf.is_available():
        return render(request, "reports/no_pdf.html", status=501)
    about = {"title": title, "languages": languages, "body": body, "made_at": made_at or timezone.now()}
    content = pdf.pdf_of(render_to_string("reports/_document.html", about))
    header = content_disposition_header(as_attachment=True, filename=f"{slugify(name)}.pdf")
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": str(header)})


def please_wait(request: PortalRequest, seconds: int) -> HttpResponse:
    """Say that too much was asked for, and when to ask again."""
    response = render(request, "reports/wait.html", {"seconds": seconds}, status=429)
    response.headers["Retry-After"] = str(seconds)
    return response
