"""Tables for machines: the rows of each table in pages by key, or as CSV, with the filters of its list."""

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import cached_property, partial
from typing import Annotated, Any, Literal

from django.db.models import IntegerField, Q, QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from ninja import Field, Query, Router, Schema
from pydantic import BaseModel, create_model

from capred_portal.api.answers import Number, answered, in_both, json_answer, plain
from capred_portal.api.answers import check_names as check_parameters
from capred_portal.api.doors import may_open, opened
from capred_portal.caching import cached_value
from capred_portal.exports import CSV, stream_csv
from capred_portal.filter_words import NO_FILTERS
from capred_portal.models import Load, User
from capred_portal.tables import TABLES, Column, Table, TableExport, WrongFilters

ROWS, MOST_ROWS = 500, 5_000  # of a page
LARGEST_KEY = 2**63 - 1
OWN = ("after", "limit", "format")  # parameters that are no filters
PERSONAL = frozenset({"people.read", "people.export"})  # columns and filters that need a key for people too
FURTHEST = 3  # foreign keys followed one after the other, as from an action to the program of its outcome's workshop

NOT_MARKED = (User, Load)  # an account and a load are never rows of a demonstration

TYPES: dict[str, Any] = {
    "text": str,
    "integer": int,
    "number": Number,
    "date": dt.date,
    "moment": dt.datetime,
    "yes or no": bool,
}

router = Router(tags=["tables"])


class ColumnListed(Schema):
    """A column of a table."""

    name: str
    title_en: str
    title_km: str
    kind: Literal["text", "integer", "number", "date", "moment", "yes or no"]


class TableListed(Schema):
    """A table this key opens."""

    name: str
    title_en: str
    title_km: str
    source_en: str
    source_km: str
    url: str
    columns: list[ColumnListed]


class TablesListed(Schema):
    """The tables this key opens."""

    count: int
    tables: list[TableListed]


@router.get("/tables", response=TablesListed, url_name="tables", operation_id="tables")
def tables(request: Any) -> HttpResponseBase:
    """The tables this key opens, with the columns its owner may read."""
    check_parameters(request, [])
    found = [each for each in TABLES.values() if may_open(request, each.scope, each.action)]
    return answered(
        request, lambda: json_answer({"count": len(found), "tables": [told(request, one) for one in found]})
    )


def told(request: Any, table: Table) -> dict[str, Any]:
    """Return what a table is to this key."""
    columns = [
        {"name": each.name, **in_both("title", each.title), "kind": each.kind}
        for each in ExportByKey(table, request).columns
    ]
    return {
        "name": table.name,
        **in_both("title", table.title),
        **in_both("source", table.source),
        "url": request.build_absolute_uri(reverse(f"api:table_{table.name}")),
        "columns": columns,
    }


