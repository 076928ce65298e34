"""What a file says of itself: what it holds, where that is from, for whom and when it was made, by which filters."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Manager, Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from capred_portal.access import role_of
from capred_portal.exports import Notes
from capred_portal.models import User

NOT_SAID: tuple[Any, ...] = (None, "", [], ())
NO_FILTERS = frozenset({"sort", "measure", "view"})  # how a list is shown, not which rows it has

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


def words_of(form: Any) -> list[tuple[str, str]]:
    """Return the filters that a form was asked for, in words."""
    if not form.is_bound:
        return []
    form.is_valid()  # where a field is wrong, a list goes by the others
    found = form.cleaned_data
    names = [name for name in form.fields if name not in NO_FILTERS and not is_blank(found.get(name))]
    return [(str(form[name].label), value_in_words(form.fields[name], found[name])) for name in names]


def is_blank(value: Any) -> bool:
    return not value.exists() if isinstance(value, QuerySet | Manager) else value in NOT_SAID


def value_in_words(field: Any, value: Any) -> str:
    """Return what was chosen as the form shows it."""
    if isinstance(value, list | tuple | set | QuerySet):
        return ", ".join(value_in_words(field, each) for each in value)
    if isinstance(value, Model):
        return str(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(flat(getattr(field, "choices", ())).get(str(value), value))


def flat(choices: Any) -> dict[str, Any]:
    """Return choices by their codes, groups opened."""
    told: dict[str, Any] = {}
    for code, word in choices:
        if isinstance(word, list | tuple):
            told |= flat(word)
        else:
            told[str(code)] = word
    return told
