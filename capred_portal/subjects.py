"""What is kept about people: in which columns, what an erasure does with each, and the one way to erase somebody."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, NamedTuple

from django.apps import apps
from django.db import models, transaction
from django.db.models import Q

from capred_portal.erasures import ERASERS, note
from capred_portal.fields import NormalCharField, NormalTextField
from capred_portal.models import Erasure
from capred_portal.relations import HISTORY_KEYS, relations_of

PERSONAL = re.compile(
    r"(^|_)(name|username|honorific|phone|email|mail|contact|address|ip|agent|office|sex|age|birth|disability)(_|$)"
)
AUTHORS = {"created_by", "updated_by", "archived_by"}  # who wrote a record, on every one of them
MENTIONS_PER_MODEL = 10


class Fate(Enum):
    """What an erasure does with a column, or with the rows that a foreign key joins to a person or an account."""

    BLANKED = "blanked"  # emptied or replaced, in the row and in its history
    DELETED = "deleted"  # the rows go
    COUNTED = "counted"  # stays, for figures count it; whose it is can no longer be told
    WORK = "work"  # stays: who did what for the ministry; an erased account is called by its number
    NOBODY = "nobody"  # says nothing about a person


FATES: dict[str, Fate] = {}


def keeps(fate: Fate, model: str, *columns: str) -> None:
    """Say what an erasure does with columns of a model; a column that nobody speaks of fails a test."""
    FATES.update({f"{model}.{column}": fate for column in columns})


def columns_to_speak_of() -> set[str]:
    """Return every foreign key to a person or account, and every column called as if it told of one."""
    found = {relation.label for subject in SUBJECTS.values() for relation in relations_of(subject.model)}
    for model in apps.get_models(include_auto_created=True):
        columns = model._meta.concrete_fields
        if not HISTORY_KEYS & {column.name for column in columns}:
            texts = [column for column in columns if isinstance(column, models.CharField | models.TextField)]
            addresses = [column for column in columns if isinstance(column, models.GenericIPAddressField)]
            named = [column.name for column in [*texts, *addresses] if PERSONAL.search(column.name)]
            found |= {f"{model._meta.label_lower}.{name}" for name in named}
    return {label for label in found if label.rpartition(".")[2] not in AUTHORS}


# Whose data it is


class Section(NamedTuple):
    """One table of what is kept about somebody: its name, its title, and its rows by title of column."""

    name: str
    title: Any
    columns: dict[str, Any]
    rows: list[dict[str, Any]]


@dataclass(frozen=True)
class Subject:
    """A kind of record that stands for somebody: how all about them is found and who may have or erase it."""

    kind: str
    model: Any
    namespace: str  # of the addresses of its pages
    title: Any
    may_erase: str  # the action of whoever may
    numbers: Callable[[int], list[int]]  # of all records that stand for the same one, this one first
    names: Callable[[list[int]], set[str]]  # names, phones and addresses they have or had
    sections: Callable[[list[int]], Iterator[Section]]  # what no foreign key leads to
    foreign: bool = True  # whether the rows that point here tell of them; those of an account tell of their work
    why_not: Callable[[Any], Any] = lambda _record: ""  # what stands against erasing
    what: tuple[Any, ...] = ()  # what erasing does, in sentences


SUBJECTS: dict[str, Subject] = {}


def register(subject: Subject) -> Subject:
    """Make a kind of person known to the pages; called when its app starts."""
    SUBJECTS[subject.kind] = subject
    return subject


def mentions(names: Iterable[str]) -> list[tuple[Any, list[Any]]]:
    """Return records whose texts hold one of the names: a person must look at them, no machine can tell what to do."""
    found = []
    for model in apps.get_models():
        columns = [c.name for c in model._meta.concrete_fields if isinstance(c, NormalCharField | NormalTextField)]
        if columns and not is_subject(model) and not HISTORY_KEYS & {c.name for c in model._meta.concrete_fields}:
            anywhere = Q()
            for column in columns:
                for name in names:
                    anywhere |= Q(**{f"{column}__icontains": name})
            rows = list(model._default_manager.filter(anywhere)[:MENTIONS_PER_MODEL]) if anywhere else []
            found += [(model._meta.verbose_name_plural, rows)] if rows else []
    return found


def is_subject(model: Any) -> bool:
    return any(subject.model is model for subject in SUBJECTS.values())


# Erasing


def erase(subject: Subject, number: int, *, by: Any, reason: str) -> Erasure:
    """Erase all records that stand for somebody, and note each for backups that are restored one day."""
    with transaction.atomic():
        numbers, eraser = subject.numbers(number), ERASERS[subject.kind]
        written: dict[int, Any] = {each: eraser.written_at(each) for each in numbers}
        about = {"reason": reason, "counts": eraser.erase(number, by=by, reason=reason), "erased_by": by}
        rows = [
            Erasure.objects.get_or_create(kind=subject.kind, number=each, written_at=at, defaults=about)[0]
            for each, at in written.items()
        ]
        for row in rows:
            note(row)
    return rows[0]


def erasure_of(subject: Subject, number: int) -> Erasure | None:
    """Return what is known of a record's erasure."""
    written_at: Any = ERASERS[subject.kind].written_at(number)
    return Erasure.objects.filter(kind=subject.kind, number=number, written_at=written_at).first()
