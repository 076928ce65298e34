"""One page of a list with its count: the same count a figure's link promises."""

from typing import Any

from django.core.paginator import Paginator

from capred_portal.htmx import PortalRequest

ROWS_PER_PAGE = 40


def list_page(request: PortalRequest, rows: Any, *, per_page: int = ROWS_PER_PAGE) -> dict[str, Any]:
    """Return the context of a paged list; a page number that makes no sense shows the nearest page."""
    page = Paginator(rows, per_page).get_page(request.GET.get("page"))
    return {"page_obj": page, "rows_count": page.paginator.count}
