"""Signing in with password and code, one's own account, and how long a session lasts."""

import datetime as dt
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_lockout_response
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.signals import user_login_failed
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from capred_portal import one_time_codes as codes
from capred_portal.access import requires
from capred_portal.forms import NewPasswordForm
from capred_portal.htmx import PortalRequest
from capred_portal.middleware import SEEN, note_life, seconds_left
from capred_portal.models import User
from capred_portal.qr_codes import qr_image

BACKEND = "django.contrib.auth.backends.ModelBackend"
NEW_KEY = "new_key"  # in the session: a secret that no code has confirmed yet
SHOW_RECOVERY = "show_recovery_codes"  # in the session: where to go after they were shown, once
page_with_form = require_http_methods(["GET", "HEAD", "POST"])


def here(request: HttpRequest) -> str:
    """Return where a request wants to go on to: a page of this portal, never of another."""
    url = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if safe else reverse(settings.LOGIN_REDIRECT_URL)


def onward(name: str, url: str) -> HttpResponseRedirect:
    """Lead to a page that later leads on to the address."""
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': url})}")


# Wrong passwords and codes count together, by name and address, whatever form they were typed into


def is_locked(request: HttpRequest, user: User) -> bool:
    """Tell whether too much was tried for this name from this address."""
    return not AxesProxyHandler.is_allowed(request, {"username": user.username})


def note_failure(request: HttpRequest, user: User) -> None:
    """Count a wrong password or code; the answer to the one too many is the page about the lock."""
    user_login_failed.send(__name__, credentials={"username": user.username}, request=request)


def locked(request: HttpRequest, user: User) -> HttpResponse:
    """The page about the lock."""
    response: HttpResponse = get_lockout_response(request, credentials={"username": user.username})
    return response


class CodeForm(forms.Form):
    """A code that an app shows, or a recovery code."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autocapitalize": "none",
                "autofocus": True,
                "spellcheck": "false",
            }
        ),
    )


class PasswordForm(forms.Form):
    """One's own password once more, before something that opens or closes a door."""

    password = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: PortalRequest, data: Any = None) -> None:
        super().__init__(data)
        self.request = request

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not self.request.user.check_password(password):
            note_failure(self.request, self.request.user)
            raise forms.ValidationError(_("This is not your password. Please type it again."))
        return password


class SetUpForm(PasswordForm, CodeForm):
    """The first code of an app; who is signed in already types the password too."""

    field_order = ["code", "password"]

    def __init__(self, request: PortalRequest, data: Any = None) -> None:
        super().__init__(request, data)
        self.fields["code"].label = _("The six digits that the app shows now")
        del self.fields["code"].widget.attrs["autofocus"]  # the picture comes first
        if not request.user.is_authenticated:
            del self.fields["password"]


# Signing in


class SignIn(LoginView):
    """Ask for the password, and for a code where the role or the person wants one."""

    redirect_authenticated_user = True

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if request.method == "GET" and codes.half_user(request):
            return onward("account_code", here(request))
        return super().dispatch(request, *args, **kwargs)

    def get_redirect_url(self, request: Any = None) -> str:
        """Return where to go on to; not to this page again, which would lead there for ever."""
        url = str(super().get_redirect_url())
        return "" if url.partition("?")[0] == self.request.path else url

    def form_valid(self, form: Any) -> HttpResponse:
        user: User = form.get_user()
        if not codes.must_use(user) and not codes.has_codes(user):
            return enter(self.request, user, self.get_success_url())
        codes.begin_half(self.request, user)
        return onward("account_code", self.get_success_url())


def enter(request: HttpRequest, user: User, url: str) -> HttpResponseRedirect:
    """Sign the user in under a new key; remember the previous session, and speak the user's language from here on."""
    previous = user.last_login
    login(request, user, BACKEND)
    request.session.pop(codes.HALF, None)
    request.session[SEEN] = int(timezone.now().timestamp())
    request.session.set_expiry(timezone.now() + dt.timedelta(seconds=settings.SESSION_COOKIE_AGE))
    User.objects.filter(pk=user.pk).update(previous_login=previous)
    response = HttpResponseRedirect(url)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        user.language,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@page_with_form
@sensitive_post_parameters("code")
@never_cache
def code(request: PortalRequest) -> HttpResponse:
    """The second step of signing in: a code of the app, or a recovery code."""
    user, url = codes.half_user(request), here(request)
    if user is None:
        return redirect("account") if request.user.is_authenticated else onward("login", url)
    if not codes.has_codes(user):
        return onward("account_code_new", url)
    if is_locked(request, user):
        return locked(request, user)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        answer = codes.check_code(user, form.cleaned_data["code"])
        if answer.right:
            response = enter(request, user, url)
            request.session[codes.PASSED] = True
            tell_left(request, answer)
            return response
        refuse(request, user, form, answer)
    return render(request, "account/code.html", {"form": form, "next": url, "half_user": user})


def refuse(request: PortalRequest, user: User, form: CodeForm, answer: codes.Answer) -> None:
    """Say why a code did not open the door; one that was looked at counts."""
    if answer.paused_until is None:
        note_failure(request, user)
        form.add_error("code", _("This code is not right, or it was used before. Type the one the app shows now."))
    elif (answer.paused_until - timezone.now()).total_seconds() < 60:
        form.add_error("code", _("A moment, please: wait some seconds, then type the code the app shows then."))
    else:
        until = date_format(timezone.localtime(answer.paused_until), "SHORT_DATETIME_FORMAT")
        form.add_error("code", _("Too many wrong codes. The next one is looked at from %(time)s.") % {"time": until})


