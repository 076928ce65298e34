"""What changed between two versions of a record, one field at a time, in the words and formats of the reader."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from functools import cache
from itertools import takewhile
from pathlib import PurePath
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from capred_portal.figures import number
from capred_portal.records import Record

EMPTY = "–"
LONG = 80  # letters from which a text is shown by what differs
KEPT = 6  # words of a long text on either side of a difference
MOST_WORDS = 1_500  # compared one by one; a text that differs in more was written anew
MOST_SHOWN = 60  # words of one difference
MOST_ITEMS = 12  # of a set

# Filled by the portal as it goes; readers see what they follow from.
_FOLLOWS = frozenset(
    {"attributed_pct", "data_version", "is_counted", "is_possible_duplicate", "is_shown", "origin", "rule_version"}
)
_OF_EVERY_RECORD = frozenset(field.name for field in Record._meta.get_fields())

# A word, or one cluster of Khmer letters, which are written without spaces between words.
_KHMER = r"[\u1780-\u17b3](?:\u17d2[\u1780-\u17b3]|[\u17b4-\u17d1\u17d3\u17dd])*"
_WORDS = re.compile(rf"{_KHMER}|[^\W\u1780-\u17ff]+|\s+|.", re.DOTALL)

Difference = tuple[Any, Any, Any]  # field, value before, value after


@dataclass(frozen=True)
class Piece:
    """A part of a long text: as before, added, removed, or left out because nothing differs there."""

    kind: str
    text: str


@dataclass(frozen=True)
class Change:
    """One field that changed: two values, or what was added to a set and removed, or the pieces of a long text."""

    name: str
    label: str
    before: str = ""
    after: str = ""
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    pieces: tuple[Piece, ...] = ()


class Names:
    """What related records are called: asked for one by one, looked up together."""

    def __init__(self) -> None:
        self.wanted: dict[Any, set[Any]] = {}
        self.found: dict[Any, dict[Any, Any]] = {}

    def ask(self, model: Any, keys: Iterable[Any]) -> None:
        self.wanted.setdefault(model, set()).update(key for key in keys if key is not None)

    def look_up(self) -> None:
        """Read all that was asked for with one query per model, and with it what their names are made of."""
        for model, keys in self.wanted.items():
            parts = [field.name for field in told_fields(model) if field.many_to_one or field.one_to_one]
            rows = model._base_manager.select_related(*parts) if parts else model._base_manager
            self.found[model] = rows.in_bulk(keys) if keys else {}

    def record(self, model: Any, key: Any) -> Any:
        return self.found.get(model, {}).get(key)

    def of(self, model: Any, key: Any) -> str:
        """Return the name of a record; its number where it is gone."""
        found = self.record(model, key)
        return f"#{key}" if found is None else str(found)


@cache
def told_fields(model: Any) -> tuple[Any, ...]:
    """Return the fields readers are told of: those with a name in their language that do not fill themselves."""
    sets = [field for field in model._meta.many_to_many if field.name in getattr(model, "_history_m2m_fields", ())]
    return tuple(field for field in (*model._meta.concrete_fields, *sets) if _is_told(field))


def _is_told(field: Any) -> bool:
    stamped = isinstance(field, models.DateTimeField) and not field.editable
    named = isinstance(field.verbose_name, Promise)
    return named and not stamped and field.name not in _FOLLOWS | _OF_EVERY_RECORD


def value_of(row: Any, field: Any, sets: Mapping[tuple[int, str], frozenset[Any]]) -> Any:
    """Return what a row of the history holds of a field; a set as the keys of its members."""
    return sets.get((row.history_id, field.name), frozenset()) if field.many_to_many else getattr(row, field.attname)


def differences(
    before: Any, after: Any, sets: Mapping[tuple[int, str], frozenset[Any]], fields: Iterable[Any]
) -> list[Difference]:
    """Return the fields in which two rows of the history differ; without the earlier one, those that say something."""
    found = []
    for field in fields:
        new = value_of(after, field, sets)
        old = value_of(before, field, sets) if before is not None else _nothing(field)
        if old != new and not (_is_empty(old) and _is_empty(new)):
            found.append((field, old, new))
    return found


def ask_names(names: Names, found: Iterable[Difference]) -> None:
    """Ask for the names of all records that differences speak of."""
    for field, old, new in found:
        if field.is_relation:
            names.ask(field.remote_field.model, [*old, *new] if field.many_to_many else [old, new])


def in_words(difference: Difference, names: Names) -> Change:
    """Return one difference as a reader reads it."""
    field, old, new = difference
    label = str(field.verbose_name)
    if field.many_to_many or isinstance(field, models.JSONField):
        items = [_members(field, value, names) for value in (old, new)]
        return Change(field.name, label, added=_sorted(items[1] - items[0]), removed=_sorted(items[0] - items[1]))
    before, after = (words_of(field, value, names) for value in (old, new))
    is_long = isinstance(field, models.TextField) or max(len(before), len(after)) > LONG
    if is_long and not (_is_empty(old) or _is_empty(new)):
        return Change(field.name, label, pieces=tuple(pieces_of(before, after)))
    return Change(field.name, label, _cut(before), _cut(after))


def words_of(field: Any, value: Any, names: Names) -> str:
    """Return one value in words: labels of choices, names of records, dates and numbers in the reader's format."""
    labels = dict(getattr(field, "flatchoices", None) or ())
    if value in labels:
        return str(labels[value])
    if _is_empty(value):
        return EMPTY
    if field.is_relation:
        return names.of(field.remote_field.model, value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.date | dt.time):
        return _moment(value)
    if isinstance(value, int | float | Decimal):
        return _number(field, value)
    return PurePath(str(value)).name if isinstance(field, models.FileField) else str(value)


