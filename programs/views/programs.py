"""Pages of programs: the list, a program with all that hangs on it, its forms and the forms of its parts."""

from typing import Any

from django.db.models import Count, Prefetch, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from capred_portal.access import requires, role_of
from capred_portal.editing import archive_record, edit_part, edit_record
from capred_portal.figures import REGISTRY, TOTAL, Scope
from capred_portal.forms import DocumentForm
from capred_portal.htmx import PortalRequest, wants_fragment
from capred_portal.listing import list_page, list_response
from capred_portal.models import Document
from programs.budgets import budgets_of
from programs.filters.programs import ProgramFilter
from programs.forms.programs import (
    BudgetForm,
    ComponentForm,
    PartnerForm,
    ProgramForm,
    ProgramStartForm,
    RiskForm,
    SectorForm,
    SupportForm,
)
from programs.models import (
    Action,
    Component,
    Goal,
    Outcome,
    Program,
    ProgramBudget,
    ProgramPartner,
    ProgramSector,
    Risk,
    Support,
    Workshop,
)
from programs.timeline import timeline

PARTS: dict[str, tuple[Any, Any, Any]] = {
    "components": (Component, ComponentForm, _("Component")),
    "budgets": (ProgramBudget, BudgetForm, _("Budget in one currency, as a whole or in a year")),
    "partners": (ProgramPartner, PartnerForm, _("Partner organisation")),
    "sectors": (ProgramSector, SectorForm, _("Sector in aid reporting")),
    "support": (Support, SupportForm, _("Support given")),
    "risks": (Risk, RiskForm, _("Risk")),
    "documents": (Document, DocumentForm, _("Document or link")),
}
FIGURES = (
    *("workshops-held", "outcomes-recorded", "support-given", "organisations-supported"),
    "links-made-attributed",
)
MOST_DOTS = 60
MOST_ROWS = 6


@require_safe
@requires("page.read")
@vary_on_headers("HX-Request")
def program_list(request: PortalRequest) -> HttpResponse:
    """All programs with their period, status and partners."""
    return list_response(request, "programs/list.html", "programs/_rows.html", program_rows)


def program_rows(request: PortalRequest) -> dict[str, Any]:
    """Return one page of programs with the number of workshops each has held."""
    partners = ProgramPartner.objects.active().select_related("organisation")
    programs = ProgramFilter(
        request.GET, Program.objects.active().prefetch_related(Prefetch("partners", partners)), request=request
    )
    context = {"filter": programs, **list_page(request, programs.qs)}
    held = Workshop.objects.held().filter(program__in=[row.pk for row in context["page_obj"]])
    context["workshop_counts"] = dict(held.values_list("program").annotate(Count("pk")).order_by())
    return context


@require_safe
@requires("page.read")
def program_detail(request: PortalRequest, slug: str) -> HttpResponse:
    """One program: what it is, what it did, what came of it, what could go wrong."""
    lists = ("components", "budgets", "sectors", "documents")
    parts = [Prefetch(name, PARTS[name][0].objects.active()) for name in lists]
    program = get_object_or_404(
        Program.objects.prefetch_related(
            *parts,
            Prefetch("goals", Goal.objects.select_related("framework")),
            Prefetch("partners", ProgramPartner.objects.active().select_related("organisation")),
            Prefetch("risks", Risk.objects.active().select_related("owner")),
        ),
        slug=slug,
    )
    ours = Q(program=program) | Q(workshop__program=program) | Q(outcome__workshop__program=program)
    actions = Action.objects.active().open().filter(ours)
    workshops = program.workshops.active()[:MOST_DOTS]
    context = {
        "program": program,
        "budgets": budgets_of(program, role_of(request.user)),
        "timeline": timeline(program.starts_on, program.ends_on, workshops, timezone.localdate()),
        "workshops": workshops,
        "outcomes": Outcome.objects.active().filter(workshop__program=program).select_related("workshop")[:MOST_ROWS],
        "actions": actions.select_related(*Action.OWNERS)[:MOST_ROWS],
        "support": program.support.active().select_related("organisation", "enterprise")[:MOST_ROWS],
        "risk_levels": Risk.Level,
        "risk_matrix": risk_matrix(program.risks.all()),
    }
    return render(request, "programs/detail.html", context)


