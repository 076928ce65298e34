"""How a compared file of values is written as drafts, and how it is taken back."""

from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capred_portal.load_kinds import CheckedRow, Line, restored
from capred_portal.loads import BATCH, hanging_on, token_of
from capred_portal.models import Load, LoadRow
from indicators import review
from indicators.loaders.observation_check import Value, resolve, rows
from indicators.loaders.observation_lines import NUMBERS
from indicators.models import Observation
from programs.attendance_records import archive_all, update
from programs.models import Program

Outcome = LoadRow.Outcome
WRITTEN = (Outcome.NEW, Outcome.CHANGED, Outcome.UNCERTAIN)
SAVED = ("state", *NUMBERS, "parts", "note", "changed_by", "origin")


def write(load: Load) -> bool:
    """Compare once more and write, or return False when something has moved since the preview."""
    kept = {row.line: row for row in load.rows.order_by("line")}
    told = [
        Line(row.line, (), {}, restored(row.values), row.errors if row.outcome == Outcome.WRONG else [])
        for row in kept.values()
    ]
    values = resolve(load, told, write=True)
    checked = {row.line: row for row in rows(values, told)}
    if any(promise(checked[line]) != promise(row) for line, row in kept.items()):
        return False
    apply(load, [value for value in values if writes(value, checked)], kept)
    return True


def promise(row: LoadRow | CheckedRow) -> tuple[Any, ...]:
    """What a preview promised about a line."""
    return row.outcome, row.target, row.target_version, row.before


def writes(value: Value, checked: dict[int, CheckedRow]) -> bool:
    return any(checked[cell.line.number].outcome in WRITTEN for cell in value.cells)


def apply(load: Load, values: list[Value], kept: dict[int, LoadRow]) -> None:
    """Write the drafts in a constant number of steps, and note beside each line which value it became."""
    program = Program.objects.get(slug=load.scope["program"])
    new, changed = [], []
    for value in values:
        if value.observation is None:
            value.observation = made(value, program, load)
            new.append(value.observation)
        else:
            for name, found in value.values.items():
                setattr(value.observation, name, found)
            changed.append(value.observation)
    review.enter_loaded(new=new, changed=changed, by=load.created_by, reason=f"load {load.pk}")
    noted = []
    for value in values:
        for cell in value.cells:
            row = kept[cell.line.number]
            if row.outcome in WRITTEN and value.observation:
                row.target, row.target_version = value.observation.pk, value.observation.version
                noted.append(row)
    LoadRow.objects.bulk_update(noted, ["target", "target_version"], batch_size=BATCH)


def made(value: Value, program: Program, load: Load) -> Observation:
    """Return the first draft of a value, not saved; the load's token finds it again."""
    cell = value.cells[0]
    about = {"indicator": cell.indicator, "program": program, "period": cell.period, "province_id": cell.province}
    once = {"creation_token": token_of(load), "creation_digest": str(cell.line.number)}
    return Observation(**about, **value.values, **value.again, **once)


# Taking back


def undo_blockers(load: Load) -> list[tuple[Any, int]]:
    """Count, in SQL, what was changed or submitted since, and what hangs on what the load created."""
    written = load.rows.filter(outcome__in=WRITTEN)
    as_left = Observation.objects.active().filter(pk=OuterRef("target"), version=OuterRef("target_version"))
    token = token_of(load)
    created = Observation.objects.filter(creation_token=token)
    changed = written.filter(~Exists(as_left)).count()
    return [(gettext_lazy("values changed or submitted since"), changed), *hanging_on(created, token)]


def undo(load: Load, by: Any) -> None:
    """Give changed drafts their values of before, and archive what the load created."""
    reason, token = _("Load %(number)s was undone") % {"number": load.pk}, token_of(load)
    touched = list(load.rows.filter(outcome__in=WRITTEN).exclude(target=None).exclude(before={}))
    observations = Observation.objects.exclude(creation_token=token).in_bulk({row.target for row in touched})
    for row in touched:
        set_back(observations[row.target], row)
    for observation in observations.values():
        observation.changed_by = by
    update(list(observations.values()), SAVED, by, reason)
    archive_all(Observation.objects.active().filter(creation_token=token), by, reason)


def set_back(observation: Observation, row: LoadRow) -> None:
    """Give a draft what a line changed of it: a part, or fields of the whole."""
    if part := row.values.get("part"):
        dimension, _colon, key = part.partition(":")
        parts = {name: dict(found) for name, found in observation.parts.items()}
        parts.setdefault(dimension, {}).pop(key, None)
        if (old := row.before.get("value")) is not None:
            parts[dimension][key] = old
        observation.parts = {name: found for name, found in parts.items() if found}
        return
    for name, old in row.before.items():
        setattr(observation, name, Decimal(old) if name in NUMBERS and old is not None else old)
