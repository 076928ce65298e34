"""Loads that fill one table: how lines are compared with it by a key, and how the result is written and taken back."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import compress
from typing import Any, ClassVar

from django.db import connection, models
from django.db.models import Exists, F, OuterRef, Value
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from simple_history.utils import get_history_manager_for_model

from capred_portal.bulk import bulk_change, bulk_load, defaults
from capred_portal.columns import CLEAR
from capred_portal.load_kinds import CheckedRow, Line, as_json
from capred_portal.loads import hanging_on, token_of
from capred_portal.models import Load, LoadRow
from capred_portal.records import Record

Outcome = LoadRow.Outcome
NEW = (Outcome.NEW, Outcome.UNCERTAIN)
WRITTEN = 5_000  # rows read from the preview and written at a time
KEY_LENGTH = 120  # of LoadRow.key
MARGIN = dt.timedelta(minutes=5)  # clocks of several machines, transactions that began before


@dataclass(slots=True)
class Known:
    """A record that is there already: its number, its version, and its values by column as JSON keeps them."""

    pk: int
    version: int
    values: dict[str, Any]


def fitted(key: str) -> str:
    """Return a key as it fits the preview's column; what is too long ends in its checksum, so that keys stay apart."""
    if len(key) <= KEY_LENGTH:
        return key
    return key[: KEY_LENGTH - 40] + hashlib.sha256(key.encode()).hexdigest()[:40]


