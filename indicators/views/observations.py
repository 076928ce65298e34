"""One value: its versions side by side, its steps and signatures, what is said about it, and the steps themselves."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from capred_portal.access import may, requires
from capred_portal.htmx import PortalRequest
from capred_portal.records import StaleRecord
from indicators import review, review_bulk
from indicators.breakdowns import small_enough
from indicators.forms.review import ReturnForm, VersionForm
from indicators.models import Observation
from indicators.versions import entries_of, events_of, next_words, parts_of, steps_for, versions_of
from programs.views.comments import comment_on, thread_context

RELATED = ("indicator", "program", "period", "province", "evidence")


def stored(pk: int) -> Observation:
    """Return a version with what its page and its steps need."""
    return get_object_or_404(Observation.objects.active().select_related(*RELATED), pk=pk)


@require_safe
@requires("page.read")
def observation_detail(request: PortalRequest, pk: int) -> HttpResponse:
    """One value with its versions, signatures, steps, parts and comments."""
    observation = stored(pk)
    versions = versions_of(observation, request.user)
    hidden = next(each.is_hidden for each in versions if each.observation.pk == pk)
    hides_small = not may(request.user, "people.read")
    shown = next((each.observation for each in versions if each.observation.is_shown), None)
    breakdowns = [] if hidden else parts_of(observation, hides_small_cells=hides_small)
    context = {
        "observation": observation,
        "versions": versions,
        "is_hidden": hidden,
        "shown": shown,
        "entries": entries_of(observation),
        "events": events_of(observation),
        "breakdowns": breakdowns,
        "withholds": small_enough(breakdowns),
        "steps": steps_for(observation, versions, request.user),
        "next": next_words(observation),
        "entry_query": entry_query(observation),
        **thread_context(observation, request.user),
    }
    return render(request, "observations/detail.html", context)


def entry_query(observation: Observation) -> str:
    """Return the parameters that lead to the value's row where values are entered."""
    program = observation.program.slug if observation.program else ""
    return urlencode({"program": program, "period": observation.period.code})


@require_POST
@requires("comment.ask")
def observation_comment(request: PortalRequest, pk: int) -> HttpResponse:
    """Comment on a value."""
    return comment_on(request, stored(pk))


# Steps


def one_click(request: PortalRequest, pk: int, step: Callable[..., None], done: Any) -> HttpResponse:
    """Take one step from the version that was on the screen, and say how it went."""
    observation, form = stored(pk), VersionForm(request.POST)
    if not form.is_valid():
        raise BadRequest("version")
    observation.version = form.cleaned_data["version"]
    try:
        step(observation=observation, by=request.user)
        messages.success(request, str(done))
        settle(request, observation)
    except (review.NotAllowed, StaleRecord) as refusal:
        messages.warning(request, refusal_words(refusal))
    return HttpResponseRedirect(observation.get_absolute_url())


def settle(request: PortalRequest, observation: Observation) -> None:
    """Mark the round as accepted where this was the last value the embassy had to sign."""
    if observation.status == Observation.Status.ACCEPTED:
        review_bulk.settle([observation], by=request.user, site=request.build_absolute_uri("/")[:-1])


def refusal_words(refusal: Exception) -> str:
    moved = _("This value has moved meanwhile. Look at it again.")
    return moved if isinstance(refusal, StaleRecord) else str(refusal)


@require_POST
@requires("observation.write")
def observation_submit(request: PortalRequest, pk: int) -> HttpResponse:
    """Hand a draft to the verifiers."""
    return one_click(request, pk, review.submit, gettext_lazy("Submitted: a verifier signs it next."))


@require_POST
@requires("observation.write")
def observation_withdraw(request: PortalRequest, pk: int) -> HttpResponse:
    """Take a submitted value back."""
    return one_click(request, pk, review.withdraw, gettext_lazy("Withdrawn: it is a draft again."))


@require_POST
@requires("observation.verify")
def observation_verify(request: PortalRequest, pk: int) -> HttpResponse:
    """Sign a value for the ministry."""
    return one_click(request, pk, review.verify, gettext_lazy("Verified: signed for the ministry."))


@require_POST
@requires("observation.accept")
def observation_accept(request: PortalRequest, pk: int) -> HttpResponse:
    """Sign a value for the embassy."""
    return one_click(request, pk, review.accept, gettext_lazy("Accepted: signed for the embassy."))


@require_http_methods(["GET", "POST"])
@requires("observation.return")
def observation_return(request: PortalRequest, pk: int) -> HttpResponse:
    """Return a value to its author, with a reason."""
    observation = stored(pk)
    form = ReturnForm(request.POST or None, initial={"version": observation.version})
    if request.method == "POST" and form.is_valid():
        observation.version = form.cleaned_data["version"]
        try:
            review.send_back(observation=observation, by=request.user, reason=form.cleaned_data["reason"])
            messages.success(request, _("Returned: its author reads the reason."))
            return HttpResponseRedirect(observation.get_absolute_url())
        except (review.NotAllowed, StaleRecord) as refusal:
            form.add_error(None, refusal_words(refusal))
            form.renew(stored(pk).version)
    context = {"form": form, "record": observation, "title": _("Return the value")}
    context["cancel_url"] = observation.get_absolute_url()
    return render(request, "record_form.html", context, status=422 if form.errors else 200)
