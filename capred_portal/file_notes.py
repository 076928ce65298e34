"""What a file says of itself: what it holds, where that is from, for whom and when it was made, by which filters."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from capred_portal.access import role_of
from capred_portal.exports import Notes
from capred_portal.filter_words import words_of
from capred_portal.models import User

Facts = list[tuple[str, object]]


def notes_for(user: Any, title: Any, *, filters: Any = (), source: Any = "", extra: Facts | None = None) -> Notes:
    """Return the notes of a file whose columns say themselves what they hold.

    `filters` is the form the list was asked with, or names and values.
    """
    used = words_of(filters) if hasattr(filters, "fields") else list(filters)
    return Notes([*beginning(title, source, role_of(user)), *filter_facts(used), *(extra or [])])


def beginning(title: Any, source: Any, role: str, made_at: dt.datetime | None = None) -> Facts:
    """Return what every file says first."""
    source = source or _("Records of this portal")
    return [
        (_("Title"), str(title)),
        (_("Source"), str(source)),
        (_("Made at"), made_at or timezone.now()),
        (_("Made for the role"), str(dict(User.Role.choices).get(role, role))),
    ]


def filter_facts(used: Iterable[tuple[str, str]]) -> Facts:
    """Return the filters used, one a line, or that there were none."""
    facts: Facts = [(_("Filter: %(name)s") % {"name": name}, value) for name, value in used]
    return facts or [(_("Filters"), pgettext("filters", "none: all rows"))]
