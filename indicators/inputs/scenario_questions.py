"""The question of a scenario: from the parameters of an address to checked lines, and back again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from urllib.parse import quote, unquote, urlencode

from django.http import QueryDict

from indicators.models import Scenario

EVERY, FINAL = "*", "final"  # buyers that are no sector: every sector, and final demand
SPREAD = Decimal(25)
MOST_LINES = 20
FIELDS = {"shift": ("bought", "buyer", "share"), "demand": ("sector", "change")}
_FIELD = re.compile(r"(?P<kind>shift|demand)-(?P<place>\d{1,3})-(?P<field>[a-z]+)")

Texts = tuple[str, ...]  # what was typed in the fields of one line


@dataclass(frozen=True, order=True)
class Shift:
    """So many percent of an imported input of a buyer are made at home."""

    bought: str
    buyer: str
    share: Decimal


@dataclass(frozen=True, order=True)
class Demand:
    """The final demand for the domestic products of a sector changes by so much, in the unit of the table."""

    sector: str
    change: Decimal


@dataclass(frozen=True)
class Question:
    """What is asked of a table, its lines in one order, so that the same question is kept once."""

    shifts: tuple[Shift, ...] = ()
    demand: tuple[Demand, ...] = ()
    spread: Decimal = SPREAD

    @classmethod
    def of(cls, shifts: Iterable[Shift], demand: Iterable[Demand], spread: Decimal) -> Question:
        """Return lines in one order, each number written in one way."""
        moved = (replace(row, share=row.share.normalize()) for row in shifts)
        wanted = (replace(row, change=row.change.normalize()) for row in demand)
        return cls(tuple(sorted(moved)), tuple(sorted(wanted)), spread.normalize())

    @classmethod
    def kept(cls, scenario: Any) -> Question:
        """Return what a kept scenario, or a version of one, asks."""
        shifts = [Shift(row["input"], row["buyer"] or EVERY, Decimal(str(row["share_pct"]))) for row in scenario.shifts]
        demand = [Demand(row["sector"], Decimal(str(row["change"]))) for row in scenario.demand]
        return cls.of(shifts, demand, Decimal(scenario.spread_pct))

    def __bool__(self) -> bool:
        return bool(self.shifts or self.demand)

    def keep_in(self, scenario: Scenario) -> None:
        """Write the question into the fields of a scenario."""
        scenario.shifts = [
            {"input": row.bought, "buyer": "" if row.buyer == EVERY else row.buyer, "share_pct": plain(row.share)}
            for row in self.shifts
        ]
        scenario.demand = [{"sector": row.sector, "change": plain(row.change)} for row in self.demand]
        scenario.spread_pct = self.spread

    def query(self, table: int) -> str:
        """Return the question as the parameters of an address."""
        shifts = [(row.bought, row.buyer, plain(row.share)) for row in self.shifts]
        demand = [(row.sector, plain(row.change)) for row in self.demand]
        return query_of(str(table), {"shift": shifts, "demand": demand}, plain(self.spread))


def plain(number: Decimal) -> str:
    """Return a number without an exponent and without zeros at its end."""
    return format(number.normalize(), "f")


def query_of(table: str, lines: Mapping[str, Sequence[Texts]], spread: str) -> str:
    """Return typed lines as the parameters of an address, even where they make no sense yet."""
    pairs = [("table", table)]
    pairs += [(kind, ":".join(quote(text, safe="*") for text in line)) for kind in FIELDS for line in lines[kind]]
    return urlencode([*pairs, ("spread", spread)], safe=":*")


def lines_in(given: QueryDict) -> dict[str, list[Texts]]:
    """Return the lines of an address as they were typed, those that are too many left out."""
    return {
        kind: [texts_of(text, len(fields)) for text in given.getlist(kind)[:MOST_LINES]]
        for kind, fields in FIELDS.items()
    }


def texts_of(text: str, count: int) -> Texts:
    """Return the parts of one line; what is missing is blank."""
    parts = [unquote(part)[:60] for part in text.split(":")[:count]]
    return tuple(parts + [""] * (count - len(parts)))


# The form, when it is sent


def is_form(given: QueryDict) -> bool:
    """Tell whether the parameters are the fields of the form, not yet an address to share."""
    return any(_FIELD.fullmatch(name) for name in given) or "add" in given or "remove" in given


def address_of_form(given: QueryDict) -> str:
    """Return the address of a form that was sent: blank lines left out, one added or removed where a button says so."""
    lines = {kind: form_lines(given, kind) for kind in FIELDS}
    removed = given.get("remove", "")
    shown = {
        kind: [line for place, line in rows.items() if any(line) and f"{kind}-{place}" != removed]
        for kind, rows in lines.items()
    }
    if (added := given.get("add", "")) in FIELDS:
        shown[added].append(("",) * len(FIELDS[added]))
    address, kept = (query_of(given.get("table", ""), shown, given.get("spread", "")), given.get("kept", ""))
    return f"{address}&{urlencode({'kept': kept})}" if kept else address


def form_lines(given: QueryDict, kind: str) -> dict[int, Texts]:
    """Return the lines of one kind by their place in the form."""
    found = (_FIELD.fullmatch(name) for name in given)
    places = sorted({int(match["place"]) for match in found if match and match["kind"] == kind})
    return {
        place: tuple(given.get(f"{kind}-{place}-{field}", "").strip() for field in FIELDS[kind]) for place in places
    }
