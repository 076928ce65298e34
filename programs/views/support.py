"""Lists behind the figures of programs: support given, who was supported, budgets."""

from typing import Any

from django.db.models import Count, Max, Sum
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from capred_portal.access import may, requires
from capred_portal.htmx import PortalRequest
from capred_portal.listing import list_page, list_response
from capred_portal.models import Organisation
from enterprises.models import Enterprise
from programs.figures.supported import JOBS, firms_behind
from programs.filters.programs import BudgetFilter, SupportFilter
from programs.models import ProgramBudget, Support

MEASURES = ("budget", "spent")  # what a figure's link to the list of budgets may ask to be added up


@require_safe
@requires("page.read")
@vary_on_headers("HX-Request")
def support_list(request: PortalRequest) -> HttpResponse:
    """Everything programs did for enterprises and groups."""
    return list_response(request, "programs/support.html", "programs/_support_rows.html", support_rows)


def support_rows(request: PortalRequest) -> dict[str, Any]:
    """Return one page of support."""
    rows = Support.objects.standing().select_related("program", "organisation", "enterprise")
    support = SupportFilter(request.GET, rows, request=request)
    return {"filter": support, **list_page(request, support.qs)}


@require_safe
@requires("page.read")
@vary_on_headers("HX-Request")
def supported_list(request: PortalRequest) -> HttpResponse:
    """Every enterprise and organisation that was supported, once, with how often and when last."""
    return list_response(request, "programs/supported.html", "programs/_supported_rows.html", supported_rows)


def supported_rows(request: PortalRequest) -> dict[str, Any]:
    """Return one page of receivers with how often each was supported and when last."""
    support = SupportFilter(request.GET, Support.objects.standing(), request=request)
    rows = support.qs.with_receiver().order_by().values("firm", "group")
    rows = rows.annotate(
        name=Max(Coalesce("enterprise__name_en_key", "organisation__name_en_key")),
        times=Count("pk"),
        latest=Max("starts_on"),
    )
    context = {"filter": support, **list_page(request, rows.order_by("name", "firm", "group"))}
    page = context["page_obj"]
    context["enterprises"] = Enterprise.objects.in_bulk([row["firm"] for row in page if row["firm"]])
    context["organisations"] = Organisation.objects.in_bulk([row["group"] for row in page if row["group"]])
    measure = request.GET.get("measure", "")
    if measure in JOBS and may(request.user, "firm.read"):
        context["rows_sum"] = firms_behind(support.qs).aggregate(jobs=JOBS[measure])["jobs"]
    return context


@require_safe
@requires("page.read")
@vary_on_headers("HX-Request")
def budget_list(request: PortalRequest) -> HttpResponse:
    """What each program may spend and has spent, as a whole or by year; sums only within a currency."""
    return list_response(request, "programs/budgets.html", "programs/_budget_rows.html", budget_rows)


def budget_rows(request: PortalRequest) -> dict[str, Any]:
    """Return one page of budgets, the sums per currency, and the sum a figure's link asks for."""
    rows = ProgramBudget.objects.standing().select_related("program").order_by("program__slug", "currency", "starts_on")
    budgets = BudgetFilter(request.GET, rows, request=request)
    by_currency = budgets.qs.order_by("currency").values("currency")
    sums = list(by_currency.annotate(all_budget=Sum("budget"), all_spent=Sum("spent")))
    context = {"filter": budgets, "sums": sums, **list_page(request, budgets.qs)}
    measure = request.GET.get("measure", "")
    if measure in MEASURES and len(sums) == 1:
        context["rows_sum"] = sums[0][f"all_{measure}"]
    return context
