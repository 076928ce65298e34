"""Rows of UN Comtrade compared with the flows of one edition: which are needed, what they change, taking back."""

import csv
import json
import math
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import cache
from typing import Any, NamedTuple

from django.db import connection
from django.utils.translation import gettext_lazy as _

from capred_portal import columns
from capred_portal.bulk import bulk_change
from capred_portal.load_kinds import CheckedRow, Line, stored
from capred_portal.load_tables import batches
from capred_portal.models import Load, LoadRow
from capred_portal.spreadsheets import SpreadsheetError
from indicators.models import TradeFlow
from indicators.models.trade import ALL_GOODS, CAMBODIA, WORLD

Outcome, Flow = LoadRow.Outcome, TradeFlow.Flow

PARTS_OF_FLOWS = frozenset({"DX", "FM", "MIP", "MOP", "XIP", "XOP"})  # processing, domestic and foreign goods alone
NEEDED = frozenset({"reporterCode", "flowCode", "partnerCode", "classificationCode", "cmdCode", "primaryValue"})
PERIOD = ("period", "refYear", "refMonth", "freqCode")
KEY = ("reporterCode", "flowCode", "cmdCode", "partnerCode", "refYear", "refMonth")
AMOUNTS = ("primaryValue", "cifvalue", "fobvalue", "netWgt")
TOLD = ("classificationCode", *AMOUNTS, "isNetWgtEstimated")
FIELDS = {
    "reporterCode": "reporter",
    "flowCode": "flow",
    "cmdCode": "hs_code",
    "partnerCode": "partner",
    "refYear": "year",
    "refMonth": "month",
    "classificationCode": "classification",
    "primaryValue": "value_usd",
    "cifvalue": "cif_usd",
    "fobvalue": "fob_usd",
    "netWgt": "net_weight_kg",
    "isNetWgtEstimated": "is_estimated",
}
TAIL = 1 << 16  # bytes looked at for the end of a file
CLOSE = 1e-14  # of an amount: SQLite keeps fifteen digits

# The rows of a JSON array of arrays, as numbers and texts in the order of KEY.
_TOLD_ROWS = {
    "postgresql": (
        "SELECT (t->>0)::int, t->>1, t->>2, (t->>3)::int, (t->>4)::int, (t->>5)::int"
        " FROM json_array_elements(%s::json) AS told(t)"
    ),
    "sqlite": (
        "SELECT t.value->>0, t.value->>1, t.value->>2, t.value->>3, t.value->>4, t.value->>5 FROM json_each(%s) AS t"
    ),
}


class Stored(NamedTuple):
    """A flow that is held: its number, the load that told it last, and what that load told."""

    pk: int
    load: int | None
    values: dict[str, Any]


class FlowChecker:
    """Compares the rows of one file with one edition; rows that no page needs are counted and left out."""

    def __init__(self, load: Load) -> None:
        refuse_missing_columns(load)
        refuse_cut_file(load)
        self.source = int(load.scope["source"])
        held = TradeFlow.objects.filter(source=self.source).order_by()
        kinds = held.values_list("reporter", "year", "month", "classification").distinct() if held.exists() else ()
        self.classifications = {(reporter, year, month > 0): code for reporter, year, month, code in kinds}
        self.is_filled = bool(self.classifications)
        self.seen: dict[str, int] = {}  # key -> line
        self.details = self.of_others = 0

    def counts(self) -> dict[str, Any]:
        return {"details": self.details, "of_others": self.of_others}

    def check(self, lines: list[Line]) -> list[CheckedRow]:
        """Return what each needed line would do; the number of queries does not depend on the number of lines."""
        needed = [line for line in lines if self.is_needed(line.values)]
        keys = [self.settle(line) for line in needed]
        known = stored_flows(self.source, needed) if self.is_filled else {}
        return [row_of(line, known.get(key)) for line, key in zip(needed, keys, strict=True)]

    def is_needed(self, values: Mapping[str, Any]) -> bool:
        """Tell whether a row is a total, of Cambodia's trade or of exports to the world; count those that are not."""
        told = values.get("flowCode")
        if told in PARTS_OF_FLOWS or not (
            values.get("customsCode", "C00") == "C00"
            and values.get("motCode", "0") == values.get("partner2Code", "0") == "0"
        ):
            self.details += 1
            return False
        reporter, partner = values.get("reporterCode", CAMBODIA), values.get("partnerCode", CAMBODIA)
        if CAMBODIA in (reporter, partner) or (partner == WORLD and told in (Flow.EXPORT, None)):
            return True
        self.of_others += 1
        return False

    def settle(self, line: Line) -> str:
        """Check what the cells of a line say together, and return its key; "" when it is wrong."""
        values = line.values
        settle_period(line)
        if line.errors or not values.keys() >= NEEDED or columns.CLEAR in values.values():
            refuse_blanks(line)
            return ""
        estimated = values.pop("isQtyEstimated", False)
        values["isNetWgtEstimated"] = values.get("isNetWgtEstimated", False) or estimated
        told = values["classificationCode"]
        era = (values["reporterCode"], values["refYear"], values["refMonth"] > 0)
        if (held := self.classifications.setdefault(era, told)) != told:
            line.wrong("classificationCode", "other_classification", held=held, told=told)
        key = key_of(values)
        if (first := self.seen.setdefault(key, line.number)) != line.number:
            line.wrong("", "repeated", line=first)
        return "" if line.errors else key


