"""Columns and filters of tables that are made from models: titles, kinds and words for codes are the fields' own."""

from collections.abc import Iterator
from typing import Any

import django_filters
from django.db import models
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _

from capred_portal.figures import Words
from capred_portal.tables import Column, Kind

KINDS: tuple[tuple[type[models.Field], Kind], ...] = (
    (models.BooleanField, "yes or no"),
    (models.IntegerField, "integer"),
    (models.DecimalField, "number"),
    (models.FloatField, "number"),
    (models.DateTimeField, "moment"),
    (models.DateField, "date"),
)


def titled(*words: Words) -> Words:
    """Return a title of several words, each with a capital: what a column belongs to, and what it says of that."""
    return format_lazy(" · ".join(["{}"] * len(words)), *(capfirst(word) for word in words))


def plural(model: type[models.Model]) -> Words:
    """Return the title of the table of a model."""
    return titled(model._meta.verbose_name_plural or "")


def kind_of(field: models.Field) -> Kind:
    return next((kind for each, kind in KINDS if isinstance(field, each)), "text")


def at_clock(time: Any) -> str | None:
    """Return a time of day as 08:30."""
    return None if time is None else f"{time:%H:%M}"


def columns_of(model: type[models.Model], *names: str, at: str = "", action: str = "") -> Iterator[Column]:
    """Yield the columns of fields; `at` is the path from the rows to the model, and leads each name and title."""
    for name in names:
        field: Any = model._meta.get_field(name)
        if field.remote_field:
            yield pointer(model, name, at=at, action=action)
            continue
        path, title = f"{at}__{name}" if at else name, field.verbose_name
        yield Column(
            name=path.replace("__", "_"),
            title=titled(model._meta.verbose_name or "", title) if at else titled(title),
            sources=(path,),
            kind=kind_of(field),
            made=at_clock if isinstance(field, models.TimeField) else None,
            choices=field.choices or (),
            action=action,
            about=field.help_text,
        )


def pointer(model: type[models.Model], name: str, *, at: str = "", action: str = "") -> Column:
    """Return the column that points to a row of another table: by its official code, or by its number."""
    field: Any = model._meta.get_field(name)
    key = field.related_model._meta.pk
    named = field.related_model._meta.verbose_name if field.verbose_name == field.name else field.verbose_name
    path = f"{at}__{name}" if at else name
    if kind_of(key) != "integer":
        return Column(path.replace("__", "_"), titled(named), (f"{path}_id",), action=action)
    return Column(
        f"{path}_id".replace("__", "_"), titled(named, _("Number")), (f"{path}_id",), kind="integer", action=action
    )


def mark_of(path: str) -> Column:
    """Return the column that marks demonstration rows, for rows that hang on one."""
    return Column("is_demo", _("Demonstration row"), (f"{path}__is_demo",), kind="yes or no")


# Filters


def by_number(name: str, label: Words) -> django_filters.NumberFilter:
    """Return a filter by the number of a row that these rows point to."""
    return django_filters.NumberFilter(field_name=f"{name}_id", label=label, min_value=1, max_value=2**62)


def since() -> django_filters.IsoDateTimeFilter:
    """Return the filter for who comes back for what is new: rows changed at a moment or after it."""
    return django_filters.IsoDateTimeFilter(field_name="updated_at", lookup_expr="gte", label=_("Changed since"))


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
