"""Rendered parts of pages, kept until the data behind them change."""

import hashlib
from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from capred_portal.access import role_of
from capred_portal.htmx import PortalRequest
from capred_portal.languages import reading_language
from capred_portal.records import DataVersion

KEEP_SECONDS = 24 * 60 * 60


def cached_part(
    request: PortalRequest, template: str, context: Callable[[], dict[str, Any]], *about: Any
) -> SafeString:
    """Return a rendered template; the context is computed only when data, day, role or language are new.

    The key holds the data version, which is read before the rows, so a part is never stale. It holds no user:
    the part must say the same to everybody of that role, and no personal data may be in it.
    """
    parts = (
        template,
        DataVersion.current(),
        role_of(request.user),
        reading_language(),
        timezone.localdate(),
        *about,
    )
    key = hashlib.sha256(repr(parts).encode()).hexdigest()
    html: str | None = cache.get(key)
    if html is None:
        html = render_to_string(template, context(), request=request)
        cache.set(key, html, KEEP_SECONDS)
    return SafeString(html)
