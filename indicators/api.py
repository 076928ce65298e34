"""Indicators for machines: what each measures, its values and path; and the values of a program in a period."""

from collections.abc import Mapping
from decimal import Decimal
from http import HTTPStatus
from typing import Any, Literal

from django.db.models import Prefetch
from django.http.response import HttpResponseBase
from django.urls import reverse
from ninja import Router, Schema

from capred_portal.access import may
from capred_portal.api.answers import Number, check_names, kept_answer
from capred_portal.api.document import contribute
from capred_portal.api.doors import opened
from capred_portal.api.figures import State
from capred_portal.api.problems import Problem, wrong
from indicators.asked_periods import period_of
from indicators.breakdowns import cells_shown
from indicators.dimensions import DIMENSIONS
from indicators.models import Indicator, Period, ProgramIndicator, Target
from indicators.program_values import ProgramValue, as_kept, parts_told, program_values
from indicators.readings import Reading
from indicators.standing import Standing, standings_of
from programs.models import Program

DEMONSTRATION = "demonstration"

router = contribute(Router(tags=["indicators"]))


class IndicatorListed(Schema):
    """An indicator in use: what it measures."""

    code: str
    title_en: str
    title_km: str
    definition_en: str
    definition_km: str
    level: Literal["impact", "outcome", "output"]
    kind: Literal["reported", "derived", "external"]
    unit_en: str
    unit_km: str
    decimals: int
    direction: Literal["up", "down", "range"]
    frequency: Literal["quarter", "year"]
    over_periods: str
    over_places: str
    signatures: Literal["none", "ministry", "both"]
    breakdowns: list[str]
    source_en: str
    source_km: str
    limitations_en: str
    limitations_km: str
    rule_version: int
    programs: list[str]
    url: str
    page: str


class IndicatorsListed(Schema):
    """The indicators in use."""

    count: int
    indicators: list[IndicatorListed]


class Point(Schema):
    """A point on the path: the baseline, a milestone or the target."""

    period: str
    value: Number
    value_high: Number
    edition: str


class Value(Schema):
    """A value in a period, with its weakest signature; how many of its parts are accepted, and how many missing."""

    period: str
    value: Number
    state: State
    status: str
    accepted: int
    values: int
    missing: int
    edition: str
    rule_version: int


class PathTold(Schema):
    """What was to be reached: approved, or published with the strategy."""

    baseline: Point | None
    milestones: list[Point]
    target: Point | None


class IndicatorValues(IndicatorListed):
    """An indicator with its values in time order, and where it stands."""

    program: str | None
    path: PathTold
    standing: str
    values: list[Value]


class PartTold(Schema):
    """One part of a value; where small groups are withheld from the role, the state says so."""

    key: str
    value: Number
    state: State


class BreakdownTold(Schema):
    """A value by one dimension."""

    dimension: str
    parts: list[PartTold]


class ProgramValueTold(Value):
    """The value of one indicator of a program in the period asked for."""

    indicator: str
    title_en: str
    title_km: str
    unit_en: str
    unit_km: str
    signatures: Literal["none", "ministry", "both"]
    baseline: Point | None
    target: Point | None
    standing: str
    breakdowns: list[BreakdownTold]


class ProgramValues(Schema):
    """The values of a program in a period."""

    program: str
    period: str
    count: int
    values: list[ProgramValueTold]


@router.get("/indicators", response=IndicatorsListed, url_name="indicators", operation_id="indicators")
def indicators(request: Any, program: str = "") -> HttpResponseBase:
    """The indicators in use: all, or those one program reports."""
    opened(request, "figures")
    check_names(request, ["program"])
    of_program = program_asked(program) if program else None

    def compute() -> dict[str, Any]:
        rows = listed_rows()
        found = [listed(request, each) for each in (rows.of_program(of_program) if of_program else rows)]
        return {"count": len(found), "indicators": found}

    return kept_answer(request, compute)


@router.get("/indicators/{code}", response=IndicatorValues, url_name="indicator", operation_id="indicator")
def indicator(request: Any, code: str, program: str = "") -> HttpResponseBase:
    """One indicator with its values, of the country or of one program."""
    opened(request, "figures")
    check_names(request, ["program"])
    of_program = program_asked(program) if program else None
    found = listed_rows().filter(code=code).first() if "\0" not in code else None
    if found is None:
        raise Problem(HTTPStatus.NOT_FOUND, "There is no such indicator.")
    return kept_answer(request, lambda: values_of(request, found, of_program))


@router.get("/programs/{slug}/values", response=ProgramValues, url_name="program_values", operation_id="program_values")
def values(request: Any, slug: str, period: str) -> HttpResponseBase:
    """The values of a program in a period, such as 2026-Q3 or 2026, with signatures, baseline, target and parts.

    For a year, an indicator of quarters has what its quarters come to, without parts, and `missing` says how many of
    the four nobody told. With the last quarter of a year come the values of yearly indicators: their period is the
    year.
    """
    opened(request, "figures")
    check_names(request, ["period"])
    program, asked = real_program(slug), period_asked(period)
    if program is None:
        raise Problem(HTTPStatus.NOT_FOUND, "There is no such program.")
    hides = not may(request.user, "people.read")
    return kept_answer(request, lambda: told_of_program(program, asked, hides))


# What is asked for


