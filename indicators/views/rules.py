"""The page that changes the rule of an indicator: first what the change would do, then the change."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from capred_portal.access import requires
from capred_portal.htmx import PortalRequest
from capred_portal.records import StaleRecord
from indicators.forms.rules import RuleForm
from indicators.models import Indicator
from indicators.rules import RuleRefused, change_rule, effect_of


@require_http_methods(["GET", "POST"])
@requires("indicator.rule")
def indicator_rule(request: PortalRequest, code: str) -> HttpResponse:
    """Ask for the new rule and why, show what it does to years and judgements, then write it as a new version."""
    indicator = get_object_or_404(Indicator.objects.active(), code=code)
    form = RuleForm(request.POST or None, instance=Indicator.objects.get(pk=indicator.pk))
    context: dict[str, Any] = {"indicator": indicator, "form": form, "has_values": indicator.observations.exists()}
    if request.method == "POST" and form.is_valid():
        if "confirmed" in request.POST and saved(request, indicator, form):
            return HttpResponseRedirect(f"{indicator.get_absolute_url()}#rules")
        if not form.errors:
            context["effect"] = effect_of(indicator, form.rule)
    context["cancel_url"] = indicator.get_absolute_url()
    return render(request, "indicators/rule.html", context, status=422 if form.errors else 200)


def saved(request: PortalRequest, indicator: Indicator, form: RuleForm) -> bool:
    """Write the new version; say what stands against it otherwise."""
    try:
        change_rule(
            indicator=indicator,
            values=form.rule,
            why=form.cleaned_data["why"],
            by=request.user,
            expected=form.cleaned_data["version"],
        )
    except RuleRefused as refused:
        form.add_error(None, str(refused))
        return False
    except StaleRecord:
        form.add_error(None, _("Somebody changed this record after you opened it. Look at it once more."))
        return False
    messages.success(request, _("The rule has a new version."))
    return True
