"""Keys with which programs read the portal for somebody: made, known again by their digest, and never kept."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone

from capred_portal.models import AccessToken, User

MARK = "mcp-"  # by which people, and what looks for lost secrets, know a key of this portal
NOTED_EVERY = dt.timedelta(hours=1)  # each note of when a key was last used is a write


def new_key(user: User, label: str, scopes: Iterable[str], days: int) -> tuple[AccessToken, str]:
    """Make a key for a user; the key itself is returned this once, and kept is only its digest."""
    key = MARK + secrets.token_urlsafe(32)
    token = AccessToken.objects.create(
        user=user,
        label=label,
        scopes=sorted({str(AccessToken.Scope(scope)) for scope in scopes}),
        digest=digest_of(key),
        beginning=key[:8],
        expires_at=timezone.now() + dt.timedelta(days=days),
    )
    return token, key


def digest_of(key: str) -> str:
    """Return what is kept of a key: 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(key.encode(errors="surrogateescape")).hexdigest()


def token_of(key: str) -> AccessToken | None:
    """Return what a key stands for, with its user, while it is valid; and note that it was used."""
    token = AccessToken.objects.valid().select_related("user").filter(digest=digest_of(key)).first()
    if token:
        note_use(token)
    return token


def key_with_scope(key: str, scope: str) -> AccessToken | None:
    """Return what a valid key stands for, with its user, if it opens the scope."""
    token = token_of(key)
    return token if token and scope in token.scopes else None


def note_use(token: AccessToken) -> None:
    """Note when a key was used, at most once an hour; of many requests at once one writes."""
    now = timezone.now()
    before = now - NOTED_EVERY
    if token.last_used_at is None or token.last_used_at <= before:
        unnoted = Q(last_used_at=None) | Q(last_used_at__lte=before)
        AccessToken.objects.filter(unnoted, pk=token.pk).update(last_used_at=now)
