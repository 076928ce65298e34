"""Reports frozen for others: sharing one, its links, and what people without an account see behind a link."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from capred_portal import pdf
from capred_portal.access import VERIFIER, may, requires
from capred_portal.addresses import client_address
from capred_portal.htmx import PortalRequest
from capred_portal.languages import reading_language
from capred_portal.models import Report, ReportShare
from capred_portal.rate_limits import seconds_to_wait
from capred_portal.records import DataVersion
from indicators.forms.reports import ShareForm
from indicators.reports.documents import (
    IN_LANGUAGES,
    LANGUAGE_NAMES,
    asked_document,
    freeze_and_share,
    kind_named,
    opened_by,
    share,
    token_of,
)
from indicators.views.reports import FILES_A_MINUTE, pdf_response, please_wait, query

OPENED_A_MINUTE = 60  # from one address
FOR_ITS_HOLDER = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex, nofollow"}


@require_http_methods(["GET", "POST"])
@requires("report.share")
def freeze(request: PortalRequest) -> HttpResponse:
    """Keep a report as it stands and make a link to it."""
    document = asked_document(request.GET.get("kind", ""), request.GET.dict(), reading_language())
    form = ShareForm(request.POST or None)
    if form.is_valid():
        asked = (document.kind, document.params, document.language)
        link = freeze_and_share(*asked, by=request.user, **form.cleaned_data)
        return HttpResponseRedirect(reverse("reports:frozen", args=[link.report_id]))
    address = reverse("reports:report", args=[document.kind.name])
    context = {
        "form": form,
        "document": document,
        "title": document.titles[reading_language()],
        "language": LANGUAGE_NAMES[document.language],
        "cancel_url": f"{address}?{query(document)}",
    }
    return render(request, "reports/freeze.html", context, status=422 if form.is_bound else 200)


@require_safe
@requires("page.read")
def frozen(request: PortalRequest, pk: int) -> HttpResponse:
    """A report as it was frozen, and its links for those who may hand them out."""
    return frozen_page(request, frozen_report(pk))


def frozen_report(pk: int) -> Report:
    return get_object_or_404(Report.objects.select_related("made_by"), pk=pk)


def frozen_page(request: PortalRequest, report: Report, form: ShareForm | None = None) -> HttpResponse:
    """Show a frozen report, whether the portal holds other data now, and a form for another link to it."""
    context = {
        "report": report,
        **frame_of(report),
        "links": links_of(request, report),
        "form": form or ShareForm(),
        "may_share": may(request.user, "report.share"),
        "has_changed": report.data_version != DataVersion.current(),
        "now_url": f"{reverse('reports:report', args=[report.kind])}?{question_of_frozen(report)}",
        "pdf_url": reverse("reports:frozen_pdf", args=[report.pk]) if pdf.is_available() else "",
    }
    return render(request, "reports/frozen.html", context, status=422 if form else 200)


def question_of_frozen(report: Report) -> str:
    """Return what a report was asked for, as the query of an address."""
    return urlencode({**report.params, "language": report.language})


def frame_of(report: Report) -> dict[str, Any]:
    """Return what stands around a frozen report; where it is in two languages, also how to get to each."""
    parts = IN_LANGUAGES[report.language]
    names = [(code, LANGUAGE_NAMES[code]) for code in parts] if len(parts) > 1 else []
    return {"kind": kind_named(report.kind), "language": LANGUAGE_NAMES[report.language], "parts": names}


@require_safe
@requires("page.read")
def frozen_pdf(request: PortalRequest, pk: int) -> HttpResponse:
    """The same as a file."""
    if wait := seconds_to_wait("report-pdf", str(request.user.pk), most=FILES_A_MINUTE, seconds=60):
        return please_wait(request, wait)
    return file_of(request, frozen_report(pk))


def file_of(request: PortalRequest, report: Report) -> HttpResponse:
    """Return a frozen report as a PDF file."""
    languages = IN_LANGUAGES[report.language]
    title = getattr(report, f"title_{languages[0]}")
    name = "-".join([report.kind, *report.params.values(), report.language])
    return pdf_response(request, title, languages, SafeString(report.body), name, report.made_at)


@require_POST
@requires("report.share")
def link(request: PortalRequest, pk: int) -> HttpResponse:
    """Make another link to a report that is frozen: for somebody else, or after one that has expired."""
    report, form = frozen_report(pk), ShareForm(request.POST)
    if not form.is_valid():
        return frozen_page(request, report, form)
    share(report, by=request.user, **form.cleaned_data)
    return HttpResponseRedirect(f"{reverse('reports:frozen', args=[pk])}#links")


def links_of(request: PortalRequest, report: Report) -> list[dict[str, Any]]:
    """Return the links to a report with their addresses; none for those who hand none out."""
    if not may(request.user, "report.share"):
        return []
    return [
        {
            "link": link,
            "address": request.build_absolute_uri(reverse("reports:shared", args=[token_of(link)])),
            "may_revoke": may_revoke(request, link),
        }
        for link in report.shares.select_related("created_by", "revoked_by")
    ]


def may_revoke(request: PortalRequest, link: ReportShare) -> bool:
    """Tell whether a link is the reader's to revoke: their own, or any for a verifier."""
    return link.is_open and (link.created_by_id == request.user.pk or getattr(request.user, "role", "") == VERIFIER)


@require_POST
@requires("report.share")
def revoke(request: PortalRequest, pk: int) -> HttpResponse:
    """Let a link open nothing any more."""
    link = get_object_or_404(ReportShare, pk=pk)
    if link.is_open:
        if not may_revoke(request, link):
            raise PermissionDenied
        ReportShare.objects.filter(pk=pk, revoked_at=None).update(revoked_at=timezone.now(), revoked_by=request.user)
    return HttpResponseRedirect(reverse("reports:frozen", args=[link.report_id]))


# By a link, without an account


@require_safe
def shared(request: PortalRequest, token: str) -> HttpResponse:
    """A frozen report for whoever holds a link to it; nothing tells why another link opens nothing."""
    if wait := seconds_to_wait("shared-report", client_address(request), most=OPENED_A_MINUTE, seconds=60):
        return held(please_wait(request, wait))
    if (report := opened_by(token)) is None:
        return held(render(request, "reports/gone.html", status=404))
    pdf_url = reverse("reports:shared_pdf", args=[token]) if pdf.is_available() else ""
    return held(render(request, "reports/shared.html", {"report": report, **frame_of(report), "pdf_url": pdf_url}))


@require_safe
def shared_pdf(request: PortalRequest, token: str) -> HttpResponse:
    """The same as a file."""
    if wait := seconds_to_wait("shared-report-pdf", client_address(request), most=OPENED_A_MINUTE // 3, seconds=60):
        return held(please_wait(request, wait))
    if (report := opened_by(token)) is None:
        return held(render(request, "reports/gone.html", status=404))
    return held(file_of(request, report))


def held(response: HttpResponse) -> HttpResponse:
    """Have nobody but the holder of a link keep or find what is behind it."""
    for name, value in FOR_ITS_HOLDER.items():
        response.headers[name] = value
    return response