def _moment(value: dt.date | dt.time) -> str:
    if isinstance(value, dt.time):
        return time_format(value, "TIME_FORMAT")
    if isinstance(value, dt.datetime):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    return date_format(value, "DATE_FORMAT")


def _number(field: Any, value: float | Decimal) -> str:
    if isinstance(field, models.PositiveSmallIntegerField):
        return str(value)  # years, places in an order
    return number(value.normalize() if isinstance(value, Decimal) else value)


def _nothing(field: Any) -> Any:
    return frozenset() if field.many_to_many else None


def _is_empty(value: Any) -> bool:
    return value is None or value == "" or (isinstance(value, list | dict | frozenset) and not value)


def _members(field: Any, value: Any, names: Names) -> set[str]:
    if field.many_to_many:
        return {names.of(field.remote_field.model, key) for key in value}
    return {": ".join(path) for path in _leaves(value)}


def _leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield every value inside JSON with the names that lead to it."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, (*path, str(name)))
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, path)
    elif value is not None:
        yield (*path, str(value))


def _sorted(items: set[str]) -> tuple[str, ...]:
    shown = sorted(items)
    return (*shown[:MOST_ITEMS], "…") if len(shown) > MOST_ITEMS else tuple(shown)


def _cut(text: str) -> str:
    words = _WORDS.findall(text)
    return text if len(words) <= MOST_SHOWN * 2 else "".join(words[: MOST_SHOWN * 2]).rstrip() + " …"


# Long texts


def pieces_of(before: str, after: str) -> Iterator[Piece]:
    """Yield a long text as what was added and removed, with a few words of what stayed around it."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    first = sum(1 for _same in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))
    rest = zip(reversed(old[first:]), reversed(new[first:]), strict=False)
    last = sum(1 for _same in takewhile(lambda pair: pair[0] == pair[1], rest))
    yield from _same(old[:first], keep_start=False)
    yield from _differing(old[first : len(old) - last], new[first : len(new) - last])
    yield from _same(old[len(old) - last :], keep_end=False)


def _differing(old: list[str], new: list[str]) -> Iterator[Piece]:
    if len(old) + len(new) > MOST_WORDS:
        yield from _said("removed", old)
        yield from _said("added", new)
        return
    for step, start, end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if step == "equal":
            yield from _same(old[start:end])
        else:
            yield from _said("removed", old[start:end])
            yield from _said("added", new[new_start:new_end])


def _said(kind: str, words: list[str]) -> Iterator[Piece]:
    if words:
        yield Piece(kind, "".join(words) if len(words) <= MOST_SHOWN else "".join(words[:MOST_SHOWN]).rstrip() + " …")


def _same(words: list[str], *, keep_start: bool = True, keep_end: bool = True) -> Iterator[Piece]:
    """Yield what stayed: the words next to a difference, and a gap where more were left out."""
    start, end = KEPT * 2 * keep_start, KEPT * 2 * keep_end
    if len(words) <= start + end:
        if words:
            yield Piece("same", "".join(words))
        return
    if start:
        yield Piece("same", "".join(words[:start]))
    yield Piece("gap", "…")
    if end:
        yield Piece("same", "".join(words[-end:]))