def refuse_blanks(line: Line) -> None:
    """Note which cells must be filled and are not, or cannot be emptied."""
    wrong = {error["column"] for error in line.errors}
    for name, value in line.values.items():
        if value is columns.CLEAR:
            line.wrong(name, "cannot_clear")
    for name in sorted(NEEDED - line.values.keys() - wrong):
        line.wrong(name, "missing")


def settle_period(line: Line) -> None:
    """Put the year and the month, 0 for a whole year, into their columns."""
    values = line.values
    year, month, error = period_of(
        values.get("freqCode"), values.get("period"), values.get("refYear"), values.get("refMonth")
    )
    if error is None:
        values["refYear"], values["refMonth"] = year, month
    elif not any(known["column"] in PERIOD for known in line.errors):
        column, code, told = error
        line.wrong(column, code, value=told)


@cache
def period_of(frequency: Any, period: Any, year: Any, month: Any) -> tuple[int, int, tuple[str, str, Any] | None]:
    """Return the year and the month, 0 for a whole year, or the column that is wrong, why, and what it says.

    Comtrade numbers the month of a whole year 52.
    """
    told_year, told_month = (int(period[:4]), int(period[4:] or 0)) if isinstance(period, str) else (year, 0)
    is_monthly = frequency == "M" or (not frequency and bool(told_month or (not period and month)))
    if told_year is None:
        return 0, 0, ("refYear", "missing", "")
    if year not in (None, told_year) or (is_monthly and told_month and month not in (None, told_month)):
        return 0, 0, ("period", "period_differs", period)
    if is_monthly and (told_month or month or 0) not in range(1, 13):
        return 0, 0, ("refMonth", "month", month or "")
    return told_year, (told_month or month) if is_monthly else 0, None


def key_of(values: Mapping[str, Any]) -> str:
    """Return what no two flows of an edition share, in the order of KEY."""
    reporter, flow, code, partner, year, month = map(values.__getitem__, KEY)
    return f"{reporter}|{flow}|{code}|{partner}|{year}|{month}"


# The file


def refuse_missing_columns(load: Load) -> None:
    """Say which columns a file lacks before any row is read."""
    mapping = load.mapping["columns"]
    missing = sorted(NEEDED - mapping.keys())
    if "period" not in mapping and "refYear" not in mapping:
        missing.append("refYear")
    if missing:
        raise SpreadsheetError("unmapped:" + ",".join(missing))


def refuse_cut_file(load: Load) -> None:
    """Refuse a text whose last row breaks off: then the download was not complete, and its last number may be cut."""
    with closing(load.file.storage.open(str(load.file.name))) as file:  # a handle of its own: the rows are read next
        last = last_row(file)
    wanted = len(load.mapping["header"])
    if last and len(last) < wanted:
        raise SpreadsheetError("cut_off", found=len(last), wanted=wanted)


def last_row(file: Any) -> list[str]:
    """Return the cells of the last row of a text that does not end with a line break; nothing for other files."""
    file.seek(0)
    is_workbook = file.read(2) == b"PK"
    size = file.seek(0, os.SEEK_END)
    file.seek(max(size - TAIL, 0))
    tail = file.read()
    if is_workbook or not tail or b"\0" in tail or tail.endswith((b"\n", b"\r")):
        return []
    text = tail.decode("utf-8", errors="replace").splitlines()[-1]
    return max((next(csv.reader([text], delimiter=mark)) for mark in ",;\t"), key=len)


# Comparing


