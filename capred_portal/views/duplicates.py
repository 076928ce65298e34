"""Pages of records that may be the same: the pairs, one pair, a decision, a merge, and taking one apart."""

from typing import Any

import django_filters
from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from capred_portal import duplicates, merging
from capred_portal.duplicates import KINDS, MatchKind
from capred_portal.editing import clash_message
from capred_portal.htmx import PortalRequest, wants_fragment
from capred_portal.keys import key_in
from capred_portal.listing import list_page
from capred_portal.models import DuplicateSearch, Match, Merge
from capred_portal.pairs_shown import ShownPair, choices, shown_pairs
from capred_portal.records import StaleRecord

PAIRS_PER_PAGE = 20
DECIDED = [choice for choice in Match.Decision.choices if choice[0] != Match.Decision.OPEN]


class MatchFilter(django_filters.FilterSet):
    """Pairs by how sure they are and what was decided; those nobody has decided about unless asked otherwise."""

    grade = django_filters.ChoiceFilter(
        choices=Match.Grade.choices, label=gettext_lazy("How sure"), empty_label=gettext_lazy("Any")
    )
    decision = django_filters.ChoiceFilter(
        choices=DECIDED, label=gettext_lazy("Decision"), empty_label=Match.Decision.OPEN.label
    )

    class Meta:
        model = Match
        fields: list[str] = []


@require_safe
@vary_on_headers("HX-Request")
def duplicate_list(request: PortalRequest, kind: str) -> HttpResponse:
    """The pairs nobody has decided about, the surest first; or those that were decided."""

    found = KINDS[kind]
    pairs = Match.objects.filter(kind=kind) if request.GET.get("decision") else duplicates.open_matches(found)
    filtered = MatchFilter(request.GET, pairs)
    context = {"filter": filtered, "kind": found, **list_page(request, filtered.qs, per_page=PAIRS_PER_PAGE)}
    context["pairs"] = shown_pairs(found, context["page_obj"])
    context["back"] = request.get_full_path()
    if wants_fragment(request):
        return render(request, "duplicates/_rows.html", context)
    context["search"] = DuplicateSearch.objects.filter(kind=kind).first()
    return render(request, "duplicates/list.html", context)


@require_POST
def duplicates_find(request: PortalRequest, kind: str) -> HttpResponse:
    """Set a search for pairs among all records going."""
    duplicates.start_search(KINDS[kind])
    messages.info(request, _("The search is under way. You can close the browser: it goes on without it."))
    return HttpResponseRedirect(reverse(f"{KINDS[kind].namespace}:duplicates"))


def pair_of(kind: MatchKind, pk: int) -> ShownPair:
    """Return one pair with its records, or raise the 404 page."""
    return shown_pairs(kind, [get_object_or_404(Match.objects.select_related("decided_by"), pk=pk, kind=kind.name)])[0]


@require_safe
def duplicate_detail(request: PortalRequest, kind: str, pk: int) -> HttpResponse:
    """One pair: both records, the reasons, and the decision."""
    found = KINDS[kind]
    context = {"kind": found, "pair": pair_of(found, pk), "back": request.get_full_path()}
    return render(request, "duplicates/detail.html", context)


@require_POST
def duplicate_decide(request: PortalRequest, kind: str, pk: int) -> HttpResponse:
    """Remember that two records are not the same, or ask again."""
    found = KINDS[kind]
    match = get_object_or_404(Match, pk=pk, kind=kind)
    decision = request.POST.get("decision", "")
    try:
        if decision in (Match.Decision.DIFFERENT, Match.Decision.OPEN):
            duplicates.decide(found, match, decision, by=request.user)
            messages.success(request, _("Saved."))
        else:
            messages.error(request, _("Choose a decision."))
    except duplicates.Merged:
        messages.error(request, _("These two were merged. Take them apart first."))
    back = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(back if is_ours else reverse(f"{found.namespace}:duplicate", args=[pk]))


def sides_of(request: PortalRequest, pair: ShownPair) -> tuple[Any, Any]:
    """Return the record to be kept, as asked for, and the one to be taken in."""
    given = request.POST if request.method == "POST" else request.GET
    if given.get("keep") == str(pair.second.pk):
        return pair.second, pair.first
    return pair.first, pair.second


