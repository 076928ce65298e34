"""Who may do what: one matrix of action and roles, and the only check that reads it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django_htmx.http import HttpResponseClientRedirect

from capred_portal.htmx import PortalRequest

View = Callable[..., HttpResponseBase]

STAFF, VERIFIER, OFFICER, ADMIN, ANONYMOUS = "staff", "verifier", "officer", "admin", "anonymous"

READERS = frozenset({STAFF, VERIFIER, OFFICER, ADMIN})
MINISTRY = frozenset({STAFF, VERIFIER})
KEEPERS = frozenset({STAFF, VERIFIER, ADMIN})

#                              staff  verifier  officer  admin
MATRIX: dict[str, frozenset[str]] = {
    "page.read": READERS,  #      x       x        x       x     every page that shows no personal data
    "page.public": READERS,  #    x       x        x       x     with PUBLIC_DASHBOARD=1 also who is not signed in
    "people.read": KEEPERS,  #    x       x                x     names, contacts and answers of people
    "people.export": KEEPERS,  #  x       x                x     everything kept about one person, as files
    "people.erase": frozenset({VERIFIER, ADMIN}),  #  x    x     names and contacts of one person, for good
    "money.read": KEEPERS,  #     x       x                x     what one organisation received
    "firm.read": KEEPERS,  #      x       x                x     what one firm told: contacts, staff, money, values
    "history.read": KEEPERS,  #   x       x                x     old versions hold contacts and money
    "record.write": MINISTRY,  #  x       x                      programs, workshops, outcomes, actions, people
    "load.write": MINISTRY,  #    x       x                      load, confirm and undo a spreadsheet
    "register.declare": frozenset({VERIFIER}),  #  x             the register is complete somewhere
    "link.verify": MINISTRY,  #   x       x                      a second person, never the one who wrote it last
    "match.decide": MINISTRY,  #  x       x                      the same or not; merge, take apart
    "action.verify": MINISTRY,  # x       x                      a second person, never the one who closed it
    "observation.write": MINISTRY,  # x   x                      enter, load, submit, withdraw and correct values
    "observation.verify": frozenset({VERIFIER}),  #  x           a verifier who neither entered nor last changed it
    "observation.accept": frozenset({OFFICER}),  #    x          the embassy's signature, where an indicator needs it
    "observation.return": frozenset({VERIFIER, OFFICER}),  # x  x        with a reason; an officer what is verified
    "target.propose": MINISTRY,  #  x     x                      baselines, milestones, targets
    "target.approve": frozenset({VERIFIER}),  #       x          never the one who proposed it
    "round.manage": frozenset({VERIFIER}),  #         x          open, close and sign reporting rounds; remind
    "round.accept": frozenset({OFFICER}),  #                x    the whole round at once
    "indicator.rule": frozenset({ADMIN}),  #                     x     a new version of an indicator's rule
    "scenario.write": MINISTRY,  # x      x                      keep and change scenarios; anybody may compute one
    "comment.ask": READERS,  #    x       x        x       x     comments and questions
    "comment.answer": KEEPERS,  # x       x                x     answers to questions
    "key.use": READERS,  #        x       x        x       x     keys of one's own, for programs that read as oneself
    "report.share": frozenset({STAFF, VERIFIER, OFFICER}),  # x  x  x    a link to a frozen report, for people outside
    "check-in.keep": MINISTRY,  # x       x                      open the door of a workshop, scan who arrives
    "admin.use": frozenset({ADMIN}),  #                    x     Django admin
}
OPEN_TO_ALL = frozenset({"page.public"})


def role_of(user: Any) -> str:
    """Return the role of a user; someone who is not signed in, or not active, is anonymous."""
    return user.role if getattr(user, "is_authenticated", False) and user.is_active else ANONYMOUS


def may(user: Any, action: str) -> bool:
    """Tell whether the user's role may do the action; an action missing from the matrix is an error."""
    role = role_of(user)
    return role in MATRIX[action] or (role == ANONYMOUS and settings.PUBLIC_DASHBOARD and action in OPEN_TO_ALL)


def roles_for(action: str) -> list[str]:
    """Return the roles that may do the action, for the page that says no."""
    return [role for role in (STAFF, VERIFIER, OFFICER, ADMIN) if role in MATRIX[action]]


class Forbidden(PermissionDenied):
    """The signed-in user's role may not do this; the 403 page says who may."""

    def __init__(self, action: str) -> None:
        super().__init__(action)
        self.action = action


def check(user: Any, action: str) -> None:
    """Raise Forbidden unless the user may do the action."""
    if not may(user, action):
        raise Forbidden(action)


def sign_in_first(request: PortalRequest) -> HttpResponseBase:
    """Lead to the sign-in page, and from there back; a fragment's place is never taken by the form, a page's is."""
    url = f"{reverse('login')}?{urlencode({'next': page_behind(request)})}"
    is_part = request.htmx and not request.htmx.history_restore_request
    return HttpResponseClientRedirect(url) if is_part else HttpResponseRedirect(url)


def page_behind(request: PortalRequest) -> str:
    """Return the page somebody looks at: what is asked, or where a form or a fragment was asked for."""
    asked = request.get_full_path()
    if request.htmx:
        return request.htmx.current_url_abs_path or asked
    sent_from = request.headers.get("Referer", "") if request.method == "POST" else ""
    return sent_from if url_has_allowed_host_and_scheme(sent_from, {request.get_host()}) else asked


def requires(action: str) -> Callable[[View], View]:
    """Decorate a view: anonymous visitors go to the login page, the wrong role gets the 403 page."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if isinstance(request.user, AnonymousUser) and not may(request.user, action):
                return sign_in_first(request)
            check(request.user, action)
            return view(request, *args, **kwargs)

        checked.action = action  # type: ignore[attr-defined]
        return checked

    return decorate
