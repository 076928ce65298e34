"""Rows for tests: one plain function per model, with defaults that are valid and easy to recognise."""

from itertools import count
from typing import Any

from capred_portal.models import User

PASSWORD = "a-long-enough-password"
ROLES = ("staff", "verifier", "officer", "admin")

_number = count(1)


def make_user(role: str = "staff", **fields: Any) -> User:
    """Return a saved user of the role, who can sign in with PASSWORD."""
    username = fields.pop("username", f"{role}{next(_number)}")
    email = fields.pop("email", f"{username}@example.org")
    return User.objects.create_user(username, email, fields.pop("password", PASSWORD), role=role, **fields)
