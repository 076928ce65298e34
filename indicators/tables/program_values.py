"""The table of the values of programs: one row for each indicator and period, as their pages and reports show them."""

from collections.abc import Iterator
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from capred_portal.table_columns import coded, columns_of, one, titled
from capred_portal.tables import Column, Table, TableExport, register
from indicators.models import Indicator, Observation, Period, ProgramIndicator, Target
from indicators.program_values import as_kept, without_invented
from indicators.readings import Reading, readings_by_program
from indicators.standing import STATUS, Path, paths_everywhere, standing_of
from indicators.tables.filters import indicator_filter, periods
from programs.filters.choices import program_filter
from programs.models import Program

STATES = [
    ("value", _("Value")),
    ("missing", _("Not available")),
    ("not applicable", _("Does not apply")),
    ("withheld", _("Withheld")),
]


class ProgramValueFilter(django_filters.FilterSet):
    """Filters of the table of the values of programs: the period chooses among what is told of a row."""

    indicator = indicator_filter()
    program = program_filter()
    period = django_filters.ModelChoiceFilter(
        queryset=periods, to_field_name="code", label=_("Period"), empty_label=_("Any"), method="later"
    )

    class Meta:
        model = ProgramIndicator
        fields: list[str] = []

    def later(self, rows: Any, _name: str, _period: Period) -> Any:
        """Leave the choice to who reads the values."""
        return rows


def reported() -> QuerySet[Any]:
    """Return which program reports which indicator."""
    return ProgramIndicator.objects.active().filter(program__archived_at=None, indicator__archived_at=None)


def values_of(rows: list[list[Any]], taken: TableExport) -> Iterator[list[Any]]:
    """Yield a row for each value of many pairs of program and indicator, from three queries."""
    period = taken.chosen.form.cleaned_data.get("period")
    found = Indicator.objects.in_bulk({row[1] for row in rows})
    readings = readings_by_program(found.values(), {row[3] for row in rows})
    paths = {
        (key, program.pk): path
        for key, programs in paths_everywhere(found.values()).items()
        for program, path in programs.items()
        if program is not None
    }
    for row in rows:
        key, told = (row[1], row[3]), readings.get((row[1], row[3]), [])
        path = paths.get(key) or Path(found[row[1]].direction, None, [], None)
        for reading in told:
            is_demo = row[-1] or reading.is_demo
            if (period is None or period.code == reading.period) and (taken.with_demo or not is_demo):
                until = [each for each in told if each.last_day <= reading.last_day]
                cells = cells_of(found[row[1]], reading, until, path if row[-1] else without_invented(path))
                yield [f"{row[0]}:{reading.period}", *row[1:5], *cells, is_demo]


def cells_of(indicator: Indicator, reading: Reading, until: list[Reading], path: Path) -> list[Any]:
    """Return a value, how far it is signed, and where the indicator stood at the end of its period."""
    standing = standing_of(indicator, until, path)
    is_judged_by_invented = not reading.is_demo and any(each.is_demo for each in until)
    accepted, all_of_them = reading.signed
    return [
        *(reading.period, reading.first_day, reading.last_day),
        *(reading.measured.state, as_kept(reading.value), indicator.unit_en, indicator.unit_km),
        *(reading.status, accepted, all_of_them),
        *(*point(path.baseline), *point(path.target)),
        *("" if is_judged_by_invented else standing.status, reading.rule_version),
    ]


def point(target: Target | None) -> tuple[Any, ...]:
    """Return a point of the path: its value, the period it is of, and the edition it is taken from."""
    if target is None:
        return None, "", ""
    return target.value, target.period.code, str(target.source or "")


def any_of(*marks: bool) -> bool:
    return any(marks)


PK = ("pk",)  # the cells of these columns are made from what is read for many rows at once
POINTS = tuple(
    column
    for name, title in (("baseline", _("Baseline")), ("target", _("Target")))
    for column in (
        Column(name, title, PK, kind="number"),
        Column(f"{name}_period", titled(title, _("Period")), PK),
        Column(f"{name}_edition", titled(title, _("Edition")), PK),
    )
)

register(
    Table(
        name="program-values",
        title=_("Values of programs"),
        row=titled(Program._meta.verbose_name or "", Indicator._meta.verbose_name or "", _("Period")),
        rows=reported,
        filters=ProgramValueFilter,
        unfold_together=values_of,
        columns=(
            Column("id", _("Number"), PK, about=_("Number of the program's indicator, and period")),
            *columns_of(ProgramIndicator, "indicator"),
            coded(Indicator, "code", "indicator"),
            *columns_of(ProgramIndicator, "program"),
            coded(Program, "slug", "program"),
            Column("period", one(Period), PK),
            Column("first_day", titled(_("Period"), _("first day")), PK, kind="date"),
            Column("last_day", titled(_("Period"), _("last day")), PK, kind="date"),
            Column("state", titled(_("kind of value")), PK, choices=STATES),
            Column("value", _("Value"), PK, kind="number"),
            *columns_of(Indicator, "unit_en", "unit_km", at="indicator"),
            Column("status", _("Status"), PK, choices=Observation.Status.choices, about=_("The weakest of its parts")),
            Column("accepted", _("Accepted"), PK, kind="integer", about=_("How many of its parts are accepted")),
            Column("parts", _("Parts"), PK, kind="integer", about=_("How many values it is made of")),
            *POINTS,
            Column("standing", _("How it stands at the end of the period"), PK, choices=STATUS.items()),
            Column("rule_version", _("Version of the rule"), PK, kind="integer"),
            Column(
                "is_demo",
                _("Demonstration row"),
                ("is_demo", "indicator__is_demo", "program__is_demo"),
                made=any_of,
                kind="yes or no",
            ),
        ),
    )
)
