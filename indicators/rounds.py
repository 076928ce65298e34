"""The one way a reporting round moves: opened, reminded of, closed, signed by the ministry, accepted by the embassy."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from capred_portal import access
from capred_portal.models import User
from capred_portal.records import DataVersion, writing
from indicators import review
from indicators.completeness import Line, lines_of, owing, with_people
from indicators.derived import derive
from indicators.models import Observation, Period, ReportingRound, RoundEntry, RoundReminder
from indicators.review import NotAllowed
from programs.models import Program

Status, State = ReportingRound.Status, Observation.State
SIGNED = (Observation.Status.VERIFIED, Observation.Status.ACCEPTED)
A_DAY = datetime.timedelta(days=1)


def open_round(*, program: Program, period: Period, due_on: datetime.date, by: User) -> ReportingRound:
    """Ask a program for its values of a period until a day."""
    access.check(by, "round.manage")
    if ReportingRound.objects.active().filter(program=program, period=period).exists():
        raise NotAllowed(_("This program already has a round for this period."))
    people = {"created_by": by, "updated_by": by}
    about = {"program": program, "period": period, "due_on": due_on, "is_demo": program.is_demo}
    try:
        with writing("indicators"):
            return ReportingRound.objects.create(**about, **people)
    except IntegrityError as error:
        raise NotAllowed(_("This program already has a round for this period.")) from error


def remind(*, report: ReportingRound, by: User) -> list[tuple[User, int]]:
    """Note a reminder to everybody who owes values, once a day at most; return whom to write to, and what they owe."""
    access.check(by, "round.manage")
    if not report.is_open:
        raise NotAllowed(_("This round is closed: nobody owes a value any more."))
    recent = report.reminders.filter(at__gt=timezone.now() - A_DAY).values_list("to", flat=True)
    reminded = set(recent)
    people = [(person, count) for person, count in owing(lines_of(report)) if person and person.pk not in reminded]
    with writing("indicators"):
        RoundReminder.objects.bulk_create(
            RoundReminder(round=report, to=person, by=by, owed=count) for person, count in people
        )
    return people


# Closing


def close_round(*, report: ReportingRound, by: User, expected: int, missing: int = 0) -> int:
    """Write every required figure, and keep what the round reports as it is now; return how many figures it has.

    `missing` is how many figures the verifier agreed to close without: they are written as not available. What
    somebody still works on is not closed over. Derived figures are handed in with their parts, the version of their
    rule and of the data; who closes the round does not verify what it derived or marked as missing.
    """
    access.check(by, "round.manage")
    with writing("indicators"):
        _take(report, Status.OPEN, expected)
        data_version = DataVersion.current()
        lines = lines_of(report)
        _must_be_complete(lines, missing)
        for line in lines:
            _write(line, report, by=by, data_version=data_version)
        entries = _freeze(report)
        _move(report, Status.CLOSED, by=by, closed_by=by, closed_at=timezone.now())
    return entries


def _must_be_complete(lines: Sequence[Line], missing: int) -> None:
    """Refuse to close over drafts, and without figures that nobody agreed to miss."""
    drafts = [line for line in lines if line.item.is_required and line.standing == "draft"]
    if drafts:
        names = ", ".join(str(line.indicator) for line in drafts)
        raise NotAllowed(_("Not submitted yet: %(names)s. Submit or finish these first.") % {"names": names})
    found = sum(line.is_owed for line in lines)
    if found != missing:
        words = ngettext(
            "%(count)s figure is missing now. Look again.", "%(count)s figures are missing now. Look again.", found
        )
        raise NotAllowed(words % {"count": found})


def _write(line: Line, report: ReportingRound, *, by: User, data_version: str) -> None:
    """Hand in a required figure that nobody has given: what is derived with its value, the rest as not available."""
    if line.versions or not line.item.is_required:
        return
    about: dict[str, Any] = {"indicator": line.indicator, "program": report.program, "period": line.period, "by": by}
    if line.is_derived:
        values, demo = derived_values(line)
        marks: dict[str, Any] = {"is_demo": True} if demo or line.indicator.is_demo or report.is_demo else {}
        origin = Observation.Origin.DERIVED
        review.hand_in(**about, values=values, origin=origin, data_version=data_version, **marks)
        return
    note = _("Not given when the round was closed.")
    review.hand_in(**about, values={"state": State.MISSING, "note": note}, data_version=data_version)


def derived_values(line: Line) -> tuple[dict[str, Any], bool]:
    """Return what the records say for a derived figure, as an observation keeps it; and whether invented rows did."""
    derived = derive(line.indicator, line.item.program, line.period)
    measured = derived.measured
    states = {"value": State.VALUE, "not applicable": State.NOT_APPLICABLE}
    values = {
        "state": states.get(measured.state, State.MISSING),
        "value": measured.value,
        "numerator": measured.numerator if measured.has_parts else None,
        "denominator": measured.denominator if measured.has_parts else None,
        "weight": measured.weight,
        "parts": derived.parts,
        "note": derived.excluded[:1000],
    }
    return values, derived.has_demo


def given(report: ReportingRound) -> Any:
    """Return the versions pages show of the values a round is about, given or handed in, in order."""
    lines = lines_of(report)
    slots = {row.slot for line in lines for row in line.versions}
    rows = Observation.objects.shown().filter(slot__in=slots)
    return with_people(rows).order_by("indicator__order", "indicator__code", "province")


def _freeze(report: ReportingRound) -> int:
    """Keep each figure of the round with the value it has now."""
    made = RoundEntry.objects.bulk_create(
        RoundEntry(round=report, observation=row, state=row.state, value=row.value, rule_version=row.rule_version)
        for row in given(report)
    )
    return len(made)


def _freeze_again(report: ReportingRound) -> None:
    """Keep what the ministry signs: a figure that came back after closing has another value or version now."""
    figures, entries = current(report), list(report.entries.select_related("observation"))
    for entry in entries:
        row = figures[entry.observation.slot]
        entry.observation, entry.state, entry.value, entry.rule_version = row, row.state, row.value, row.rule_version
    RoundEntry.objects.bulk_update(entries, ["observation", "state", "value", "rule_version"])


# Signing and accepting


def sign_round(*, report: ReportingRound, by: User, expected: int) -> None:
    """Sign a closed round for the ministry: every figure is verified, and stays as it is reported from now on."""
    access.check(by, "round.manage")
    with writing("indicators"):
        _take(report, Status.CLOSED, expected)
        open_ones = sum(row.status not in SIGNED for row in current(report).values())
        lost = report.entries.count() - len(current(report))
        if open_ones + lost:
            words = ngettext(
                "%(count)s figure is not verified yet.", "%(count)s figures are not verified yet.", open_ones + lost
            )
            raise NotAllowed(words % {"count": open_ones + lost})
        _freeze_again(report)
        _move(report, Status.SIGNED, by=by, signed_by=by, signed_at=timezone.now())


def accept_round(*, report: ReportingRound, by: User, expected: int) -> list[Observation]:
    """Sign for the embassy every figure of the round that is verified and needs it; return those that were signed."""
    access.check(by, "round.accept")
    with writing("indicators"):
        _take(report, Status.SIGNED, expected)
        waiting = [row for row in current(report).values() if waits_for_embassy(row)]
        for row in waiting:
            review.accept(observation=row, by=by)
        settle(report, by=by)
    return waiting


def waits_for_embassy(observation: Observation) -> bool:
    return observation.indicator.needs_embassy and observation.status == Observation.Status.VERIFIED


def settle(report: ReportingRound, *, by: User) -> bool:
    """Mark a signed round as accepted when no figure of it waits for the embassy any more."""
    if report.status != Status.SIGNED:
        return False
    figures = current(report)
    left = [
        row for row in figures.values() if row.indicator.needs_embassy and row.status != Observation.Status.ACCEPTED
    ]
    if left or len(figures) < report.entries.count():
        return False
    _move(report, Status.ACCEPTED, by=by, accepted_by=by, accepted_at=timezone.now())
    return True


def settle_rounds(observations: Sequence[Observation], *, by: User) -> list[ReportingRound]:
    """Mark the rounds of values just accepted one by one as accepted where these were the last."""
    rounds = ReportingRound.objects.active().filter(
        status=Status.SIGNED, entries__observation__slot__in={row.slot for row in observations}
    )
    moved = []
    with writing("indicators"):
        for report in rounds.select_related("program", "period").distinct():
            _take(report, Status.SIGNED, report.version)
            if settle(report, by=by):
                moved.append(report)
    return moved


def current(report: ReportingRound) -> dict[str, Observation]:
    """Return the version pages show now of each figure of a round, by slot; what is worked on has none."""
    slots = report.entries.values("observation__slot")
    return {row.slot: row for row in with_people(Observation.objects.shown().filter(slot__in=slots))}


# Bookkeeping


def _take(report: ReportingRound, status: str, expected: int) -> None:
    """Lock the round for this transaction; refuse when it is no longer as it was on the screen."""
    stored = ReportingRound.objects.select_for_update(no_key=True).get(pk=report.pk)
    if (stored.status, stored.version) != (status, expected):
        raise NotAllowed(_("This round has moved meanwhile. Look at it again."))
    report.status, report.version = stored.status, stored.version


def _move(report: ReportingRound, status: str, *, by: User, **fields: Any) -> None:
    report.status = status
    for name, value in fields.items():
        setattr(report, name, value)
    report.save_version(by=by, expected=report.version)
