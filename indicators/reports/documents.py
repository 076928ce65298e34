"""A report as one document: a kind, what it is about and a language in, a title and HTML out; frozen when shared."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db import transaction
from django.db.models import F, QuerySet
from django.http import Http404
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from capred_portal.blanking import hold_reports
from capred_portal.figures import Words
from capred_portal.models import Report, ReportShare
from capred_portal.operations import portal_version
from capred_portal.pdf import without_links
from capred_portal.records import DataVersion, identity_of
from indicators.reports import brief, quarterly, workshop  # noqa: F401  each registers its kind
from indicators.reports.kinds import KINDS, ReportKind

PARAMS = ("program", "period", "workshop")
BOTH = "both"
IN_LANGUAGES = {"en": ("en",), "km": ("km",), BOTH: ("km", "en")}
LANGUAGE_NAMES: dict[str, Words] = {"en": _("English"), "km": _("Khmer"), BOTH: _("Khmer, then English")}
DEMO_MARK = "tag demo"  # beside every demonstration row, and every figure that counts one
INDENT = re.compile(r"\n\s+")
SENT_TWICE = dt.timedelta(minutes=10)
LONGEST_TITLE = 300  # letters kept; the report itself tells all


@dataclass(frozen=True)
class Document:
    """A report as it stands now, in one language or in both, one after the other."""

    kind: ReportKind
    params: dict[str, str]
    language: str
    titles: dict[str, str]
    body: SafeString
    data_version: str

    @property
    def has_demo(self) -> bool:
        return DEMO_MARK in self.body

    @property
    def languages(self) -> tuple[str, ...]:
        return IN_LANGUAGES[self.language]

    @property
    def title(self) -> str:
        return self.titles[self.languages[0]]


def kind_named(name: str) -> ReportKind:
    """Return the kind of report an address names, or raise Http404."""
    if name not in KINDS:
        raise Http404(name)
    return KINDS[name]


def asked_document(name: str, asked: Mapping[str, str], language: str) -> Document:
    """Return the report that the parameters of an address ask for, or raise Http404."""
    kind = kind_named(name)
    params = {name: str(asked[name]) for name in PARAMS if asked.get(name)}
    language = asked.get("language") or language
    if language not in IN_LANGUAGES:
        raise Http404(language)
    return make_document(kind, params, language)


def make_document(kind: ReportKind, params: dict[str, str], language: str) -> Document:
    """Return a report: what it is about is read once, then told in each of the languages."""
    data_version = DataVersion.current()  # before the rows
    subject = kind.subject(params)
    titles = {}
    for each in ("en", "km"):
        with override(each):
            titles[each] = kind.title(subject)
    parts = [told_in(each, kind, subject, titles[each], data_version) for each in IN_LANGUAGES[language]]
    return Document(kind, params | period_of(subject), language, titles, SafeString("".join(parts)), data_version)


def period_of(subject: Mapping[str, Any]) -> dict[str, str]:
    """Return the quarter a report is about, also where the newest was asked for: that one is another later."""
    return {"period": subject["period"].code} if "period" in subject else {}


def told_in(language: str, kind: ReportKind, subject: dict[str, Any], title: str, data_version: str) -> str:
    """Return a report in one language, with its heading and with what it is made from."""
    with override(language):
        frame = {
            "kind": kind,
            "language": language,
            "title": title,
            "told": SafeString(render_to_string(kind.template, kind.content(subject))),
            "made_at": timezone.localtime(),
            "release": portal_version(),
            "data_version": data_version,
        }
        return INDENT.sub("\n", render_to_string("reports/_part.html", frame))  # a fifth of a long report


# Frozen


def freeze_and_share(
    kind: ReportKind, params: dict[str, str], language: str, *, note: str, days: int, by: Any
) -> ReportShare:
    """Keep a report as it stands and make a link that opens it for so many days; a form sent twice makes one."""
    with transaction.atomic():
        hold_reports()  # before the rows: nobody is erased between reading a name and keeping it
        document = make_document(kind, params, language)
        if before := made_before(document, note=note, by=by):
            return before
        return share(freeze(document, by=by), note=note, days=days, by=by)


def share(report: Report, *, note: str, days: int, by: Any) -> ReportShare:
    """Make a link to a frozen report that opens it for so many days; a form sent twice makes one."""
    with transaction.atomic():
        Report.objects.select_for_update(no_key=True).get(pk=report.pk)
        if before := links_of_a_moment_ago(note=note, by=by).filter(report=report).first():
            return before
        until = timezone.now() + dt.timedelta(days=days)
        return ReportShare.objects.create(report=report, note=note, created_by=by, expires_at=until)


def freeze(document: Document, *, by: Any) -> Report:
    """Keep a report as it stands, without its links: those who get it have no account."""
    return Report.objects.create(
        **question_of(document),
        title_en=document.titles["en"][:LONGEST_TITLE],
        title_km=document.titles["km"][:LONGEST_TITLE],
        body=without_links(document.body),
        has_demo=document.has_demo,
        made_by=by,
    )


def question_of(document: Document) -> dict[str, Any]:
    """Return what a frozen report was asked for, and of which data."""
    return {
        "kind": document.kind.name,
        "params": document.params,
        "language": document.language,
        "data_version": document.data_version,
    }


def made_before(document: Document, *, note: str, by: Any) -> ReportShare | None:
    """Return the link that the same form led to a moment ago."""
    same = {f"report__{name}": value for name, value in question_of(document).items()}
    return links_of_a_moment_ago(note=note, by=by).filter(**same).first()


def links_of_a_moment_ago(*, note: str, by: Any) -> QuerySet[ReportShare]:
    since = timezone.now() - SENT_TWICE
    return ReportShare.objects.open().filter(note=note, created_by=by, created_at__gte=since)


def signer() -> signing.Signer:
    return signing.Signer(sep=".", salt="capred_portal.report-share")


def token_of(link: ReportShare) -> str:
    """Return what the address of a link ends with: its mark, signed, so that nobody guesses another."""
    return signer().sign(identity_of(link))


def opened_by(token: str) -> Report | None:
    """Return the report a link opens, and count it; None for a link that is expired, revoked or was never made."""
    try:
        mark = signer().unsign(token)
    except signing.BadSignature:
        return None
    number = int(mark.partition("-")[0])
    links = ReportShare.objects.open().filter(pk=number)
    if mark not in map(identity_of, links) or not links.update(opened=F("opened") + 1, last_opened_at=timezone.now()):
        return None
    return Report.objects.get(shares=number)
