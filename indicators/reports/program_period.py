"""What the brief and the quarterly report are about: a program and a quarter, as an address names them."""

from collections.abc import Mapping
from typing import Any

from django.core.validators import slug_re
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from capred_portal.figures import Scope
from indicators.asked_periods import period_of
from indicators.models import Observation, Period
from indicators.reports.kinds import scope
from programs.models import Program


def program_and_period(params: Mapping[str, str]) -> dict[str, Any]:
    """Return the program and the quarter that are asked for; without a quarter the newest one with values."""
    slug = params.get("program", "")
    if not slug_re.fullmatch(slug):
        raise Http404("no program is named")
    program = get_object_or_404(Program.objects.active(), slug=slug)
    code = params.get("period", "") or newest_quarter(program)
    return {"program": program, "period": quarter(code)}


def quarter(code: str) -> Period:
    """Return a quarter that has begun, whether or not anything is told of it."""
    period = period_of(code)
    if period is None or period.kind != Period.Kind.QUARTER:
        raise Http404(f"not a quarter: {code}")
    if period.first_day > timezone.localdate():
        raise Http404(f"not yet begun: {code}")
    return period


def newest_quarter(program: Program) -> str:
    """Return the newest quarter with values of the program, or else the last one that is over."""
    told = Observation.objects.counted().filter(program=program, period__kind=Period.Kind.QUARTER)
    codes = told.filter(period__first_day__lte=timezone.localdate()).order_by("-period__first_day")
    return (
        codes.values_list("period__code", flat=True).first() or Period.quarters_until(timezone.localdate(), 2)[0].code
    )


def in_quarter(program: Program, period: Period, **more: str) -> Scope:
    """Return the scope of figures over what a program did in a quarter."""
    return scope(program=program.slug, quarter=period.code, **more)


def is_running(period: Period) -> bool:
    return period.last_day >= timezone.localdate()
