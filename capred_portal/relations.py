"""What hangs on a record: the rows of every model that point to it, moved to another record and back."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery, UniqueConstraint
from django.utils import timezone

from capred_portal.load_tables import write_history
from capred_portal.records import Record

HISTORY_KEYS = {"history_id", "m2m_history_id"}


@dataclass(frozen=True)
class Relation:
    """One foreign key that points to a model of records; the table between two models of a set is one too."""

    model: Any
    name: str

    @property
    def label(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"

    @property
    def title(self) -> str:
        """The rows in words, with what the record is to them where it can be more than one thing."""
        owner = self.model._meta.auto_created or self.model
        rows = str(owner._meta.verbose_name_plural)
        field = self.model._meta.get_field(self.name)
        return f"{rows} ({field.verbose_name})" if self.others else rows

    @cached_property
    def others(self) -> list[str]:
        """The other foreign keys of the rows to the same model."""
        target = self.model._meta.get_field(self.name).related_model
        return [
            field.name
            for field in self.model._meta.concrete_fields
            if field.related_model is target and field.name != self.name
        ]

    @property
    def is_set(self) -> bool:
        """Whether this is the table of a set, whose rows are part of the record at its other end."""
        return bool(self.model._meta.auto_created)

    @property
    def owner(self) -> Any:
        """The foreign key of a set's table to the record the set belongs to."""
        fields = self.model._meta.concrete_fields
        return next(field for field in fields if field.is_relation and field.name != self.name)

    def rows(self, number: int) -> Any:
        """Return the rows that point to a record."""
        return self.model._base_manager.filter(**{self.name: number})

    def active(self, number: int) -> Any:
        """Return those that count."""
        rows = self.rows(number)
        return rows.filter(archived_at=None) if issubclass(self.model, Record) else rows

    def uniques(self) -> list[tuple[tuple[str, ...], Q]]:
        """Return the sets of fields, and of which rows, that only one row may have with one record."""
        meta = self.model._meta
        found = [(tuple(names), Q()) for names in meta.unique_together]
        found += [((self.name,), Q())] if meta.get_field(self.name).unique else []
        constraints = [item for item in meta.constraints if isinstance(item, UniqueConstraint)]
        found += [(tuple(item.fields), item.condition or Q()) for item in constraints]
        return [(names, condition) for names, condition in found if self.name in names]

    def clashes(self, keep: int, take_in: int) -> list[tuple[int, int]]:
        """Return pairs of rows, one of each record, of which only one can stay when the records are one."""
        found: dict[int, int] = {}
        for names, condition in self.uniques():
            same = {name: OuterRef(name) for name in names if name != self.name}
            theirs = self.rows(keep).filter(condition, **same).order_by("pk")
            rows = self.rows(take_in).filter(condition).annotate(other=Subquery(theirs.values("pk")[:1]))
            found |= dict(rows.exclude(other=None).order_by().values_list("pk", "other"))
        return list(found.items())

    def between(self, keep: int, take_in: int) -> Any:
        """Return the rows that join the two records with each other."""
        joined = Q()
        for other in self.others:
            joined |= Q(**{other: keep})
        return self.rows(take_in).filter(joined) if self.others else self.model._base_manager.none()


def relations_of(model: Any) -> list[Relation]:
    """Return every foreign key to the model, tables of sets included, history not."""
    found = []
    for relation in model._meta.get_fields(include_hidden=True):
        points_here = relation.auto_created and (relation.one_to_many or relation.one_to_one)
        if points_here and not HISTORY_KEYS & {field.name for field in relation.related_model._meta.concrete_fields}:
            found.append(Relation(relation.related_model, relation.field.name))
    return sorted(found, key=lambda relation: relation.label)


def rewrite(model: Any, numbers: Iterable[int], *, by: Any, reason: str, **values: Any) -> None:
    """Give rows other values; records as their next version, with a row in their history that says why."""
    if not (chosen := list(numbers)):
        return
    rows = model._base_manager.filter(pk__in=chosen)
    if not issubclass(model, Record):
        rows.update(**values)
    elif model._history_m2m_fields:  # their history holds sets, which only saving writes
        for row in rows:
            save_again(row, by=by, reason=reason, **values)
    else:
        rows.update(**values, version=F("version") + 1, updated_by=by, updated_at=timezone.now())
        write_history(rows, by.pk, reason)


def save_again(row: Any, *, by: Any, reason: str, **values: Any) -> None:
    """Save one record as its next version, its sets noted in the history."""
    for name, value in values.items():
        setattr(row, name, value)
    row._change_reason = reason
    row.save_version(by=by, expected=row.version)
