"""A list: one page of rows with their count, and its filters; kept until the data change."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from capred_portal.caching import cached_part
from capred_portal.htmx import PortalRequest, wants_fragment

ROWS_PER_PAGE = 40


def list_page(
    request: PortalRequest, rows: Any, *, per_page: int = ROWS_PER_PAGE, keys_first: bool = False
) -> dict[str, Any]:
    """Return the context of a paged list; a page number that makes no sense shows the nearest page.

    With `keys_first` the rows of the page are found by their keys alone, in the same query: where no index has the
    order, the database then sorts a million keys, and not a million rows with all they are joined to.
    """
    page = Paginator(rows.values("pk") if keys_first else rows, per_page).get_page(request.GET.get("page"))
    if keys_first:
        page.object_list = rows.filter(pk__in=page.object_list)
    return {"page_obj": page, "rows_count": page.paginator.count}


def list_response(
    request: PortalRequest,
    page: str,
    rows: str,
    context: Callable[[PortalRequest], dict[str, Any]],
    *about: Any,
    keep: bool = True,
) -> HttpResponse:
    """Answer with a list: `page` shows {{ filters }} and {{ rows }}; htmx gets the rows, and how many filters are set.

    Both parts are kept while the data stay the same, under the address and its parameters, so `context` runs only
    when the list is new. Rows that name people or depend on who asks must not be kept: `keep=False`; or what they
    depend on must be in `about`.
    """
    compute = cache(lambda: context(request))
    address = (request.path, sorted(request.GET.lists()), *about)

    def part(template: str) -> str:
        if keep:
            return cached_part(request, template, compute, *address)
        return render_to_string(template, compute(), request)

    if wants_fragment(request):
        return HttpResponse(part(rows) + part("_filters_beside.html"))
    return render(request, page, {"filters": part("_filters.html"), "rows": part(rows)})
