"""Long tables of charts: sent when their toggle is opened, or by a plain link; never with the first view of a page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol, runtime_checkable

from django.http import Http404
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from capred_portal.caching import cached_part
from capred_portal.htmx import PortalRequest, wants_fragment
from capred_portal.plotting import SvgChart, Table

PARAMETER = "numbers"  # of the address: the key of the chart whose table is asked for


@runtime_checkable
class Chart(Protocol):
    """What templates/plots/_numbers.html shows: the numbers of a chart as a table behind a toggle."""

    @property
    def key(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def table(self) -> Table: ...


@dataclass(frozen=True)
class Later:
    """The chart whose table is asked for, and the address that asks for one: the key of a chart completes it."""

    asked: str
    address: str


def charts_part(
    request: PortalRequest, template: str, parts: Callable[[], dict[str, Any]], state: Mapping[str, Any]
) -> SafeString:
    """Return a part of a page as `cached_part` does; its long tables stay behind until they are asked for.

    `state` are the GET parameters that `parts` depends on: the part is kept under them, and its addresses keep them.
    When htmx asks for the table of a chart, it gets that table alone; without scripts the part has it.
    """
    key = request.GET.get(PARAMETER, "")[:40]
    given = {name: value for name, value in state.items() if value not in (None, "")}
    about = (request.path, given, key)
    if key and wants_fragment(request):
        return cached_part(request, "plots/_table.html", lambda: table_of(named(parts()), key), template, *about)
    later = Later(key, f"{request.path}?{urlencode([*given.items(), (PARAMETER, '')])}")
    return cached_part(request, template, lambda: {**named(parts()), "later": later}, *about)


def named(parts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parts of a page; a picture among them has the name it has there as its key."""
    return {name: replace(part, key=name) if isinstance(part, SvgChart) else part for name, part in parts.items()}


def table_of(parts: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return the context of the table of a chart among the parts of a page, where charts may stand in lists."""
    lists = (value if isinstance(value, list | tuple) else [value] for value in parts.values())
    charts = [each for several in lists for each in several if isinstance(each, Chart) and each.key == key]
    if not charts:
        raise Http404(key)
    return {"chart": charts[0], "table": charts[0].table}
