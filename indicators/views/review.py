"""What waits for me: values to verify or accept, one by one or several at once; my drafts; proposed targets."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from capred_portal.access import may, requires
from capred_portal.caching import cached_part
from capred_portal.htmx import PortalRequest, wants_fragment
from capred_portal.keysets import Key, keyset_page
from capred_portal.languages import clauses
from capred_portal.models import User
from indicators import review_bulk
from indicators.filters.review import ReviewFilter
from indicators.models import Observation, Target
from indicators.review_bulk import RETURN, SIGN, Answer, Pick
from indicators.review_queue import RELATED, drafts_of, dress, lists_for, shown_of, targets_for, waiting_for

ROWS_PER_PAGE = 40
TARGETS_SHOWN = 20
PEOPLE = ("evidence", "entered_by", "changed_by", "submitted_by")
WAITING_KEYS = (Key("submitted_at", is_nullable=True), Key("id"))
DRAFT_KEYS = (Key("updated_at", is_descending=True), Key("id"))


@require_safe
@requires("page.read")
@vary_on_headers("HX-Request")
def review_list(request: PortalRequest) -> HttpResponse:
    """The values that wait for the reader, or the reader's own drafts."""
    compute = cache(lambda: review_context(request))

    def part(template: str) -> SafeString:
        """Kept for this reader alone, until the data change: counting and reading what waits takes long."""
        return cached_part(request, template, compute, request.path, request.user.pk, sorted(request.GET.lists()))

    if wants_fragment(request):
        return HttpResponse(part("review/_rows.html") + part("_filters_beside.html"))
    parts = {"filters": part("_filters.html"), "rows": part("review/_rows.html")}
    return render(request, "review/list.html", head_of(request) | parts)


def head_of(request: PortalRequest) -> dict[str, Any]:
    """Return what the head of the page says: which lists there are, and which is shown."""
    lists, show = lists_for(request.user), shown_of(request.user, request.GET.get("show", ""))
    return {
        "lists": lists,
        "show": show,
        "signs": show == "waiting",
        "accepts": may(request.user, "observation.accept"),
    }


def review_context(request: PortalRequest) -> dict[str, Any]:
    """Return one page of values with all a signature needs, and the targets that wait."""
    head = head_of(request)
    waiting = head["signs"]
    rows = waiting_for(request.user) if waiting else drafts_of(request.user)
    found = ReviewFilter(request.GET, rows.select_related(*RELATED, *PEOPLE))
    page = keyset_page(found.qs, request.GET, WAITING_KEYS if waiting else DRAFT_KEYS, per_page=ROWS_PER_PAGE)
    dress(page.rows)
    proposed = targets_for(request.user) if waiting else Target.objects.none()
    return head | {
        "filter": found,
        "page_obj": page,
        "rows_count": found.qs.order_by().count(),
        "targets": proposed.select_related("indicator", "program", "period", "created_by")[:TARGETS_SHOWN],
        "picked": set(request.POST.getlist("pick")),
        "problem": "",
        "reason": "",
    }


@require_POST
@requires("observation.return")
def review_step(request: PortalRequest) -> HttpResponse:
    """Sign or return the chosen values, each by itself, and say what became of each."""
    alone = request.POST.get("one", "")
    texts = [alone] if alone else request.POST.getlist("pick")
    picks = [pick for pick in map(Pick.read, texts) if pick]
    step = RETURN if request.POST.get("step") == RETURN and not alone else SIGN
    reason = request.POST.get("reason", "").strip()
    if problem := problem_of(picks, step, reason):
        context = review_context(request) | {"problem": problem, "reason": reason}
        parts = {"filters": "_filters.html", "rows": "review/_rows.html"}
        context |= {name: render_to_string(template, context, request) for name, template in parts.items()}
        return render(request, "review/list.html", context, status=422)
    answers = review_bulk.take_each(picks=picks, step=step, by=request.user, reason=reason)
    site = request.build_absolute_uri("/")[:-1]
    if alone:
        review_bulk.settle([one.observation for one in answers if not one.refusal], by=request.user, site=site)
    else:
        review_bulk.finish(answers, step=step, by=request.user, site=site, reason=reason)
    say(request, answers, step)
    query = request.GET.urlencode()
    return HttpResponseRedirect(reverse("review:list") + (f"?{query}" if query else ""))


def problem_of(picks: Sequence[Pick], step: str, reason: str) -> str:
    """Say what is missing before anything can be done; nothing when all is there."""
    if not picks:
        return _("Choose at least one value.")
    return _("Say why the values go back.") if step == RETURN and not reason else ""


def say(request: PortalRequest, answers: Sequence[Answer], step: str) -> None:
    """Tell what became of each value: those that moved together, each refusal by itself."""
    done = [name_of(answer.observation) for answer in answers if not answer.refusal]
    if done:
        messages.success(
            request, done_words(request.user, step, len(done)) % {"count": len(done), "names": clauses(done)}
        )
    for answer in answers:
        if answer.refusal:
            messages.warning(request, f"{name_of(answer.observation)}: {answer.refusal}")
    if not answers:
        messages.warning(request, _("These values are not there any more."))


def done_words(user: User, step: str, count: int) -> str:
    if step == RETURN:
        return ngettext("%(count)s value returned: %(names)s", "%(count)s values returned: %(names)s", count)
    if may(user, "observation.accept"):
        return ngettext("%(count)s value accepted: %(names)s", "%(count)s values accepted: %(names)s", count)
    return ngettext("%(count)s value verified: %(names)s", "%(count)s values verified: %(names)s", count)


def name_of(observation: Observation) -> str:
    parts = (observation.indicator, observation.program, observation.period, observation.province)
    return " · ".join(str(part) for part in parts if part)
