"""The request as views see it: signed in, with htmx details; and when to answer with a fragment."""

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

if TYPE_CHECKING:
    from capred_portal.models import User


class PortalRequest(HttpRequest):
    """A request after our middleware."""

    codes_off: bool  # set by capred_portal.middleware: one-time codes are switched off here
    htmx: HtmxDetails
    data_version: str  # set by capred_portal.caching when it is first asked
    session_ends_in: int  # seconds; set by capred_portal.middleware for whoever is signed in
    user: "User"


def wants_fragment(request: PortalRequest) -> bool:
    """Tell whether htmx asks for a part of the page: not when boosted, not when it restores its history."""
    return bool(request.htmx) and not request.htmx.boosted and not request.htmx.history_restore_request
