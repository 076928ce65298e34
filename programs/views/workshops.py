"""Pages of workshops: the list, a workshop, its forms and the forms of its parts."""

from typing import Any

from django.db.models import Count, Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from capred_portal.access import requires
from capred_portal.editing import archive_record, edit_part, edit_record
from capred_portal.forms import DocumentForm
from capred_portal.htmx import PortalRequest
from capred_portal.keys import key_in
from capred_portal.listing import list_page, list_response
from capred_portal.models import Document
from enterprises.models import Enterprise
from programs.filters.workshops import WorkshopFilter
from programs.forms.workshops import AgendaItemForm, HostForm, WorkshopForm, WorkshopStartForm
from programs.models import Action, AgendaItem, Outcome, Workshop, WorkshopHost
from programs.views.comments import thread_context

MOST_INVITED = 100
PARTS: dict[str, tuple[Any, Any, Any]] = {
    "hosts": (WorkshopHost, HostForm, _("Host")),
    "agenda": (AgendaItem, AgendaItemForm, _("Agenda item")),
    "documents": (Document, DocumentForm, _("Document or link")),
}


@require_safe
@requires("page.read")
@vary_on_headers("HX-Request")
def workshop_list(request: PortalRequest) -> HttpResponse:
    """All workshops, newest first, with filters."""
    return list_response(request, "workshops/list.html", "workshops/_rows.html", workshop_rows)


def workshop_rows(request: PortalRequest) -> dict[str, Any]:
    """Return one page of workshops with the number of outcomes of each."""
    rows = (
        Workshop.objects.active()
        .select_related("program", "province")
        .prefetch_related(Prefetch("hosts", WorkshopHost.objects.active().select_related("organisation")))
    )
    workshops = WorkshopFilter(request.GET, rows, request=request)
    context = {"filter": workshops, **list_page(request, workshops.qs)}
    counts = Outcome.objects.active().filter(workshop__in=[row.pk for row in context["page_obj"]])
    context["outcome_counts"] = dict(counts.values_list("workshop").annotate(Count("pk")).order_by())
    return context


@require_safe
@requires("page.read")
def workshop_detail(request: PortalRequest, pk: int) -> HttpResponse:
    """One workshop with all that came of it."""
    workshop = get_object_or_404(
        Workshop.objects.select_related("program", "province", "thread").prefetch_related(
            "topics",
            "goals__framework",
            Prefetch("hosts", WorkshopHost.objects.active().select_related("organisation")),
            Prefetch("agenda", AgendaItem.objects.active().prefetch_related("speakers")),
            Prefetch("documents", Document.objects.active()),
            "statements__person",
            Prefetch("outcomes", Outcome.objects.active().select_related("theme").order_by("pk")),
        ),
        pk=pk,
    )
    actions = Action.objects.active().of_workshop(workshop)
    context = {
        "workshop": workshop,
        "actions": actions.select_related(*Action.OWNERS),
        **thread_context(workshop, request.user),
    }
    return render(request, "workshops/detail.html", context)


@require_http_methods(["GET", "POST"])
@requires("record.write")
def workshop_new(request: PortalRequest) -> HttpResponse:
    """Four questions, then the workshop exists; the address may begin the answers."""
    form = WorkshopStartForm(request.POST or None, instance=Workshop(), initial=initial_from_address(request))

    def add_host(workshop: Workshop) -> None:
        host = form.cleaned_data["host"]
        WorkshopHost.objects.create(workshop=workshop, organisation=host, created_by=request.user)

    context = {"title": _("Log a workshop"), "cancel_url": reverse("workshops:list")}
    return edit_record(
        request,
        form,
        template="workshops/new.html",
        context=context,
        success_url=Workshop.get_absolute_url,
        after=add_host,
    )


def initial_from_address(request: PortalRequest) -> dict[str, str]:
    """Return what `?title=`, `?summary=` and each `?firm=` to be invited, by its number, fill in."""
    keys = list(filter(None, map(key_in, request.GET.getlist("firm"))))
    firms = Enterprise.objects.active().filter(pk__in=keys[:MOST_INVITED]) if keys else ()
    names = [f"– {firm}" for firm in firms]
    parts = [request.GET.get("summary", ""), "\n".join([gettext("Firms to invite:"), *names]) if names else ""]
    return {"title": request.GET.get("title", "")[:250], "summary": "\n\n".join(part for part in parts if part)}


@require_http_methods(["GET", "POST"])
@requires("record.write")
def workshop_edit(request: PortalRequest, pk: int) -> HttpResponse:
    """Everything about a workshop except its lists."""
    workshop = get_object_or_404(Workshop.objects.active(), pk=pk)
    form = WorkshopForm(request.POST or None, instance=workshop)
    context = {
        "workshop": workshop,
        "title": _("Edit the workshop"),
        "cancel_url": workshop.get_absolute_url(),
    }
    return edit_record(
        request, form, template="workshops/edit.html", context=context, success_url=Workshop.get_absolute_url
    )


@require_http_methods(["GET", "POST"])
@requires("record.write")
def workshop_archive(request: PortalRequest, pk: int) -> HttpResponse:
    """Take a workshop out of lists and figures, with a reason."""
    workshop = get_object_or_404(Workshop.objects.active(), pk=pk)
    return archive_record(request, workshop, success_url=reverse("workshops:list"))


def part_page(request: PortalRequest, workshop: Workshop, part: str, instance: Any) -> HttpResponse:
    """Show and save the form of one host, agenda item or document of a workshop."""
    _model, form_class, title = PARTS[part]
    form = form_class(request.POST or None, request.FILES or None, instance=instance)
    after = workshop.documents.add if part == "documents" else None
    return edit_part(request, form, above=workshop, part=part, title=title, after=after)


@require_http_methods(["GET", "POST"])
@requires("record.write")
def part_new(request: PortalRequest, pk: int, part: str) -> HttpResponse:
    """Add a host, agenda item or document."""
    workshop = get_object_or_404(Workshop.objects.active(), pk=pk)
    if part not in PARTS:
        raise Http404(part)
    model = PARTS[part][0]
    instance = model() if model is Document else model(workshop=workshop)
    return part_page(request, workshop, part, instance)


@require_http_methods(["GET", "POST"])
@requires("record.write")
def part_edit(request: PortalRequest, pk: int, part: str, part_pk: int) -> HttpResponse:
    """Change a host, agenda item or document."""
    workshop = get_object_or_404(Workshop.objects.active(), pk=pk)
    if part not in PARTS:
        raise Http404(part)
    rows = getattr(workshop, part).active()
    return part_page(request, workshop, part, get_object_or_404(rows, pk=part_pk))


@require_http_methods(["GET", "POST"])
@requires("record.write")
def part_archive(request: PortalRequest, pk: int, part: str, part_pk: int) -> HttpResponse:
    """Take a host, agenda item or document off the workshop, with a reason."""
    workshop = get_object_or_404(Workshop.objects.active(), pk=pk)
    if part not in PARTS:
        raise Http404(part)
    rows = getattr(workshop, part).active()
    record = get_object_or_404(rows, pk=part_pk)
    return archive_record(request, record, success_url=f"{workshop.get_absolute_url()}#{part}")
