"""Short names in addresses: made from a title, never given twice."""

from collections.abc import Collection
from typing import Any

from django.utils.text import slugify


def free_slug(rows: Any, title: str, *, noun: str, reserved: Collection[str] = ()) -> str:
    """Return a short name no other of the rows has; a title without Latin letters becomes noun-1, noun-2 ..."""
    base = slugify(title)[:50].strip("-")
    taken = set(rows.filter(slug__startswith=base or f"{noun}-").values_list("slug", flat=True))
    if base and base not in taken | set(reserved):
        return base
    number = 2 if base else 1
    while f"{base or noun}-{number}" in taken:
        number += 1
    return f"{base or noun}-{number}"
