"""Pages of outcomes: the register, an outcome with what became of it, and its forms."""

from typing import Any

from django.db.models import Count, Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from capred_portal.access import requires
from capred_portal.editing import archive_record, edit_part, edit_record
from capred_portal.htmx import PortalRequest
from capred_portal.listing import list_page, list_response
from capred_portal.models import Document
from programs.filters.outcomes import OutcomeFilter
from programs.forms.outcomes import OutcomeForm, OutcomeStageForm
from programs.models import Action, Outcome, OutcomeStage, Workshop
from programs.services import settle_stage
from programs.views.comments import thread_context


@require_safe
@requires("page.read")
@vary_on_headers("HX-Request")
def outcome_list(request: PortalRequest) -> HttpResponse:
    """The register: every outcome and what became of it."""
    return list_response(request, "outcomes/list.html", "outcomes/_rows.html", outcome_rows)


def outcome_rows(request: PortalRequest) -> dict[str, Any]:
    """Return one page of the register with the number of actions of each outcome."""
    rows = Outcome.objects.active().select_related("theme", "workshop", "became")
    outcomes = OutcomeFilter(request.GET, rows, request=request)
    context = {"filter": outcomes, **list_page(request, outcomes.qs)}
    actions = Action.objects.active().filter(outcome__in=[row.pk for row in context["page_obj"]])
    counts = actions.values_list("outcome").annotate(
        rows=Count("pk"), done=Count("pk", filter=Q(status=Action.Status.DONE))
    )
    context["action_counts"] = {outcome: {"all": count, "done": done} for outcome, count, done in counts.order_by()}
    return context


@require_safe
@requires("page.read")
def outcome_detail(request: PortalRequest, pk: int) -> HttpResponse:
    """One outcome: where it came from, what it serves, its life and its actions."""
    outcome = get_object_or_404(
        Outcome.objects.select_related("theme", "workshop__program", "became", "thread").prefetch_related(
            "goals__framework",
            Prefetch("documents", Document.objects.active()),
            Prefetch("stages", OutcomeStage.objects.active()),
            Prefetch(
                "actions",
                Action.objects.active().select_related(*Action.OWNERS),
            ),
        ),
        pk=pk,
    )
    return render(request, "outcomes/detail.html", {"outcome": outcome, **thread_context(outcome, request.user)})


@require_http_methods(["GET", "POST"])
@requires("record.write")
def outcome_new(request: PortalRequest, workshop_pk: int) -> HttpResponse:
    """Add an outcome to a workshop; "save and add another" comes straight back."""
    workshop = get_object_or_404(Workshop.objects.active(), pk=workshop_pk)
    form = OutcomeForm(request.POST or None, instance=Outcome(workshop=workshop))
    return edit_part(request, form, above=workshop, part="outcomes", title=_("Add an outcome"))


@require_http_methods(["GET", "POST"])
@requires("record.write")
def outcome_edit(request: PortalRequest, pk: int) -> HttpResponse:
    """Change an outcome."""
    outcome = get_object_or_404(Outcome.objects.active(), pk=pk)
    form = OutcomeForm(request.POST or None, instance=outcome)
    context = {"record": outcome, "title": _("Edit the outcome"), "cancel_url": outcome.get_absolute_url()}
    return edit_record(
        request, form, template="record_form.html", context=context, success_url=Outcome.get_absolute_url
    )


@require_http_methods(["GET", "POST"])
@requires("record.write")
def outcome_archive(request: PortalRequest, pk: int) -> HttpResponse:
    """Take an outcome out of the register, with a reason."""
    outcome = get_object_or_404(Outcome.objects.active(), pk=pk)
    return archive_record(request, outcome, success_url=reverse("outcomes:list"))


@require_http_methods(["GET", "POST"])
@requires("record.write")
def stage_new(request: PortalRequest, pk: int) -> HttpResponse:
    """Record that a tool, policy or program reached a stage."""
    outcome = get_object_or_404(Outcome.objects.active().filter(kind__in=Outcome.LIVING), pk=pk)
    return stage_page(request, outcome, OutcomeStage(outcome=outcome))


@require_http_methods(["GET", "POST"])
@requires("record.write")
def stage_edit(request: PortalRequest, pk: int, stage_pk: int) -> HttpResponse:
    """Correct the date or note of a stage."""
    outcome = get_object_or_404(Outcome.objects.active(), pk=pk)
    return stage_page(request, outcome, get_object_or_404(outcome.stages.active(), pk=stage_pk))


def stage_page(request: PortalRequest, outcome: Outcome, stage: OutcomeStage) -> HttpResponse:
    """Show and save the form of a stage; the outcome's current stage follows from all of them."""
    form = OutcomeStageForm(request.POST or None, instance=stage)
    context = {"record": outcome, "title": _("Stage reached"), "cancel_url": outcome.get_absolute_url()}
    return edit_record(
        request,
        form,
        template="record_form.html",
        context=context,
        success_url=lambda _stage: outcome.get_absolute_url(),
        after=lambda _stage: settle_stage(outcome=outcome, by=request.user),
    )
