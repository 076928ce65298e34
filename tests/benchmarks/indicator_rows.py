"""Indicators at national scale, the same each time: ten years of values of programs and provinces, targets, rounds."""

import datetime
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from capred_portal.facts import write_facts
from capred_portal.matching import search_key
from capred_portal.records import writing
from indicators.derived import DERIVATIONS
from indicators.models import (
    Indicator,
    IndicatorRule,
    Observation,
    Period,
    ProgramIndicator,
    ReportingRound,
    ReviewEvent,
    RoundEntry,
    Target,
)
from tests.benchmarks import build
from tests.benchmarks.bulk import NOW, finish, first_free, write_rows

SEED = 20260630
INDICATORS, PROGRAMS, PORTAL = 500, 60, 0.1
FIRST_YEAR, YEARS = 2016, 10  # from the third quarter of 2016 to the second of 2026
EVERY_YEARLY, EVERY_DERIVED, EVERY_RETIRED, EVERY_WITHOUT_TARGET = 20, 12, 16, 3
WRITTEN = [
    Indicator,
    IndicatorRule,
    Observation,
    ProgramIndicator,
    ReportingRound,
    ReviewEvent,
    RoundEntry,
    Target,
]
# over periods, over places, unit
RULES = [
    ("sum", "sum", "people"),
    ("latest", "sum", "firms"),
    ("ratio", "ratio", "% of firms"),
    ("sum", "sum", "USD"),
    ("weighted average", "weighted average", "days"),
    ("latest", "distinct", "people"),
    ("latest", "ratio", "% of people"),
    ("none", "none", "index"),
]
DIRECTIONS = ("up", "up", "up", "down", "up", "range")
# How a program tells its value: the whole with its provinces, the provinces alone, the whole alone.
WHOLE, PROVINCES, BOTH = "whole", "provinces", "both"
WAYS = (BOTH, BOTH, PROVINCES, BOTH, WHOLE, BOTH, PROVINCES, BOTH, BOTH, WHOLE)
COLUMNS = (
    "id indicator_id program_id period_id province_id slot number status is_shown is_counted state value numerator"
    " denominator weight parts origin why entered_by_id changed_by_id submitted_by_id submitted_at verified_by_id"
    " verified_at accepted_by_id accepted_at"
).split()


@dataclass(frozen=True)
class Pair:
    """That a program reports an indicator, and how."""

    indicator: int
    program: int
    rule: str
    both_sign: bool
    is_derived: bool
    has_parts: bool
    way: str
    base: int


def build_indicators(scale: float) -> dict[str, int]:
    """Write the rows unless they are there; return how many of each noun there are."""
    if not ReportingRound.objects.exists():
        write_facts()
        with writing("capred_portal", "programs", "indicators"):
            Indicators(scale).build()
        finish([*build.WRITTEN, *WRITTEN])
    return {model.__name__: model._base_manager.count() for model in WRITTEN}


