"""Pages of indicators: the list, the scorecard of a program, one indicator with all that is known of it."""

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from capred_portal.access import KEEPERS, requires, role_of
from capred_portal.caching import cached_part, cached_value
from capred_portal.exports import export_response
from capred_portal.file_notes import notes_for
from capred_portal.htmx import PortalRequest, wants_fragment
from capred_portal.listing import list_page, list_response
from indicators.detail import Detail
from indicators.filters.indicators import IndicatorFilter
from indicators.history import VIEWS
from indicators.listed import chosen, file_rows, header, rows_of, statuses
from indicators.models import Indicator
from programs.models import Program


@require_safe
@requires("page.read")
@vary_on_headers("HX-Request")
def indicator_list(request: PortalRequest) -> HttpResponse:
    """All indicators with their newest value, their target and where they stand; of one program, its scorecard."""
    return list_response(request, "indicators/list.html", "indicators/_rows.html", indicator_rows)


def asked_for(request: PortalRequest) -> tuple[IndicatorFilter, Any]:
    """Return the filters of the list and the indicators they leave."""
    indicators = IndicatorFilter(request.GET, Indicator.objects.active(), request=request)
    program = indicators.asked.get("program")

    def known() -> Any:
        return cached_value(
            request, lambda: statuses(Indicator.objects.active(), program), "statuses", program and program.pk
        )

    return indicators, chosen(indicators, known)


def indicator_rows(request: PortalRequest) -> dict[str, Any]:
    """Return one page of the list; values are read for its indicators alone."""
    indicators, found = asked_for(request)
    context = {"filter": indicators, **list_page(request, found)}
    program, status = indicators.asked.get("program"), indicators.asked.get("status") or ""
    rows = rows_of(context["page_obj"], program, status)
    return context | {"rows": rows, "program": program, "formats": ("csv", "xlsx")}


@require_safe
@requires("page.read")
def indicator_export(request: PortalRequest, format_name: str) -> HttpResponseBase:
    """The filtered list as a file, all its lines."""
    indicators, found = asked_for(request)
    rows = rows_of(found, indicators.asked.get("program"), indicators.asked.get("status") or "")
    notes = notes_for(request.user, _("Indicators"), filters=indicators.form)
    return export_response(format_name, "indicators", header(), file_rows(rows), notes=notes)


def detail_of(request: PortalRequest, code: str) -> Detail:
    """Return the indicator of an address, for the program and by the kind of year its parameters name."""
    indicator = get_object_or_404(Indicator.objects.select_related("owner"), code=code)
    slug, view = request.GET.get("program", ""), request.GET.get("years", "")
    program = get_object_or_404(Program.objects.active(), slug=slug) if slug else None
    return Detail(indicator, program, view if view in VIEWS else "", role_of(request.user) not in KEEPERS)


@require_safe
@requires("page.read")
def indicator_detail(request: PortalRequest, code: str) -> HttpResponse:
    """One indicator: its trend against the path to the target, its parts, its definition, its signatures."""
    detail = detail_of(request, code)
    about = (detail.indicator.pk, detail.program and detail.program.pk, detail.view)
    body = cached_part(request, "indicators/_body.html", detail.context, *about)
    context = {"indicator": detail.indicator, "program": detail.program, "body": body}
    return render(request, "indicators/detail.html", context)


@require_safe
@requires("page.read")
def indicator_download(request: PortalRequest, code: str, format_name: str) -> HttpResponseBase:
    """The values of an indicator as a file: the rows and columns of the table on its page."""
    detail = detail_of(request, code)
    name = "-".join(filter(None, [code, detail.program.slug if detail.program else "", detail.view]))
    about = [(_("Program"), str(detail.program))] if detail.program else []
    notes = notes_for(request.user, detail.indicator, filters=about, source=_("As the column Source says"))
    return export_response(format_name, name, detail.table.header, detail.table.for_file(), notes=notes)


@require_safe
@requires("page.read")
@vary_on_headers("HX-Request")
def of_program(request: PortalRequest, slug: str) -> HttpResponse:
    """The indicators a program reports: a page of their own, and the fragment the program's page asks for."""
    program = get_object_or_404(Program.objects.active(), slug=slug)

    def parts() -> dict[str, Any]:
        rows = rows_of(Indicator.objects.current().of_program(program), program)
        return {
            "program": program,
            "rows": [row for row in rows if row.is_told],
            "untold": [row for row in rows if not row.is_told],
        }

    found = cached_part(request, "indicators/_of_program.html", parts, program.pk)
    if wants_fragment(request):
        return HttpResponse(found)
    return render(request, "indicators/of_program.html", {"program": program, "found": found})
