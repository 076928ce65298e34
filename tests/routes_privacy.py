"""Examples of the pages of one person, and of what is kept about a person and an account."""

from typing import Any

from capred_portal.models import User
from programs.models import Person

KEPT = ("personal_data", "personal_data_export", "erase")
PAGES = {"people": ("detail", "edit", "archive", *KEPT), "accounts": KEPT}


def for_personal_data(person: Person, user: User) -> dict[str, list[dict[str, Any]]]:
    """Return arguments for the pages of a person and of an account."""
    numbers = {"people": person.pk, "accounts": user.pk}
    return {f"{kind}:{page}": [{"pk": numbers[kind]}] for kind, pages in PAGES.items() for page in pages}
