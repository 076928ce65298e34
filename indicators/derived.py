"""Derived indicators: what the registered figures say for a program or the country, in a quarter or a year.

They read the figures that pages show and nothing else, so that page and indicator cannot differ.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from capred_portal.access import OFFICER, STAFF
from capred_portal.figures import REGISTRY, SMALL_CELL, TOTAL, Exclusion, Figure, Scope, Words
from capred_portal.periods import QUARTER, days_of
from indicators.analytics.aggregation import Measured
from indicators.models import Indicator, Period
from programs.models import Attendance, Outcome, Program

Parts = dict[str, dict[str, str]]
Figures = Mapping[str, Figure]


WITHHELD = _("Withheld: so few people or firms stand behind it that it would tell what one of them told.")


@dataclass(frozen=True)
class Derived:
    """What the records say: the value, its parts, what is left out, and whether invented rows are in it."""

    measured: Measured
    parts: Parts = field(default_factory=dict)
    figures: tuple[Figure, ...] = ()  # that it was read from
    notes: tuple[Exclusion, ...] = ()

    @property
    def excluded(self) -> str:
        """What is left out, in the reader's words."""
        left_out = [*self.notes]
        for figure in self.figures[:1]:
            left_out += figure.excluded() if callable(figure.excluded) else figure.excluded
        words = [f"{each.count}: {each.reason}." for each in left_out]
        return " ".join([str(WITHHELD)] if self.measured.state == "withheld" else words)

    @property
    def has_demo(self) -> bool:
        return any(figure.has_demo for figure in self.figures)

    @property
    def url(self) -> str:
        """The page of the figure behind it: "why this number?"; blank where there is none."""
        return self.figures[0].url if self.figures else ""


@dataclass(frozen=True)
class Derivation:
    """One way to derive: the figures it reads, how it reads them under a scope, and what it adds to their rules.

    `of_programs` tells whether it can be asked of one program, `role` for whom the figures are read: what both sides
    sign must be what both may see. `by_quarter` names the figure whose parts by quarter
    are its values, so that many quarters are one question.
    """

    code: str
    reads: tuple[str, ...]
    compute: Callable[[Scope], Derived]
    note: Words = ""
    of_programs: bool = True
    by_quarter: str = ""
    role: str = STAFF


DERIVATIONS: dict[str, Derivation] = {}


def figures_of(code: str, scope: Scope, by: str = "") -> Figures:
    """Return a registered figure for a scope, with its parts by a dimension."""
    return REGISTRY[code].figures(Scope(scope.role, {**scope.params, **({"by": by} if by else {})}))


def measured(figure: Figure) -> Measured:
    """Return a figure's value as one that can be added up."""
    if figure.value is not None:
        return Measured.of(figure.value)
    if figure.state == "withheld":
        return Measured.withheld()
    return Measured.not_applicable() if figure.state == "not applicable" else Measured.missing()


def parts_of(figures: Figures, names: Mapping[str, str]) -> dict[str, str]:
    """Return the parts of a figure under the names an observation keeps; what is left of the total is unknown."""
    return {name: str(figures[key].value) for key, name in names.items() if key in figures}


# The ways to derive


def number(
    code: str,
    figure: str,
    *,
    note: Words = "",
    country: str = "",
    dimensions: Mapping[str, Mapping[str, str]] | None = None,
    by_quarter: bool = False,
    of_programs: bool = True,
    role: str = STAFF,
) -> None:
    """Register a figure as it is; `country` names the one to read where no program is asked for.

    `dimensions` are breakdowns, each with the name an observation keeps for every part of the figure.
    """

    def compute(scope: Scope) -> Derived:
        name = figure if scope.get("program") or not country else country
        found = {by: figures_of(name, scope, by) for by in dimensions or {"": {}}}
        total = next(iter(found.values()))[TOTAL]
        parts = {by: parts_of(found[by], names) for by, names in (dimensions or {}).items()}
        return Derived(measured(total), parts if total.value is not None else {}, (total,))

    reads = tuple(dict.fromkeys(name for name in (figure, country) if name))
    quarters = (country or figure) if by_quarter else ""
    DERIVATIONS[code] = Derivation(code, reads, compute, note, of_programs, quarters, role)


def share(code: str, figure: str, by: str, note: Words, *, of: tuple[str, ...], among: tuple[str, ...]) -> None:
    """Register the parts `of` a figure in per cent of its parts `among`; what is in neither is said and left out.

    Fewer than 5 of either kind are a small group: the share would tell how many.
    """

    def compute(scope: Scope) -> Derived:
        figures = figures_of(figure, scope, by)
        top, bottom = (sum(int(figures[key].value or 0) for key in keys) for keys in (of, among))
        silent = int(figures[TOTAL].value or 0) - bottom
        notes = (Exclusion(_("not known, and left out of the share"), silent),) if silent else ()
        is_small = any(0 < group < SMALL_CELL for group in (top, bottom - top))
        ratio = Measured.withheld() if is_small else Measured.ratio(top, bottom, 100)
        return Derived(ratio, {}, (figures[TOTAL],), notes)

    DERIVATIONS[code] = Derivation(code, (figure,), compute, note)


def punctuality(scope: Scope) -> Derived:
    """Divide the actions done on time by all that are done."""
    figures = figures_of("actions-done-on-time", scope)
    on_time, late = (int(figures[key].value or 0) for key in ("on-time", "late"))
    return Derived(Measured.ratio(on_time, on_time + late, 100), {}, (figures[TOTAL],))