def stored_flows(source: int, lines: Iterable[Line]) -> dict[str, Stored]:
    """Return the flows of an edition that right lines are about, by key, from one query over the unique index."""
    keys = [[line.values[name] for name in KEY] for line in lines if not line.errors]
    names = [*KEY, *TOLD]
    quoted = [f"flow.{FIELDS[name]}" for name in names]
    told = ", ".join(FIELDS[name] for name in KEY)
    same = " AND ".join(f"flow.{FIELDS[name]} = told.{FIELDS[name]}" for name in KEY)
    sql = (
        f"WITH told({told}) AS ({_TOLD_ROWS[connection.vendor]})"  # noqa: S608 # our own names
        f" SELECT flow.id, flow.load_id, {', '.join(quoted)} FROM told"
        f" CROSS JOIN {TradeFlow._meta.db_table} AS flow"  # so that SQLite looks each key up, in any state
        f" WHERE flow.source_id = %s AND {same}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [json.dumps(keys), source])
        rows = cursor.fetchall()
    found = {}
    for pk, load, *cells in rows:
        values = dict(zip(names, cells, strict=True))
        values |= {name: None if values[name] is None else f"{values[name]:.3f}" for name in AMOUNTS}
        values["isNetWgtEstimated"] = bool(values["isNetWgtEstimated"])
        found[key_of(values)] = Stored(pk, load, values)
    return found


def row_of(line: Line, known: Stored | None) -> CheckedRow:
    """Return one line of the preview; what an optional column leaves blank stays as it is."""
    if line.errors:
        return CheckedRow(line.number, Outcome.WRONG, raw=line.raw, values=stored(line.values), errors=line.errors)
    values = line.values
    told = {name: values[name] for name in FIELDS if name in values}
    if known is None:
        return CheckedRow(line.number, Outcome.NEW, values=told)
    before = {name: known.values[name] for name in TOLD if name in told and differs(told[name], known.values[name])}
    if not before:
        return CheckedRow(line.number, Outcome.UNCHANGED, target=known.pk)
    values = {**known.values, **told}
    return CheckedRow(line.number, Outcome.CHANGED, {}, values, (), known.pk, known.load, before)


def differs(told: Any, held: Any) -> bool:
    """Tell whether a line tells something else than is held; amounts within what every database keeps are equal."""
    if told == held or not isinstance(told, str) or not isinstance(held, str) or held[:1] == "H":
        return bool(told != held)
    return not math.isclose(float(told), float(held), rel_tol=CLOSE)


# Writing and taking back


def write(load: Load) -> bool:
    """Write what the preview promised; False when another load has told these flows since."""
    for batch in batches(load, Outcome.CHANGED):
        if not as_promised(batch):
            return False
        told = ((pk, *record(values)[:-1], load.pk) for _line, pk, _before, values, _values in batch)
        bulk_change(TradeFlow, (*FIELDS.values(), "load_id"), told, savepoint=False)
    write_new(load, {"source_id": int(load.scope["source"]), "load_id": load.pk})
    return True


def write_new(load: Load, shared: Mapping[str, Any]) -> None:
    """Write the new flows with one statement from the kept rows: they need not come out of the database."""
    quoted = connection.ops.quote_name
    fields = {field.attname: field for field in TradeFlow._meta.concrete_fields}
    types = {column: fields[name].cast_db_type(connection) for column, name in FIELDS.items()}
    told = [f"CAST({quoted('values')} ->> '{column}' AS {kind})" for column, kind in types.items()]
    digits = f"CASE {told[2]} WHEN '{ALL_GOODS}' THEN 0 ELSE length({told[2]}) END"
    names = ", ".join([*FIELDS.values(), "digits", *shared])
    sql = (
        f"INSERT INTO {TradeFlow._meta.db_table} ({names}) SELECT {', '.join(told)}, {digits}, %s, %s"  # noqa: S608
        f" FROM {LoadRow._meta.db_table} WHERE load_id = %s AND outcome = %s ORDER BY line"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*shared.values(), load.pk, Outcome.NEW])


def record(values: Mapping[str, Any]) -> list[Any]:
    """Return a flow in the order of FIELDS, and how many digits its code has."""
    code = values["cmdCode"]
    return [*map(values.get, FIELDS), 0 if code == ALL_GOODS else len(code)]


def as_promised(batch: Sequence[Sequence[Any]]) -> bool:
    """Tell whether flows that would change are still as the load left them that told them last."""
    promised = {pk: load for _line, pk, load, _values, _before in batch}
    now = dict(TradeFlow.objects.filter(pk__in=promised).order_by().values_list("pk", "load_id"))
    return now == promised


def undo_blockers(load: Load) -> list[tuple[Any, int]]:
    """Count the flows that a later load has told otherwise."""
    written = load.rows.filter(outcome__in=(Outcome.NEW, Outcome.CHANGED)).count()
    return [(_("flows that a later load has changed"), written - TradeFlow.objects.filter(load=load).count())]


def undo(load: Load, _by: Any) -> None:
    """Give changed flows back what the load before told of them, and delete what this load brought."""
    for batch in batches(load, Outcome.CHANGED):
        bulk_change(TradeFlow, (*FIELDS.values(), "load_id"), restored(batch), savepoint=False)
    TradeFlow.objects.filter(load=load).delete()


def restored(batch: Iterable[Sequence[Any]]) -> Iterator[tuple[Any, ...]]:
    """Yield the flows of a batch as they were, each with the load that told it."""
    for _line, pk, earlier, values, before in batch:
        yield (pk, *record({**values, **before})[:-1], earlier)
