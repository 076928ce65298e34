"""Everything kept about one person as files: a table for each kind of row, as JSON and as a page to read."""

import io
import json
import zipfile
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from simple_history.utils import get_history_manager_for_model

from capred_portal.fields import SearchKeyField
from capred_portal.languages import CODES
from capred_portal.models import Mail
from capred_portal.records import Record
from capred_portal.relations import Relation, relations_of
from capred_portal.subjects import Section, Subject

# Marks of the portal's own, and what opens doors: a mail that waits may hold a link, a failed sign-in what was typed.
NOT_TOLD = {"creation_token", "creation_digest", "password", "body", "message_id", "get_data", "post_data", "digest"}


def sections_of(subject: Subject, number: int) -> list[Section]:
    """Return all that is kept about somebody, leaving out tables without rows."""
    numbers = subject.numbers(number)
    return [section for section in all_sections(subject, numbers) if section.rows]


def all_sections(subject: Subject, numbers: list[int]) -> Iterator[Section]:
    """Yield the records themselves, what points to them, what else is known, and what was before."""
    model = subject.model
    yield section(model._base_manager.filter(pk__in=numbers), subject.kind)
    if issubclass(model, Record):
        yield history_section(model, Q(**{f"{model._meta.pk.name}__in": numbers}), subject.kind)
    for relation in relations_of(model):
        yield from tables(relation, numbers) if subject.foreign else work(relation, numbers)
    yield from subject.sections(numbers)
    yield section(log_of(model, numbers), "log")


def tables(relation: Relation, numbers: list[int]) -> Iterator[Section]:
    """Yield the rows of one relation, and their earlier versions."""
    joined = Q(**{f"{relation.name}__in": numbers})
    rows = relation.model._base_manager.filter(joined)
    if relation.is_set:
        owners = relation.owner.related_model._base_manager.filter(pk__in=rows.values(relation.owner.attname))
        yield section(owners, relation.label, relation.title)
        return
    yield section(rows, relation.label, relation.title)
    if issubclass(relation.model, Record):
        yield history_section(relation.model, joined, relation.label)


def work(relation: Relation, numbers: list[int]) -> Iterator[Section]:
    """Yield the numbers of the rows that name an account as who did something."""
    rows = relation.model._base_manager.filter(**{f"{relation.name}__in": numbers}).order_by("pk")
    found = list(rows.values_list("pk", flat=True))
    field = relation.model._meta.get_field(relation.name)
    told = [{"records": relation.label, "numbers": found}] if found else []
    columns = {"records": field.verbose_name, "numbers": _("numbers of the records")}
    yield Section(relation.label, relation.model._meta.verbose_name_plural, columns, told)


def section(rows: Any, name: str, title: Any = None, only: Collection[str] = ()) -> Section:
    """Return rows of one model with all their columns, or some; not those that the portal works out of others."""
    fields = [f for f in rows.model._meta.concrete_fields if not isinstance(f, SearchKeyField)]
    fields = [field for field in fields if field.name not in NOT_TOLD and (not only or field.name in only)]
    columns = {field.name: field.verbose_name for field in fields}
    found = list(rows.order_by("pk"))
    others = {field.name: others_of(found, field) for field in fields if field.is_relation}
    told = [{field.name: told_value(row, field, others) for field in fields} for row in found]
    return Section(name, title or rows.model._meta.verbose_name_plural, columns, told)


def history_section(model: Any, joined: Q, name: str) -> Section:
    """Return the earlier versions of records."""
    rows = get_history_manager_for_model(model).filter(joined)
    return section(
        rows, f"{name}.history", _("Earlier versions: %(records)s") % {"records": model._meta.verbose_name_plural}
    )


def others_of(rows: Iterable[Any], field: Any) -> dict[Any, Any]:
    """Return the records that rows point to by one field, by their keys."""
    keys = {getattr(row, field.attname) for row in rows} - {None}
    return dict(field.related_model._base_manager.in_bulk(keys))


def told_value(row: Any, field: Any, others: dict[str, dict[Any, Any]]) -> Any:
    """Return one value as JSON can keep it; a record it points to as number and words, a choice as code and words."""
    value = getattr(row, field.attname)
    if field.is_relation and value is not None:
        return {"number": value, "text": str(others[field.name].get(value, ""))}
    if field.choices and value not in (None, ""):
        return {"code": value, **in_both(dict(field.flatchoices).get(value, value))}
    return str(value) if hasattr(value, "storage") else value


def log_of(model: Any, numbers: list[int]) -> Any:
    """Return what administrators did to these records."""
    kind = ContentType.objects.get_for_model(model)
    return LogEntry.objects.filter(content_type=kind, object_id__in=[str(number) for number in numbers])


def mails_to(addresses: Iterable[str]) -> Any:
    """Return the mails to these addresses, whoever they belong to."""
    wanted = Q(pk=None)
    for address in addresses:
        wanted |= Q(address__iexact=address)
    return Mail.objects.filter(wanted)


def in_both(words: Any) -> dict[str, str]:
    """Return words in both languages."""
    found = {}
    for language in CODES:
        with override(language):
            found[language] = str(words)
    return found


# Files


def archive(subject: Subject, number: int) -> bytes:
    """Return everything kept about somebody as an archive of two files: one for machines, one to read."""
    name, told = f"{subject.kind}-{number}", as_told(subject, number)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(f"{name}.json", json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1))
        file.writestr(f"{name}.html", render_to_string("personal_data/_export.html", {"told": told, "name": name}))
    return held.getvalue()


def as_told(subject: Subject, number: int) -> dict[str, Any]:
    """Return all sections as JSON keeps them, titles in both languages."""
    sections = [
        {
            "name": each.name,
            "title": in_both(each.title),
            "columns": {name: in_both(title) for name, title in each.columns.items()},
            "rows": each.rows,
        }
        for each in sections_of(subject, number)
    ]
    about = {"kind": subject.kind, "numbers": subject.numbers(number), "written_at": timezone.now()}
    return about | {"title": in_both(subject.title), "sections": sections}
