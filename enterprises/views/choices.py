"""What follows the typing in a form: firms and sectors that match."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from capred_portal.access import requires
from capred_portal.htmx import PortalRequest
from enterprises.forms.fields import enterprise_text, find_sectors, sector_text
from enterprises.models import Enterprise, Sector

MOST_CHOICES = 20


@require_safe
@requires("record.write")
def enterprise_choices(request: PortalRequest) -> HttpResponse:
    """The firms that match what is being typed, as options; nothing before the first letter."""
    text = request.GET.get("q", "").strip()
    found = Enterprise.objects.active().search(text)[:MOST_CHOICES] if text else Enterprise.objects.none()
    return render(request, "_choices.html", {"choices": [enterprise_text(enterprise) for enterprise in found]})


@require_safe
@requires("record.write")
def sector_choices(request: PortalRequest) -> HttpResponse:
    """The sectors that match what is being typed, as options."""
    text = request.GET.get("q", "").strip()
    found = find_sectors(text)[:MOST_CHOICES] if text else Sector.objects.none()
    return render(request, "_choices.html", {"choices": [sector_text(sector) for sector in found]})