# Asking


def scope_of(derivation: Derivation, program: Program | None, period: str) -> Scope:
    """Return the scope of a program and period, as the figures behind it take it."""
    params = {"quarter" if QUARTER.fullmatch(period) else "year": period}
    return Scope(derivation.role, params | ({"program": program.slug} if program else {}))


def code_of(period: Period | str) -> str:
    return period if isinstance(period, str) else period.code


def nothing(derivation: Derivation | None, program: Program | None, period: str) -> Derived | None:
    """Return why there is no value; None where there may be one."""
    if derivation is None or days_of(period)[0] > timezone.localdate() or (program and program.is_archived):
        return Derived(Measured.missing())
    return Derived(Measured.not_applicable()) if program and not derivation.of_programs else None


def derive(indicator: Indicator, program: Program | None, period: Period | str) -> Derived:
    """Return what the records say for a program, or the country, in a period: 2024-Q3, 2024, 2024-25 (July to June).

    A year is counted from the records of the year, never added from its quarters. A period that has not begun, and
    an indicator whose derivation this portal does not know, are missing; what no program can have is not applicable.
    Errors: ValueError for what is no period.
    """
    derivation, code = DERIVATIONS.get(indicator.derivation), code_of(period)
    if (none := nothing(derivation, program, code)) or derivation is None:
        return none or Derived(Measured.missing())
    return derivation.compute(scope_of(derivation, program, code))


def derive_many(
    indicators: Iterable[Indicator], program: Program | None, periods: Iterable[Period | str]
) -> dict[tuple[str, str], Derived]:
    """Return the same for many, by the codes of indicator and period.

    Where a figure has parts by quarter, all quarters of an indicator are one question; else each period is one.
    """
    codes = [code_of(period) for period in periods]
    found: dict[tuple[str, str], Derived] = {}
    for indicator in indicators:
        quarters = quarters_at_once(indicator, program, codes)
        for code in codes:
            found[indicator.code, code] = quarters.get(code) or derive(indicator, program, code)
    return found


def quarters_at_once(indicator: Indicator, program: Program | None, codes: list[str]) -> dict[str, Derived]:
    """Return the quarters of an indicator from one question, as far as its figure can answer it so."""
    derivation = DERIVATIONS.get(indicator.derivation)
    if derivation is None or not derivation.by_quarter:
        return {}
    if program and (not derivation.of_programs or "program" not in REGISTRY[derivation.by_quarter].scopes):
        return {}
    wanted = [code for code in codes if QUARTER.fullmatch(code) and not nothing(derivation, program, code)]
    if len(wanted) < 2:
        return {}
    params = {"program": program.slug} if program else {}
    figures = figures_of(derivation.by_quarter, Scope(derivation.role, params), "quarter")
    return {code: of_quarter(figures, code) for code in wanted}


def of_quarter(figures: Figures, code: str) -> Derived:
    """Return one quarter of a figure by quarters; one without any rows is 0, and leads to the figure's own page."""
    if code in figures:
        return Derived(measured(figures[code]), {}, (figures[code],))
    return Derived(Measured.of(Decimal(0)))


# What is derived


def same(keys: Iterable[str]) -> dict[str, str]:
    """Return the parts of a figure under their own names."""
    return {str(key): str(key) for key in keys}


SEXES = ("f", "m", "o")
AGES = [age.value for age in Attendance.AgeBand if age.value]
PEOPLE = {"sex": same(SEXES), "disability": same(("yes", "no")), "age": same(AGES)}

number("workshops-held", "workshops-held", by_quarter=True)
number("people-reached", "unique-people", dimensions=PEOPLE)
share(
    "women-share",
    "unique-people",
    "sex",
    _("Women, of the people who came and whose sex is known."),
    of=("f",),
    among=SEXES,
)
share(
    "disability-share",
    "unique-people",
    "disability",
    _(
        "People with disability, of the people who came and who answered yes or no. Who did not want to say, and who"
        " was not asked, is left out."
    ),
    of=("yes",),
    among=("yes", "no"),
)
number(
    "outcomes-recorded",
    "outcomes-recorded",
    note=_("The year and quarter are those of the workshop. The stage is the one of today, not of that time."),
    dimensions={"kind": same(Outcome.Kind.values), "stage": same(Outcome.Stage.values)},
)
DERIVATIONS["actions-on-time"] = Derivation(
    "actions-on-time",
    ("actions-done-on-time",),
    punctuality,
    _("Of the actions due in the period and done by today. It changes while late ones are still being closed."),
)
number("smes-reached", "smes-reached")
number("smes-supported", "smes-supported")
share(
    "women-run-share",
    "enterprises-supported",
    "women",
    _(
        "Enterprises owned or led by women, of the enterprises supported in the period that state who owns or leads"
        " them."
    ),
    of=("yes",),
    among=("yes", "no"),
)
number("enterprises-new", "enterprises-new", of_programs=False)
number("links-made", "links-made-attributed", country="links-made", by_quarter=True)
number("links-alive", "links-alive-attributed", country="links-alive", by_quarter=True)
number(
    "imports-replaced",
    "links-value-replacing-attributed",
    country="links-value-replacing-imports",
    note=_("What local suppliers sell in the place of an import, a year, by the links alive at the end of the period."),
    by_quarter=True,
    role=OFFICER,
)
number("certificates-gained", "certificates-gained")
number("jobs-supported", "jobs-supported", dimensions={"sex": same(("f", "m"))}, role=OFFICER)
