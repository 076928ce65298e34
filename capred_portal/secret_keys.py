"""The key that signs sessions: given in the environment, or this checkout's own; a weak one is refused."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

SHORTEST = 50
FEWEST_DIFFERENT = 10
TELLTALE = ("insecure", "change-me", "changeme", "change_me", "random-characters")
HOW = "python -c 'import secrets; print(secrets.token_urlsafe(50))' makes a good one."


def secret_key(given: str, folder: Path, *, debug: bool, behind_tls: bool) -> str:
    """Return the key to sign with, or refuse to start with settings that would not protect anybody."""
    if debug and behind_tls:
        raise ImproperlyConfigured("DEBUG=1 shows settings and code to visitors: not together with BEHIND_TLS=1.")
    if not given and behind_tls:
        raise ImproperlyConfigured(f"SECRET_KEY is missing: a portal behind TLS needs its own. {HOW}")
    if given and not debug and is_weak(given):
        raise ImproperlyConfigured(f"SECRET_KEY is weak: it needs {SHORTEST} random characters. {HOW}")
    return given or local_secret(folder / "secret_key")


def is_weak(key: str) -> bool:
    """Tell whether a key is short, monotonous, or an example."""
    return len(key) < SHORTEST or len(set(key)) < FEWEST_DIFFERENT or any(word in key.lower() for word in TELLTALE)


def local_secret(path: Path) -> str:
    """Return this checkout's own random key, made once even when two processes start together."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50), encoding="ascii")
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text(encoding="ascii")
