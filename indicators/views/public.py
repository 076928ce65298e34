"""The overview and the strategy for who is not signed in."""

from django.http import HttpResponse
from django.shortcuts import render

from capred_portal.caching import cached_part
from capred_portal.htmx import PortalRequest
from indicators.public import overview_parts, strategy_parts


def public_overview(request: PortalRequest) -> HttpResponse:
    """What both sides have accepted, and what others publish."""
    body = cached_part(request, "public/_overview.html", overview_parts)
    return render(request, "public/overview.html", {"body": body})


def public_strategy(request: PortalRequest) -> HttpResponse:
    """The goals of the strategies, with the numbers anybody may see."""
    body = cached_part(request, "public/_strategy.html", strategy_parts)
    return render(request, "public/strategy.html", {"body": body})
