"""Addresses of what is kept about somebody, to be put below the addresses of each kind."""

from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from capred_portal.access import requires
from capred_portal.views import personal_data as views


def personal_data_urls(kind: str, *, export: str, erase: str) -> list[URLPattern]:
    """Return the addresses of one kind; `export` and `erase` are the actions of whoever may have or erase it."""
    reads_and_posts = require_http_methods(["GET", "HEAD", "POST"])
    exports, erases, named = requires(export), requires(erase), {"kind": kind}
    return [
        path("<int:pk>/personal-data/", require_safe(exports(views.personal_data)), named, name="personal_data"),
        path(
            "<int:pk>/personal-data/export/",
            require_POST(exports(views.personal_data_export)),
            named,
            name="personal_data_export",
        ),
        path("<int:pk>/erase/", reads_and_posts(erases(views.personal_data_erase)), named, name="erase"),
    ]