def merge_posted(request: PortalRequest, kind: MatchKind, keep: Any, take_in: Any) -> None:
    """Merge two records as the form says, in the versions the form was made of."""
    for record in (keep, take_in):
        record.version = key_in(request.POST.get(f"version-{record.pk}", ""))
    taken = [name for name in kind.fields if request.POST.get(f"field-{name}") == str(take_in.pk)]
    try:
        merging.merge_records(kind=kind, keep=keep, take_in=take_in, choices=taken, by=request.user)
    except IntegrityError as error:  # somebody saved a row that clashes at the same moment
        raise merging.CannotMerge(clash_message(keep, error)) from error


@require_http_methods(["GET", "POST"])
def duplicate_merge(request: PortalRequest, kind: str, pk: int) -> HttpResponse:
    """Choose field by field what stays, then take the one record into the other."""
    found = KINDS[kind]
    pair = pair_of(found, pk)
    if not pair.can_be_decided:
        messages.info(request, _("One of the two is archived, or they were merged already."))
        return HttpResponseRedirect(reverse(f"{found.namespace}:duplicate", args=[pk]))
    keep, take_in = sides_of(request, pair)
    problem = merging.why_not(found, keep, take_in)
    if request.method == "POST":
        try:
            merge_posted(request, found, keep, take_in)
            messages.success(request, _("Merged. It can be taken apart again."))
            return HttpResponseRedirect(keep.get_absolute_url())
        except StaleRecord:
            problem = _("Somebody changed one of the two after you opened this page. Look at both once more.")
            pair = pair_of(found, pk)
        except merging.CannotMerge as reason:
            problem = str(reason)
    context = merge_context(found, pair, *sides_of(request, pair)) | {"problem": problem}
    return render(request, "duplicates/merge.html", context, status=409 if request.method == "POST" else 200)


def merge_context(kind: MatchKind, pair: ShownPair, keep: Any, take_in: Any) -> dict[str, Any]:
    """Return what the page of a merge shows: the fields to choose, and what hangs on the two."""
    return {
        "kind": kind,
        "pair": pair,
        "keep": keep,
        "take_in": take_in,
        "choices": choices(kind, keep, take_in),
        "hanging": merging.hanging_on_both(kind, keep.pk, take_in.pk),
        "can_merge": not merging.why_not(kind, keep, take_in),
    }


@require_http_methods(["GET", "POST"])
def merge_undo(request: PortalRequest, kind: str, pk: int) -> HttpResponse:
    """Say what taking a merge apart would do, or why it cannot be; then do it."""
    found = KINDS[kind]
    merge = get_object_or_404(Merge.objects.select_related("merged_by"), pk=pk, kind=kind)
    records = found.records([merge.kept, merge.merged])
    if len(records) < 2:
        raise Http404(pk)
    keep, merged = records[merge.kept], records[merge.merged]
    problem = merging.why_not_apart(found, merge)
    if request.method == "POST" and not problem:
        try:
            tell_apart(request, merging.unmerge(merge, kind=found, by=request.user))
            return HttpResponseRedirect(merged.get_absolute_url())
        except merging.CannotMerge as reason:
            problem = str(reason)
    context = {"kind": found, "merge": merge, "keep": keep, "merged": merged, "problem": problem}
    context["moved"] = merging.moved_rows(found, merge)
    return render(request, "duplicates/undo.html", context, status=409 if request.method == "POST" else 200)


def tell_apart(request: PortalRequest, done: merging.TakenApart) -> None:
    """Say that a merge was taken apart, and what was left as it is because somebody had changed it since."""
    messages.success(request, _("Taken apart: both records are there again."))
    if done.fields_left:
        changed = ", ".join(done.fields_left)
        messages.warning(request, _("Changed since the merge and left as it is: %(fields)s") % {"fields": changed})
    if done.left:
        messages.warning(
            request, _("Rows that belong to another record by now and were left: %(count)s") % {"count": done.left}
        )
