"""What a round asks of a program: each figure, who owes it, and whether it was given."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from capred_portal.figures import Words
from capred_portal.models import User
from indicators.models import Indicator, Observation, Period, ProgramIndicator, ReportingRound

DECEMBER = 12
QUARTER, YEAR = Indicator.Frequency.QUARTER, Indicator.Frequency.YEAR

STANDINGS: dict[str, Words] = {
    "missing": _("Owed"),
    "draft": _("Draft, not submitted"),
    "derived": _("Computed when the round is closed"),
    "given": _("Given"),
}


@dataclass(frozen=True)
class Line:
    """One figure of a round: what the program reports, for which period, and its newest versions by place."""

    item: ProgramIndicator
    period: Period
    versions: Sequence[Observation]

    @property
    def indicator(self) -> Indicator:
        return self.item.indicator

    @property
    def drafts(self) -> list[Observation]:
        """What somebody works on and no version before was signed."""
        return [row for row in self.versions if row.status == Observation.Status.DRAFT and row.number == 1]

    @property
    def is_derived(self) -> bool:
        return self.indicator.kind == Indicator.Kind.DERIVED

    @property
    def is_owed(self) -> bool:
        """Whether a person must still give it; what is not required is owed by nobody."""
        return self.item.is_required and self.standing in ("missing", "draft")

    @property
    def standing(self) -> str:
        if self.drafts:
            return "draft"
        if self.versions:
            return "given"
        return "derived" if self.is_derived else "missing"

    @property
    def words(self) -> Words:
        return STANDINGS[self.standing]


def lines_of(report: ReportingRound) -> list[Line]:
    """Return the figures a round asks for, in the order of the indicators, from three queries at most.

    What is reported once a year is asked for in the last quarter. What others publish is not asked for.
    """
    return lines_of_rounds([report])[report.pk]


def lines_of_rounds(reports: Sequence[ReportingRound]) -> dict[int, list[Line]]:
    """Return the figures that each of some rounds asks for, from three queries however many rounds there are."""
    periods = periods_of_rounds(reports)
    versions = newest_versions(reports, periods)
    items: dict[int, list[ProgramIndicator]] = defaultdict(list)
    asked = ProgramIndicator.objects.active().filter(program__in={report.program_id for report in reports})
    asked = asked.filter(indicator__archived_at=None).exclude(indicator__kind=Indicator.Kind.EXTERNAL)
    for item in asked.select_related("program", "indicator", "reporter"):
        items[item.program_id].append(item)
    lines: dict[int, list[Line]] = {}
    for report in reports:
        found = ((item, periods[report.pk].get(item.indicator.frequency)) for item in items[report.program_id])
        lines[report.pk] = [
            Line(item, period, versions[item.program_id, item.indicator_id, period.pk])
            for item, period in found
            if period and (item.indicator.retired_on is None or item.indicator.retired_on > period.first_day)
        ]
    return lines


def periods_of(period: Period) -> dict[str, Period]:
    """Return the period each frequency reports in a round: a last quarter also closes its year."""
    if period.kind == Period.Kind.YEAR:
        return {YEAR: period}
    if period.last_day.month < DECEMBER:
        return {QUARTER: period}
    return {QUARTER: period, YEAR: Period.objects.year(period.last_day.year)}


def periods_of_rounds(reports: Sequence[ReportingRound]) -> dict[int, dict[str, Period]]:
    """Return the periods of each round, by the frequency they report."""
    reported = {report.period_id: report.period for report in reports}
    known = {pk: periods_of(period) for pk, period in reported.items()}
    return {report.pk: known[report.period_id] for report in reports}


def newest_versions(
    reports: Iterable[ReportingRound], periods: Mapping[int, Mapping[str, Period]]
) -> Mapping[tuple[int | None, int, int], list[Observation]]:
    """Return the newest version of each value of the rounds, by program, indicator and period."""
    asked = {(report.program_id, period.pk) for report in reports for period in periods[report.pk].values()}
    rows = Observation.objects.active().filter(
        program__in={program for program, _period in asked}, period__in={period for _program, period in asked}
    )
    newest = {row.slot: row for row in with_people(rows).order_by("number")}
    grouped: dict[tuple[int | None, int, int], list[Observation]] = defaultdict(list)
    for row in newest.values():
        grouped[row.program_id, row.indicator_id, row.period_id].append(row)
    return grouped


def with_people(rows: QuerySet[Observation]) -> QuerySet[Observation]:
    return rows.select_related("indicator", "program", "period", "province", "entered_by", "changed_by")


# Who owes what


def owed(lines: Iterable[Line]) -> list[Line]:
    return [line for line in lines if line.is_owed]


def owing(lines: Iterable[Line]) -> list[tuple[User | None, int]]:
    """Return who owes how many figures, those that are assigned to nobody last."""
    people = {line.item.reporter_id: line.item.reporter for line in owed(lines)}
    counts = Counter(line.item.reporter_id for line in owed(lines))
    ordered = sorted(people, key=lambda key: (key is None, str(people[key])))
    return [(people[key], counts[key]) for key in ordered]


def is_due(report: ReportingRound, day: datetime.date) -> bool:
    return day >= report.due_on


def counts_of(lines: Iterable[Line]) -> dict[str, Any]:
    """Return how many required figures a round asks people for, and how many of them were given."""
    asked = [line for line in lines if line.item.is_required and not line.is_derived]
    return {"asked": len(asked), "given": sum(line.standing == "given" for line in asked)}
