"""Correcting a signed value: the next version as a draft, with the reason; the signed one stays as reported."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from capred_portal.access import requires
from capred_portal.htmx import PortalRequest
from capred_portal.kept_files import keep_files
from capred_portal.records import writing
from indicators import entry as grid
from indicators import review
from indicators.entry import Entry
from indicators.forms.entry import CorrectionForm
from indicators.models import Observation, ProgramIndicator


@require_http_methods(["GET", "POST"])
@requires("observation.write")
def observation_correct(request: PortalRequest, pk: int) -> HttpResponse:
    """Write the next version of a signed value, with the reason."""
    about = ("indicator", "program", "period", "province", "evidence")
    observation = get_object_or_404(Observation.objects.active().select_related(*about), pk=pk)
    entry = Entry(ProgramIndicator(indicator=observation.indicator), observation)
    if observation.program and not observation.province:
        report = ProgramIndicator(indicator=observation.indicator, program=observation.program)
        entry.before = grid.entries([report], observation.program, observation.period)[0].before
    form = CorrectionForm(
        request.POST or None, request.FILES or None, entry=entry, period=observation.period, prefix="correction"
    )
    if request.method == "POST" and form.is_valid() and (made := correct(request, observation, form)):
        messages.success(request, _("The correction is a draft now: submit it for signature."))
        return HttpResponseRedirect(made.get_absolute_url())
    if form.errors:
        keep_files(form)
    context = {"observation": observation, "entry": entry, "form": form}
    return render(request, "entry/correct.html", context, status=422 if form.errors else 200)


def correct(request: PortalRequest, observation: Observation, form: CorrectionForm) -> Observation | None:
    """Start the next version, or put on the form why that cannot be."""
    values, reason = form.values, form.cleaned_data["reason"]
    try:
        with writing("capred_portal"):
            if document := form.evidence(request.user):
                document.save()
                values = values | {"evidence": document}
            return review.correct(observation=observation, by=request.user, values=values, reason=reason)
    except review.NotAllowed as refusal:
        form.add_error(None, str(refusal))
        return None