class Indicators:
    """Writes one noun after the other around a small portal; numbers of rows are known before they are written."""

    def __init__(self, scale: float) -> None:
        self.random = random.Random(SEED)
        self.count = max(round(INDICATORS * scale), 12)
        self.portal = build.Builder(PORTAL * scale)
        self.portal.sizes["programs"] = PROGRAMS
        self.provinces = [str(province) for province in self.portal.provinces]
        self.pairs: dict[str, list[Pair]] = {"quarter": [], "year": []}
        self.entries: list[tuple[int, int, str, Any]] = []
        self.steps: list[tuple[Any, ...]] = []
        self.rounds: dict[tuple[int, int], int] = {}

    def build(self) -> None:
        self.portal.build()
        users = self.portal.users
        self.staff, self.verifiers, self.officers = users[:5], users[5:10], users[10:15]
        quarters = Period.objects.quarters().filter(first_day__gte=datetime.date(FIRST_YEAR, 7, 1))
        self.quarters = list(quarters.order_by("first_day")[: 4 * YEARS])
        self.years = {period.code: period for period in Period.objects.filter(kind="year")}
        self.write_indicators()
        self.write_targets()
        self.write_rounds()
        self.write_observations()

    # Indicators and who reports them

    def write_indicators(self) -> None:
        first = first_free(Indicator)
        ids, goals = range(first, first + self.count), self.portal.goals
        derivations = sorted(DERIVATIONS)

        def rows() -> Iterator[tuple[Any, ...]]:
            for number, pk in enumerate(ids):
                periods, places, unit = RULES[number % len(RULES)]
                titles = f"Benchmark indicator {number}", f"សូចនាករ {number}"
                derived = derivations[number % len(derivations)] if self.is_derived(number) else ""
                about = unit, periods, places, DIRECTIONS[number % len(DIRECTIONS)], self.frequency(number)
                signed = "both" if number % 3 else "ministry"
                retired = "2025-12-31" if number % EVERY_RETIRED == EVERY_RETIRED - 1 else None
                kind = "derived" if derived else "reported"
                code = f"benchmark-{number}"
                parts = json.dumps(["sex"] if self.has_parts(number) else [])
                yield (
                    *(pk, code, *titles, "What is counted.", ("output", "outcome", "impact")[number % 3], kind),
                    *(*about, derived, parts, signed, retired, number % 500, search_key(code, *titles)),
                )

        columns = "id code title_en title_km definition_en level kind unit_en over_periods over_places direction"
        more = "frequency derivation breakdowns signatures retired_on order search_key"
        write_rows(Indicator, f"{columns} {more}".split(), rows())
        served = ((pk, goals[(number * 7 + step) % len(goals)]) for number, pk in enumerate(ids) for step in (0, 3))
        write_rows(Indicator.goals.through, ("indicator_id", "goal_id"), served)
        write_rows(IndicatorRule, ("indicator_id", "number", "rule"), ((pk, 1, "{}") for pk in ids))
        self.write_pairs(ids)

    def is_derived(self, number: int) -> bool:
        return number % EVERY_DERIVED == EVERY_DERIVED - 1

    def has_parts(self, number: int) -> bool:
        return RULES[number % len(RULES)][2] == "people"

    def frequency(self, number: int) -> str:
        return "year" if number % EVERY_YEARLY == EVERY_YEARLY - 1 else "quarter"

    def write_pairs(self, ids: range) -> None:
        """Let every program report the first indicator, and five or six of them each of the others."""
        draw, ways = self.random, 0
        for number, pk in enumerate(ids):
            programs = list(self.portal.programs)
            for program in programs if number == 0 else sorted(draw.sample(programs, 5 + (number % 4 == 0))):
                derived = self.is_derived(number)
                way = WHOLE if derived else WAYS[ways % len(WAYS)]
                ways += not derived
                about = RULES[number % len(RULES)][1], bool(number % 3), derived, self.has_parts(number)
                pair = Pair(pk, program, *about, way, draw.randint(20, 4_000))
                self.pairs[self.frequency(number)].append(pair)
        owed = (
            (pair.program, pair.indicator, draw.choice(self.staff)) for each in self.pairs.values() for pair in each
        )
        write_rows(ProgramIndicator, ("program_id", "indicator_id", "reporter_id"), owed)

    # Targets

    def write_targets(self) -> None:
        """Set a path for two thirds of the indicators: every other one for the country, else by each program."""
        columns = "indicator_id program_id kind period_id value value_high status created_by_id decided_by_id"
        write_rows(Target, columns.split(), self.targets())

    def targets(self) -> Iterator[tuple[Any, ...]]:
        seen: set[int] = set()
        for pair in (pair for each in self.pairs.values() for pair in each):
            number = pair.indicator - self.first
            of_country = number % 2 == 0
            if number % EVERY_WITHOUT_TARGET == EVERY_WITHOUT_TARGET - 1 or (of_country and pair.indicator in seen):
                continue
            seen.add(pair.indicator)
            yield from self.path(pair, None if of_country else pair.program, number)

    @property
    def first(self) -> int:
        return min(pair.indicator for each in self.pairs.values() for pair in each)

    def path(self, pair: Pair, program: int | None, number: int) -> Iterator[tuple[Any, ...]]:
        """Yield baseline, three milestones and an end target; one in ten has a newer one that is proposed."""
        is_range = DIRECTIONS[number % len(DIRECTIONS)] == "range"
        falls = DIRECTIONS[number % len(DIRECTIONS)] == "down"
        signed = "approved", self.staff[0], self.verifiers[0]
        for kind, place, factor in (
            ("baseline", 3, 10),
            ("milestone", 12, 12),
            ("milestone", 20, 14),
            ("milestone", 28, 16),
            ("target", 39, 20),
        ):
            value = pair.base * (30 - factor if falls else factor)
            high = value + pair.base if kind == "target" and is_range else None
            yield pair.indicator, program, kind, self.quarters[place].pk, value, high, *signed
        if number % 10 == 0:
            about = pair.indicator, program, "target", self.quarters[39].pk, pair.base * 25
            yield *about, pair.base * 26 if is_range else None, "proposed", self.staff[0], None

    # Rounds

    def write_rounds(self) -> None:
        first, last = first_free(ReportingRound), len(self.quarters) - 1
        rows: list[Any] = []
        for place, quarter in enumerate(self.quarters):
            for program in self.portal.programs:
                pk = first + len(rows)
                self.rounds[program, quarter.pk] = pk
                by = None if place == last else self.verifiers[1]
                status = {last: "open", last - 1: "closed", last - 2: "signed"}.get(place, "accepted")
                due = quarter.last_day + datetime.timedelta(days=20)
                rows.append((pk, program, quarter.pk, due.isoformat(), status, by, by and NOW))
        columns = "id program_id period_id due_on status closed_by_id closed_at"
        write_rows(ReportingRound, columns.split(), rows)

    # Values

    def write_observations(self) -> None:
        """Write the values in the order of their periods, as they come; then their steps and what rounds reported."""
        write_rows(Observation, COLUMNS, self.observations(first_free(Observation)))
        write_rows(RoundEntry, ("round_id", "observation_id", "state", "value"), self.entries)
        columns = "observation_id kind from_status to_status by_id at reason"
        write_rows(ReviewEvent, columns.split(), self.steps)

    def observations(self, pk: int) -> Iterator[tuple[Any, ...]]:
        for place, quarter in enumerate(self.quarters):
            told = [(pair, quarter) for pair in self.pairs["quarter"]]
            if quarter.code.endswith("Q4"):
                told += [(pair, self.years[quarter.code[:4]]) for pair in self.pairs["year"]]
            for pair, period in told:
                for row in self.values(pair, period, quarter, place):
                    yield pk, *row
                    self.note(pk, pair, quarter, place, row)
                    pk += 1

    def values(self, pair: Pair, period: Period, quarter: Period, place: int) -> Iterator[tuple[Any, ...]]:
        """Yield the versions of a program's value and of its provinces; they move together, as a round does."""
        draw = self.random
        status = self.status(pair, place)
        is_told = pair.way != PROVINCES and status != "draft"
        wholes = [None] if pair.way != PROVINCES else []
        for province in (*wholes, *(self.provinces if pair.way != WHOLE else [])):
            is_counted = province is None or not is_told
            size = max(
                1, round(pair.base * (1 + place / 20) * draw.uniform(0.7, 1.3) / (1 if province is None else 25))
            )
            chance = draw.random()
            newer = "" if place > 37 or chance > 0.02 else ("draft" if chance < 0.002 else status)
            first_shown = status != "draft" and newer in ("", "draft")
            about = pair, period, quarter, province
            yield self.version(*about, 1, status, first_shown, is_counted, size, chance)
            if newer:
                yield self.version(*about, 2, newer, newer != "draft", is_counted, size + 3, chance)

    def status(self, pair: Pair, place: int) -> str:
        """Return how far a value has come: the newest quarter is on its way, the one before waits for the embassy."""
        chance, end = self.random.random(), "accepted" if pair.both_sign else "verified"
        if place == 39:
            return "draft" if chance < 0.3 else "submitted" if chance < 0.7 else "verified"
        if place == 38:
            return "submitted" if chance < 0.1 else "verified" if chance < 0.4 else end
        return end

    def version(
        self,
        pair: Pair,
        period: Period,
        quarter: Period,
        province: str | None,
        number: int,
        status: str,
        is_shown: bool,
        is_counted: bool,
        size: int,
        chance: float,
    ) -> tuple[Any, ...]:
        """Return one row; one value in fifty is not available, one in a hundred does not apply."""
        staff, verifier, officer = self.staff[size % 5], self.verifiers[size % 4 + 1], self.officers[size % 5]
        state = "missing" if chance > 0.98 else "na" if chance > 0.97 else "value"
        numbers: tuple[Any, ...] = (None, None, None, None)
        if state == "value":
            numbers = self.numbers(pair, size)
        parts = json.dumps({"sex": {"f": str(size // 2)}}) if pair.has_parts and state == "value" else "{}"
        day = f"{quarter.last_day + datetime.timedelta(days=1 + size % 20)} 02:{size % 60:02}:00"
        submitted = (None, None) if status == "draft" else (staff, day)
        verified = (verifier, day) if status in ("verified", "accepted") else (None, None)
        accepted = (officer, day) if status == "accepted" else (None, None)
        author = None if pair.is_derived else staff
        origin = "derived" if pair.is_derived else "typed" if province is None else "loaded"
        slot = f"{pair.indicator}:{pair.program}:{period.pk}:{province or 0}"
        return (
            *(pair.indicator, pair.program, period.pk, province, slot, number, status, is_shown, is_counted, state),
            *(*numbers, parts, origin, "Late lists came in" if number > 1 else "", author, author),
            *(*submitted, *verified, *accepted),
        )

    def numbers(self, pair: Pair, size: int) -> tuple[Any, ...]:
        """Return value, numerator, denominator and weight, as the rule of the indicator needs them."""
        if pair.rule == "ratio":
            whole = size + size % 7 + 1
            return f"{100 * size / whole:.6f}", size, whole, None
        if pair.rule == "weighted average":
            return f"{size / 7:.6f}", None, None, size % 90 + 10
        return size, None, None, None

    def note(self, pk: int, pair: Pair, quarter: Period, place: int, row: tuple[Any, ...]) -> None:
        """Note what rounds reported, and the last steps of the two newest quarters; one draft in twenty came back."""
        province, number, status, state, value = row[3], row[5], row[6], row[9], row[10]
        if province is None and number == 1 and place < 39:
            self.entries.append((self.rounds[pair.program, quarter.pk], pk, state, value))
        if place < 38:
            return
        if status != "draft":
            self.steps.append((pk, "submit", "draft", "submitted", self.staff[0], NOW, ""))
        elif pk % 20 == 0:
            self.steps.append((pk, "return", "submitted", "draft", self.verifiers[0], NOW, "Look at it again"))
