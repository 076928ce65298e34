"""A program that asks the interface for machines with a key."""

from base64 import b64encode
from typing import Any

from django.test import Client

from capred_portal.access_keys import new_key
from capred_portal.models import AccessToken

ALL = [str(scope) for scope in AccessToken.Scope]


def key_for(user: Any, *scopes: str) -> str:
    """Return a new key of a user, for everything unless told."""
    return new_key(user, "Test", scopes or ALL, 30)[1]


def bearer(key: str) -> Client:
    """Return a client that sends the key as a Bearer token."""
    return Client(headers={"Authorization": f"Bearer {key}"})


def basic(key: str, user_name: str = "anybody") -> Client:
    """Return a client that sends the key as the password of HTTP Basic, as Excel does."""
    return Client(headers={"Authorization": "Basic " + b64encode(f"{user_name}:{key}".encode()).decode()})


def program_of(user: Any, *scopes: str) -> Client:
    """Return a client with a new key of a user."""
    return bearer(key_for(user, *scopes))
