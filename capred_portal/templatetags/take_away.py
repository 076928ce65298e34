"""The line under a list that leads to its rows as files, with the filters of its address."""

from typing import Any

from django import template
from django.http import QueryDict
from django.utils.http import urlencode

from capred_portal.access import may
from capred_portal.tables import TABLES, Table, TableExport

register = template.Library()


@register.inclusion_tag("_take_away.html", takes_context=True)
def take_away(context: Any) -> dict[str, Any]:
    """Show the files of the table behind the list that is asked for; nothing where there is none for the role.

    A list that is a part of a table names it as `files_of`: the table, and the filters that leave this part.
    """
    request = context["request"]
    name, narrowed = context.get("files_of") or ("", {})
    table = TABLES[name] if name else table_of(request.resolver_match.view_name)
    if table is None or not may(request.user, table.action):
        return {"table": None}
    return {"table": table, "query": f"?{urlencode(narrowed)}" if name else query_of(request, table)}


def table_of(list_name: str) -> Table | None:
    """Return the table with the rows of a list."""
    return next((table for table in TABLES.values() if table.list_url == list_name), None)


def query_of(request: Any, table: Table) -> str:
    """Return the filters of an address, without what only says how the list is shown."""
    names = set(TableExport(table, request, request.GET).chosen.filters)
    query = QueryDict(mutable=True)
    for name, values in request.GET.lists():
        if name in names and any(values):
            query.setlist(name, values)
    return f"?{query.urlencode()}" if query else ""
