"""Examples of the addresses of import dependency; tests/routes.py walks them."""

from typing import Any

Arguments = dict[str, list[dict[str, Any]]]


def for_dependency() -> Arguments:
    """Return arguments for the page as it is by default."""
    return {"import_dependency:index": [{}]}
