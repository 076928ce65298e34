"""Figures for machines: the same functions the pages read, with their rule, source and what they leave out."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, Literal

from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from ninja import Router, Schema

from capred_portal.access import role_of
from capred_portal.api.answers import Number, check_names, in_both, kept_answer
from capred_portal.api.doors import opened
from capred_portal.api.problems import Problem, wrong
from capred_portal.figures import REGISTRY, TOTAL, Definition, Exclusion, Figure, Scope
from capred_portal.languages import CODES

State = Literal["value", "missing", "not applicable", "withheld", "demonstration"]

router = Router(tags=["figures"])


class FigureListed(Schema):
    """A figure the portal counts, with its rule."""

    code: str
    title_en: str
    title_km: str
    rule_en: str
    rule_km: str
    unit_en: str
    unit_km: str
    parameters: list[str]
    by: list[str]
    url: str
    page: str


class FiguresListed(Schema):
    """All figures the portal counts."""

    count: int
    figures: list[FigureListed]


class Excluded(Schema):
    """Rows a figure leaves out, and why."""

    reason: str
    count: int


class FigurePart(Schema):
    """One part of a figure that is broken down."""

    key: str
    label: str
    value: Number
    unit: str
    state: State
    rows: str


class FigureValue(Schema):
    """A figure for the parameters asked for: a value, or the state that says why there is none."""

    code: str
    title_en: str
    title_km: str
    rule_en: str
    rule_km: str
    parameters: dict[str, str]
    by: str
    label: str
    value: Number
    unit: str
    state: State
    source: str
    excluded: list[Excluded]
    parts: list[FigurePart]
    page: str
    rows: str


@router.get("/figures", response=FiguresListed, url_name="figures", operation_id="figures")
def figures(request: Any) -> HttpResponseBase:
    """All figures: their rules, the parameters each takes, what each can be broken down by."""
    opened(request, "figures")
    check_names(request, [])
    return kept_answer(request, lambda: listed(request))


def listed(request: Any) -> dict[str, Any]:
    """Return the figures without their values: each is asked for by itself."""
    found = [
        {
            "code": each.code,
            **in_both("title", each.title),
            **in_both("rule", each.rule),
            **in_both("unit", each.unit),
            "parameters": list(each.scopes),
            "by": list(each.by),
            "url": request.build_absolute_uri(reverse("api:figure", args=[each.code])),
            "page": request.build_absolute_uri(reverse("figure", args=[each.code])),
        }
        for each in sorted(REGISTRY.values(), key=lambda each: each.code)
    ]
    return {"count": len(found), "figures": found}


@router.get("/figures/{code}", response=FigureValue, url_name="figure", operation_id="figure")
def figure(request: Any, code: str) -> HttpResponseBase:
    """One figure for the parameters asked for, and its parts with `by`."""
    opened(request, "figures")
    definition = REGISTRY.get(code)
    if definition is None:
        raise Problem(HTTPStatus.NOT_FOUND, "There is no such figure.")
    check_names(request, [*definition.scopes, "by", "language"])
    if (request.GET.get("language") or "en") not in CODES:
        raise wrong("language", f"Choose one of: {', '.join(CODES)}")
    scope = definition.asked(role_of(request.user), request.GET)
    if scope.by and scope.by not in definition.by:
        raise wrong("by", f"Choose one of: {', '.join(definition.by)}" if definition.by else "It has no parts.")
    return kept_answer(request, lambda: value_of(request, definition, scope))


def value_of(request: Any, definition: Definition, scope: Scope) -> dict[str, Any]:
    """Return the figure as every page has it; one with invented rows in it says so and gives no number."""
    try:
        found = definition.figures(scope)
    except Http404:
        names = ", ".join(sorted(scope.params))
        raise wrong(names, "There is nothing of this kind, or it cannot be written like this.") from None
    total = found[TOTAL]
    page = reverse("figure", args=[definition.code]) + scope.full_query
    return {
        "code": definition.code,
        **in_both("title", definition.title),
        **in_both("rule", definition.rule),
        "parameters": {name: value for name, value in scope.params.items() if name != "by"},
        "by": scope.by,
        **shown(request, total),
        "source": str(total.source),
        "excluded": [] if total.has_demo else [excluded(each) for each in exclusions(total)],
        "parts": [{"key": key, **shown(request, part)} for key, part in found.items() if key != TOTAL],
        "page": request.build_absolute_uri(page),
    }


def shown(request: Any, each: Figure) -> dict[str, Any]:
    """Return a number with its state."""
    return {
        "label": str(each.label),
        "value": None if each.has_demo or each.state != "value" else each.value,
        "unit": str(each.unit),
        "state": "demonstration" if each.has_demo else each.state,
        "rows": request.build_absolute_uri(each.rows_url) if each.rows_url else "",
    }


def parameters() -> list[dict[str, Any]]:
    """Return what figures may be narrowed by, as the document describes parameters; each figure takes some of them."""
    scopes = sorted({name for each in REGISTRY.values() for name in each.scopes})
    parts = sorted({name for each in REGISTRY.values() for name in each.by})
    told: dict[str, dict[str, Any]] = {name: {"type": "string"} for name in scopes}
    told |= {"by": {"type": "string", "enum": parts}, "language": {"type": "string", "enum": list(CODES)}}
    about = {"by": "What it is broken down by.", "language": "The language of labels, units and reasons."}
    return [
        {
            "name": name,
            "in": "query",
            "required": False,
            "schema": schema,
            "description": about.get(name, "Of the figures that list it."),
        }
        for name, schema in told.items()
    ]


def exclusions(each: Figure) -> Iterable[Exclusion]:
    return each.excluded() if callable(each.excluded) else each.excluded


def excluded(each: Exclusion) -> dict[str, Any]:
    return {"reason": str(each.reason), "count": each.count}
