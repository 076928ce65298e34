"""A file of values compared with the database: what is new, changed, unusual or wrong, value by value."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.translation import gettext as _

from capred_portal.columns import CLEAR
from capred_portal.load_kinds import CheckedRow, Line, stored
from capred_portal.models import Load, LoadRow
from indicators import cells
from indicators.cells import Told
from indicators.loaders.observation_lines import NUMBERS, Cell, Subjects
from indicators.models import Observation, Period
from programs.models import Program

CHUNK = 5_000  # slots looked up by one query
SAID = ("state", *NUMBERS, "note")
Outcome, Status, State = LoadRow.Outcome, Observation.Status, Observation.State


@dataclass
class Value:
    """All lines about one value, the newest version of it, and what would become of it."""

    cells: list[Cell]
    observation: Observation | None = None
    again: dict[str, Any] = field(default_factory=dict)  # number and reason where its versions were all archived
    history: list[Decimal] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    is_unusual: bool = False

    @property
    def is_wrong(self) -> bool:
        return any(cell.line.errors for cell in self.cells)

    @property
    def total(self) -> Cell | None:
        return next((cell for cell in self.cells if not cell.part), None)

    @property
    def changes(self) -> dict[str, Any]:
        """The fields that would change, with what they hold now."""
        known = self.observation
        return {name: getattr(known, name) for name, value in self.values.items() if getattr(known, name) != value}


class ObservationChecker:
    """Compares a whole file at once, for a value may stand in several of its lines."""

    def __init__(self, load: Load) -> None:
        self.load = load

    def check(self, lines: list[Line]) -> list[CheckedRow]:
        return rows(resolve(self.load, lines), lines)

    def counts(self) -> dict[str, Any]:
        return {}


# What the pages of loads show


def check_scope(scope: dict[str, Any]) -> Any:
    """Return what is wrong with the program a file is for, if anything."""
    found = Program.objects.active().filter(slug=scope.get("program") or "").exists()
    return "" if found else _("There is no such program. Say which one the file belongs to.")


def places(loads: Iterable[Load]) -> dict[int, tuple[str, str]]:
    """Return the program each file belongs to, as text and address."""
    slugs = {load.pk: load.scope.get("program", "") for load in loads}
    programs = {program.slug: program for program in Program.objects.filter(slug__in=slugs.values())}
    found = {pk: programs[slug] for pk, slug in slugs.items() if slug in programs}
    return {
        pk: (str(program), f"{reverse('indicators:entry')}?program={program.slug}") for pk, program in found.items()
    }


# Comparing


def resolve(load: Load, lines: list[Line], *, write: bool = False) -> list[Value]:
    """Compare every line with the database; the number of queries does not depend on the number of lines."""
    program = Program.objects.get(slug=load.scope["program"])
    subjects = Subjects(program, lines, make_periods=write)
    told = [subjects.cell(line) for line in lines]
    grouped: dict[tuple[Any, ...], Value] = {}
    for cell in told:
        if cell.indicator is not None and cell.period is not None:
            grouped.setdefault(cell.slot, Value([])).cells.append(cell)
    values = list(grouped.values())
    refuse_repeated(values)
    find_observations(program, values, lock=write)
    find_history(program, values)
    for value in values:
        compare(value, subjects)
    return values


def refuse_repeated(values: list[Value]) -> None:
    """Report a value, or part of one, that stands in two lines."""
    for value in values:
        first: dict[str, int] = {}
        for cell in value.cells:
            if (line := first.setdefault(cell.part, cell.line.number)) != cell.line.number:
                cell.line.wrong("indicator", "repeated", line=line)


def find_observations(program: Program, values: list[Value], *, lock: bool) -> None:
    """Find the newest version of each value; a query for some thousands of them."""
    saved = [value for value in values if value.cells[0].period.pk]
    slots = {slot_of(program, value): value for value in saved}
    keys = sorted(slots)
    for start in range(0, len(keys), CHUNK):
        versions = Observation.objects.filter(slot__in=keys[start : start + CHUNK]).order_by("slot", "number")
        for row in versions.select_for_update(no_key=True) if lock else versions:
            value = slots[row.slot]
            if row.archived_at is None:
                value.observation = row
            value.again = {"number": row.number + 1, "why": row.archive_reason}


def slot_of(program: Program, value: Value) -> str:
    cell = value.cells[0]
    return f"{cell.indicator.pk}:{program.pk}:{cell.period.pk}:{cell.province or 0}"


def find_history(program: Program, values: list[Value]) -> None:
    """Find the newest values reported of the indicators; each value is compared with those of earlier periods."""
    wanted = {value.cells[0].indicator.pk for value in values}
    shown = Observation.objects.shown().filter(program=program, state=State.VALUE, indicator__in=wanted)
    newest_first = F("period__first_day").desc()
    place = Window(RowNumber(), partition_by=[F("indicator"), F("province")], order_by=newest_first)
    near = shown.annotate(place=place).filter(place__lte=cells.MOST_COMPARED * 4)
    found: dict[tuple[int, str | None], list[tuple[Any, Decimal]]] = defaultdict(list)
    columns = ("indicator_id", "province_id", "period__last_day", "value")
    for indicator, province, last_day, number in near.order_by("indicator", "province", "place").values_list(*columns):
        found[indicator, province].append((last_day, number))
    for value in values:
        cell = value.cells[0]
        before = [number for day, number in found[cell.indicator.pk, cell.province] if day < cell.period.first_day]
        value.history = before[: cells.MOST_COMPARED]


def compare(value: Value, subjects: Subjects) -> None:
    """Work out what a value would become, and note on its lines what stands against that."""
    saying = [cell for cell in value.cells if not cell.says_nothing]
    if not saying:
        return
    period: Period = saying[0].period
    if value.observation is None and period.last_day in subjects.closed:
        for cell in saying:
            cell.line.wrong("period", "closed", period=str(period))
    if not value.is_wrong:
        settle(value, saying)
    if not value.is_wrong and value.observation is not None and value.changes:
        refuse_moved(value, saying)
    wrong = next((cell.line.number for cell in value.cells if cell.line.errors), None)
    for cell in saying:
        if wrong is not None and not cell.line.errors:
            cell.line.wrong("", "group_wrong", line=wrong)


def settle(value: Value, saying: list[Cell]) -> None:
    """Put what the lines say over what is there, and check the value as a whole."""
    indicator, total = saying[0].indicator, value.total
    told = told_by(value, saying)
    if total is None or total not in saying:
        total = None
    if total is None and value.observation is None:
        for cell in saying:
            cell.line.wrong("part", "no_total")
        return
    values, problems = cells.settle(indicator, told)
    for name, code, params in problems:
        at = [cell for cell in saying if cell.part and name in (cell.part, cell.part.partition(":")[0])]
        for cell in at or [total or saying[0]]:
            column = "value" if ":" in name or name in indicator.breakdowns else name
            cell.line.wrong(column, code, **{key: str(param) for key, param in params.items()})
    stored = value.observation.value if value.observation else None
    if total is not None and told.value != stored:
        ask_about_share(value, total, told.value)
    note = total.line.values.get("note") if total else None
    known = value.observation.note if value.observation else ""
    values["note"] = "" if note is CLEAR else note if note is not None else known
    value.values = values
    value.is_unusual = cells.is_unusual(values["value"], value.history) and not values["note"]


def told_by(value: Value, saying: list[Cell]) -> Told:
    """Return what is told of a value by its lines, over what is stored of it: a blank leaves what is there."""
    known = value.observation
    numbers = {name: getattr(known, name) if known else None for name in NUMBERS}
    parts: dict[str, Decimal | None] = dict(cells.flat(known.parts)) if known else {}
    state, typed = known.state if known else "", False
    if cells.is_ratio(saying[0].indicator):
        numbers["value"] = None
    for cell in saying:
        given = {name: None if number is CLEAR else number for name, number in cell.numbers.items()}
        if cell.part:
            parts |= {cell.part: given["value"]} if "value" in given else {}
        else:
            numbers |= given
            typed = any(number is not None for number in given.values())
            state = cell.line.text("state") or (State.VALUE if typed else state)
    if state not in ("", State.VALUE) and not typed:
        numbers, parts = dict.fromkeys(NUMBERS), {}
    return Told(state=state, parts=parts, **numbers)


def ask_about_share(value: Value, total: Cell, number: Decimal | None) -> None:
    typed, indicator = total.line.text("value"), total.indicator
    if number is not None and cells.maybe_share(number, typed, value.history, is_percent=indicator.is_percent):
        total.line.wrong("value", "maybe_share", **cells.share_params(number))


def refuse_moved(value: Value, saying: list[Cell]) -> None:
    """A value that is signed or waits for it is not written over."""
    status = value.observation.status if value.observation else Status.DRAFT
    if status != Status.DRAFT:
        code = "submitted" if status == Status.SUBMITTED else "signed"
        for cell in saying:
            cell.line.wrong("", code)


# The preview


def rows(values: list[Value], lines: list[Line]) -> list[CheckedRow]:
    """Return the lines as rows for the preview, in the order of the file."""
    found = {cell.line.number: row(value, cell) for value in values for cell in value.cells}
    wrong = {line.number: refused(line) for line in lines if line.number not in found}
    return [(found | wrong)[line.number] for line in lines]


def refused(line: Line) -> CheckedRow:
    return CheckedRow(line.number, Outcome.WRONG, line.raw, stored(line.values), line.errors)


def row(value: Value, cell: Cell) -> CheckedRow:
    """Return what one line would do."""
    if cell.line.errors:
        return refused(cell.line)
    known, told = value.observation, stored(cell.line.values)
    about: dict[str, Any] = {"raw": cell.line.raw, "values": told, "target": known.pk if known else None}
    if cell.says_nothing:
        return CheckedRow(cell.line.number, Outcome.UNCHANGED, raw=cell.line.raw, values=told)
    before = {} if known is None else before_of(value, cell)
    if known is not None and not before:
        return CheckedRow(cell.line.number, Outcome.UNCHANGED, **about)
    outcome = Outcome.NEW if known is None else Outcome.CHANGED
    errors: list[dict[str, Any]] = []
    if value.is_unusual and not cell.part:
        outcome = Outcome.UNCERTAIN
        said = {"range": cells.range_of(value.history)}
        errors = [{"column": "value", "code": "unusual", "params": said}]
    version = known.version if known else None
    return CheckedRow(cell.line.number, outcome, errors=errors, before=before, target_version=version, **about)


def before_of(value: Value, cell: Cell) -> dict[str, Any]:
    """Return what is stored now of the columns a line would change, as JSON keeps it."""
    known = value.observation
    if known is None:
        return {}
    if cell.part:
        dimension, _colon, key = cell.part.partition(":")
        old = known.parts.get(dimension, {}).get(key)
        new = value.values["parts"].get(dimension, {}).get(key)
        return {"value": old} if old != new else {}
    changed = {name: old for name, old in value.changes.items() if name in SAID}
    return {name: cells.kept(old) if isinstance(old, Decimal) else old for name, old in changed.items()}