def risk_matrix(risks: Any) -> list[tuple[Any, list[dict[str, Any]]]]:
    """Return rows of likelihood, highest first, each with its cells of effect, lowest first."""

    def cell(likelihood: int, effect: int) -> dict[str, Any]:
        here = [pair for pair in enumerate(risks, 1) if (pair[1].likelihood, pair[1].effect) == (likelihood, effect)]
        return {"severity": Risk(likelihood=likelihood, effect=effect).severity, "risks": here}

    levels = list(Risk.Level)
    return [(likelihood, [cell(likelihood, effect) for effect in levels]) for likelihood in reversed(levels)]


@require_safe
@requires("page.read")
@vary_on_headers("HX-Request")
def program_figures(request: PortalRequest, slug: str) -> HttpResponse:
    """The figures of one program: a page of their own, and the fragment its page asks for."""
    program = get_object_or_404(Program.objects.active(), slug=slug)
    scope = Scope(role_of(request.user), {"program": slug})
    figures = [REGISTRY[code].figures(scope)[TOTAL] for code in FIGURES]
    context = {"program": program, "figures": figures}
    return render(request, "programs/_figures.html" if wants_fragment(request) else "programs/figures.html", context)


@require_http_methods(["GET", "POST"])
@requires("record.write")
def program_new(request: PortalRequest) -> HttpResponse:
    """A few questions, then the program exists."""
    form = ProgramStartForm(request.POST or None, instance=Program())

    def add_lead(program: Program) -> None:
        if lead := form.cleaned_data["lead"]:
            ProgramPartner.objects.create(
                program=program, organisation=lead, role=ProgramPartner.Role.LEAD, created_by=request.user
            )

    context = {"title": _("New program"), "cancel_url": reverse("programs:list")}
    return edit_record(
        request,
        form,
        template="programs/new.html",
        context=context,
        success_url=Program.get_absolute_url,
        after=add_lead,
    )


@require_http_methods(["GET", "POST"])
@requires("record.write")
def program_edit(request: PortalRequest, slug: str) -> HttpResponse:
    """Everything about a program except its lists."""
    program = get_object_or_404(Program.objects.active(), slug=slug)
    form = ProgramForm(request.POST or None, instance=program)
    context = {"record": program, "title": _("Edit the program"), "cancel_url": program.get_absolute_url()}
    return edit_record(
        request, form, template="record_form.html", context=context, success_url=Program.get_absolute_url
    )


@require_http_methods(["GET", "POST"])
@requires("record.write")
def program_archive(request: PortalRequest, slug: str) -> HttpResponse:
    """Take a program out of lists and figures, with a reason."""
    program = get_object_or_404(Program.objects.active(), slug=slug)
    return archive_record(request, program, success_url=reverse("programs:list"))


def program_and_part(slug: str, part: str) -> Program:
    """Return the program that has parts of this kind, or say there is no such page."""
    if part not in PARTS:
        raise Http404(part)
    return get_object_or_404(Program.objects.active(), slug=slug)


def part_page(request: PortalRequest, program: Program, part: str, instance: Any) -> HttpResponse:
    """Show and save the form of one part of a program."""
    _model, form_class, title = PARTS[part]
    form = form_class(request.POST or None, request.FILES or None, instance=instance)
    after = program.documents.add if part == "documents" else None
    return edit_part(request, form, above=program, part=part, title=title, after=after)


@require_http_methods(["GET", "POST"])
@requires("record.write")
def part_new(request: PortalRequest, slug: str, part: str) -> HttpResponse:
    """Add a component, budget, partner, sector, support, risk or document."""
    program = program_and_part(slug, part)
    model = PARTS[part][0]
    return part_page(request, program, part, model() if model is Document else model(program=program))


@require_http_methods(["GET", "POST"])
@requires("record.write")
def part_edit(request: PortalRequest, slug: str, part: str, part_pk: int) -> HttpResponse:
    """Change one part of a program."""
    program = program_and_part(slug, part)
    return part_page(request, program, part, get_object_or_404(getattr(program, part).active(), pk=part_pk))


@require_http_methods(["GET", "POST"])
@requires("record.write")
def part_archive(request: PortalRequest, slug: str, part: str, part_pk: int) -> HttpResponse:
    """Take one part off the program, with a reason."""
    program = program_and_part(slug, part)
    record = get_object_or_404(getattr(program, part).active(), pk=part_pk)
    return archive_record(request, record, success_url=f"{program.get_absolute_url()}#{part}")
