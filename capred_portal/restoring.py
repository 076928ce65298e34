"""An earlier version of a record made its next one, through the administration's own form; or why it cannot be."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _

from capred_portal.editing import initial_from_history, update_record
from capred_portal.history import sets_of
from capred_portal.history_reasons import RESTORED
from capred_portal.history_words import Change, Difference, Names, ask_names, in_words, told_fields, value_of
from capred_portal.models import Erasure
from capred_portal.records import Clash, Record


@dataclass(frozen=True)
class Preview:
    """What restoring a version would change, and which fields stay because they change in steps of their own."""

    changes: list[Change]
    staying: list[str]
    problems: list[str]

    @property
    def is_possible(self) -> bool:
        return bool(self.changes) and not self.problems


def was_erased(record: Any) -> bool:
    """Tell whether personal data of the record, or of the person it is about, were erased: they never come back."""
    erased = Q(kind=record._meta.model_name, number=record.pk, written_at=record.created_at)
    about = [record]
    for field in record._meta.concrete_fields:
        if field.is_relation and not field.null and issubclass(field.related_model, Record):
            about.append(getattr(record, field.name))
            erased |= Q(kind=field.related_model._meta.model_name, number=getattr(record, field.attname))
    return any(getattr(one, "erased_at", None) for one in about) or Erasure.objects.filter(erased).exists()


def form_of_version(form_class: Any, record: Any, row: Any, *, expected: int) -> Any:
    """Return the form as if somebody had typed what the version says; files and what it does not hold stay."""
    blank = form_class(instance=record)
    model: Any = type(record)
    held = {field.name for field in told_fields(model)}
    values: dict[str, Any] = {"version": expected}
    for name, field in blank.fields.items():
        if name in held or hasattr(field, "from_history"):
            values[name] = initial_from_history(row, name, field)
        elif name != "version":
            values[name] = blank.get_initial_for_field(field, name)
    return form_class(values, instance=record)


def preview(form: Any, record: Any, row: Any) -> Preview:
    """Compare a version with the record as it is, and say what stands against restoring it."""
    names, found = Names(), differing(record, row)
    ask_names(names, found)
    names.look_up()
    given = {name for name, field in form.fields.items() if not isinstance(field, forms.FileField)}
    changes = [in_words(one, names) for one in found if one[0].name in given]
    staying = [str(field.verbose_name) for field, _old, _new in found if field.name not in given]
    gone = [words for one in found if one[0].name in given for words in missing(one, names)]
    return Preview(changes, staying, gone or said(form))


def differing(record: Any, row: Any) -> list[Difference]:
    """Return the fields in which a version differs from the record as it is."""
    model: Any = type(record)
    sets, found = sets_of(model, [row]), []
    for field in told_fields(model):
        if field.many_to_many:
            now: Any = frozenset(getattr(record, field.name).order_by().values_list("pk", flat=True))
        else:
            now = getattr(record, field.attname)
        if now != (then := value_of(row, field, sets)) and (now or then):
            found.append((field, now, then))
    return found


def missing(difference: Difference, names: Names) -> Iterator[str]:
    """Yield, in words, which records a version speaks of that are gone or archived by now."""
    field, now, then = difference
    if not field.is_relation or then is None:
        return
    model = field.remote_field.model
    for key in then - now if field.many_to_many else [then]:
        about = {"field": field.verbose_name, "name": names.of(model, key)}
        found = names.record(model, key)
        if found is None:
            yield _("%(field)s: “%(name)s” is not there any more.") % about
        elif getattr(found, "archived_at", None):
            yield _("%(field)s: “%(name)s” is archived. Bring it back first.") % about


def said(form: Any) -> list[str]:
    """Return what the form says against the values, each with the field it is about."""
    found = []
    for name, errors in form.errors.items():
        label = "{}{} ".format(form.fields[name].label, _(":")) if name in form.fields else ""
        found += [f"{label}{words}" for words in errors]
    return found


def restore_version(form: Any, *, version: int, by: Any) -> Any:
    """Save a valid form of an earlier version as the next one; the history says which was restored, and by whom."""
    form.instance._change_reason = f"{RESTORED}{version}"
    return update_record(form, by=by, after=refuse_erased)


def refuse_erased(record: Any) -> None:
    """Take the restore back where the personal data were erased in the meantime."""
    if was_erased(record):
        raise Clash(erased_words())


def erased_words() -> str:
    return _("Personal data of this record were erased: no earlier version can be restored.")
