"""One indicator over time: its readings by quarter or year, as a table that is also the file."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from capred_portal.figures import Words
from capred_portal.languages import clauses
from indicators.analytics.aggregation import Aggregate, Measured, australian_year, over_periods
from indicators.listed import review_words, rounded
from indicators.models import Indicator
from indicators.readings import Reading, by_year
from indicators.shown import measured_text, period_text, value_text
from indicators.standing import Path, Standing

QUARTERS, CALENDAR, AUSTRALIAN = "", "calendar", "australian"
VIEWS: dict[str, Words] = {
    QUARTERS: gettext_lazy("Quarters"),
    CALENDAR: gettext_lazy("Calendar years"),
    AUSTRALIAN: gettext_lazy("Australian years (July to June)"),
}
REASONS: dict[str, Words] = {
    "": "",
    "nothing reported": gettext_lazy("Nothing reported"),
    "not applicable": gettext_lazy("Does not apply"),
    "withheld": gettext_lazy("Withheld"),
    "no weights": gettext_lazy("A weight is missing"),
    "weights add up to 0": gettext_lazy("The weights add up to 0"),
    "no numerator and denominator": gettext_lazy("A numerator or denominator is missing"),
    "denominator is 0": gettext_lazy("The denominator is 0"),
    "distinct counts cannot be added": gettext_lazy("Somebody may be counted in several of them: no sum is made"),
    "not aggregated": gettext_lazy("Never added up"),
}


@dataclass(frozen=True)
class DataCell:
    """One cell: what the page says, and what the file holds."""

    text: str
    value: object = None
    is_number: bool = False
    note: str = ""
    is_demo: bool = False
    is_long: bool = False

    @property
    def for_file(self) -> object:
        return self.text if self.value is None else self.value


@dataclass(frozen=True)
class DataTable:
    """A table for the page and for the file: the same rows and columns in both."""

    header: Sequence[str]
    rows: Sequence[Sequence[DataCell]] = field(default_factory=list)

    def for_file(self) -> Iterator[list[object]]:
        """Yield the rows as the file holds them."""
        return ([cell.for_file for cell in row] for row in self.rows)

    @property
    def columns(self) -> list[tuple[str, bool]]:
        """The names of the columns, and whether they hold numbers."""
        numbers = [any(row[place].is_number for row in self.rows) for place in range(len(self.header))]
        return list(zip(self.header, numbers, strict=True))


@dataclass(frozen=True)
class History:
    """The readings of an indicator by quarter or year, with the path they are compared with."""

    indicator: Indicator
    standing: Standing
    view: str
    readings: Sequence[Reading]
    joined: Mapping[int, int] = field(default_factory=dict)  # version of the rule -> the first one it may be joined to
    editions: Mapping[str, str] = field(default_factory=dict)  # edition -> what stands beside its line

    @property
    def is_summed(self) -> bool:
        """Whether what counts against the target is the sum since the baseline."""
        return self.indicator.over_periods == Indicator.Rule.SUM and self.path.baseline is not None

    @property
    def path(self) -> Path:
        return self.standing.path

    @property
    def fits_path(self) -> bool:
        """Whether the path may stand beside the values: of one edition, and no year's average beside a year's end."""
        newest = self.standing.latest
        ends = self.path.baseline is not None and self.path.target is not None
        at_ends = self.is_summed or not self.view or self.indicator.over_periods == Indicator.Rule.LATEST
        return ends and at_ends and (newest is None or self.path.editions == {newest.edition})

    @property
    def quarterly(self) -> Sequence[Reading]:
        return self.standing.readings

    @property
    def views(self) -> list[tuple[str, Words]]:
        """The views there are to choose from; none where values are of years anyway."""
        has_quarters = any("Q" in reading.period for reading in self.quarterly)
        return list(VIEWS.items()) if has_quarters else []

    def label_of(self, day: dt.date) -> str:
        """Return the period of this view in which a day lies."""
        quarter = f"{day.year}-Q{(day.month + 2) // 3}"
        if self.view == AUSTRALIAN:
            return australian_year(quarter)
        return quarter if self.view == QUARTERS and self.views else str(day.year)

    def since_baseline(self, reading: Reading) -> Aggregate | None:
        """Return what was reached from the baseline until the end of a reading; None where nothing is summed up."""
        if not self.is_summed or self.path.baseline is None:
            return None
        start = self.path.baseline.period.last_day
        counted = {
            each.first_day: each.measured
            for each in self.quarterly
            if start < each.first_day and each.last_day <= reading.last_day
        }
        return over_periods(Indicator.Rule.SUM, counted) if counted else None


def history_of(standing: Standing, view: str, joined: Mapping[int, int], editions: Mapping[str, str]) -> History:
    """Return the history of an indicator in a view; `joined` says which versions of its rule make one line."""
    indicator = standing.indicator
    readings = by_year(indicator, standing.readings, view) if view else standing.readings
    return History(indicator, standing, view, readings, joined, editions)


# As a table


def table_of(history: History) -> DataTable:
    """Return the values of an indicator, newest first, with what they are compared with and what is missing."""
    readings = history.readings
    columns = [
        (_("Period"), period_cell),
        (_("Value in %(unit)s") % {"unit": history.indicator.unit}, value_cell),
        *([(_("Since the baseline"), sum_cell)] if history.is_summed else []),
        *([(_("Expected by then"), path_cell)] if history.fits_path else []),
        *([(_("Missing"), missing_cell)] if any(missing_cell(history, each).text for each in readings) else []),
        (_("Review"), review_cell),
        *([(_("Edition"), edition_cell)] if any(each.edition for each in readings) else []),
        *([(_("Version of the rule"), rule_cell)] if history.indicator.rule_version > 1 else []),
        *([(_("Demonstration row"), demo_cell)] if any(each.is_demo for each in readings) else []),
    ]
    rows = [[make(history, reading) for _title, make in columns] for reading in reversed(history.readings)]
    return DataTable([title for title, _make in columns], rows)


def period_cell(history: History, reading: Reading) -> DataCell:
    return DataCell(period_text(reading.period))


def value_cell(history: History, reading: Reading) -> DataCell:
    return measured_cell(history.indicator, reading.measured)


def measured_cell(indicator: Indicator, measured: Measured) -> DataCell:
    text = measured_text(indicator, measured, with_unit=False)
    if measured.value is None:
        return DataCell(text, is_number=True)
    return DataCell(text, rounded(indicator, measured.value), is_number=True)


def sum_cell(history: History, reading: Reading) -> DataCell:
    together = history.since_baseline(reading)
    return measured_cell(history.indicator, together.measured) if together else DataCell("–", is_number=True)


def path_cell(history: History, reading: Reading) -> DataCell:
    expected = history.path.expected_on(reading.last_day)
    return number_cell(history.indicator, expected)


def number_cell(indicator: Indicator, value: Decimal | None) -> DataCell:
    if value is None:
        return DataCell("–", is_number=True)
    return DataCell(value_text(indicator, value, with_unit=False), rounded(indicator, value), is_number=True)


def missing_cell(history: History, reading: Reading) -> DataCell:
    """Say how much of a value is missing, and why there is none where it cannot be added up."""
    told = [str(REASONS[reading.aggregate.reason])] if reading.aggregate.reason else []
    if missing := reading.aggregate.missing:
        told.append(
            ngettext("%(count)s of 4 quarters", "%(count)s of 4 quarters", missing) % {"count": missing}
            if history.view
            else ngettext("%(count)s value", "%(count)s values", missing) % {"count": missing}
        )
    return DataCell(clauses(told))


def review_cell(history: History, reading: Reading) -> DataCell:
    return DataCell(review_words(reading))


def edition_cell(history: History, reading: Reading) -> DataCell:
    return DataCell(reading.edition, is_long=True)


def rule_cell(history: History, reading: Reading) -> DataCell:
    return DataCell(str(reading.rule_version), reading.rule_version, is_number=True)


def demo_cell(history: History, reading: Reading) -> DataCell:
    words = {True: _("yes"), False: _("no")}
    return DataCell(words[reading.is_demo], is_demo=reading.is_demo)
