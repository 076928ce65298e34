"""What an outcome should move: the part its page asks for, and the forms."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from capred_portal.access import requires
from capred_portal.caching import cached_part
from capred_portal.editing import archive_record, edit_record
from capred_portal.htmx import PortalRequest, wants_fragment
from indicators.effects import effects_of
from indicators.forms.effects import EffectForm
from indicators.models import ExpectedEffect
from programs.models import Outcome


@require_safe
@requires("page.read")
@vary_on_headers("HX-Request")
def of_outcome(request: PortalRequest, pk: int) -> HttpResponse:
    """What an outcome should move, and whether it did: a page of its own, and the fragment its page asks for."""
    outcome = get_object_or_404(Outcome.objects.active(), pk=pk)

    def parts() -> dict[str, object]:
        return {"outcome": outcome, "effects": effects_of(outcome)}

    effects = cached_part(request, "effects/_of_outcome.html", parts, outcome.pk)
    if wants_fragment(request):
        return HttpResponse(effects)
    return render(request, "effects/of_outcome.html", {"outcome": outcome, "effects": effects})


def effect_page(request: PortalRequest, effect: ExpectedEffect, title: object) -> HttpResponse:
    """Show and save the form of an expected effect."""
    outcome = effect.outcome
    form = EffectForm(request.POST or None, instance=effect)
    context = {"record": outcome, "title": title, "cancel_url": outcome.get_absolute_url()}
    return edit_record(
        request, form, template="record_form.html", context=context, success_url=lambda _effect: here(outcome)
    )


def here(outcome: Outcome) -> str:
    return f"{outcome.get_absolute_url()}#effects"


@require_http_methods(["GET", "POST"])
@requires("record.write")
def effect_new(request: PortalRequest, outcome_pk: int) -> HttpResponse:
    """Say what an outcome should move."""
    outcome = get_object_or_404(Outcome.objects.active(), pk=outcome_pk)
    return effect_page(request, ExpectedEffect(outcome=outcome), _("Expected effect"))


@require_http_methods(["GET", "POST"])
@requires("record.write")
def effect_edit(request: PortalRequest, pk: int) -> HttpResponse:
    """Change what an outcome should move."""
    return effect_page(request, standing_effect(pk), _("Edit the expected effect"))


@require_http_methods(["GET", "POST"])
@requires("record.write")
def effect_archive(request: PortalRequest, pk: int) -> HttpResponse:
    """Take an expected effect back, with a reason."""
    effect = standing_effect(pk)
    return archive_record(request, effect, success_url=reverse("outcomes:detail", args=[effect.outcome_id]))


def standing_effect(pk: int) -> ExpectedEffect:
    rows = ExpectedEffect.objects.active().filter(outcome__in=Outcome.objects.active().order_by())
    found: ExpectedEffect = get_object_or_404(rows.select_related("outcome", "indicator"), pk=pk)
    return found
