"""Pages of entering values: the grid of a program and period, its steps, its file, and loading that back."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from capred_portal import loads
from capred_portal.access import requires
from capred_portal.exports import export_response
from capred_portal.htmx import PortalRequest, wants_fragment
from capred_portal.kept_files import keep_files
from capred_portal.keys import key_in
from capred_portal.load_forms import LoadForm
from capred_portal.records import StaleRecord, writing
from indicators import entry as grid
from indicators import entry_file, review
from indicators.entry import Entry
from indicators.forms.entry import CellForm
from indicators.models import Indicator, Observation, Period, ProgramIndicator
from programs.models import Program

ROWS_PER_PAGE = 40
KINDS = ("observations", "targets")

# What saving a cell needs to know of its indicator and program.
OF_RULE = ("frequency", "over_periods", "over_places", "breakdowns", "rule_version", "retired_on")
OF_INDICATOR = ("code", "title_en", "title_km", "kind", "unit_en", "unit_km", "is_demo", *OF_RULE)
OF_PROGRAM = ("slug", "title_en", "title_km", "is_demo")
NEEDED = ("is_required", *(f"indicator__{each}" for each in OF_INDICATOR), *(f"program__{each}" for each in OF_PROGRAM))


def entry_url(program: Program, period: Period, **more: Any) -> str:
    """Return the address of a grid."""
    return f"{reverse('indicators:entry')}?{urlencode({'program': program.slug, 'period': period.code, **more})}"


def asked(request: PortalRequest) -> tuple[list[Program], Program | None, Period]:
    """Return the programs that report, the one asked for, and the period; else those of the newest open round."""
    programs = grid.reporting_programs()
    slug, code = request.GET.get("program", ""), request.GET.get("period", "")
    if slug and slug not in {program.slug for program in programs}:
        programs.append(get_object_or_404(Program.objects.active(), slug=slug))
    chosen = [program for program in programs if program.slug == slug] if slug else programs
    period = grid.period_named(code) if code else None
    if code and period is None:
        raise Http404(code)
    if period is None or not slug:
        newest = grid.newest_open_round(chosen)
        chosen = [program for program in chosen if newest and program.pk == newest.program_id] or chosen
        period = period or (newest.period if newest else grid.last_full_quarter())
    return programs, chosen[0] if chosen else None, period


@require_http_methods(["GET", "POST"])
@requires("observation.write")
@vary_on_headers("HX-Request")
def entry(request: PortalRequest) -> HttpResponse:
    """What a program reports for a period, to be typed in; a posted row is saved."""
    if request.method == "POST":
        return save_row(request)
    programs, program, period = asked(request)
    if program is None:
        return render(request, "entry/none.html", {})
    context = grid_context(request, program, period) | {"programs": programs}
    return render(request, "entry/grid.html", context)


def grid_context(request: PortalRequest, program: Program, period: Period) -> dict[str, Any]:
    """Return one page of the grid, with a form in each row that takes a value."""
    reports = grid.reports_of(program, period)
    page = Paginator(reports, ROWS_PER_PAGE).get_page(request.GET.get("page") or request.POST.get("page"))
    rows = grid.entries(page, program, period)
    reporting = grid.round_of(program, period)
    for row in rows:
        row.is_closed = reporting is not None and not reporting.is_open
        row.form = CellForm(entry=row, period=period) if row.takes_typing else None
    yearly = Indicator.Frequency.YEAR
    has_years = ProgramIndicator.objects.active().filter(program=program, indicator__frequency=yearly).exists()
    return {
        "program": program,
        "period": period,
        "periods": grid.offered_periods(period, with_years=has_years),
        "round": reporting,
        "rows": rows,
        "page_obj": page,
        "drafts": sum(row.is_draft for row in rows),
        "has_begun": grid.has_begun(period),
        "here": entry_url(program, period, **({"page": page.number} if page.number > 1 else {})),
    }


# One cell


def save_row(request: PortalRequest) -> HttpResponse:
    """Save one row, or show beside its cell why not; without JavaScript in the whole grid."""
    report = report_posted(request)
    period = grid.stored_period(request.POST.get("period", ""))
    if period is None or report.indicator.frequency != period.kind:
        raise Http404("period")
    row = grid.entries([report], report.program, period)[0]
    row.form = CellForm(request.POST, request.FILES, entry=row, period=period)
    if row.form.is_valid():
        save(request, row, period)
    refused = bool(row.form.errors) or row.stored is not None
    if refused:
        keep_files(row.form)
    if wants_fragment(request):
        about = {"row": row, "program": report.program, "period": period}
        return render(request, "entry/_row.html", about)
    if not refused:
        page = request.POST.get("page", "")
        here = entry_url(report.program, period, **({"page": page} if page.isdecimal() else {}))
        return HttpResponseRedirect(f"{here}#cell-{report.indicator_id}")
    context: dict[str, Any] = grid_context(request, report.program, period)
    context["programs"] = grid.reporting_programs()
    context["rows"] = [row if each.indicator == row.indicator else each for each in context["rows"]]
    return render(request, "entry/grid.html", context, status=422)


def report_posted(request: PortalRequest) -> ProgramIndicator:
    """Return what the posted row is about."""
    slug, indicator = request.POST.get("program", ""), request.POST.get("indicator", "")
    active = {"indicator__archived_at": None, "program__archived_at": None, "indicator__kind": Indicator.Kind.REPORTED}
    about = ProgramIndicator.objects.active().filter(**active).select_related("indicator", "program").only(*NEEDED)
    return get_object_or_404(about, program__slug=slug, indicator=key_in(indicator))


def save(request: PortalRequest, row: Entry, period: Period) -> None:
    """Write what the row says as a draft, and show it as it is now; or note who was quicker, or why it cannot be."""
    take = request.POST.get("take", "")
    if take == "theirs" or not row.form.said:
        row.form = CellForm(entry=row, period=period)
        return
    try:
        made = write(request, row, period, expected=row.form.taken(take))
    except StaleRecord:
        settle_stale(row, period)
    except review.NotAllowed as refusal:
        row.form.add_error(None, str(refusal))
    else:
        shown(row, made, period)


def write(request: PortalRequest, row: Entry, period: Period, *, expected: int | None) -> Observation:
    about: dict[str, Any] = {"indicator": row.indicator, "program": row.report.program, "period": period}
    values, document = row.form.values, row.form.evidence(request.user)
    if document is None:
        return review.enter(**about, values=values, by=request.user, expected=expected)
    with writing("capred_portal"):
        document.save()
        return review.enter(**about, values=values | {"evidence": document}, by=request.user, expected=expected)


def shown(row: Entry, made: Observation, period: Period) -> None:
    """Show the row as it was saved."""
    if row.observation is not None and made.evidence_id == row.observation.evidence_id:
        made.evidence = row.observation.evidence
    row.observation, row.just_saved = made, True
    row.form = CellForm(entry=row, period=period)


def settle_stale(row: Entry, period: Period) -> None:
    """Let the two of them be compared; a second click that says the same has nothing to ask."""
    fresh = grid.entries([row.report], row.report.program, period)[0]
    if fresh.observation is None or all(
        getattr(fresh.observation, name) == value for name, value in row.form.values.items()
    ):
        row.observation = fresh.observation
        row.form, row.just_saved = CellForm(entry=row, period=period), True
        return
    row.observation = row.stored = fresh.observation


# Several at once


@require_POST
@requires("observation.write")
def entry_steps(request: PortalRequest) -> HttpResponse:
    """Submit drafts: one, those chosen, or all of the grid; or take a submitted value back."""
    program = get_object_or_404(Program.objects.active(), slug=request.POST.get("program", ""))
    period = get_object_or_404(Period, code=request.POST.get("period", ""))
    reports = list(grid.reports_of(program, period))
    rows = [row for row in grid.entries(reports, program, period) if row.observation is not None]
    withdrawn, single = request.POST.get("withdraw", ""), request.POST.get("submit", "")
    if withdrawn:
        take_back(request, [row for row in rows if row.observation and str(row.observation.pk) == withdrawn])
    else:
        chosen = {single} if single else set(request.POST.getlist("observation"))
        is_all = request.POST.get("do") == "all"
        hand_over(request, [row for row in rows if row.is_draft and (is_all or str(row.observation.pk) in chosen)])  # type: ignore[union-attr]
    page = request.POST.get("page", "")
    return HttpResponseRedirect(entry_url(program, period, **({"page": page} if page.isdecimal() else {})))


def hand_over(request: PortalRequest, rows: list[Entry]) -> None:
    """Submit drafts, and say of each that could not be why."""
    done = 0
    for row in rows:
        if row.wants_note:
            words = _("%(indicator)s: the value is unusual. Say why in its note, then submit it.")
            messages.warning(request, words % {"indicator": row.indicator})
        elif step(request, review.submit, row):
            done += 1
    if done:
        text = ngettext("%(number)s value was submitted.", "%(number)s values were submitted.", done)
        messages.success(request, text % {"number": done})
    elif not rows:
        messages.info(request, _("No draft was chosen."))


def take_back(request: PortalRequest, rows: list[Entry]) -> None:
    for row in rows:
        if step(request, review.withdraw, row):
            messages.success(request, _("Withdrawn: the value is a draft again."))


def step(request: PortalRequest, service: Any, row: Entry) -> bool:
    """Take one step of a value; false, with the reason told, where it cannot be taken."""
    try:
        service(observation=row.observation, by=request.user)
    except (review.NotAllowed, StaleRecord) as refusal:
        moved = _("Somebody changed it meanwhile. Look at it again.")
        words = moved if isinstance(refusal, StaleRecord) else str(refusal)
        messages.warning(request, f"{row.indicator}: {words}")
        return False
    return True


# Out and in as a file


@require_safe
@requires("observation.write")
def entry_file_download(request: PortalRequest) -> HttpResponseBase:
    """The grid as a workbook to fill in: a row for each indicator and each part of its breakdowns."""
    _programs, program, period = asked(request)
    if program is None:
        raise Http404("program")
    rows = grid.entries(grid.reports_of(program, period), program, period)
    header, lines = entry_file.header(), entry_file.lines(rows, period)
    name = f"{program.slug}-{period.code}"
    return export_response("xlsx", name, header, lines, locked=entry_file.LOCKED)


@require_http_methods(["GET", "POST"])
@requires("load.write")
def entry_load(request: PortalRequest, kind: str) -> HttpResponse:
    """Load values or targets of a program from a file or from pasted cells; the preview follows."""
    if kind not in KINDS:
        raise Http404(kind)
    _programs, program, period = asked(request)
    if program is None:
        raise Http404("program")
    found = loads.REGISTRY[kind]
    form = LoadForm(request.POST or None, request.FILES or None, kind=found)
    if form.is_valid() and (load := form.receive(scope={"program": program.slug}, by=request.user)):
        return HttpResponseRedirect(load.get_absolute_url())
    context = {"program": program, "period": period, "kind": found, "form": form, "back": entry_url(program, period)}
    return render(request, "entry/load.html", context, status=422 if form.errors else 200)
