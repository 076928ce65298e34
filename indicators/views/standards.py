"""Pages of the standards other systems collect our figures by, and the files: IATI of a program, SDMX of indicators."""

from typing import Any

from django.http import Http404, HttpResponse, JsonResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from capred_portal.access import may, requires
from capred_portal.api.doors import opens_to_keys
from capred_portal.htmx import PortalRequest
from indicators.asked_periods import period_of
from indicators.models import Indicator
from indicators.standards.activity import activity_of
from indicators.standards.gaps import gaps_of, is_sendable
from indicators.standards.iati import iati_file
from indicators.standards.sdmx import STRUCTURE_ID, Slice, sdmx_csv
from indicators.standards.sdmx_structure import structure_message
from programs.models import Program

FILTERS = ("program", "period", "indicator")  # of the SDMX file
XML, CSV, JSON = "application/xml", "text/csv; charset=utf-8", "application/json"


@require_safe
@requires("page.read")
def standards(request: PortalRequest) -> HttpResponse:
    """What IATI and SDMX are, who collects them, and the files there are."""
    programs = Program.objects.active().filter(is_demo=False)
    return render(request, "standards/list.html", {"programs": programs, "dataflow": STRUCTURE_ID})


@require_safe
@requires("page.read")
def program_standards(request: PortalRequest, slug: str) -> HttpResponse:
    """The files of one program, and what its IATI file lacks."""
    program = get_object_or_404(Program.objects.active(), slug=slug)
    return page_of(request, program)


def page_of(request: PortalRequest, program: Program, *, is_refused: bool = False) -> HttpResponse:
    """Return the page of a program's files; where a file is refused, with the status that says so."""
    context: dict[str, Any] = {"program": program, "is_refused": is_refused, "dataflow": STRUCTURE_ID}
    status = 404 if is_refused else 200
    if not program.is_demo:
        gaps = [
            (gap, gap.url if gap.url and may(request.user, gap.action) else "") for gap in gaps_of(activity_of(program))
        ]
        context["required"] = [pair for pair in gaps if pair[0].blocks]
        context["wished"] = [pair for pair in gaps if not pair[0].blocks]
        status = 422 if is_refused else 200
    return render(request, "standards/program.html", context, status=status)


@opens_to_keys("figures")
@require_safe
@requires("page.read")
def program_iati(request: PortalRequest, slug: str) -> HttpResponse:
    """The IATI file of a program; without what IATI requires, the page that says what is missing."""
    program = get_object_or_404(Program.objects.active(), slug=slug)
    if program.is_demo:
        return page_of(request, program, is_refused=True)
    activity = activity_of(program)
    if not is_sendable(gaps_of(activity)):
        return page_of(request, program, is_refused=True)
    content = iati_file(activity, made_at=timezone.now(), today=timezone.localdate())
    return HttpResponse(content, content_type=XML, headers=named(f"{slug}-iati.xml"))


@opens_to_keys("figures")
@require_safe
@requires("page.read")
def sdmx_data(request: PortalRequest) -> HttpResponseBase:
    """Signed and published values as SDMX-CSV: all, or those of a program, a period, an indicator."""
    asked = slice_asked(request.GET)
    names = (asked.program.slug if asked.program else "", asked.period, asked.indicator.code if asked.indicator else "")
    name = "-".join(filter(None, ("indicators", *names)))
    return StreamingHttpResponse(sdmx_csv(asked), content_type=CSV, headers=named(f"{name}-sdmx.csv"))


def slice_asked(params: QueryDict) -> Slice:
    """Return what of all values is asked for; 404 where a name is no filter, or a filter names nothing there is.

    A quarter or year of which nothing is told is there, and empty.
    """
    slug, period, code = told = [params.get(name, "") for name in FILTERS]
    found = period_of(period) if period else None
    if set(params) - {*FILTERS} or "\0" in "".join(told) or (period and found is None):
        raise Http404("no such filter, or nothing that it names")
    programs, indicators = Program.objects.active(), Indicator.objects.active()
    return Slice(
        program=get_object_or_404(programs.filter(is_demo=False), slug=slug) if slug else None,
        period=found.code if found else "",
        indicator=get_object_or_404(indicators.filter(is_demo=False), code=code) if code else None,
    )


@opens_to_keys("figures")
@require_safe
@requires("page.read")
def sdmx_structure(request: PortalRequest) -> HttpResponse:
    """What the columns and codes of the SDMX files mean, for programs."""
    message = structure_message(timezone.now())
    return JsonResponse(message, json_dumps_params={"ensure_ascii": False}, content_type=JSON)


def named(filename: str) -> dict[str, str]:
    """Return the header that gives a file its name."""
    return {"Content-Disposition": content_disposition_header(as_attachment=True, filename=filename) or ""}
