"""Rows of indicators for tests: valid, easy to recognise, one plain function per model."""

import datetime
from decimal import Decimal
from itertools import count
from typing import Any

from indicators.models import (
    ExpectedEffect,
    Indicator,
    Observation,
    Period,
    ProgramIndicator,
    ReportingRound,
    SeriesValue,
    Source,
    Target,
)
from tests.factories import make_outcome, make_program, make_user

_number = count(1)


def make_effect(**fields: Any) -> ExpectedEffect:
    """Return that a new outcome should raise a new indicator by 6 from early 2024 to early 2025 unless told."""
    for name, make in {"outcome": make_outcome, "indicator": make_indicator}.items():
        if name not in fields:
            fields[name] = make()
    defaults = {"direction": "raise", "amount": 6, "since": make_period("2024-Q1"), "by": make_period("2025-Q1")}
    return ExpectedEffect.objects.create(**defaults | fields)


def make_indicator(**fields: Any) -> Indicator:
    """Return a saved indicator that programs report every quarter, summed, signed by both sides."""
    number = next(_number)
    defaults = {
        "code": f"indicator-{number}",
        "title_en": f"Indicator {number}",
        "definition_en": "What is counted.",
        "level": Indicator.Level.OUTPUT,
        "kind": Indicator.Kind.REPORTED,
        "unit_en": "firms",
        "over_periods": Indicator.Rule.SUM,
        "over_places": Indicator.Rule.SUM,
        "signatures": Indicator.Signatures.BOTH,
    }
    return Indicator.objects.create(**defaults | fields)


def make_period(code: str = "2024-Q3") -> Period:
    """Return a quarter written 2024-Q3, or a calendar year written 2024."""
    year, _dash, quarter = code.partition("-Q")
    return Period.objects.quarter(int(year), int(quarter)) if quarter else Period.objects.year(int(year))


def make_program_indicator(**fields: Any) -> ProgramIndicator:
    """Return that a new program reports a new indicator unless told."""
    for name, make in {"program": make_program, "indicator": make_indicator}.items():
        if name not in fields:
            fields[name] = make()
    return ProgramIndicator.objects.create(**fields)


def make_observation(value: Any = 10, **fields: Any) -> Observation:
    """Return a draft of a value of a new indicator and program in the third quarter of 2024, entered by new staff.

    A status beyond draft brings the people who must have signed, and shows the value.
    """
    for name, make in {"indicator": make_indicator, "program": make_program, "period": make_period}.items():
        if name not in fields:
            fields[name] = make()
    by = fields.pop("by", None) or make_user("staff")
    status = fields.setdefault("status", Observation.Status.DRAFT)
    signed = status in (Observation.Status.VERIFIED, Observation.Status.ACCEPTED)
    defaults = {
        "value": None if value is None else Decimal(str(value)),
        "state": Observation.State.MISSING if value is None else Observation.State.VALUE,
        "entered_by": by,
        "changed_by": by,
        "submitted_by": None if status == Observation.Status.DRAFT else by,
        "verified_by": make_user("verifier") if signed else None,
        "accepted_by": make_user("officer") if status == Observation.Status.ACCEPTED else None,
        "is_shown": status != Observation.Status.DRAFT,
    }
    return Observation.objects.create(**defaults | fields)


def make_round(**fields: Any) -> ReportingRound:
    """Return an open round of a new program for the third quarter of 2024 unless told."""
    for name, make in {"program": make_program, "period": make_period}.items():
        if name not in fields:
            fields[name] = make()
    return ReportingRound.objects.create(**{"due_on": datetime.date(2024, 10, 20)} | fields)


def make_series_value(value: float = 1.5, year: int = 2020, **fields: Any) -> SeriesValue:
    """Return a published value of a new source unless told."""
    if "source" not in fields:
        fields["source"] = make_source()
    return SeriesValue.objects.create(**{"code": "TEST", "value": value, "year": year, "confidence": "V"} | fields)


def make_source(**fields: Any) -> Source:
    """Return a saved edition of a source."""
    number = next(_number)
    defaults = {"title_en": f"Source {number}", "publisher": "Publisher", "confidence": "V"}
    defaults |= {"code": f"source-{number}", "edition": "2024"}
    return Source.objects.create(**defaults | fields)


def make_target(value: Any = 100, period: str = "2026-Q4", **fields: Any) -> Target:
    """Return an approved end target of a new indicator for the whole country unless told."""
    if "indicator" not in fields:
        fields["indicator"] = make_indicator()
    if fields.setdefault("status", Target.Status.APPROVED) != Target.Status.PROPOSED:
        fields.setdefault("decided_by", make_user("verifier"))
    defaults = {"kind": Target.Kind.TARGET, "value": Decimal(str(value)), "period": make_period(period)}
    return Target.objects.create(**defaults | fields)