class ExportByKey(TableExport):
    """A table as a key asks for it: without columns on people, and filters by them, unless the key is for them too.

    What hangs on an invented record is left out with it, whoever wrote it.
    """

    @cached_property
    def chosen(self) -> Any:
        chosen = super().chosen
        if not self.is_for_people:
            for name in [name for name, each in chosen.filters.items() if getattr(each, "action", "") in PERSONAL]:
                del chosen.filters[name]
        return chosen

    @cached_property
    def rows(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().rows
        demo_rows = demo_rows_behind(rows.model) | demo_rows_in_columns(self.table, rows.model)
        return rows.exclude(demo_rows) if demo_rows else rows

    @property
    def columns(self) -> list[Column]:
        found = self.table.columns_for(self.request.user)
        return [each for each in found if self.is_for_people or each.action not in PERSONAL]

    @property
    def is_for_people(self) -> bool:
        return "people" in self.request.token.scopes


def demo_rows_in_columns(table: Table, model: Any) -> Q:
    """Return the condition that a column names an invented record no chain of foreign keys leads to.

    Such as the workshop whose thread a comment stands in.
    """
    found = Q()
    sources = [source for column in table.columns for source in column.sources if isinstance(source, str)]
    for path in sorted({source.removesuffix("id").rstrip("_") for source in sources if source.endswith("_id")}):
        if (end := end_of(model, path)) and not is_chain(model, path):
            found |= pointing_to_demo_rows(path, end, ())
    return found


def is_chain(model: Any, path: str) -> bool:
    """Tell whether each step of a path is a foreign key of the record before."""
    for name in path.split("__"):
        field = model._meta.get_field(name)
        if not field.concrete:
            return False
        model = field.related_model
    return True


def end_of(model: Any, path: str) -> Any:
    """Return the kind of record a path leads to; None where it ends at an account or a load, or at no record."""
    for name in path.split("__"):
        model = model._meta.get_field(name).related_model
        if model in (None, *NOT_MARKED):
            return None
    return model


def demo_rows_behind(model: Any, passed: tuple[Any, ...] = ()) -> Q:
    """Return the condition that a record hangs on an invented one: not too far, and never in a circle.

    Each kind of record is asked for by itself, in a subquery: joined all together, PostgreSQL without statistics takes
    them in an order that never ends.
    """
    found = Q()
    if len(passed) < FURTHEST:
        for field in model._meta.concrete_fields:
            if field.is_relation and field.related_model not in (*passed, *NOT_MARKED):
                found |= pointing_to_demo_rows(field.name, field.related_model, (*passed, model))
    return found


def pointing_to_demo_rows(path: str, end: Any, passed: tuple[Any, ...]) -> Q:
    """Return the condition that a path leads to a record that is invented, or hangs on one."""
    marked = Q(is_demo=True) if is_marked(end) else Q()
    behind = marked if end in passed else marked | demo_rows_behind(end, passed)
    return Q(**{f"{path}__in": end._base_manager.filter(behind).values("pk")}) if behind else Q()


def is_marked(model: Any) -> bool:
    return any(field.name == "is_demo" for field in model._meta.concrete_fields)


def row_schema(table: Table) -> type[BaseModel]:
    """Return the schema of a row, from the columns; those that not every key reads may be absent."""
    fields: dict[str, Any] = {}
    for column in table.columns:
        kind = TYPES[column.kind]
        is_for_some = bool(column.action) and column.action != table.action
        default: Any = None if is_for_some else ...
        about = Field(default, title=str(column.title), description=column.meaning)
        fields[column.name] = (kind if kind is Number else kind | None, about)
    return create_model(f"Row_{table.name}", **fields)


def page_schema(table: Table) -> type[BaseModel]:
    """Return the schema of a page of rows."""
    fields: dict[str, Any] = {
        "count": (int, Field(description="How many rows pass the filters, on all pages together.")),
        "next": (str | None, Field(description="The full address of the page that follows; null on the last.")),
        "rows": (list[row_schema(table)], Field()),  # type: ignore[misc]
    }
    return create_model(f"Page_{table.name}", **fields)


def add_tables() -> None:
    """Give each table its address, so that the document knows its columns and filters."""
    for table in TABLES.values():
        if table.name in ADDED:
            continue
        ADDED.add(table.name)
        router.get(
            f"/tables/{table.name}",
            response=page_schema(table),
            url_name=f"table_{table.name}",
            operation_id=f"table_{table.name}",
            summary=str(table.title),
            description=ABOUT,
            openapi_extra={"parameters": list(filter_parameters(table))},
        )(view_of(table))


ADDED: set[str] = set()


ABOUT = "Rows in the order of their key, a page at a time; with format=csv all of them that follow `after`."
After = Annotated[int, Query(0, ge=0, le=LARGEST_KEY, description="The key after which the page begins.")]
AfterCode = Annotated[str, Query("", max_length=100, description="The code after which the page begins.")]
Limit = Annotated[int, Query(ROWS, ge=1, le=MOST_ROWS, description="The most records of a page.")]
Form = Annotated[Literal["json", "csv"], Query("json", description="JSON in pages, or all as CSV.")]


def view_of(table: Table) -> Any:
    """Return the view of one table."""

    def table_rows(request: Any, after: After, limit: Limit, format: Form) -> HttpResponseBase:  # noqa: A002
        return rows_answer(request, table, after, limit, format)

    def table_codes(request: Any, after: AfterCode, limit: Limit, format: Form) -> HttpResponseBase:  # noqa: A002
        return rows_answer(request, table, after, limit, format)

    return table_rows if isinstance(table.rows().model._meta.pk, IntegerField) else table_codes


def rows_answer(request: Any, table: Table, after: int | str, limit: int, form: str) -> HttpResponseBase:
    """Answer with a page of rows, or with all as CSV."""
    opened(request, table.scope, table.action)
    taken = ExportByKey(table, request, without(request.GET, OWN), with_demo=False)
    known = {*taken.chosen.filters} - NO_FILTERS
    check_parameters(request, [*known, *OWN])
    if not taken.chosen.is_valid():
        raise WrongFilters(taken.chosen.form.errors)
    if form == "csv":
        return answered(request, partial(csv_answer, taken, after))
    return answered(request, lambda: json_answer(page_of(taken, after, limit)))


def without(params: Any, names: Iterable[str]) -> Any:
    left = params.copy()
    for name in names:
        left.pop(name, None)
    return left


def page_of(taken: ExportByKey, after: int | str, limit: int) -> dict[str, Any]:
    """Return a page of rows; where a record holds several facts, `limit` counts records."""
    request = taken.request
    rows = taken.rows.filter(pk__gt=after)
    keys = list(rows.values_list("pk", flat=True)[: limit + 1])
    has_more = len(keys) > limit
    if keys[limit:]:
        rows = rows.filter(pk__lte=keys[limit - 1])
    page = request.GET.copy()
    page["after"] = str(keys[limit - 1]) if has_more else ""
    follows = request.build_absolute_uri(f"{request.path}?{page.urlencode()}") if has_more else None
    filters = sorted(without(request.GET, OWN).lists())
    about = (taken.table.name, filters, request.user.pk, sorted(request.token.scopes))  # one may ask for what is "mine"
    count = cached_value(request, lambda: taken.count, "api-count", *about)
    return {"count": count, "next": follows, "rows": list(taken.for_machines(rows))}


def csv_answer(taken: ExportByKey, after: int | str) -> HttpResponse | StreamingHttpResponse:
    """Send all rows after a key while they are read, under the names of the columns."""
    header = [column.name for column in taken.columns]
    rows = taken.cells(taken.rows.filter(pk__gt=after))
    name = f'attachment; filename="{taken.table.name}.csv"'
    return StreamingHttpResponse(
        stream_csv(header, written(rows)), content_type=CSV, headers={"Content-Disposition": name}
    )


def written(rows: Iterable[list[Any]]) -> Iterator[list[Any]]:
    """Yield rows as JSON would say them; blank cells for null."""
    for cells in rows:
        yield [cell_of(value) for value in cells]


def cell_of(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return plain(value) if isinstance(value, dt.date) else value


def filter_parameters(table: Table) -> Iterator[dict[str, Any]]:
    """Yield the filters of the list a table belongs to, as the document describes parameters."""
    for name, each in table.filters.base_filters.items():
        if name in OWN:
            raise ValueError(f"{table.name}: {name} is a parameter of every table")
        if name not in NO_FILTERS:
            schema = filter_schema(each)
            yield {
                "name": name,
                "in": "query",
                "required": False,
                "description": str(each.extra.get("label") or each.label or name),
                "schema": schema,
            }


def filter_schema(each: Any) -> dict[str, Any]:
    choices = each.extra.get("choices")
    if isinstance(choices, list | tuple):
        return {"type": "string", "enum": [str(code) for code, _word in choices]}
    kinds = {"DecimalField": "number", "NullBooleanField": "boolean"}
    return {"type": kinds.get(each.field_class.__name__, "string")}
