"""Demonstration rounds of the invented program: accepted and corrected since, signed, closed, and open."""

import datetime
import random
from typing import Any

from django.utils import timezone

from capred_portal.demo import makes, remove, removes
from capred_portal.models import User
from indicators.models import (
    Observation,
    Period,
    ProgramIndicator,
    ReportingRound,
    ReviewEvent,
    RoundEntry,
    RoundReminder,
)
from programs.models import Program

DEMO = {"is_demo": True}
DAYS_TO_REPORT = 20
CORRECTED = "demo-suppliers-trained"
WALK = (
    ("correct", "accepted", "draft", "staff"),
    ("submit", "draft", "submitted", "staff"),
    ("verify", "submitted", "verified", "verifier"),
    ("accept", "verified", "accepted", "officer"),
)
REACHED = {"accepted": "accepted", "signed": "verified", "closed": "submitted", "open": "draft"}  # round: its values


@makes(order=41)
def make_rounds(_generator: random.Random) -> None:
    """Name who owes the figures, and make a round for the last quarter that came so far."""
    program = Program.objects.filter(is_demo=True).earliest("pk")
    reports = ProgramIndicator.objects.filter(program=program, is_demo=True)
    reports.exclude(indicator__code="demo-days-to-certificate").update(reporter=person("staff"))
    for status, reached in REACHED.items():
        values = Observation.objects.filter(program=program, is_demo=True, status=reached)
        period = values.latest("period__first_day").period
        report = ReportingRound.objects.create(
            program=program,
            period=period,
            due_on=period.last_day + datetime.timedelta(days=DAYS_TO_REPORT),
            status=status,
            created_by=person("verifier"),
            **steps(status, period),
            **DEMO,
        )
        if status != "open":
            freeze(report)
    correct(program)


def person(role: str) -> User:
    """Return the demonstration user of a role, who entered and signed the values."""
    return User.objects.get(username=role)


def steps(status: str, period: Period) -> dict[str, Any]:
    """Return who closed, signed and accepted a round, as far as it came."""
    start = datetime.datetime.combine(period.last_day, datetime.time(10))
    at = timezone.make_aware(start) + datetime.timedelta(days=DAYS_TO_REPORT)
    made: dict[str, Any] = {}
    if status != "open":
        made |= {"closed_by": person("verifier"), "closed_at": at}
    if status in ("signed", "accepted"):
        made |= {"signed_by": person("verifier"), "signed_at": at + datetime.timedelta(days=3)}
    if status == "accepted":
        made |= {"accepted_by": person("officer"), "accepted_at": at + datetime.timedelta(days=6)}
    return made


def freeze(report: ReportingRound) -> None:
    """Keep what the round reported."""
    rows = Observation.objects.filter(program=report.program, period=report.period, is_demo=True, is_shown=True)
    RoundEntry.objects.bulk_create(
        RoundEntry(round=report, observation=row, state=row.state, value=row.value) for row in rows.order_by("pk")
    )


def correct(program: Program) -> None:
    """Correct one accepted figure after its round was accepted: three more people were found."""
    report = ReportingRound.objects.get(program=program, status="accepted", is_demo=True)
    first = Observation.objects.get(program=program, period=report.period, indicator__code=CORRECTED)
    Observation.objects.filter(pk=first.pk).update(is_shown=False)
    kept = ("indicator", "program", "period", "parts", "status", "entered_by", "changed_by", "created_by")
    signed = ("submitted_by", "submitted_at", "verified_by", "verified_at", "accepted_by", "accepted_at")
    second = Observation.objects.create(
        number=2,
        value=(first.value or 0) + 3,
        is_shown=True,
        why="Invented for the demonstration: a list that came late",
        **{name: getattr(first, name) for name in (*kept, *signed)},
        **DEMO,
    )
    for kind, start, end, role in WALK:
        reason = second.why if kind == "correct" else ""
        ReviewEvent.objects.create(
            observation=second, kind=kind, from_status=start, to_status=end, by=person(role), reason=reason
        )


@removes(order=0)
def remove_rounds() -> int:
    """Delete the invented rounds with what hangs on them."""
    rounds = ReportingRound.objects.filter(is_demo=True)
    RoundEntry.objects.filter(round__in=rounds).delete()
    RoundReminder.objects.filter(round__in=rounds).delete()
    return remove(rounds)
