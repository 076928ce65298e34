"""Pages of actions: the board, the table, an action and its forms."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from capred_portal.access import may, requires
from capred_portal.editing import archive_record, edit_record
from capred_portal.forms import DocumentForm
from capred_portal.htmx import PortalRequest
from capred_portal.keys import key_in
from capred_portal.languages import is_khmer, localized
from capred_portal.listing import list_page, list_response
from capred_portal.models import Document, User
from programs.filters.actions import ActionFilter
from programs.forms.actions import ActionForm
from programs.forms.owners import KINDS, owner_labels, owners_like
from programs.models import Action, Outcome, Program, Workshop
from programs.views.comments import thread_context

COLUMNS = [status for status in Action.Status if status != Action.Status.DROPPED]
CARDS_PER_COLUMN = 8
ORIGINS = ("outcome__workshop__program", "workshop__program", "program")


@require_safe
@requires("page.read")
@vary_on_headers("HX-Request")
def action_list(request: PortalRequest) -> HttpResponse:
    """The board by status, overdue first; or the same actions as a table."""
    is_table = request.GET.get("view") == "table"
    rows = "actions/_rows.html" if is_table else "actions/_board.html"
    about = () if is_table else closed_by(request.user)
    keep = not request.GET.get("owner")  # what is somebody's own is not kept for others
    return list_response(request, "actions/list.html", rows, action_rows, *about, keep=keep)


def action_rows(request: PortalRequest) -> dict[str, Any]:
    """Return one page of the table of actions, or the columns of the board."""
    rows = Action.objects.active().select_related(*Action.OWNERS, "outcome__workshop", "workshop", "program")
    actions = ActionFilter(request.GET, rows, request=request)
    is_table = request.GET.get("view") == "table"
    shown = list_page(request, actions.qs) if is_table else board(actions.qs)
    return {"filter": actions, "is_table": is_table, **shown}


def closed_by(user: User) -> list[int]:
    """Return the actions this user closed and others must verify: on the board their cards offer this user no step."""
    if not may(user, "record.write"):
        return []
    waiting = Action.objects.filter(status=Action.Status.TO_VERIFY, closed_by=user)
    return list(waiting.order_by("pk").values_list("pk", flat=True))


def counts_by_status(rows: Any) -> dict[str, tuple[int, int]]:
    """Return how many rows stand in each status, and how many of them are past their due date."""
    late = Count("pk", filter=Q(due_on__lt=timezone.localdate()))
    groups = rows.order_by().values_list("status").annotate(count=Count("pk"), late=late)
    return {status: (count, overdue) for status, count, overdue in groups}


def board(rows: Any) -> dict[str, Any]:
    """Return the columns of the board: each with its first cards, its count and how many of it are overdue."""
    counts = counts_by_status(rows)
    columns = []
    for status in COLUMNS:
        count, overdue = counts.get(status.value, (0, 0))
        order = ["-due_on", "-pk"] if status == Action.Status.DONE else ["due_on", "pk"]
        cards = list(rows.filter(status=status).order_by(*order)[:CARDS_PER_COLUMN]) if count else []
        columns.append(
            {
                "status": status,
                "cards": cards,
                "count": count,
                "more": count - len(cards),
                "overdue": overdue if status in Action.OPEN else 0,
            }
        )
    dropped = counts.get(Action.Status.DROPPED.value, (0, 0))[0]
    return {"columns": columns, "dropped": dropped, "rows_count": sum(count for count, _late in counts.values())}


@require_safe
@requires("page.read")
def action_detail(request: PortalRequest, pk: int) -> HttpResponse:
    """One action: what it came from, who does it, how it stands, and what was said about it."""
    related = (*Action.OWNERS, *ORIGINS, "closed_by", "verified_by")
    action = get_object_or_404(Action.objects.select_related(*related), pk=pk)
    writes = may(request.user, "record.write") and action.stands
    context = {
        "action": action,
        "owner_kind": KINDS[type(action.owner)],
        "goals": action.parent.goals.select_related("framework"),
        "evidence": action.evidence.active(),
        "steps": steps_of(action),
        "moves": [status for status in Action.MOVES if status != action.status] if writes and action.is_open else [],
        "writes": writes,
        "is_long": str(action) != localized(action, "text"),
        "is_second": action.closed_by_id != request.user.pk,
        **thread_context(action, request.user),
    }
    return render(request, "actions/detail.html", context)


def steps_of(action: Action) -> list[Any]:
    """Return the versions in which the status changed, oldest first."""
    steps: list[Any] = []
    for version in action.history.select_related("updated_by").order_by("history_id"):
        if not steps or steps[-1].status != version.status:
            steps.append(version)
    return steps


@require_http_methods(["GET", "POST"])
@requires("record.write")
def action_new(request: PortalRequest) -> HttpResponse:
    """Add an action to the outcome, workshop or program named in the address; `?text=` begins what is to be done."""
    parent = parent_in(request)
    if parent is None:
        choices = {"programs": Program.objects.active(), "workshops": Workshop.objects.active()[:8]}
        return render(request, "actions/choose.html", {**choices, "text": request.GET.get("text", "")})
    action = Action(**{parent._meta.model_name: parent})
    form = ActionForm(request.POST or None, instance=action, initial=initial_from_address(request))
    here = f"{parent.get_absolute_url()}#actions"
    again = request.get_full_path() if "another" in request.POST else here
    context = {
        "record": parent,
        "title": _("Add an action"),
        "cancel_url": here,
        "can_add_another": True,
    }
    return edit_record(request, form, template="record_form.html", context=context, success_url=lambda _action: again)


def initial_from_address(request: PortalRequest) -> dict[str, str]:
    """Return what the address says is to be done, under the field of its language."""
    text = request.GET.get("text", "")[:2_000]
    return {"text_km" if is_khmer(text) else "text_en": text} if text else {}


def parent_in(request: PortalRequest) -> Any:
    """Return what a new action is to hang on; None when the address names nothing, 404 when it names nonsense."""
    if slug := request.GET.get("program"):
        return get_object_or_404(Program.objects.active(), slug=slug)
    for name, model in (("outcome", Outcome), ("workshop", Workshop)):
        if pk := request.GET.get(name):
            return get_object_or_404(model.objects.active(), pk=key_in(pk))
    return None


@require_http_methods(["GET", "POST"])
@requires("record.write")
def action_edit(request: PortalRequest, pk: int) -> HttpResponse:
    """Change what an action says, its owner, due date or priority."""
    action = get_object_or_404(Action.objects.active().select_related(*Action.OWNERS), pk=pk)
    form = ActionForm(request.POST or None, instance=action)
    context = {"record": action, "title": _("Edit the action"), "cancel_url": action.get_absolute_url()}
    return edit_record(request, form, template="record_form.html", context=context, success_url=Action.get_absolute_url)


@require_http_methods(["GET", "POST"])
@requires("record.write")
def action_archive(request: PortalRequest, pk: int) -> HttpResponse:
    """Take an action off the board, with a reason."""
    action = get_object_or_404(Action.objects.active(), pk=pk)
    return archive_record(request, action, success_url=reverse("actions:list"))


@require_http_methods(["GET", "POST"])
@requires("record.write")
def evidence_new(request: PortalRequest, pk: int) -> HttpResponse:
    """Add a file or a link that shows what was done."""
    action = get_object_or_404(Action.objects.active(), pk=pk)
    form = DocumentForm(request.POST or None, request.FILES or None, instance=Document())
    here = action.get_absolute_url()
    context = {"record": action, "title": _("Add evidence"), "cancel_url": here}
    return edit_record(
        request,
        form,
        template="record_form.html",
        context=context,
        success_url=lambda _document: here,
        after=action.evidence.add,
    )


@require_safe
@requires("record.write")
def owner_choices(request: PortalRequest) -> HttpResponse:
    """The users, organisations and people that match what is being typed, as options."""
    return render(request, "_choices.html", {"choices": owner_labels(owners_like(request.GET.get("q", "")))})
