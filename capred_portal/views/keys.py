"""One's own keys, with which a program or a calendar reads the portal as oneself."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from capred_portal.access import may, requires
from capred_portal.access_keys import new_key
from capred_portal.htmx import PortalRequest
from capred_portal.models import AccessToken
from capred_portal.views.account import PasswordForm, is_locked, locked, page_with_form

MOST_KEYS = 20  # that are valid at one time
DAYS = [(30, gettext_lazy("30 days")), (90, gettext_lazy("90 days")), (365, gettext_lazy("One year"))]
SCOPES = [choice for choice in AccessToken.Scope.choices if choice[0] != AccessToken.Scope.CALENDAR]


class KeyForm(PasswordForm):
    """What a key is for, what it opens and for how long; the password once more, for a key opens a door."""

    label = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=100,
        help_text=gettext_lazy("Such as: Excel on my office computer."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it opens"), choices=SCOPES, widget=forms.CheckboxSelectMultiple
    )
    days = forms.TypedChoiceField(label=gettext_lazy("Valid for"), choices=DAYS, coerce=int, initial=90)

    field_order = ["label", "scopes", "days", "password"]

    def __init__(self, request: PortalRequest, data: Any = None) -> None:
        super().__init__(request, data)
        if not may(request.user, "people.read"):
            scopes: Any = self.fields["scopes"]
            scopes.choices = [choice for choice in SCOPES if choice[0] != AccessToken.Scope.PEOPLE]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if AccessToken.objects.valid().filter(user=self.request.user).count() >= MOST_KEYS:
            self.add_error(None, _("You have too many keys. Revoke one that is no longer used."))
        return cleaned


@page_with_form
@requires("key.use")
@sensitive_post_parameters("password")
@never_cache
def keys(request: PortalRequest) -> HttpResponse:
    """The keys one has, and the form that makes another; a new key is shown once."""
    if is_locked(request, request.user):
        return locked(request, request.user)
    form = KeyForm(request, request.POST or None)
    if form.is_valid():
        told = form.cleaned_data
        token, key = new_key(request.user, told["label"], told["scopes"], told["days"])
        return shown(request, token, key)
    mine = AccessToken.objects.filter(user=request.user)
    context = {"form": form, "keys": mine, "scopes": dict(AccessToken.Scope.choices)}
    return render(request, "account/keys.html", context)


def shown(request: PortalRequest, token: AccessToken, key: str) -> HttpResponse:
    """Show a key that was just made; nobody can read it again."""
    calendar = ""
    if AccessToken.Scope.CALENDAR in token.scopes:
        calendar = request.build_absolute_uri(f"{reverse('workshops:calendar')}?key={key}")
    context = {"token": token, "key": key, "calendar": calendar, "address": request.build_absolute_uri("/api/v1/")}
    return render(request, "account/key_new.html", context)


@require_POST
@requires("key.use")
def calendar_key(request: PortalRequest) -> HttpResponse:
    """Make a key that opens nothing but the calendar of workshops, and show the address to subscribe to."""
    valid = AccessToken.objects.valid().filter(user=request.user)
    if valid.count() >= MOST_KEYS:
        messages.error(request, _("You have too many keys. Revoke one that is no longer used."))
        return redirect("account_keys")
    return shown(request, *new_key(request.user, _("Calendar of workshops"), [AccessToken.Scope.CALENDAR], 365))


@require_POST
@requires("key.use")
def key_revoke(request: PortalRequest, pk: int) -> HttpResponse:
    """Take a key out of use, at once."""
    mine = get_object_or_404(AccessToken, pk=pk, user=request.user)
    AccessToken.objects.filter(pk=mine.pk, revoked_at=None).update(revoked_at=timezone.now())
    messages.success(request, _("The key is revoked: nothing can read with it any more."))
    return redirect("account_keys")
