"""Loading baselines, milestones and targets of a program: as proposals, which a verifier approves."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import Max, QuerySet
from django.utils.translation import gettext_lazy as _

from capred_portal import load_tables
from capred_portal.columns import CellError
from capred_portal.load_kinds import Column, Line, LoadKind, register
from capred_portal.load_tables import Known, LoadTable, TableChecker
from capred_portal.models import Load
from enterprises.loaders.cells import choice, words
from indicators import cells
from indicators.analytics.progress import wrong_side
from indicators.loaders.observation_check import check_scope, places
from indicators.loaders.observation_lines import MESSAGES, Subjects
from indicators.loaders.observations import INDICATOR, PART, PERIOD, number, part_labels
from indicators.models import Indicator, Target
from programs.models import Program

Kind, Status = Target.Kind, Target.Status
Place = tuple[int, str]  # indicator and part: what one path from baseline to target is about
Point = tuple[Decimal, Any]  # a value, and its period

TARGET_MESSAGES: dict[str, Any] = {
    **MESSAGES,
    "crossed": _("The upper end of the range lies below its lower end."),
    "before_baseline": _("%(period)s is not after its baseline (%(baseline)s)."),
    "needs_range": _("The target of “%(indicator)s” is a range: write its upper end too."),
    "no_range": _("“%(indicator)s” has no range: only one number is its aim."),
    "above": _("Lower is better for this indicator, but %(target)s is above the baseline of %(baseline)s."),
    "below": _("Higher is better for this indicator, but %(target)s is below the baseline of %(baseline)s."),
}


class TargetTable(LoadTable):
    """What a program aims at: a line is a proposal, or the next state of one that waits."""

    model = Target
    names = ("indicator_id", "program_id", "period_id", "kind", "part", "value", "value_high", "why", "number")
    fields = dict(
        zip(("about", "program", "on", "kind", "part", "value", "value_high", "why", "number"), names, strict=True)
    )
    needed = ("kind", "value")
    cannot_clear = frozenset({"indicator", "kind", "period", "value"})

    def __init__(self, load: Load) -> None:
        self.program = Program.objects.get(slug=load.scope["program"])
        self.indicators: dict[int, Indicator] = {}
        self.points: dict[tuple[Place, str], Point] = {}  # baseline and target, of the file before the stored ones
        self.periods: dict[int, Any] = {}
        self.of_file: set[tuple[Place, str]] = set()

    def constants(self, load: Load) -> dict[str, Any]:
        return super().constants(load) | {"is_demo": self.program.is_demo}

    def prepare(self, lines: list[Line]) -> None:
        """Find indicators and periods, read numbers in their units, and collect the ends of each path."""
        subjects = Subjects(self.program, lines, make_periods=True)
        for line in lines:
            self.settle_line(line, subjects)
        stored = Target.objects.active().filter(program=self.program, indicator__in=self.indicators)
        ends = stored.filter(kind__in=(Kind.BASELINE, Kind.TARGET), status__in=(Status.PROPOSED, Status.APPROVED))
        for target in ends.select_related("period").order_by("-status", "number"):  # what is approved last
            place = (target.indicator_id, target.part), target.kind
            if place not in self.of_file:
                self.points[place] = target.value, target.period

    def settle_line(self, line: Line, subjects: Subjects) -> None:
        """Put the records a line names beside what it says, and what it aims at among the ends of its path."""
        indicator, period = subjects.target_indicator(line), subjects.periods.get(line.text("period"))
        if period is None and not any(error["column"] == "period" for error in line.errors):
            line.wrong("period", "missing")
        if indicator is None or period is None:
            return
        self.indicators[indicator.pk], self.periods[period.pk] = indicator, period
        told = {"about": indicator.pk, "program": self.program.pk, "on": period.pk, "part": line.text("part")}
        line.values |= told
        check_subject(line, indicator)
        for name in ("value", "value_high"):
            if said := line.text(name):
                read_aim(line, name, said, indicator)
        if (value := line.text("value")) and not line.errors:
            place = (indicator.pk, line.text("part")), line.text("kind")
            self.of_file.add(place)
            self.points[place] = Decimal(value), period

    def key_of(self, line: Line) -> str:
        told = line.values
        if "about" not in told or "on" not in told or not line.text("kind"):
            return ""
        return "|".join(str(told[name]) for name in ("about", "kind", "on", "part"))

    def find(self, lines: list[Line], keys: Sequence[str]) -> dict[str, Known]:
        """Return the proposal a line changes, or the approved target that says the same; else number a new version."""
        mine = Target.objects.active().filter(program=self.program, indicator__in=self.indicators)
        stored: dict[tuple[str, str], Target] = {}
        for target in mine.filter(status__in=(Status.PROPOSED, Status.APPROVED)).order_by("number"):
            stored[key_of(target), target.status] = target
        numbers = self.numbers()
        found: dict[str, Known] = {}
        for line, key in zip(lines, keys, strict=True):
            approved, proposed = stored.get((key, Status.APPROVED)), stored.get((key, Status.PROPOSED))
            if approved is not None and says_the_same(approved, line):
                found[key] = known(approved, why=line.text("why") or approved.why)
            elif proposed is not None:
                found[key] = known(proposed)
            else:
                line.values["number"] = numbers.get(key, 0) + 1
        return found

    def numbers(self) -> dict[str, int]:
        """Return the newest version of each place on a path, archived ones too."""
        names = ("indicator_id", "kind", "period_id", "part")
        mine = Target.objects.filter(program=self.program, indicator__in=self.indicators).order_by()
        newest = mine.values_list(*names).annotate(newest=Max("number"))
        return {"|".join(map(str, place)): number for *place, number in newest}

    def keys_of_records(self, records: QuerySet) -> Iterator[str]:
        mine = records.filter(program=self.program, status=Status.PROPOSED).order_by()
        for place in mine.values_list("indicator_id", "kind", "period_id", "part").iterator():
            yield "|".join(map(str, place))

    def check_values(self, line: Line, values: Mapping[str, Any]) -> None:
        """Refuse what leads backward from its baseline, and a range that is crossed, half, or of no use."""
        indicator, period = self.indicators.get(values.get("about", 0)), self.periods.get(values.get("on", 0))
        if indicator is None or period is None or not values.get("value"):
            return
        place, kind, value = (indicator.pk, values.get("part", "")), values.get("kind"), Decimal(values["value"])
        check_range(line, indicator, str(kind), value, values.get("value_high"))
        if kind != Kind.BASELINE:
            baseline = self.points.get((place, Kind.BASELINE))
            check_way(line, indicator, baseline, (value, period))
        elif (place, Kind.TARGET) not in self.of_file:  # else it is said beside the target
            check_way(line, indicator, (value, period), self.points.get((place, Kind.TARGET)))


def check_subject(line: Line, indicator: Indicator) -> None:
    """Refuse a target of a retired indicator, or of a part it does not have."""
    if indicator.is_retired:
        line.wrong("indicator", "retired", value=line.text("indicator"))
    if line.text("part") and line.text("part") not in set(cells.part_names(indicator)):
        line.wrong("part", "no_such_part", indicator=str(indicator))


def check_range(line: Line, indicator: Indicator, kind: str, value: Decimal, high: str | None) -> None:
    """Refuse a range without its upper end, with ends that are crossed, and one where a number is the aim."""
    is_range = kind == Kind.TARGET and indicator.direction == Indicator.Direction.RANGE
    if is_range and not high:
        line.wrong("value_high", "needs_range", indicator=str(indicator))
    elif high and not is_range:
        line.wrong("value_high", "no_range", indicator=str(indicator))
    elif high and Decimal(high) < value:
        line.wrong("value_high", "crossed")


def check_way(line: Line, indicator: Indicator, baseline: Point | None, target: Point | None) -> None:
    """Refuse a way from baseline to target that leads backward, in value or in time."""
    if baseline is None or target is None:
        return
    if wrong_side(baseline[0], target[0], indicator.direction):
        code = "below" if indicator.direction == Indicator.Direction.UP else "above"
        line.wrong("value", code, target=cells.plain(target[0]), baseline=cells.plain(baseline[0]))
    if target[1].last_day <= baseline[1].last_day:
        line.wrong("period", "before_baseline", period=str(target[1]), baseline=str(baseline[1]))


def key_of(target: Target) -> str:
    return f"{target.indicator_id}|{target.kind}|{target.period_id}|{target.part}"


def kept(value: Decimal | None) -> str | None:
    return None if value is None else cells.kept(value)


def known(target: Target, why: str | None = None) -> Known:
    """Return a stored target as its columns hold it; another reason alone is no new target."""
    numbers = {"value": kept(target.value), "value_high": kept(target.value_high)}
    about = {"about": target.indicator_id, "program": target.program_id, "on": target.period_id}
    rest = {
        "kind": target.kind,
        "part": target.part,
        "why": target.why if why is None else why,
        "number": target.number,
    }
    return Known(target.pk, target.version, about | numbers | rest)


def says_the_same(target: Target, line: Line) -> bool:
    told = line.text("value"), line.text("value_high")
    return told[0] == kept(target.value) and told[1] in ("", kept(target.value_high))


def read_aim(line: Line, name: str, told: str, indicator: Indicator) -> None:
    """Read a number of a target in the unit of its indicator."""
    is_count = bool(line.text("part")) and cells.has_additive_parts(indicator)
    is_percent = indicator.is_percent and not is_count
    try:
        found = cells.read_number(told, is_percent=is_percent, unit=indicator.unit)
    except CellError as error:
        line.wrong(name, error.code, **{key: str(param) for key, param in error.params.items()})
        return
    if cells.maybe_share(found, told, (), is_percent=is_percent):
        line.wrong(name, "maybe_share", **cells.share_params(found))
        return
    line.values[name] = cells.kept(found)


register(
    LoadKind(
        name="targets",
        title=_("Targets of indicators"),
        about=_("Baselines, milestones and targets of a program. They become proposals, which a verifier approves."),
        columns=(
            INDICATOR,
            Column("kind", "Kind", "ប្រភេទ", partial(choice, choices=Kind), ("type",), "target", repeats=True),
            PERIOD,
            PART,
            number("value", "Value", "តម្លៃ", "target value", example="600"),
            number("value_high", "Upper end of the range", "ចុងខាងលើនៃចន្លោះ", "upper end", "to"),
            Column("why", "Reason or document", "មូលហេតុ ឬឯកសារ", words(300), ("reason", "document", "source"), ""),
        ),
        needs_one_of=("indicator",),
        start=lambda load: TableChecker(TargetTable(load), load),
        write=lambda load: load_tables.write(TargetTable(load), load),
        undo_blockers=lambda load: load_tables.undo_blockers(TargetTable(load), load),
        undo=lambda load, by: load_tables.undo(TargetTable(load), load, by),
        messages=TARGET_MESSAGES,
        apps=("indicators",),
        scope=("program",),
        check_scope=check_scope,
        max_rows=50_000,
        max_rows_xlsx=50_000,
        places=places,
        labels=lambda: {"kind": dict(Kind.choices), "part": part_labels()},
        shown=(("indicator",), ("kind", "period"), ("part",)),
    )
)
