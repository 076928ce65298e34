"""The sources of published values: every edition, what it holds, how it may be used; and recording the next one."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from capred_portal.access import requires
from capred_portal.caching import cached_part
from capred_portal.editing import edit_record
from capred_portal.htmx import PortalRequest
from capred_portal.keys import key_in
from indicators.forms.sources import SourceForm, next_edition
from indicators.models import Source
from indicators.sources import editions_held


@require_safe
@requires("page.read")
def source_list(request: PortalRequest) -> HttpResponse:
    """All editions with the series they hold."""

    def context() -> dict[str, Any]:
        return {"editions": editions_held()}

    body = cached_part(request, "indicators/_sources.html", context)
    return render(request, "indicators/sources.html", {"body": body})


@require_http_methods(["GET", "POST"])
@requires("load.write")
def source_new(request: PortalRequest) -> HttpResponse:
    """Record an edition, so that its values can be loaded; of a publication that is known, or of a new one."""
    of = request.GET.get("of", "")
    earlier = get_object_or_404(Source.objects.active(), pk=key_in(of)) if of.isdecimal() else None
    form = SourceForm(request.POST or None, initial=next_edition(earlier) if earlier else None)
    sources = reverse("indicators:sources")
    context = {"record": _("Sources"), "title": _("New edition of a source"), "cancel_url": sources}
    return edit_record(
        request,
        form,
        template="record_form.html",
        context=context,
        success_url=lambda source: f"{sources}#source-{source.pk}",
    )
