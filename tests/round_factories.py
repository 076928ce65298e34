"""Reporting rounds for tests: what a program reports, rounds that are closed, and rounds that are signed."""

from typing import Any

from capred_portal.models import User
from indicators import review, rounds
from indicators.models import Indicator, Observation, ProgramIndicator, ReportingRound
from programs.models import Program
from tests.factories import make_program, make_user
from tests.indicator_factories import (
    make_indicator,
    make_observation,
    make_period,
    make_program_indicator,
    make_round,
)


def report_on(
    program: Program, *, value: Any = None, status: str = "submitted", period: str = "2024-Q3", **indicator: Any
) -> ProgramIndicator:
    """Let a program report a new indicator, with a value of a status where one is told."""
    item = make_program_indicator(program=program, indicator=make_indicator(**indicator))
    if value is not None:
        make_observation(value, program=program, indicator=item.indicator, status=status, period=make_period(period))
    return item


def report_derived(program: Program) -> ProgramIndicator:
    """Let a program report a figure over the records: the workshops it held."""
    indicator = make_indicator(kind=Indicator.Kind.DERIVED, derivation="workshops-held", title_en="Workshops")
    return make_program_indicator(program=program, indicator=indicator)


def closed_round(program: Program | None = None, *, value: Any = 412, by: User | None = None) -> ReportingRound:
    """Return a closed round with one figure, submitted."""
    program = program or make_program()
    report_on(program, value=value)
    report = make_round(program=program)
    rounds.close_round(report=report, by=by or make_user("verifier"), expected=1)
    return report


def verify_all(report: ReportingRound) -> None:
    """Let another verifier sign each figure of a round."""
    for entry in report.entries.all():
        review.verify(observation=Observation.objects.get(pk=entry.observation_id), by=make_user("verifier"))


def signed_round(program: Program | None = None, **fields: Any) -> ReportingRound:
    """Return a closed round whose figures are all verified, signed for the ministry."""
    report = closed_round(program, **fields)
    verify_all(report)
    rounds.sign_round(report=report, by=make_user("verifier"), expected=report.version)
    return report