def listed_rows() -> Any:
    """Return the indicators in use that nobody invented, with the programs that report them."""
    reports = ProgramIndicator.objects.active().filter(program__archived_at=None, program__is_demo=False)
    of_programs = Prefetch("reported_by", reports.select_related("program"), to_attr="reports")
    return Indicator.objects.current().filter(is_demo=False).prefetch_related(of_programs)


def real_program(slug: str) -> Program | None:
    return None if "\0" in slug else Program.objects.active().filter(slug=slug, is_demo=False).first()


def program_asked(slug: str) -> Program:
    """Return the program a parameter names, or raise a problem."""
    found = real_program(slug)
    if found is None:
        raise wrong("program", "There is no such program.")
    return found


def period_asked(code: str) -> Period:
    """Return a quarter or a calendar year, whether anything was told of it or not."""
    found = period_of(code)
    if found is None:
        raise wrong("period", "Write a quarter as 2026-Q3, or a year as 2026.")
    return found


# What is answered


COPIED = (
    *("code", "title_en", "title_km", "definition_en", "definition_km", "level", "kind", "unit_en", "unit_km"),
    *("decimals", "direction", "frequency", "over_periods", "over_places", "signatures", "breakdowns"),
    *("source_en", "source_km", "limitations_en", "limitations_km", "rule_version"),
)


def listed(request: Any, each: Any) -> dict[str, Any]:
    """Return what an indicator measures."""
    return {
        **{name: getattr(each, name) for name in COPIED},
        "programs": sorted(report.program.slug for report in each.reports),
        "url": request.build_absolute_uri(reverse("api:indicator", args=[each.code])),
        "page": request.build_absolute_uri(each.get_absolute_url()),
    }


def values_of(request: Any, found: Indicator, program: Program | None) -> dict[str, Any]:
    """Return an indicator with its values."""
    standing = standings_of([found], program=program)[0]
    return {
        **listed(request, found),
        "program": program.slug if program else None,
        "path": {
            "baseline": point(standing.path.baseline),
            "milestones": [told for each in standing.path.milestones if (told := point(each))],
            "target": point(standing.path.target),
        },
        "standing": standing_told(standing),
        "values": [value(each) for each in standing.readings],
    }


def point(each: Target | None) -> dict[str, Any] | None:
    """Return a point of the path; an invented one is none."""
    if each is None or each.is_demo:
        return None
    edition = str(each.source) if each.source else ""
    return {"period": each.period.code, "value": each.value, "value_high": each.value_high, "edition": edition}


def standing_told(standing: Standing) -> str:
    """Return green, amber, red or grey; blank where anything invented was judged."""
    invented = any(each.is_demo for each in standing.readings) or any(each.is_demo for each in standing.path.points)
    return "" if invented else standing.status


def value(each: Reading) -> dict[str, Any]:
    """Return a value; of an invented one only that it is."""
    if each.is_demo:
        return {**nothing(each.period), "state": DEMONSTRATION}
    accepted, all_of_them = each.signed
    return {
        "period": each.period,
        "value": as_kept(each.value),
        "state": each.measured.state,
        "status": each.status,
        "accepted": accepted,
        "values": all_of_them,
        "missing": each.aggregate.missing,
        "edition": each.edition,
        "rule_version": each.rule_version,
    }


def nothing(period: str) -> dict[str, Any]:
    """Return the value of a period nobody told anything of."""
    words = {"period": period, "value": None, "state": "missing", "status": "", "edition": ""}
    return {**words, "accepted": 0, "values": 0, "missing": 0, "rule_version": 0}


def told_of_program(program: Program, period: Period, hides: bool) -> dict[str, Any]:
    """Return the values of a program in a period, from a constant number of queries."""
    chosen = list(listed_rows().of_program(program))
    parts = parts_told(chosen, program=program)
    found = [
        told(each, parts.get((each.indicator.pk, program.pk), {}), hides)
        for each in (program_values(program, period, indicators=chosen) if chosen else [])
    ]
    return {"program": program.slug, "period": period.code, "count": len(found), "values": found}


def told(each: ProgramValue, parts: Mapping[str, Mapping[str, Decimal]], hides: bool) -> dict[str, Any]:
    """Return one value of a program with its parts, of which those of all periods are known."""
    names = ("title_en", "title_km", "unit_en", "unit_km", "signatures")
    return {
        **(value(each.reading) if each.reading else nothing(each.period.code)),
        "indicator": each.indicator.code,
        **{name: getattr(each.indicator, name) for name in names},
        "baseline": point(each.path.baseline),
        "target": point(each.path.target),
        "standing": standing_told(each.standing),
        "breakdowns": [] if each.has_demo else breakdowns(each, parts, hides),
    }


def breakdowns(each: ProgramValue, parts: Mapping[str, Mapping[str, Decimal]], hides: bool) -> list[dict[str, Any]]:
    """Return a value by each dimension of its indicator, as its page shows it to the role."""
    reading = each.reading
    if reading is None or reading.value is None or each.is_made_of_quarters:
        return []
    found = []
    for code in each.indicator.breakdowns:
        if code in DIMENSIONS:
            cells, _exceeds = cells_shown(each.indicator, code, reading, parts.get(reading.period, {}), hides)
            told = [{"key": key, "value": cell.value, "state": cell.state} for key, cell in cells.items()]
            found.append({"dimension": code, "parts": told})
    return found
