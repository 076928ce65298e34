"""The size class of a firm by the official definition of its year: as a rule for one firm, and as SQL for a list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Case, Expression, IntegerField, Q, Value, When
from django.db.models.functions import Greatest

if TYPE_CHECKING:
    from enterprises.models import SizeDefinition

Number = int | Decimal

ORDER = ("micro", "small", "medium", "large")
RANKS = {size_class: rank for rank, size_class in enumerate(ORDER, 1)}
MEASURES = {"employees": "employees", "turnover": "turnover_usd", "assets": "assets_usd"}  # in definitions and years
LAST_YEAR = 9999


@dataclass(frozen=True)
class Step:
    """One class by one measure: up to which value it reaches; the last step, large, has no limit."""

    size_class: str
    limit: int | None
    is_inclusive: bool
    is_unconfirmed: bool

    def holds(self, value: Number) -> bool:
        if self.limit is None:
            return True
        return value <= self.limit if self.is_inclusive else value < self.limit

    def condition(self, column: str) -> Q:
        if self.limit is None:
            return Q(**{f"{column}__isnull": False})
        return Q(**{f"{column}__{'lte' if self.is_inclusive else 'lt'}": self.limit})


@dataclass(frozen=True)
class Scheme:
    """One edition's definition for one branch: its years, its sections of ISIC (None: all), its steps by measure."""

    edition: str
    first_year: int
    last_year: int
    sections: str | None
    steps: dict[str, list[Step]]

    def covers(self, section: str, year: int) -> bool:
        is_section = self.sections is None or (section != "" and section in self.sections)
        return is_section and self.first_year <= year <= self.last_year

    def condition(self, prefix: str) -> Q:
        years = Q(**{f"{prefix}latest__year__range": (self.first_year, self.last_year)})
        return years if self.sections is None else years & Q(**{f"{prefix}sector__section__in": list(self.sections)})


@dataclass(frozen=True)
class Size:
    """A size class, the edition of the definition behind it, and whether it rests on unconfirmed thresholds alone."""

    size_class: str = ""
    edition: str = ""
    is_unconfirmed: bool = False


class Sizes:
    """The official definitions, ready to be asked: of one firm, or as SQL of all."""

    def __init__(self, definitions: Iterable["SizeDefinition"]) -> None:
        self.schemes = schemes(definitions)

    def of(
        self, section: str, year: int | None, employees: int | None, turnover: Number | None, assets: Number | None
    ) -> Size:
        """Return the higher of the classes by employees and by turnover or assets; no class where nothing is stated.

        The definition is the one valid in the year of the figures.
        """
        scheme = next((one for one in self.schemes if year is not None and one.covers(section, year)), None)
        if scheme is None:
            return Size()
        told = {"employees": employees, "turnover": turnover, "assets": assets}
        reached = [
            next(step for step in scheme.steps[measure] if step.holds(value))
            for measure, value in told.items()
            if value is not None and measure in scheme.steps
        ]
        if not reached:
            return Size()
        highest = max((step.size_class for step in reached), key=ORDER.index)
        deciding = [step for step in reached if step.size_class == highest]
        return Size(highest, scheme.edition, all(step.is_unconfirmed for step in deciding))

    def of_enterprise(self, enterprise: object) -> Size:
        """Return the size of a firm whose latest year and sector are at hand."""
        latest, sector = getattr(enterprise, "latest", None), getattr(enterprise, "sector", None)
        if latest is None:
            return Size()
        section = sector.section if sector else ""
        return self.of(section, latest.year, latest.employees, latest.turnover_usd, latest.assets_usd)

    def rank(self, prefix: str = "") -> Expression:
        """Return the SQL of a firm's class as its place in ORDER from 1, or 0 for none; `prefix` leads to the firm."""
        return Greatest(*[self.rank_by(measure, prefix) for measure in MEASURES])

    def rank_by(self, measure: str, prefix: str) -> Case:
        """Return the SQL of the class by one measure."""
        column = f"{prefix}latest__{MEASURES[measure]}"
        whens = [
            When(scheme.condition(prefix) & step.condition(column), then=Value(RANKS[step.size_class]))
            for scheme in self.schemes
            for step in scheme.steps.get(measure, ())
        ]
        return Case(*whens, default=Value(0), output_field=IntegerField())


def schemes(definitions: Iterable["SizeDefinition"]) -> list[Scheme]:
    """Return one scheme per edition and branch, the newest first; an edition ends where the next begins."""
    rows = sorted(definitions, key=lambda row: (row.valid_from, row.branch), reverse=True)
    by_branch: dict[tuple[str, str], list[SizeDefinition]] = {}
    for row in rows:
        by_branch.setdefault((row.edition, row.branch), []).append(row)
    found: list[Scheme] = []
    for (edition, _branch), group in by_branch.items():
        newer = [scheme.first_year for scheme in found if scheme.edition != edition]
        ends = [row.valid_until.year for row in group if row.valid_until]
        others = "".join(group[0].SECTIONS.get(other, "") for known, other in by_branch if known == edition)
        found.append(
            Scheme(
                edition=edition,
                first_year=group[0].valid_from.year,
                last_year=min([LAST_YEAR, *ends, *(year - 1 for year in newer)]),
                sections=sections_of(group[0], others),
                steps={measure: steps for measure in MEASURES if (steps := steps_of(group, measure))},
            )
        )
    return found


def sections_of(definition: "SizeDefinition", others: str) -> str | None:
    """Return the sections a branch covers; "all branches" covers what the edition's other branches leave."""
    if definition.branch in definition.SECTIONS:
        return definition.SECTIONS[definition.branch]
    every = "".join(definition.SECTIONS.values())
    return "".join(section for section in every if section not in others) if others else None


def steps_of(rows: Sequence["SizeDefinition"], measure: str) -> list[Step]:
    """Return the classes by one measure, the smallest first, or none where the edition does not use it.

    Where micro is not defined, it is what lies below small; what lies above medium is large.
    """
    by_class = {row.size_class: row for row in rows}
    steps: list[Step] = []
    for size_class in ORDER[:-1]:
        row = by_class.get(size_class)
        limit: int | None = getattr(row, f"{MEASURES[measure]}_max", None)
        if row is None and size_class == "micro" and (row := by_class.get("small")):
            limit = getattr(row, f"{MEASURES[measure]}_min")
        if row is None or limit is None:
            return []
        unconfirmed = measure in row.unconfirmed.split()
        steps.append(Step(size_class, limit, row.size_class == size_class, unconfirmed))
    return [*steps, Step("large", None, True, steps[-1].is_unconfirmed)]
