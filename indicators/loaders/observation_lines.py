"""What a line of a file of values is about: the indicator, period, province and part, found or refused in words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from capred_portal import columns
from capred_portal.columns import CLEAR, CellError
from capred_portal.load_kinds import Line
from capred_portal.matching import ascii_digits, search_key
from enterprises.loaders.cells import Codes
from indicators import cells, entry
from indicators.asked_periods import period_of
from indicators.dimensions import DIMENSIONS
from indicators.models import Indicator, Period, ProgramIndicator, ReportingRound
from programs.models import Program

NUMBERS = ("value", "numerator", "denominator", "weight")
LARGE = 0.4  # how alike a code must be to be suggested

MESSAGES: dict[str, Any] = {
    **cells.MESSAGES,
    "closed": _("The round of %(period)s is closed: no new value can be loaded."),
    "future": _("%(period)s has not begun yet: nothing can be reported for it."),
    "group_wrong": _("Another row of this value is wrong: line %(line)s. Correct it first."),
    "no_such_part": _("“%(indicator)s” is not broken down by this. Leave the part out."),
    "no_total": _("Write the total too: parts alone are no value."),
    "not_loaded": _("“%(value)s” is not typed or loaded: the portal computes it, or it is published elsewhere."),
    "not_of_program": _("This program does not report “%(value)s”."),
    "parts_only_number": _("A part has only a value."),
    "period": _("“%(value)s” is not a period. Write a quarter like 2024-Q3, or a year like 2024."),
    "period_kind": _("“%(value)s” is no period of “%(indicator)s”. Write one like %(example)s."),
    "place_unknown": _("“%(value)s” is not known. The nearest is: %(nearest)s."),
    "repeated": _("This value is already in line %(line)s of this file."),
    "retired": _("“%(value)s” is retired: no value can be entered any more."),
    "signed": _("This value is signed. Correct it on its page, with a reason. The signed one stays as reported."),
    "submitted": _("This value is submitted and waits for a signature. Withdraw it to change it."),
    "unknown_indicator": _("No indicator is called “%(value)s”. The nearest is: %(nearest)s."),
}

_QUARTER = (
    re.compile(r"(?P<year>\d{4})\s*[-/ .]?\s*(?:q|ត្រីមាស(?:ទី)?|ត្រ\.)\s*(?P<quarter>[1-4])", re.IGNORECASE),
    re.compile(
        r"(?:q|quarter|ត្រីមាស(?:ទី)?|ត្រ\.)\s*(?P<quarter>[1-4])\s*[-/ .,]?\s*(?:ឆ្នាំ)?\s*(?P<year>\d{4})", re.IGNORECASE
    ),
)


def period_code(cell: str) -> Any:
    """Read a quarter or a year in either kind of digits: 2024-Q3, Q3 2024, 2024."""
    told = columns.text(cell, max_length=40)
    if not isinstance(told, str):
        return told
    bare = ascii_digits(told)
    for pattern in _QUARTER:
        if match := pattern.fullmatch(bare):
            bare = f"{match['year']}-Q{match['quarter']}"
    if found := period_of(bare.removesuffix(".0")):
        return found.code
    raise CellError("period", told)


@cache
def part_keys() -> dict[str, str]:
    """Return what a cell may say of a part, reduced for comparison -> sex:f; words in both languages."""
    labels: dict[str, set[str]] = {}
    for dimension in DIMENSIONS.values():
        for key in dimension.parts:
            words = labels.setdefault(f"{dimension.code}:{key}", set())
            for language in ("en", "km"):
                with override(language):
                    words |= {str(dimension.parts[key]), f"{dimension.title}: {dimension.parts[key]}"}
    return columns.choice_keys(labels)


def part(cell: str) -> Any:
    """Read the part of a breakdown, by its code or its words."""
    return columns.choice(cell, part_keys())


# What a line is about


@dataclass
class Cell:
    """One line: the value or the part of a value it is about, and what it says of it."""

    line: Line
    indicator: Any = None  # None where the line does not say which
    period: Any = None
    province: str | None = None
    part: str = ""
    numbers: dict[str, Any] = field(default_factory=dict)  # column -> number, or CLEAR

    @property
    def slot(self) -> tuple[Any, ...]:
        """What value the line is about."""
        return self.indicator.pk, self.period.code, self.province

    @property
    def says_nothing(self) -> bool:
        state = self.line.text("state")
        return not self.numbers and not state and "note" not in self.line.values


class Subjects:
    """The indicators, periods and provinces of one file, looked up once for the program."""

    def __init__(self, program: Program, lines: Iterable[Line], *, make_periods: bool) -> None:
        self.program = program
        rows = list(Indicator.objects.active())
        self.by_code = {indicator.code: indicator for indicator in rows}
        titles = {search_key(title): row for row in rows for title in (row.title_en, row.title_km) if title}
        self.by_key = titles | {search_key(row.code): row for row in rows}
        reports = ProgramIndicator.objects.active().filter(program=program)
        self.reported = set(reports.values_list("indicator_id", flat=True))
        codes = {line.text("period") for line in lines} - {""}
        self.periods = {period.code: period for period in Period.objects.filter(code__in=codes)}
        for code in sorted(codes - self.periods.keys()):
            made = entry.stored_period(code) if make_periods else Period.of_code(code)
            if made is not None:
                self.periods[code] = made
        closed = ReportingRound.objects.active().filter(program=program)
        closed = closed.exclude(status=ReportingRound.Status.OPEN)
        self.closed = set(closed.values_list("period__last_day", flat=True))
        self.places = Codes() if any(line.text("province") for line in lines) else None

    def cell(self, line: Line) -> Cell:
        """Return what a line is about; what is wrong with that is noted on the line."""
        found = Cell(line, part=line.text("part"))
        found.indicator = self.indicator(line)
        found.period = self.period(line, found.indicator)
        if self.places is not None and (told := line.text("province")):
            code, problem = self.places.province(told)
            if problem:
                line.wrong("province", **problem)
            else:
                line.values["province"] = found.province = code
        if found.indicator is not None:
            if found.part and found.part not in set(cells.part_names(found.indicator)):
                line.wrong("part", "no_such_part", indicator=str(found.indicator))
            read_numbers(found, found.indicator)
        return found

    def indicator(self, line: Line) -> Indicator | None:
        """Return the indicator of a line that holds a value."""
        told, found = line.text("indicator"), self.target_indicator(line)
        if found is not None and found.is_retired:
            line.wrong("indicator", "retired", value=told)
        elif found is not None and found.kind != Indicator.Kind.REPORTED:
            line.wrong("indicator", "not_loaded", value=told)
        elif found is not None and found.pk not in self.reported:
            line.wrong("indicator", "not_of_program", value=told)
        return found

    def target_indicator(self, line: Line) -> Indicator | None:
        """Return the indicator a line names, of whatever kind."""
        told = line.text("indicator")
        if not told:
            if not any(error["column"] == "indicator" for error in line.errors):
                line.wrong("indicator", "missing")
            return None
        found = self.by_code.get(told) or self.by_key.get(search_key(told))
        if found is None:
            line.wrong("indicator", "unknown_indicator", value=told, nearest=self.nearest(told))
            return None
        line.values["indicator"] = found.code
        return found

    def nearest(self, told: str) -> str:
        """Return the code of the indicator most like what was written, by its code or title."""
        keys = {key: row for key, row in self.by_key.items() if row.pk in self.reported} or self.by_key
        close = get_close_matches(search_key(told), keys, 1, LARGE) or get_close_matches(search_key(told), keys, 1, 0)
        return keys[close[0]].code if close else "–"

    def period(self, line: Line, indicator: Indicator | None) -> Period | None:
        code = line.text("period")
        found = self.periods.get(code)
        if found is None:
            if not any(error["column"] == "period" for error in line.errors):
                line.wrong("period", "missing")
            return None
        if found.first_day > timezone.localdate():
            line.wrong("period", "future", period=str(found))
        if indicator is not None and indicator.frequency != found.kind:
            example = "2024-Q3" if indicator.frequency == Indicator.Frequency.QUARTER else "2024"
            line.wrong("period", "period_kind", indicator=indicator.code, example=example, value=code)
        return found


def read_numbers(cell: Cell, indicator: Indicator) -> None:
    """Read the numbers of a line in the unit of its indicator; what was read stands in the line as plain digits."""
    for name in NUMBERS:
        told = cell.line.values.get(name)
        if told is CLEAR:
            cell.numbers[name] = CLEAR
        if not isinstance(told, str):
            continue
        is_unit = name == "value" and not (cell.part and cells.has_additive_parts(indicator))
        try:
            found = cells.read_number(told, is_percent=is_unit and indicator.is_percent, unit=indicator.unit)
        except CellError as error:
            cell.line.wrong(name, error.code, **{key: str(param) for key, param in error.params.items()})
        else:
            cell.numbers[name] = found
            cell.line.values[name] = cells.kept(found) + ("%" if cells.has_sign(told) else "")
    if cell.part and (set(cell.numbers) - {"value"} or cell.line.text("state")):
        cell.line.wrong("part", "parts_only_number")
