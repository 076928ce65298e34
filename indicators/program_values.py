"""The values of one program in one period: what reports, IATI, SDMX and the interface for machines all show."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from indicators.models import Indicator, Observation, Period
from indicators.readings import PUBLISHED, Reading
from indicators.shown import measured_text, value_text
from indicators.standing import Path, Standing, standings_of
from programs.models import Program


@dataclass(frozen=True)
class ProgramValue:
    """One indicator of a program in a period: its value, signatures and path, and how it stands by then."""

    indicator: Indicator
    program: Program
    period: Period
    reading: Reading | None  # None: nobody told anything
    standing: Standing

    @property
    def state(self) -> str:
        """`value`, `missing`, `not applicable` or `withheld`, as figures have it."""
        return self.reading.measured.state if self.reading else "missing"

    @property
    def value(self) -> Decimal | None:
        return self.reading.value if self.reading else None

    @property
    def text(self) -> str:
        """The value as every page writes it."""
        return measured_text(self.indicator, self.reading.measured) if self.reading else "–"

    @property
    def signed_text(self) -> str:
        """Its weakest signature in words."""
        if self.reading is None:
            return ""
        if self.reading.status == PUBLISHED:
            return _("published")
        return str(Observation.Status(self.reading.status).label)

    @property
    def path(self) -> Path:
        return self.standing.path

    @property
    def target_text(self) -> str:
        return value_text(self.indicator, self.path.target.value) if self.path.target else "–"

    @property
    def baseline_text(self) -> str:
        return value_text(self.indicator, self.path.baseline.value) if self.path.baseline else "–"

    @property
    def has_demo(self) -> bool:
        return self.indicator.is_demo or self.program.is_demo or (self.reading is not None and self.reading.is_demo)


def program_values(program: Program, period: Period, *, indicators: Iterable[Indicator] = ()) -> list[ProgramValue]:
    """Return the values of a program in a period, in the order of its indicators, from a constant number of queries.

    Standings are those at the end of the period, whatever was reported later.
    """
    chosen = list(indicators) or list(Indicator.objects.current().of_program(program))
    standings = standings_of(chosen, program=program, until=period.last_day)
    return [
        ProgramValue(
            indicator=standing.indicator,
            program=program,
            period=period,
            reading=next((each for each in standing.readings if each.period == period.code), None),
            standing=standing,
        )
        for standing in standings
    ]
