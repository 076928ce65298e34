"""All that the page of one indicator shows, gathered from a constant number of queries."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import cached_property

from indicators.breakdowns import Breakdown, breakdowns_of, small_enough
from indicators.competitiveness import edition_name
from indicators.derived import Derived, derive
from indicators.effects import Effect, effects_on
from indicators.history import DataTable, History, history_of, table_of
from indicators.history_charts import Trend, trends_of
from indicators.metadata import OVER_PERIODS, OVER_PLACES, SIGNATURES, rule_fields, thresholds
from indicators.models import Indicator, IndicatorRule, Target
from indicators.readings import readings_by_program
from indicators.rules import line_versions
from indicators.series import PublishedSeries, published_of
from indicators.shown import measured_text, period_text
from indicators.signatures import signed_values
from indicators.standing import Line, Path, Standing, paths_everywhere, standing_of, standings_of
from programs.models import Program


@dataclass(frozen=True)
class Live:
    """What the records say of a period that is still running: nobody has signed it."""

    period: str
    text: str
    derived: Derived


def live_of(indicator: Indicator, program: Program | None) -> Live | None:
    """Derive the value of the running quarter or year; None for indicators that are not derived."""
    if indicator.kind != Indicator.Kind.DERIVED or indicator.is_retired:
        return None
    today = timezone.localdate()
    quarter = f"{today.year}-Q{(today.month + 2) // 3}"
    period = quarter if indicator.frequency == Indicator.Frequency.QUARTER else str(today.year)
    derived = derive(indicator, program, period)
    return Live(period_text(period), measured_text(indicator, derived.measured), derived)


@dataclass
class Detail:
    """One indicator as one kind of reader sees it: of one program or of all, by quarter or by year."""

    indicator: Indicator
    program: Program | None
    view: str
    hides_small_cells: bool

    @cached_property
    def standing(self) -> Standing:
        return standings_of([self.indicator], program=self.program)[0]

    @cached_property
    def history(self) -> History:
        return history_of(self.standing, self.view, line_versions(self.rules), self.editions)

    @cached_property
    def rules(self) -> list[IndicatorRule]:
        return list(self.indicator.rules.select_related("made_by"))

    @cached_property
    def table(self) -> DataTable:
        return table_of(self.history)

    @property
    def trends(self) -> list[Trend]:
        return trends_of(self.history)

    @cached_property
    def breakdowns(self) -> list[Breakdown]:
        return breakdowns_of(
            self.indicator, self.standing.latest, program=self.program, hides_small_cells=self.hides_small_cells
        )

    @property
    def withholds(self) -> bool:
        return small_enough(self.breakdowns)

    @property
    def editions(self) -> dict[str, str]:
        """What stands beside the line of each edition: which is in force; of more than two, its name."""
        sources = self.published.sources if self.published else []
        names = {str(source): edition_name(source) for source in sources}
        told_apart = len(set(names.values())) == len(names)
        return names if told_apart else {str(source): source.edition_words for source in sources}

    @cached_property
    def published(self) -> PublishedSeries | None:
        """The series of an indicator that is published elsewhere, with its editions and what to know of it."""
        return published_of([self.indicator]).get(self.indicator.pk) if self.indicator.series else None

    @cached_property
    def live(self) -> Live | None:
        """What the records say now, of the period that is running; for derived indicators."""
        return live_of(self.indicator, self.program)

    @cached_property
    def effects(self) -> list[Effect]:
        return effects_on(self.indicator)

    @cached_property
    def programs(self) -> list[Line]:
        """Return where each program that reports the indicator stands."""
        reports = self.indicator.reported_by.active().filter(program__archived_at=None).select_related("program")
        paths = paths_everywhere([self.indicator])[self.indicator.pk]
        readings = readings_by_program([self.indicator])
        nothing = Path(self.indicator.direction, None, [], None)
        return [
            Line(
                each.program,
                standing_of(
                    self.indicator,
                    readings.get((self.indicator.pk, each.program_id), []),
                    paths.get(each.program, nothing),
                ),
            )
            for each in reports
        ]

    @cached_property
    def targets(self) -> list[Target]:
        """Return what is approved or waits, for the program or the country, parts last."""
        rows = self.indicator.targets.active().filter(program=self.program, status__in=("approved", "proposed"))
        return list(rows.select_related("period", "source", "indicator").order_by("part", "period__first_day", "pk"))

    def context(self) -> dict[str, Any]:
        """Return the context of the page's body."""
        values, has_more = signed_values(self.indicator, self.program)
        return {
            "detail": self,
            "indicator": self.indicator,
            "program": self.program,
            "standing": self.standing,
            "goals": self.indicator.goals.active().select_related("framework"),
            "rules": [(rule, rule_fields(rule.rule)) for rule in self.rules],
            "over_periods": OVER_PERIODS[self.indicator.over_periods],
            "over_places": OVER_PLACES[self.indicator.over_places],
            "signatures": SIGNATURES[self.indicator.signatures],
            "thresholds": thresholds(self.indicator),
            "values": values,
            "has_more_values": has_more,
            "formats": ("csv", "xlsx"),
        }
