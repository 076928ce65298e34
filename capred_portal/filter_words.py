"""What was filtered by, in words: for the notes of files, and for figures that are narrowed."""

from typing import Any

from django.db.models import Manager, Model, QuerySet
from django.utils.translation import gettext as _

NOT_SAID: tuple[Any, ...] = (None, "", [], ())
NO_FILTERS = frozenset({"measure", "show", "sort", "view"})  # how a list is shown, not which rows it has


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
    if hasattr(field, "in_words"):  # a record by its number
        return str(field.in_words(value))
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
