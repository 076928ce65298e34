"""Parts of pages, and the rows behind them, kept until the data change."""

import hashlib
from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from capred_portal.access import role_of
from capred_portal.htmx import PortalRequest
from capred_portal.languages import reading_language
from capred_portal.records import DataVersion

KEEP_SECONDS = 24 * 60 * 60
MISSING = object()  # unlike None, no value that is kept
FORM_MARK = "the-reader"  # where a form in a kept part gets the reader's own token


def data_key(request: PortalRequest, *about: Any) -> str:
    """Return a cache key for the data as they are, the day, the reader's role and language, and `about`.

    The data version is read once per request and before the rows, so what is kept under the key is never stale.
    The key holds no user: what is kept must say the same to everybody of that role and hold no personal data.
    """
    if not hasattr(request, "data_version"):
        request.data_version = DataVersion.current()
    parts = (request.data_version, role_of(request.user), reading_language(), timezone.localdate(), *about)
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def cached_value(request: PortalRequest, compute: Callable[[], Any], *about: Any) -> Any:
    """Return what `compute` returns, from the cache while data, day, role and language stay the same."""
    key = data_key(request, *about)
    value = cache.get(key, MISSING)
    if value is MISSING:
        value = compute()
        cache.set(key, value, KEEP_SECONDS)
    return value


def cached_part(
    request: PortalRequest, template: str, context: Callable[[], dict[str, Any]], *about: Any
) -> SafeString:
    """Return a rendered template; its context is computed only when the cache does not hold the part.

    A form in it gets the reader's own token each time. Text of users cannot pass for the mark: its quotes are escaped.
    """

    def render() -> str:
        return str(render_to_string(template, {**context(), "csrf_token": FORM_MARK}, request=request))

    html = cached_value(request, render, template, *about)
    if (field := f'value="{FORM_MARK}"') in html:
        html = html.replace(field, f'value="{get_token(request)}"')
    return SafeString(html)
