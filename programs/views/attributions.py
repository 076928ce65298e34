"""What brought a link about: the part of the link's page that programs and workshops have, and its forms."""

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from capred_portal.access import may, requires
from capred_portal.editing import archive_record, edit_record
from capred_portal.htmx import PortalRequest, wants_fragment
from enterprises.models import SupplyLink
from programs.forms.attributions import AttributionForm, workshop_text
from programs.models import LinkAttribution, Workshop, settle_attribution

MOST_CHOICES = 20
FIRMS = ("buyer", "supplier")


@require_safe
@requires("page.read")
@vary_on_headers("HX-Request")
def attribution_list(request: PortalRequest, link_pk: int) -> HttpResponse:
    """The programs and workshops that brought a link about, each with its share, and the rest."""
    link = get_object_or_404(SupplyLink.objects.select_related(*FIRMS), pk=link_pk)
    shares = LinkAttribution.objects.active().filter(link=link).select_related("program", "workshop__program")
    context = {
        "link": link,
        "shares": shares,
        "rest": Decimal(100) - link.attributed_pct,
        "writes": may(request.user, "record.write") and not link.is_archived,
    }
    template = "attributions/_list.html" if wants_fragment(request) else "attributions/list.html"
    return render(request, template, context)


def link_of(link_pk: int) -> SupplyLink:
    """Return a link that can be written, or say there is no such page."""
    return get_object_or_404(SupplyLink.objects.active().select_related(*FIRMS), pk=link_pk)


@require_http_methods(["GET", "POST"])
@requires("record.write")
def attribution_new(request: PortalRequest, link_pk: int) -> HttpResponse:
    """Say that a program or workshop brought the link about, and how much of it."""
    link = link_of(link_pk)
    return attribution_page(request, link, LinkAttribution(link=link, is_demo=link.is_demo))


@require_http_methods(["GET", "POST"])
@requires("record.write")
def attribution_edit(request: PortalRequest, link_pk: int, pk: int) -> HttpResponse:
    """Correct who brought the link about, or how much of it."""
    link = link_of(link_pk)
    return attribution_page(request, link, get_object_or_404(LinkAttribution.objects.active(), pk=pk, link=link))


def attribution_page(request: PortalRequest, link: SupplyLink, share: LinkAttribution) -> HttpResponse:
    """Show and save the form of a share; all shares of a link make at most 100 %."""
    form = AttributionForm(request.POST or None, instance=share)
    here = f"{link.get_absolute_url()}#attribution"
    context = {"record": link, "title": _("What brought this link about"), "cancel_url": here}
    return edit_record(
        request,
        form,
        template="record_form.html",
        context=context,
        success_url=lambda _share: here,
        after=lambda _share: settle_attribution(link.pk),
    )


@require_http_methods(["GET", "POST"])
@requires("record.write")
def attribution_archive(request: PortalRequest, link_pk: int, pk: int) -> HttpResponse:
    """Take a share off the link, with a reason."""
    link = link_of(link_pk)
    share = get_object_or_404(LinkAttribution.objects.active(), pk=pk, link=link)
    return archive_record(request, share, success_url=f"{link.get_absolute_url()}#attribution")


@require_safe
@requires("record.write")
def workshop_choices(request: PortalRequest) -> HttpResponse:
    """The workshops that match what is being typed, as options; nothing before the first letter."""
    text = request.GET.get("q", "").strip()
    found: Any = Workshop.objects.active().search(text)[:MOST_CHOICES] if text else []
    return render(request, "_choices.html", {"choices": [workshop_text(workshop) for workshop in found]})
