"""Steps of an action: move, close, verify, return, reopen; each carries the version that was on the screen."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from capred_portal.access import requires
from capred_portal.htmx import PortalRequest
from capred_portal.kept_files import keep_files
from capred_portal.records import StaleRecord, writing
from programs import services
from programs.forms.actions import CloseForm, MoveForm, ReasonForm, VersionForm
from programs.models import Action


def way_back(request: PortalRequest, action: Action) -> HttpResponse:
    """Go back to the board the click came from, or to the action."""
    here = request.POST.get("next", "")
    safe = here.startswith("/") and url_has_allowed_host_and_scheme(here, allowed_hosts=None)
    return HttpResponseRedirect(here if safe else action.get_absolute_url())


def changed_words(pk: int) -> str:
    """Say who changed an action in the meantime and how it stands now."""
    stored = Action.objects.select_related("updated_by").get(pk=pk)
    return _(
        "%(who)s changed this action after you opened it; it is now “%(status)s”. Nothing of yours was applied."
    ) % {
        "who": stored.updated_by or _("Somebody"),
        "status": stored.get_status_display(),
    }


def one_click(request: PortalRequest, action: Action, service: Callable[..., Action], done: str) -> HttpResponse:
    """Take one step without further questions and say how it went."""
    form = VersionForm(request.POST)
    if not form.is_valid():
        raise BadRequest("version")
    try:
        with writing("programs"):
            service(action=action, by=request.user, expected=form.cleaned_data["version"])
        messages.success(request, done)
    except StaleRecord:
        messages.warning(request, changed_words(action.pk))
    except services.WrongStatus as error:
        messages.warning(request, str(error))
    return way_back(request, action)


@require_POST
@requires("record.write")
def action_move(request: PortalRequest, pk: int) -> HttpResponse:
    """Plan, start, block or drop an action with one click; a second click of the same kind changes nothing."""
    action = get_object_or_404(Action.objects.active(), pk=pk)
    form = MoveForm(request.POST)
    if not form.is_valid():
        raise BadRequest("to")
    to = form.cleaned_data["to"]
    if action.status == to:
        messages.info(request, _("It already stands there: “%(status)s”.") % {"status": action.get_status_display()})
        return way_back(request, action)
    words = _("Moved to “%(status)s”.") % {"status": Action.Status(to).label}
    return one_click(request, action, partial(services.move_action, to=to), words)


@require_POST
@requires("action.verify")
def action_verify(request: PortalRequest, pk: int) -> HttpResponse:
    """Confirm as a second person that the action was done."""
    action = get_object_or_404(Action.objects.active(), pk=pk)
    return one_click(request, action, services.verify_action, _("Verified: the action is done."))


@require_http_methods(["GET", "POST"])
@requires("record.write")
def action_close(request: PortalRequest, pk: int) -> HttpResponse:
    """Close an action with what was done and, when the priority is high, with evidence."""
    action = get_object_or_404(Action.objects.active(), pk=pk)
    has_evidence = action.evidence.active().exists()
    form = CloseForm(request.POST or None, request.FILES or None, action=action, has_evidence=has_evidence)
    status = 200
    if request.method == "POST":
        if form.is_valid() and (response := close(request, action, form)):
            return response
        keep_files(form)
        status = 422
    context = {"form": form, "action": action, "has_evidence": has_evidence, "cancel_url": action.get_absolute_url()}
    return render(request, "actions/close.html", context, status=status)


def close(request: PortalRequest, action: Action, form: CloseForm) -> HttpResponse | None:
    """Close the action and go to it; or put on the form why that was not possible, with all that was typed."""
    typed = {name: form.cleaned_data[name] for name in ("done_en", "done_km", "closed_on")}
    try:
        with writing("programs", "capred_portal"):
            expected = form.cleaned_data["version"]
            services.close_action(action=action, evidence=form.evidence, by=request.user, expected=expected, **typed)
    except StaleRecord:
        stored = Action.objects.get(pk=action.pk)
        if stored.closed_by_id == request.user.pk and all(getattr(stored, name) == typed[name] for name in typed):
            messages.info(request, _("This was already saved; here it is."))
            return HttpResponseRedirect(stored.get_absolute_url())
        below = _("What you typed is below; look once more and save again.")
        form.add_error(None, f"{changed_words(action.pk)} {below}")
        form.renew(stored.version)
        return None
    except services.WrongStatus as error:
        form.add_error(None, str(error))
        return None
    waits = _("Closed. A second person must verify it now.")
    messages.success(request, waits if action.status == Action.Status.TO_VERIFY else _("Closed: the action is done."))
    return HttpResponseRedirect(action.get_absolute_url())


def reason_page(request: PortalRequest, pk: int, service: Callable[..., Action], title: Any, done: Any) -> HttpResponse:
    """Ask why, then send the action back to the open ones."""
    action = get_object_or_404(Action.objects.active(), pk=pk)
    form = ReasonForm(request.POST or None, initial={"version": action.version})
    if request.method == "POST" and form.is_valid():
        try:
            with writing("programs", "capred_portal"):
                expected, reason = form.cleaned_data["version"], form.cleaned_data["reason"]
                service(action=action, reason=reason, by=request.user, expected=expected)
            messages.success(request, str(done))
            return HttpResponseRedirect(action.get_absolute_url())
        except (StaleRecord, services.WrongStatus) as error:
            stale = isinstance(error, StaleRecord)
            form.add_error(None, changed_words(action.pk) if stale else str(error))
            form.renew(Action.objects.get(pk=pk).version)
    context = {"form": form, "record": action, "title": title, "cancel_url": action.get_absolute_url()}
    return render(request, "record_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires("action.verify")
def action_return(request: PortalRequest, pk: int) -> HttpResponse:
    """Return a closed action as a second person, with a reason."""
    title, done = gettext_lazy("Return the action"), gettext_lazy("Returned; the reason is among the comments.")
    return reason_page(request, pk, services.return_action, title, done)


@require_http_methods(["GET", "POST"])
@requires("record.write")
def action_reopen(request: PortalRequest, pk: int) -> HttpResponse:
    """Open a closed or dropped action again, with a reason."""
    title, done = gettext_lazy("Open the action again"), gettext_lazy("Open again; the reason is among the comments.")
    return reason_page(request, pk, services.reopen_action, title, done)
