"""Loading tables that hold many measures side by side: each filled cell of a line is one published value."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capred_portal.bulk import bulk_change, bulk_load, defaults
from capred_portal.load_kinds import Line
from capred_portal.load_tables import Known, archive_created, batches, hold, write_history
from capred_portal.loads import hanging_on, token_of
from capred_portal.models import Load, LoadRow
from indicators.loaders.published import KEY, PublishedTable, key, stored
from indicators.models import SeriesValue

PART = 900  # keys named by one statement
COLUMNS = ("creation_digest", *KEY, "value", "unit", "confidence")
RECORDS = "records"  # among the values of a line that changes: measure -> key and version of its record

Outcome = LoadRow.Outcome
Values = Mapping[str, Any]


class WideTable(PublishedTable):
    """Lines about one economy, sector and year with a column for each measure; blank measures are left as they are."""

    units: ClassVar[Mapping[str, str]]  # measure -> unit; a subclass also names the measures as its `fields`
    needed = ()

    def prepare(self, lines: list[Line]) -> None:
        super().prepare(lines)
        for line in lines:
            if not line.errors and not any(name in line.values for name in self.units):
                line.wrong("", "says_nothing")

    def find(self, lines: list[Line], keys: Sequence[str]) -> dict[str, Known]:
        wanted = set(keys)
        return {own: known for own, known in self.known([line.values for line in lines]).items() if own in wanted}

    def known(self, lines: Sequence[Values]) -> dict[str, Known]:
        """Return by key what is stored of each line: its measures, and the records that hold them."""
        found: dict[str, Known] = {}
        for pk, version, values in stored(lines, self.units, [*KEY, "value"]) if lines else ():
            code, value = values.pop("code"), values.pop("value")
            known = found.setdefault(key(values), Known(pk, version, {RECORDS: {}}))
            known.values[code] = value
            known.values[RECORDS][code] = [pk, version]
        return found

    def constants(self, load: Load) -> dict[str, Any]:
        shared = {"creation_token": token_of(load), "created_by_id": load.created_by_id}
        shared |= {"updated_by_id": load.created_by_id, "is_demo": load.is_demo}
        return defaults(SeriesValue, {*COLUMNS, *shared}) | shared

    def records(self, line: int, values: Values, measures: Iterable[str]) -> Iterator[tuple[Any, ...]]:
        """Yield the new records of a line, one for each measure, as COLUMNS says."""
        for code in measures:
            told = {**values, "code": code}
            yield (
                f"{line}:{code}",
                *(told.get(name, "") for name in KEY),
                values[code],
                self.units[code],
                values["confidence"],
            )


# Writing


def write(table: WideTable, load: Load) -> bool:
    """Write what the preview promised in a constant number of statements per batch; False when records have moved."""
    if not all(
        as_promised(table, batch) for outcome in (Outcome.NEW, Outcome.CHANGED) for batch in batches(load, outcome)
    ):
        return False
    constants, now = table.constants(load), timezone.now()
    for batch in batches(load, Outcome.NEW):
        told = (
            (line, values, [code for code in table.units if code in values]) for line, *_at, values, _before in batch
        )
        rows = (record for line, values, codes in told for record in table.records(line, values, codes))
        bulk_load(SeriesValue, COLUMNS, rows, constants=constants, savepoint=False)
    for batch in batches(load, Outcome.CHANGED):
        rows = (
            record
            for line, *_at, values, before in batch
            for record in table.records(line, values, [code for code in before if code not in values[RECORDS]])
        )
        bulk_load(SeriesValue, COLUMNS, rows, constants=constants, savepoint=False)
        change([(*at, values[code]) for values, _before, code, at in changes(batch)], load.created_by_id, now)
        note(batch, load.created_by_id, f"load {load.pk}")
    return True


def as_promised(table: WideTable, batch: Sequence[Sequence[Any]]) -> bool:
    """Tell whether what is stored of these lines is what it was when they were checked."""
    known = table.known([values for *_at, values, _before in batch])
    stored_now = {own: found.values[RECORDS] for own, found in known.items()}
    return all(values.get(RECORDS, {}) == stored_now.get(key(values), {}) for *_at, values, _before in batch)


def changes(batch: Iterable[Sequence[Any]]) -> Iterator[tuple[Values, Values, str, list[int]]]:
    """Yield each record that gets another value: the values of its line, those before, its measure, key and version."""
    for *_at, values, before in batch:
        for code in before:
            if code in values[RECORDS]:
                yield values, before, code, values[RECORDS][code]


def change(rows: Iterable[tuple[int, int, float]], by: int, now: Any) -> None:
    """Give records a value as the next version after the one stated."""
    stamped = ((pk, version + 1, by, now, value) for pk, version, value in rows)
    bulk_change(SeriesValue, ("version", "updated_by_id", "updated_at", "value"), stamped, savepoint=False)


def note(batch: Sequence[Sequence[Any]], by: int, reason: str) -> None:
    """Write the history of the records that got another value."""
    touched = [pk for _values, _before, _code, (pk, _version) in changes(batch)]
    for start in range(0, len(touched), PART):
        write_history(SeriesValue.objects.filter(pk__in=touched[start : start + PART]), by, reason)


# Taking back


def undo_blockers(load: Load) -> list[tuple[Any, int]]:
    """Count what was changed since and what hangs on what the load created."""
    created = SeriesValue.objects.filter(creation_token=token_of(load))
    hold(created)
    since = created.exclude(version=1, archived_at=None).count()
    for batch in batches(load, Outcome.CHANGED):
        left = {pk: version + 1 for _values, _before, _code, (pk, version) in changes(batch)}
        keys = [*left]
        for start in range(0, len(keys), PART):
            records = SeriesValue.objects.active().filter(pk__in=keys[start : start + PART])
            hold(records)
            as_left = dict(records.order_by().values_list("pk", "version"))
            since += sum(as_left.get(pk) != left[pk] for pk in keys[start : start + PART])
    return [(gettext_lazy("records changed since"), since), *hanging_on(created, token_of(load))]


def undo(load: Load, by: Any) -> None:
    """Give changed records their values of before, and archive what the load created."""
    reason, now = _("Load %(number)s was undone") % {"number": load.pk}, timezone.now()
    for batch in batches(load, Outcome.CHANGED):
        rows = [(pk, version + 1, before[code]) for _values, before, code, (pk, version) in changes(batch)]
        change(rows, by.pk, now)
        note(batch, by.pk, reason)
    archive_created(SeriesValue, load, by, reason)
