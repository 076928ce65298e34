"""Pages of targets: to propose one, to look at one with all its versions, to approve or return it."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from capred_portal.access import requires
from capred_portal.editing import edit_record
from capred_portal.htmx import PortalRequest
from indicators.forms.targets import ReturnForm, TargetForm
from indicators.models import Target
from indicators.targets import TargetRefused, approve, may_decide, problems_of, send_back, versions_of

RELATED = ("indicator", "program", "period", "source", "created_by", "decided_by")


@require_http_methods(["GET", "POST"])
@requires("target.propose")
def target_new(request: PortalRequest) -> HttpResponse:
    """Propose a baseline, milestone or target; indicator and program may come with the address."""
    given = {name: request.GET[name] for name in ("indicator", "program", "kind") if request.GET.get(name)}
    form = TargetForm(request.POST or None, instance=Target(), initial=given)
    context = {"cancel_url": cancel_url(given)}
    return edit_record(request, form, template="targets/new.html", context=context, success_url=Target.get_absolute_url)


def cancel_url(given: dict[str, str]) -> str:
    """Return the page of the indicator that is asked for, if there is one, else the list."""
    target = TargetForm.base_fields["indicator"]
    indicator = target.queryset.filter(code=given.get("indicator", "")).first()  # type: ignore[attr-defined]
    return indicator.get_absolute_url() if indicator else reverse("indicators:list")


@require_safe
@requires("page.read")
def target_detail(request: PortalRequest, pk: int) -> HttpResponse:
    """One target: what it says, who proposed and decided it, and every version of it."""
    target = target_of(pk)
    is_waiting = target.status == Target.Status.PROPOSED
    context = {
        "target": target,
        "versions": versions_of(target),
        "problems": problems_of(target) if is_waiting else {},
        "may_decide": is_waiting and may_decide(target, request.user),
    }
    return render(request, "targets/detail.html", context)


def target_of(pk: int) -> Target:
    found: Target = get_object_or_404(Target.objects.active().select_related(*RELATED), pk=pk)
    return found


@require_POST
@requires("target.approve")
def target_approve(request: PortalRequest, pk: int) -> HttpResponse:
    """Let a proposal count; what was approved in its place is replaced."""
    target = target_of(pk)
    try:
        approve(target=target, by=request.user)
        messages.success(request, _("Approved. Progress is judged against it from now on."))
    except TargetRefused as refused:
        messages.error(request, str(refused))
    return HttpResponseRedirect(target.get_absolute_url())


@require_http_methods(["GET", "POST"])
@requires("target.approve")
def target_return(request: PortalRequest, pk: int) -> HttpResponse:
    """Ask why, then return a proposal to who made it."""
    target = target_of(pk)
    form = ReturnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            send_back(target=target, by=request.user, reason=form.cleaned_data["reason"])
            messages.success(request, _("Returned with your reason."))
            return HttpResponseRedirect(target.get_absolute_url())
        except TargetRefused as refused:
            form.add_error(None, str(refused))
    context = {"form": form, "record": target, "title": _("Return the target")}
    context["cancel_url"] = target.get_absolute_url()
    return render(request, "record_form.html", context, status=422 if form.errors else 200)
