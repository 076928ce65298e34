"""Pages of a very long list: the rows after or before a row, found by the index whatever the page."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.utils.functional import cached_property

Values = list[Any]


@dataclass(frozen=True)
class Key:
    """A column of the order; where it may be empty, rows without it come last."""

    name: str
    is_descending: bool = False
    is_nullable: bool = False


@dataclass(frozen=True)
class KeysetPage:
    """Some rows of a list in order, and the marks that lead to the rows before and after them."""

    rows: list[Any]
    before: str
    after: str

    @property
    def object_list(self) -> list[Any]:
        return self.rows

    def __iter__(self) -> Any:
        return iter(self.rows)


class Order:
    """An order of rows that is total: its last key is unique. Only the first may be empty."""

    def __init__(self, rows: Any, keys: Sequence[Key]) -> None:
        self.rows, self.keys = rows, keys

    @cached_property
    def segments(self) -> list[Any]:
        """Return the rows in parts that follow each other: those that have the first key, and those that lack it."""
        first = self.keys[0]
        if not first.is_nullable:
            return [self.rows]
        return [self.rows.filter(**{f"{first.name}__isnull": False}), self.rows.filter(**{first.name: None})]

    def keys_of(self, segment: int) -> Sequence[Key]:
        return self.keys[1:] if segment else self.keys

    def take(self, most: int, start: tuple[int, Values] | None, *, backward: bool) -> list[Any]:
        """Return up to `most` rows from a place on, in reading order."""
        found: list[Any] = []
        segment, values = start or (0, None)
        while 0 <= segment < len(self.segments) and len(found) < most:
            keys, rows = self.keys_of(segment), self.segments[segment]
            if values is not None:
                rows = rows.filter(beyond(keys, values, backward=backward))
            order = [F(key.name).desc() if key.is_descending != backward else F(key.name).asc() for key in keys]
            found += rows.order_by(*order)[: most - len(found)]
            segment, values = segment + (-1 if backward else 1), None
        return found[::-1] if backward else found

    def mark(self, row: Any) -> str:
        """Return the place of a row as text for an address."""
        segment = int(self.keys[0].is_nullable and getattr(row, self.keys[0].name) is None)
        values = [written(getattr(row, key.name)) for key in self.keys_of(segment)]
        return urlsafe_b64encode(json.dumps([segment, *values]).encode()).decode().rstrip("=")

    def place(self, mark: str) -> tuple[int, Values] | None:
        """Return the place a mark means, or None for what is none."""
        try:
            segment, *texts = json.loads(urlsafe_b64decode(mark + "=" * (-len(mark) % 4)))
            keys = self.keys_of(segment)
            if segment not in range(len(self.segments)) or len(texts) != len(keys):
                return None
            fields = [self.rows.model._meta.get_field(key.name) for key in keys]
            values = [field.to_python(text) for field, text in zip(fields, texts, strict=True)]
        except (ValueError, TypeError, RecursionError, ValidationError):
            return None
        return (segment, values) if all(map(is_storable, values)) else None


def keyset_page(rows: Any, params: Mapping[str, str], keys: Sequence[Key], *, per_page: int) -> KeysetPage:
    """Return the page that `after` or `before` in the address asks for; a mark that means nothing: the first page."""
    order = Order(rows, keys)
    after = order.place(params.get("after", "")) if params.get("after") else None
    before = order.place(params.get("before", "")) if params.get("before") and not after else None
    if before:
        found = order.take(per_page + 1, before, backward=True)
        if len(found) > per_page:
            return page_of(order, found[1:], has_before=True, has_after=True)
    found = order.take(per_page + 1, after, backward=False)
    return page_of(order, found[:per_page], has_before=bool(after), has_after=len(found) > per_page)


def page_of(order: Order, rows: list[Any], *, has_before: bool, has_after: bool) -> KeysetPage:
    """Return a page with its marks."""
    before = order.mark(rows[0]) if has_before and rows else ""
    return KeysetPage(rows, before, order.mark(rows[-1]) if has_after and rows else "")


def beyond(keys: Sequence[Key], values: Values, *, backward: bool) -> Q:
    """Return the condition that a row comes after these values in the order, or before them.

    The first key is compared once more by itself, so that its index leads to the place.
    """
    condition, equal = Q(pk__in=[]), Q()
    for key, value in zip(keys, values, strict=True):
        sign = "lt" if key.is_descending != backward else "gt"
        condition |= equal & Q(**{f"{key.name}__{sign}": value})
        equal &= Q(**{key.name: value})
    first = keys[0]
    return Q(**{f"{first.name}__{'lte' if first.is_descending != backward else 'gte'}": values[0]}) & condition


def is_storable(value: Any) -> bool:
    """Tell whether a database can compare a column with the value."""
    return value is not None and "\0" not in str(value) and not (isinstance(value, int) and abs(value) >= 2**63)


def written(value: Any) -> Any:
    """Return a value as JSON can hold it."""
    if isinstance(value, Decimal):
        return str(value)
    return value if isinstance(value, str | int) else value.isoformat()
