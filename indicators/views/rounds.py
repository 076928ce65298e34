"""Reporting rounds: the list, a round with who owes what or what it reported, its steps, and two rounds compared."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from capred_portal.access import OFFICER, VERIFIER, may, requires
from capred_portal.htmx import PortalRequest
from capred_portal.keys import key_in
from capred_portal.listing import list_page, list_response
from capred_portal.records import StaleRecord
from indicators import mails, round_figures, rounds
from indicators.completeness import counts_of, lines_of, owed, owing
from indicators.filters.rounds import RoundFilter
from indicators.forms.review import CloseForm, RoundForm, VersionForm
from indicators.models import ReportingRound
from indicators.review import NotAllowed

RELATED = ("program", "period", "closed_by", "signed_by", "accepted_by")


def stored(pk: int) -> ReportingRound:
    return get_object_or_404(ReportingRound.objects.active().select_related(*RELATED), pk=pk)


def site_of(request: PortalRequest) -> str:
    return request.build_absolute_uri("/")[:-1]


@require_safe
@requires("page.read")
@vary_on_headers("HX-Request")
def round_list(request: PortalRequest) -> HttpResponse:
    """Rounds, newest first, with how far their signatures are."""
    return list_response(request, "rounds/list.html", "rounds/_rows.html", round_rows)


def round_rows(request: PortalRequest) -> dict[str, Any]:
    """Return one page of rounds, each with how many figures it reported, and how many are signed."""
    rows = ReportingRound.objects.active().select_related("program", "period")
    found = RoundFilter(request.GET, rows)
    context = {"filter": found, **list_page(request, found.qs)}
    signed = Q(entries__observation__status__in=rounds.SIGNED)
    accepted = Q(entries__observation__status="accepted")
    counts = ReportingRound.objects.filter(pk__in=[row.pk for row in context["page_obj"]]).order_by()
    figures = {
        row["pk"]: row
        for row in counts.values("pk").annotate(
            figures=Count("entries"), verified=Count("entries", signed), accepted=Count("entries", accepted)
        )
    }
    for row in context["page_obj"]:
        row.counts = figures[row.pk]
    return context


@require_http_methods(["GET", "POST"])
@requires("round.manage")
def round_new(request: PortalRequest) -> HttpResponse:
    """Open a round: a program, a quarter, and a day by which its values are due."""
    form = RoundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                report = rounds.open_round(**form.cleaned_data, by=request.user)
                people = mails.reporters_of(report)
                mails.tell_round(report, "round_opened", people, by=request.user, site=site_of(request))
            messages.success(request, _("The round is open."))
            return HttpResponseRedirect(report.get_absolute_url())
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
    return render(request, "rounds/new.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@requires("page.read")
def round_detail(request: PortalRequest, pk: int) -> HttpResponse:
    """One round: who owes what while it is open, what it reported once it is closed."""
    report = stored(pk)
    manages = may(request.user, "round.manage")
    context: dict[str, Any] = {"report": report, "manages": manages, "reminders": reminders_of(report)}
    if report.is_open:
        lines = lines_of(report)
        context |= {"lines": lines, "owing": owing(lines), **counts_of(lines)}
    else:
        figures = round_figures.figures_of(report)
        signatures = round_figures.signatures_of(figures)
        waiting = sum(figure.waits for figure in figures)
        context |= {
            "figures": figures,
            "signatures": signatures,
            "waiting": waiting,
            "may_sign": manages and report.status == "closed" and signatures.all_verified,
            "may_accept": may(request.user, "round.accept") and report.status == "signed" and waiting,
            "others": others_of(report)[:12],
        }
    return render(request, "rounds/detail.html", context)


def reminders_of(report: ReportingRound) -> Any:
    """Return the reminders of an open round, newest first."""
    return report.reminders.select_related("to", "by")[:20] if report.is_open else []


def others_of(report: ReportingRound) -> Any:
    """Return the closed rounds of the same program, newest first."""
    closed = ReportingRound.objects.active().exclude(status=ReportingRound.Status.OPEN).exclude(pk=report.pk)
    return closed.filter(program=report.program).select_related("program", "period")


@require_safe
@requires("page.read")
def round_compare(request: PortalRequest, pk: int) -> HttpResponse:
    """Two rounds of a program side by side: the one asked for, or the one before."""
    report, asked = stored(pk), request.GET.get("with", "")
    others = others_of(report)
    if asked:
        other = get_object_or_404(others, pk=key_in(asked))
    else:
        other = others.filter(period__first_day__lt=report.period.first_day).first()
    first, second = sorted([report, other or report], key=lambda each: each.period.first_day)
    context = {
        "report": report,
        "other": other,
        "first": first,
        "second": second,
        "pairs": round_figures.compare(first, second) if other else [],
        "others": others[:40],
    }
    return render(request, "rounds/compare.html", context)


# Steps


def one_click(request: PortalRequest, pk: int, step: Callable[[ReportingRound, int], str]) -> HttpResponse:
    """Take one step from the version that was on the screen, and say how it went."""
    report, form = stored(pk), VersionForm(request.POST)
    if not form.is_valid():
        raise BadRequest("version")
    try:
        with transaction.atomic():  # its mails are kept with the step they tell of
            done = step(report, form.cleaned_data["version"])
        messages.success(request, done)
    except NotAllowed as refusal:
        messages.warning(request, str(refusal))
    except StaleRecord:
        messages.warning(request, _("This round has moved meanwhile. Look at it again."))
    return HttpResponseRedirect(report.get_absolute_url())


@require_POST
@requires("round.manage")
def round_remind(request: PortalRequest, pk: int) -> HttpResponse:
    """Write to everybody who owes values, one mail each."""

    def step(report: ReportingRound, _version: int) -> str:
        people = rounds.remind(report=report, by=request.user)
        lines = owed(lines_of(report))
        for person, _count in people:
            own = [line for line in lines if line.item.reporter_id == person.pk]
            mails.remind_of(report, person, own, site=site_of(request))
        if not people:
            return _("Nobody to remind: those who owe values were reminded within a day, or nobody is named for them.")
        words = ngettext(
            "%(count)s person was reminded: %(names)s", "%(count)s people were reminded: %(names)s", len(people)
        )
        return words % {"count": len(people), "names": ", ".join(str(person) for person, _count in people)}

    return one_click(request, pk, step)


@require_http_methods(["GET", "POST"])
@requires("round.manage")
def round_close(request: PortalRequest, pk: int) -> HttpResponse:
    """Close a round: say what is still missing, and ask before it is written as not available."""
    report = stored(pk)
    lines = lines_of(report)
    missing = [line for line in owed(lines) if line.standing == "missing"]
    form = CloseForm(request.POST or None, initial={"version": report.version, "missing": len(missing)})
    if request.method == "POST" and form.is_valid() and close(request, report, form):
        return HttpResponseRedirect(report.get_absolute_url())
    context = {
        "report": report,
        "form": form,
        "missing": missing,
        "drafts": [line for line in owed(lines) if line.standing == "draft"],
        "derived": [line for line in lines if line.standing == "derived" and line.item.is_required],
        **counts_of(lines),
    }
    return render(request, "rounds/close.html", context, status=422 if form.errors else 200)


def close(request: PortalRequest, report: ReportingRound, form: CloseForm) -> bool:
    """Close the round and tell the verifiers; or put on the form why that was not possible."""
    expected, missing = form.cleaned_data["version"], form.cleaned_data["missing"]
    try:
        with transaction.atomic():
            count = rounds.close_round(report=report, by=request.user, expected=expected, missing=missing)
            people = mails.in_role(VERIFIER)
            mails.tell_round(report, "round_closed", people, by=request.user, site=site_of(request), count=count)
    except (NotAllowed, StaleRecord) as refusal:
        stale = _("This round has moved meanwhile. Look at it again.")
        form.add_error(None, stale if isinstance(refusal, StaleRecord) else str(refusal))
        return False
    words = ngettext("Closed with %(count)s figure.", "Closed with %(count)s figures.", count)
    messages.success(request, words % {"count": count})
    return True


@require_POST
@requires("round.manage")
def round_sign(request: PortalRequest, pk: int) -> HttpResponse:
    """Sign a closed round for the ministry."""

    def step(report: ReportingRound, version: int) -> str:
        rounds.sign_round(report=report, by=request.user, expected=version)
        mails.tell_round(report, "round_signed", mails.in_role(OFFICER), by=request.user, site=site_of(request))
        return _("Signed for the ministry. The embassy was told.")

    return one_click(request, pk, step)


@require_POST
@requires("round.accept")
def round_accept(request: PortalRequest, pk: int) -> HttpResponse:
    """Accept for the embassy all figures of a round that are verified and need it."""

    def step(report: ReportingRound, version: int) -> str:
        done = rounds.accept_round(report=report, by=request.user, expected=version)
        site = site_of(request)
        if report.status == ReportingRound.Status.ACCEPTED:
            people = mails.everybody_of(report, done)
            mails.tell_round(report, "round_accepted", people, by=request.user, site=site)
        else:
            mails.tell_authors(done, "accepted", by=request.user, site=site)
        words = ngettext("%(count)s figure accepted.", "%(count)s figures accepted.", len(done))
        return words % {"count": len(done)}

    return one_click(request, pk, step)