class LoadTable:
    """One table and the columns of a file that fill it; a subclass says what a key is and how it is found."""

    model: ClassVar[type[Record]]
    fields: ClassVar[Mapping[str, str]]  # column of the file -> attribute (attname) of the record
    computed: ClassVar[tuple[str, ...]] = ()  # attributes that follow from others, worked out by `complete`
    computed_from: ClassVar[frozenset[str]] = frozenset()  # the columns `complete` works from; none stated: all of them
    cannot_clear: ClassVar[frozenset[str]] = frozenset()
    needed: ClassVar[tuple[str, ...]] = ()  # columns a new record must have

    def prepare(self, lines: list[Line]) -> None:
        """Look up what the cells refer to, in bulk, and check what cells of one line say together."""

    def key_of(self, line: Line) -> str:
        """Return what no two lines may share; "" when the line has none."""
        raise NotImplementedError

    def own_key(self, known: Known, key: str) -> str:
        """Return what a record found by a key is called by: the same whichever way it was found."""
        return key

    def find(self, lines: list[Line], keys: Sequence[str]) -> dict[str, Known]:
        """Return the records that lines stand for, by key, from a constant number of queries."""
        raise NotImplementedError

    def keys_of_records(self, records: models.QuerySet) -> Iterator[str]:
        """Yield the keys of records, as `key_of` gives them."""
        raise NotImplementedError

    def check_values(self, line: Line, values: Mapping[str, Any]) -> None:
        """Say what is wrong with a record as it would become: its values by column, as JSON keeps them."""

    def complete(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return the values with the computed attributes added."""
        return values

    def alike(self, lines: list[Line]) -> dict[int, list[int]]:
        """Return, by line, the records that a new line resembles without being surely one of them."""
        return {}

    def settle(self, load: Load) -> None:
        """Bring into order what depends on the written records; also called after undoing."""

    @classmethod
    @cache
    def blanks(cls) -> list[tuple[str, Any]]:
        """Return each column with what stands in it where nothing is stated."""
        known = {field.attname: field for field in cls.model._meta.concrete_fields}
        return [(name, known[attname].get_default()) for name, attname in cls.fields.items()]

    def constants(self, load: Load) -> dict[str, Any]:
        """Return what every new record of a load has in common."""
        named = {*self.fields.values(), *self.computed, "creation_digest"}
        shared = {"creation_token": token_of(load), "created_by_id": load.created_by_id}
        shared |= {"updated_by_id": load.created_by_id, "is_demo": load.is_demo}
        return defaults(self.model, {*named, *shared}) | shared


class TableChecker:
    """Compares the lines of one file with one table."""

    def __init__(self, table: LoadTable, load: Load) -> None:
        self.table = table
        self.load = load
        self.seen: dict[str, int] = {}  # key -> line

    def counts(self) -> dict[str, Any]:
        return {}

    def check(self, lines: list[Line]) -> list[CheckedRow]:
        """Return what each line would do; the number of queries does not depend on the number of lines."""
        table = self.table
        for line in lines:
            for name in table.cannot_clear:
                if line.values.get(name) is CLEAR:
                    line.wrong(name, "cannot_clear")
        table.prepare(lines)
        keys = [self.once(line, table.key_of(line)) for line in lines]
        good = [(line, key) for line, key in zip(lines, keys, strict=True) if not line.errors]
        known = table.find([line for line, _key in good], [key for _line, key in good])
        for line, key in good:
            if key in known and (own := table.own_key(known[key], key)) != key:
                self.once(line, own)
        fresh = [line for line, key in good if key not in known]
        alike = table.alike(fresh) if fresh else {}
        return [
            self.row(line, key, None if line.errors else known.get(key), alike.get(line.number, []))
            for line, key in zip(lines, keys, strict=True)
        ]

    def once(self, line: Line, key: str) -> str:
        """Return the key of a line, and say so when another line has it too."""
        if key and (first := self.seen.setdefault(key, line.number)) != line.number:
            line.wrong("", "repeated", line=first)
        return key

    def row(self, line: Line, key: str, known: Known | None, alike: list[int]) -> CheckedRow:
        """Return one line of the preview."""
        told = {name: as_json(value) for name, value in line.values.items()}
        before: dict[str, Any] = {}
        if known is None:
            for name in () if line.errors else self.table.needed:
                if told.get(name) in (None, ""):  # 0 is told
                    line.wrong(name, "missing")
            after = {name: value for name, value in told.items() if value != CLEAR.value}
        else:
            after, before = self.changed(known, told)
        if not line.errors:
            self.table.check_values(line, after)
        if line.errors:
            return CheckedRow(line.number, Outcome.WRONG, raw=line.raw, values=told, errors=line.errors)
        if known is None:
            outcome = Outcome.UNCERTAIN if alike else Outcome.NEW
            values = self.table.complete(after) | ({"alike": alike} if alike else {})
            return CheckedRow(line.number, outcome, values=values, key=key)
        if not before:
            return CheckedRow(line.number, Outcome.UNCHANGED, target=known.pk, key=key)
        values = self.table.complete(after)
        return CheckedRow(line.number, Outcome.CHANGED, {}, values, (), known.pk, known.version, before, key)

    def changed(self, known: Known, told: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the record's values as they would be, and of those that change the values before."""
        after, before = {**told, **known.values}, {}  # what only tells lines apart is shown too
        for name in self.table.fields:
            if name in told:
                old = known.values.get(name)
                new = ("" if isinstance(old, str) else None) if told[name] == CLEAR.value else told[name]
                if new != old and not (new in (None, "") and old in (None, "")):
                    after[name], before[name] = new, old
        return after, before


# Writing


def write(table: LoadTable, load: Load) -> bool:
    """Write what the preview promised in a constant number of statements per batch; False when records have moved."""
    if not still_true(table, load):
        return False
    names = ("creation_digest", *table.fields.values(), *table.computed)
    for outcome in NEW:
        for batch in batches(load, outcome):
            rows = ((str(line), *as_row(table, values)) for line, _pk, _version, values, _before in batch)
            bulk_load(table.model, names, rows, constants=table.constants(load), savepoint=False)
    now = timezone.now()
    for batch in batches(load, Outcome.CHANGED):
        changes = ((pk, version + 1, *as_row(table, values)) for _line, pk, version, values, _before in batch)
        change(table, touched(table, batch), changes, load.created_by_id, now)
    changed = load.rows.filter(outcome=Outcome.CHANGED)
    write_history(table.model.objects.filter(pk__in=changed.values("target")), load.created_by_id, f"load {load.pk}")
    table.settle(load)
    return True


def change(table: LoadTable, places: Sequence[bool], rows: Iterable[Sequence[Any]], by: int, now: dt.datetime) -> None:
    """Give records new values as a next version, in the columns that `places` says."""
    names = compress([*table.fields.values(), *table.computed], places)
    stamped = ((pk, version, by, now, *compress(values, places)) for pk, version, *values in rows)
    bulk_change(table.model, ("version", "updated_by_id", "updated_at", *names), stamped, savepoint=False)


def touched(table: LoadTable, batch: Iterable[Sequence[Any]]) -> list[bool]:
    """Tell of each column of `as_row` whether the batch changes it: the indexes of the others stay as they are."""
    told = {name for *_row, before in batch for name in before}
    computed = not told.isdisjoint(table.computed_from) or not table.computed_from
    return [name in told or not table.computed_from for name in table.fields] + [computed] * len(table.computed)


def batches(load: Load, outcome: str) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the kept rows of one outcome in the order of the file, a batch at a time."""
    last = 0
    kept = load.rows.filter(outcome=outcome).order_by("line")
    while batch := list(
        kept.filter(line__gt=last).values_list("line", "target", "target_version", "values", "before")[:WRITTEN]
    ):
        yield batch
        last = batch[-1][0]


def as_row(table: LoadTable, values: Mapping[str, Any]) -> list[Any]:
    """Return the values as the columns of the table want them; what is not stated gets the field's own default."""
    row = [values.get(name, blank) for name, blank in table.blanks()]
    return row + [values.get(name, "") for name in table.computed]


def still_true(table: LoadTable, load: Load) -> bool:
    """Tell whether the records that would change are as they were, and none of the new ones has come meanwhile."""
    changed = load.rows.filter(outcome=Outcome.CHANGED)
    promised = dict(changed.values_list("target", "target_version"))
    stored = table.model.objects.filter(pk__in=changed.values("target"), archived_at=None).select_for_update()
    if promised and dict(stored.order_by().values_list("pk", "version")) != promised:
        return False
    new = load.rows.filter(outcome__in=NEW)
    if not new.exists():
        return True
    since = (load.checked_from or load.created_at) - MARGIN
    recent = table.model.objects.filter(updated_at__gte=since, archived_at=None).exclude(creation_token=token_of(load))
    keys = table.keys_of_records(recent)
    if (first := next(keys, None)) is None:
        return True
    promised_keys = set(new.values_list("key", flat=True).order_by().iterator())
    return first not in promised_keys and promised_keys.isdisjoint(keys)


def write_history(records: models.QuerySet, by: int, reason: str) -> None:
    """Write the history of records as they are now, with one statement."""
    history = get_history_manager_for_model(records.model).model
    names = [field.attname for field in records.model._meta.concrete_fields]
    noted = {
        "history_date": Value(timezone.now(), models.DateTimeField()),
        "history_type": Value("~", models.CharField()),
        "history_user_id": Value(by, models.BigIntegerField()),
        "history_change_reason": Value(reason, models.CharField()),
    }
    marked = {f"noted_{name}": value for name, value in noted.items()}
    selected = records.order_by().annotate(**marked).values_list(*names, *marked)
    sql, params = selected.query.sql_with_params()
    quoted = connection.ops.quote_name
    columns = [history._meta.get_field(name).column for name in [*names, *noted]]
    into = ", ".join(map(quoted, columns))
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {quoted(history._meta.db_table)} ({into}) {sql}", params)


# Taking back


def undo_blockers(table: LoadTable, load: Load) -> list[tuple[Any, int]]:
    """Count, in SQL, what was changed since and what hangs on what the load created."""
    token = token_of(load)
    created = table.model.objects.filter(creation_token=token)
    hold(created)
    hold(table.model.objects.filter(pk__in=load.rows.filter(outcome=Outcome.CHANGED).values("target")))
    as_left = table.model.objects.active().filter(pk=OuterRef("target"), version=OuterRef("target_version") + 1)
    changed = load.rows.filter(outcome=Outcome.CHANGED).filter(~Exists(as_left)).count()
    touched = created.exclude(version=1, archived_at=None).count()
    return [(gettext_lazy("records changed since"), changed + touched), *hanging_on(created, token)]


def hold(records: models.QuerySet) -> None:
    """Keep others from changing records until the transaction ends; SQLite has only one writer."""
    if connection.in_atomic_block and connection.features.has_select_for_update:
        for _record in records.order_by("pk").select_for_update().values_list("pk").iterator():
            pass


def undo(table: LoadTable, load: Load, by: Any) -> None:
    """Give changed records their values of before, and archive what the load created."""
    reason, now = _("Load %(number)s was undone") % {"number": load.pk}, timezone.now()
    for batch in batches(load, Outcome.CHANGED):
        changes = (
            (pk, version + 2, *as_row(table, table.complete({**values, **before})))
            for _line, pk, version, values, before in batch
        )
        change(table, touched(table, batch), changes, by.pk, now)
    changed = load.rows.filter(outcome=Outcome.CHANGED)
    write_history(table.model.objects.filter(pk__in=changed.values("target")), by.pk, reason)
    archive_created(table.model, load, by, reason)
    table.settle(load)


def archive_created(model: type[Record], load: Load, by: Any, reason: str) -> None:
    """Archive with one statement what a load created in a table, and write its history."""
    created, now = model.objects.filter(creation_token=token_of(load)), timezone.now()
    created.active().update(
        archived_at=now, archived_by=by, archive_reason=reason, version=F("version") + 1, updated_by=by, updated_at=now
    )
    write_history(created, by.pk, reason)
