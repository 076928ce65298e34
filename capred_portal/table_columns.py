"""Columns and filters of tables that are made from models: titles, kinds and words for codes are the fields' own."""

import re
from collections.abc import Iterator
from typing import Any

import django_filters
from django.db import models
from django.utils.functional import Promise
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _
from django_filters.fields import IsoDateTimeField

from capred_portal.figures import Words
from capred_portal.matching import ascii_digits
from capred_portal.tables import Column, Kind

KINDS: tuple[tuple[type[models.Field], Kind], ...] = (
    (models.BooleanField, "yes or no"),
    (models.IntegerField, "integer"),
    (models.DecimalField, "number"),
    (models.FloatField, "number"),
    (models.DateTimeField, "moment"),
    (models.DateField, "date"),
)


def titled(*words: Any) -> Words:
    """Return a title of several words, each with a capital: what a column belongs to, and what it says of that."""
    return format_lazy(" · ".join(["{}"] * len(words)), *(capfirst(word) for word in words))


def plural(model: type[models.Model]) -> Words:
    """Return the title of the table of a model."""
    return titled(model._meta.verbose_name_plural or "")


def one(*models_of_a_row: type[models.Model]) -> Words:
    """Return what one row of a table is."""
    return titled(*(model._meta.verbose_name or "" for model in models_of_a_row))


def kind_of(field: models.Field) -> Kind:
    return next((kind for each, kind in KINDS if isinstance(field, each)), "text")


def at_clock(time: Any) -> str | None:
    """Return a time of day as 08:30."""
    return None if time is None else f"{time:%H:%M}"


def columns_of(
    model: type[models.Model], *names: str, at: str = "", action: str = "", whose: Words = ""
) -> Iterator[Column]:
    """Yield the columns of fields; `at` is the path from the rows to the model, and its end leads each name.

    Their titles begin with the name of the model, or with `whose` they are.
    """
    for name in names:
        field: Any = model._meta.get_field(name)
        if field.remote_field:
            yield pointer(model, name, at=at, action=action, whose=whose)
            continue
        yield Column(
            name=name_at(at, name),
            title=titled(whose or model._meta.verbose_name or "", field.verbose_name)
            if at
            else titled(field.verbose_name),
            sources=(f"{at}__{name}" if at else name,),
            kind=kind_of(field),
            made=at_clock if isinstance(field, models.TimeField) else None,
            choices=field.choices or (),
            action=action,
            about=field.help_text,
        )


def name_at(at: str, name: str) -> str:
    """Return the name of a column: what it belongs to comes first, however far away that is."""
    last = at.rpartition("__")[2]
    return f"{last}_{name}" if at else name


def pointer(model: type[models.Model], name: str, *, at: str = "", action: str = "", whose: Words = "") -> Column:
    """Return the column that points to a row of another table: by its official code, or by its number."""
    field: Any = model._meta.get_field(name)
    key = field.related_model._meta.pk
    is_named = isinstance(field.verbose_name, Promise)
    words = [*([whose] if whose else []), field.verbose_name if is_named else field.related_model._meta.verbose_name]
    path = f"{at}__{name}_id" if at else f"{name}_id"
    if kind_of(key) != "integer":
        return Column(name_at(at, name), titled(*words), (path,), action=action)
    return Column(name_at(at, f"{name}_id"), titled(*words, _("Number")), (path,), kind="integer", action=action)


def coded(model: type[models.Model], field: str, path: str) -> Column:
    """Return the column of the code by which people and addresses know a row that these rows point to."""
    return Column(path.rpartition("__")[2], titled(model._meta.verbose_name or ""), (f"{path}__{field}",))


def demo_column_of(path: str) -> Column:
    """Return the column that marks demonstration rows, for rows that hang on one."""
    return Column("is_demo", _("Demonstration row"), (f"{path}__is_demo",), kind="yes or no")


# Filters


def by_number(name: str, label: Words) -> django_filters.NumberFilter:
    """Return a filter by the number of a row that these rows point to."""
    return django_filters.NumberFilter(field_name=f"{name}_id", label=label, min_value=1, max_value=2**62)


class MomentField(IsoDateTimeField):
    """A moment in any digits, also as files tell it: in an address the + of 09:00:00+07:00 arrives as a space."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(re.sub(r"(T.*) (\d\d:\d\d)$", r"\1+\2", ascii_digits(str(value or "").strip())))


class MomentFilter(django_filters.IsoDateTimeFilter):
    """Rows by a moment."""

    field_class = MomentField


def since() -> django_filters.IsoDateTimeFilter:
    """Return the filter for who comes back for what is new: rows changed at a moment or after it."""
    return MomentFilter(field_name="updated_at", lookup_expr="gte", label=_("Changed since"))


def and_since(filters: Any) -> Any:
    """Return the filters of a list with one more that the page does not show: what changed since a moment."""
    return type(filters)(filters.__name__, (filters,), {"updated_since": since(), "__doc__": filters.__doc__})


def filters_of(model: type[models.Model], **filters: Any) -> Any:
    """Return the filters of a table that no page lists."""
    if any(field.name == "updated_at" for field in model._meta.get_fields()):
        filters["updated_since"] = since()
    meta = type("Meta", (), {"model": model, "fields": []})
    words = f"Filters of the table of {model._meta.verbose_name_plural}."
    named = f"{model.__name__}TableFilter"
    return type(django_filters.FilterSet)(
        named, (django_filters.FilterSet,), {"Meta": meta, "__doc__": words, **filters}
    )
