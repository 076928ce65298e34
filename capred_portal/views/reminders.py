"""One's own reminders: what waits now, how often mails tell of it, and the page behind the links that stop them."""

from collections.abc import Mapping

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from capred_portal import reminders
from capred_portal.access import requires
from capred_portal.htmx import PortalRequest
from capred_portal.models import User
from capred_portal.reminder_mails import groups_of, read_token
from capred_portal.reminders import Frequency

page_with_form = require_http_methods(["GET", "HEAD", "POST"])


@page_with_form
@requires("page.read")
@never_cache
def account_reminders(request: PortalRequest) -> HttpResponse:
    """What waits for somebody now, and how often mails tell of each kind."""
    user = request.user
    if request.method == "POST":
        reminders.choose(user, chosen_in(request.POST, user))
        messages.success(request, _("Saved: mails come as you chose."))
        return redirect("account_reminders")
    choices = reminders.Choices([user.pk])
    context = {
        "groups": groups_of(reminders.due_for({user.pk: user}, timezone.now())),
        "choices": [(kind, choices.of(user.pk, kind)) for kind in reminders.kinds_for(user)],
        "frequencies": Frequency.choices,
    }
    return render(request, "reminders/list.html", context)


def chosen_in(sent: Mapping[str, str], user: User) -> dict[str, str]:
    """Return how often each kind was chosen; what is none of the choices is left as it is."""
    names = [kind.name for kind in reminders.kinds_for(user)]
    return {name: sent[name] for name in names if sent.get(name) in Frequency.values}


@csrf_exempt  # mail programs send it, RFC 8058; the signed link says whose mails stop, and can do nothing else
@page_with_form
@never_cache
def reminders_stop(request: PortalRequest, token: str) -> HttpResponse:
    """Ask whether mails of a kind are to stop, and stop them, for whoever holds the link; nobody need sign in."""
    found = read_token(token)
    if found is None:
        raise Http404
    person, kinds = found
    if request.method == "POST":
        reminders.choose(person, {kind.name: Frequency.NEVER for kind in kinds})
    chosen = get_language() if settings.LANGUAGE_COOKIE_NAME in request.COOKIES else person.language
    with override(chosen):
        own = [kind for kind in kinds if kind.concerns(person)] or kinds
        context = {"kinds": own, "person": person, "is_done": request.method == "POST"}
        return render(request, "reminders/stop.html", context)
