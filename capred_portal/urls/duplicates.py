"""Addresses of pairs that may be the same, to be put below the addresses of each kind."""

from django.urls import URLPattern, path

from capred_portal.access import requires
from capred_portal.views import duplicates as views


def duplicate_urls(kind: str, read: str) -> list[URLPattern]:
    """Return the addresses of one kind; `read` is the action of whoever may see its pairs."""
    decides, named = requires("match.decide"), {"kind": kind}
    return [
        path("", requires(read)(views.duplicate_list), named, name="duplicates"),
        path("find/", decides(views.duplicates_find), named, name="duplicates_find"),
        path("<int:pk>/", requires(read)(views.duplicate_detail), named, name="duplicate"),
        path("<int:pk>/decide/", decides(views.duplicate_decide), named, name="duplicate_decide"),
        path("<int:pk>/merge/", decides(views.duplicate_merge), named, name="duplicate_merge"),
        path("merges/<int:pk>/undo/", decides(views.merge_undo), named, name="merge_undo"),
    ]