def tell_left(request: PortalRequest, answer: codes.Answer) -> None:
    """After a recovery code: how many are left, and where new ones are made."""
    if answer.recovery_left is not None:
        words = ngettext(
            "You used a recovery code; %(total)s is left. Your account's page makes new ones.",
            "You used a recovery code; %(total)s are left. Your account's page makes new ones.",
            answer.recovery_left,
        )
        messages.warning(request, words % {"total": answer.recovery_left})


# One's own account


@require_safe
@requires("page.read")
@never_cache
def account(request: PortalRequest) -> HttpResponse:
    """What the portal holds about one's account, and what one can do with it."""
    user = request.user
    context = {"must_use": codes.must_use(user), "has_codes": codes.has_codes(user), "left": codes.recovery_left(user)}
    return render(request, "account/detail.html", context)


class PasswordChange(PasswordChangeView):
    """Change the password; guessing the old one is limited as signing in is."""

    form_class = NewPasswordForm

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_locked(request, request.user):
            return locked(request, request.user)
        return super().post(request, *args, **kwargs)

    def form_invalid(self, form: Any) -> HttpResponse:
        if form.has_error("old_password", "password_incorrect"):
            note_failure(self.request, self.request.user)  # type: ignore[arg-type]
        return super().form_invalid(form)


@page_with_form
@sensitive_post_parameters("code", "password")
@never_cache
def code_new(request: PortalRequest) -> HttpResponse:
    """Set up an app: its picture to scan, its secret to type, and a first code to show that it works."""
    user, url = request.user if request.user.is_authenticated else codes.half_user(request), here(request)
    if user is None or (not request.user.is_authenticated and codes.has_codes(user)):
        return onward("account_code" if user else "login", request.get_full_path() if user is None else url)
    if is_locked(request, user):
        return locked(request, user)
    key = request.session.setdefault(NEW_KEY, codes.new_key())
    form = SetUpForm(request, request.POST or None)
    if form.is_valid():
        if codes.set_up(user, key, form.cleaned_data["code"], first=not request.user.is_authenticated):
            return set_up_done(request, user, url)
        form.add_error("code", _("This is not the code of this picture. Scan it again, and look at the phone's clock."))
    address = codes.app_address(user, key)
    context = {"form": form, "next": url, "key": codes.readable_key(key), "app_address": address}
    context |= {"picture": qr_image(address), "replaces": codes.has_codes(user), "half": user != request.user}
    return render(request, "account/code_new.html", context)


def set_up_done(request: PortalRequest, user: User, url: str) -> HttpResponse:
    """End the sessions that were opened without the new codes, enter, and show the recovery codes."""
    user.end_sessions()
    response = onward("account_recovery", url)
    if request.user.is_authenticated:
        update_session_auth_hash(request, user)
        del request.session[NEW_KEY]
    else:
        response = enter(request, user, response.url)
        request.session.pop(NEW_KEY, None)
    request.session[codes.PASSED] = request.session[SHOW_RECOVERY] = True
    return response


@page_with_form
@requires("page.read")
@sensitive_post_parameters("password")
@never_cache
def recovery(request: PortalRequest) -> HttpResponse:
    """The recovery codes, shown once; afterwards the password buys new ones."""
    user = request.user
    if request.method == "GET" and request.session.pop(SHOW_RECOVERY, False):
        context = {"recovery_codes": codes.recovery_codes(user), "next": here(request)}
        return render(request, "account/recovery.html", context)
    if not codes.has_codes(user):
        return redirect("account")
    return with_password(request, "account/recovery_new.html", lambda: renew(request))


def renew(request: PortalRequest) -> HttpResponse:
    """Make new recovery codes and show them."""
    codes.renew_recovery_codes(request.user)
    request.session[SHOW_RECOVERY] = True
    return onward("account_recovery", reverse("account"))


@page_with_form
@requires("page.read")
@sensitive_post_parameters("password")
@never_cache
def codes_off(request: PortalRequest) -> HttpResponse:
    """Sign in without codes again, where the role leaves that to the person."""
    if codes.must_use(request.user):
        raise PermissionDenied
    if not codes.has_codes(request.user):
        return redirect("account")
    return with_password(request, "account/codes_off.html", lambda: switch_off(request))


def switch_off(request: PortalRequest) -> HttpResponse:
    """Take the codes away and say so."""
    codes.take_away(request.user)
    messages.success(request, _("One-time codes are off: your password alone signs you in."))
    return redirect("account")


def with_password(request: PortalRequest, template: str, done: Any) -> HttpResponse:
    """Ask for the password on a page; do it when it is right."""
    if is_locked(request, request.user):
        return locked(request, request.user)
    form = PasswordForm(request, request.POST or None)
    return done() if form.is_valid() else render(request, template, {"form": form})


# How long a session lasts


@require_POST
@requires("page.read")
def sessions_end(request: PortalRequest) -> HttpResponse:
    """Sign out in every browser, this one too."""
    request.user.end_sessions()
    logout(request)
    messages.success(request, _("You are signed out everywhere."))
    return redirect("login")


@page_with_form
@requires("page.read")
@never_cache
def stay(request: PortalRequest) -> HttpResponse:
    """How many seconds the session will last; a form sent here is a sign of life, a look is not."""
    if request.method == "POST":
        note_life(request, now=True)
    return HttpResponse(str(seconds_left(request)), content_type="text/plain")
