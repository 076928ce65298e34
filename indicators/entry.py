"""The grid of a program and period: which values it reports, what was reported before, and where each value stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from indicators.asked_periods import period_of
from indicators.cells import MOST_COMPARED, is_unusual, range_of
from indicators.models import Indicator, Observation, Period, ProgramIndicator, ReportingRound
from indicators.review import VALUE_FIELDS
from programs.models import Program

Status, State = Observation.Status, Observation.State
OFFERED = 12  # quarters to choose from
VERSIONS = 4  # of the value of the period itself, looked at beside those before

# What a saved cell needs to know of the value it had; whose draft it was and its evidence are asked for when shown.
ABOUT = ("indicator", "period", "number", "status", "version", "changed_by", "submitted_by", "updated_at")


@dataclass
class Before:
    """A value reported earlier: its period, and the number."""

    period: Period
    value: Decimal


@dataclass
class Entry:
    """One row of the grid: an indicator, the newest version of its value, and what was reported before."""

    report: ProgramIndicator
    observation: Observation | None = None
    before: list[Before] = field(default_factory=list)  # newest first
    form: Any = None
    just_saved: bool = False
    has_begun: bool = True  # its period
    is_closed: bool = False  # its round, so that no first value can be typed
    stored: Observation | None = None  # what somebody else saved meanwhile

    @property
    def indicator(self) -> Indicator:
        return self.report.indicator

    @property
    def history(self) -> list[Decimal]:
        return [each.value for each in self.before]

    @property
    def is_reported(self) -> bool:
        return self.indicator.kind == Indicator.Kind.REPORTED

    @property
    def is_draft(self) -> bool:
        return self.observation is not None and self.observation.status == Status.DRAFT

    @property
    def is_waiting(self) -> bool:
        return self.observation is not None and self.observation.status == Status.SUBMITTED

    @property
    def is_signed(self) -> bool:
        return self.observation is not None and self.observation.status in (Status.VERIFIED, Status.ACCEPTED)

    @property
    def is_unusual(self) -> bool:
        return self.observation is not None and is_unusual(self.observation.value, self.history)

    @property
    def range(self) -> str:
        return range_of(self.history)

    @property
    def typed_in_vain(self) -> str:
        """What was typed into a value that takes no typing: it was submitted meanwhile, or its period has not begun."""
        return str(self.form.typed) if self.form and self.form.is_bound and not self.takes_typing else ""

    @property
    def takes_typing(self) -> bool:
        """Whether the row has a form."""
        is_free = self.is_draft or (self.observation is None and not self.is_closed)
        return self.is_reported and self.has_begun and is_free and not self.indicator.is_retired

    @property
    def wants_note(self) -> bool:
        """Whether the value is unusual and nothing says why."""
        return self.is_draft and self.is_unusual and bool(self.observation and not self.observation.note)


# Which program and period


def reporting_programs() -> list[Program]:
    """Return the programs that report indicators."""
    reported = ProgramIndicator.objects.active().filter(indicator__archived_at=None)
    return list(Program.objects.active().filter(pk__in=reported.values("program")).order_by("title_en", "pk"))


def newest_open_round(programs: Sequence[Program]) -> ReportingRound | None:
    rounds = ReportingRound.objects.open().filter(program__in=[program.pk for program in programs])
    return rounds.select_related("period").order_by("-period__first_day", "due_on").first()


def period_named(code: str) -> Period | None:
    """Return a quarter written 2024-Q3 or a year written 2024, not saved where nobody asked for it before."""
    found = period_of(code)
    return Period.objects.filter(code=found.code).first() or found if found else None


def stored_period(code: str) -> Period | None:
    """Return the period of that code, saved."""
    found = period_named(code)
    return Period.objects.stored(found) if found is not None and found.pk is None else found


def offered_periods(chosen: Period, *, with_years: bool) -> list[Period]:
    """Return the periods to choose from, newest first: the quarters up to today's, and years where some report them."""
    today = timezone.localdate()
    found = Period.quarters_until(today, OFFERED)
    if with_years:
        found += [Period.of_year(year) for year in range(today.year, today.year - OFFERED // 4, -1)]
    if chosen.code not in {period.code for period in found}:
        found.append(chosen)
    return sorted(found, key=lambda period: (period.last_day, period.first_day), reverse=True)


def last_full_quarter() -> Period:
    return Period.quarters_until(timezone.localdate(), 2)[0]


def has_begun(period: Period) -> bool:
    return period.first_day <= timezone.localdate()


def round_of(program: Program, period: Period) -> ReportingRound | None:
    """Return the round a period is reported in; a year belongs to the round of its last quarter."""
    return ReportingRound.objects.active().filter(program=program, period__last_day=period.last_day).first()


# Rows


def reports_of(program: Program, period: Period) -> Any:
    """Return what a program reports for a period of that kind: first what is typed, then what is computed."""
    frequency = Indicator.Frequency.QUARTER if period.kind == Period.Kind.QUARTER else Indicator.Frequency.YEAR
    reports = ProgramIndicator.objects.active().filter(program=program, indicator__archived_at=None)
    of_kind = reports.filter(indicator__frequency=frequency).select_related("indicator", "program", "reporter")
    return of_kind.order_by(F("indicator__kind").desc(), "indicator__order", "indicator__code")


def entries(reports: Iterable[ProgramIndicator], program: Program, period: Period) -> list[Entry]:
    """Return the rows of reports: their newest versions and up to eight values before, from one query."""
    found = {report.indicator_id: Entry(report, has_begun=has_begun(period)) for report in reports}
    now = Q(period__code=period.code)
    earlier = Q(is_shown=True, state=State.VALUE, period__kind=period.kind, period__last_day__lt=period.first_day)
    rows = Observation.objects.active().filter(program=program, province=None, indicator__in=found)
    newest_first = [F("period__first_day").desc(), F("number").desc()]
    wanted = rows.filter(now | earlier).select_related("period")
    near: Any
    if len(found) == 1:  # a saved cell: the same rows without their numbering, which takes long to put into words
        near = wanted.only(*VALUE_FIELDS, *ABOUT).order_by(*newest_first)[: MOST_COMPARED + VERSIONS]
    else:
        place = Window(RowNumber(), partition_by=F("indicator"), order_by=newest_first)
        whole = wanted.select_related("period", "changed_by", "evidence")
        placed = whole.annotate(place=place).filter(place__lte=MOST_COMPARED + VERSIONS)
        near = placed.order_by("indicator_id", "place")
    for row in near:
        entry = found[row.indicator_id]
        if row.period.code == period.code:
            entry.observation = entry.observation or row
        elif row.value is not None and len(entry.before) < MOST_COMPARED:
            entry.before.append(Before(row.period, row.value))
    return list(found.values())
