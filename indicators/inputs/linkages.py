"""Backward linkages of one table as its page shows them: who pulls whom, what leaks abroad, and why, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import isfinite
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capred_portal.languages import clauses
from indicators.analytics.accounts import Accounts
from indicators.analytics.input_output import linkage_table
from indicators.inputs.tables import accounts_of, sector_titles
from indicators.models import InputOutputTable

if TYPE_CHECKING:
    import pandas as pd

HOME, ALL = "domestic", "total"
MEASURES: dict[str, Promise] = {HOME: gettext_lazy("Inputs made at home"), ALL: gettext_lazy("Inputs of either origin")}
SORTS: dict[str, Promise] = {
    "power": gettext_lazy("Power of dispersion"),
    "sensitivity": gettext_lazy("Sensitivity of dispersion"),
    "gap": gettext_lazy("Gap"),
    "imported_share": gettext_lazy("Imported share of inputs"),
    "total_import": gettext_lazy("Import content"),
    "jobs": gettext_lazy("Jobs"),
    "table": gettext_lazy("Order of the table"),
}

# The four quarters around 1 and 1: power of dispersion to the right, sensitivity upwards.
KEY, PULLS, SERVES, LOOSE = "key", "pulls", "serves", "loose"
QUARTERS: dict[str, Promise] = {
    KEY: gettext_lazy("Key sectors"),
    PULLS: gettext_lazy("Pull their suppliers"),
    SERVES: gettext_lazy("Serve the others"),
    LOOSE: gettext_lazy("Loosely linked"),
}

FEW_INPUTS, MUCH_EXPORTED = 0.3, 0.3  # of output
MUCH_IMPORTED = 0.5  # of inputs


@dataclass(frozen=True)
class Question:
    """What the page is asked; all that its parts are kept under besides the table."""

    measure: str = HOME
    sort: str = "power"
    sector: str = ""

    @classmethod
    def asked(cls, given: Mapping[str, str]) -> Question:
        """Return what the address asks for; what makes no sense is left as it is by default."""
        measure, sort = given.get("measure", ""), given.get("sort", "")
        return cls(
            measure if measure in MEASURES else HOME, sort if sort in SORTS else "power", given.get("sector", "")[:40]
        )


@dataclass(frozen=True)
class SectorLinkage:
    """One sector with its measures; None is what the table does not hold. Shares lie between 0 and 1."""

    code: str
    title: str
    output: float
    power: float | None
    sensitivity: float | None
    backward_domestic: float | None
    backward_total: float | None
    gap: float | None
    imported_share: float | None
    total_import: float | None
    exports: float
    inputs_share: float
    value_added: float | None
    jobs: float | None
    is_idle: bool  # makes nothing in this table: its indices say nothing
    place: int = 0
    reasons: str = ""

    @property
    def quarter(self) -> str:
        """Where the sector lies around the average, 1; a key sector lies above it in both indices."""
        pulls, serves = (value is not None and value > 1 for value in (self.power, self.sensitivity))
        return (KEY if serves else PULLS) if pulls else SERVES if serves else LOOSE

    @property
    def quarter_words(self) -> Promise:
        return QUARTERS[self.quarter]


@dataclass(frozen=True)
class Findings:
    """All sectors of one table as the question wants them."""

    table: InputOutputTable
    question: Question
    accounts: Accounts
    sectors: Sequence[SectorLinkage]

    @cached_property
    def shown(self) -> list[SectorLinkage]:
        """The sectors that make something, ranked."""
        return [row for row in self.sectors if not row.is_idle]

    @property
    def idle(self) -> list[SectorLinkage]:
        return [row for row in self.sectors if row.is_idle]

    def in_quarter(self, quarter: str) -> list[SectorLinkage]:
        return [row for row in self.shown if row.quarter == quarter]

    @property
    def chosen(self) -> SectorLinkage | None:
        """The sector the question names, if the table has it."""
        return next((row for row in self.sectors if row.code == self.question.sector), None)


def findings_of(table: InputOutputTable, question: Question) -> Findings:
    """Return the linkages of a table: three queries and one inversion for all measures.

    A table that does not tell imports apart has no linkage at home: then inputs of either origin are shown.
    """
    accounts = accounts_of(table)
    if accounts.domestic is None or accounts.imported is None:
        question = replace(question, measure=ALL)
    frame, titles = linkage_table(accounts), sector_titles(table)
    rows = [linkage(code, titles.get(code, code), frame.loc[code], accounts, question.measure) for code in frame.index]
    typical = mean_gap(rows)
    ranked = [
        replace(row, place=place, reasons=reasons(row, typical))
        for place, row in enumerate(sorted(rows, key=lambda row: sort_key(row, question.sort)), 1)
    ]
    return Findings(table, question, accounts, ranked if question.sort != "table" else numbered(rows, typical))


def numbered(rows: Sequence[SectorLinkage], typical: float) -> list[SectorLinkage]:
    """Return the rows in the order of the table."""
    return [replace(row, place=place, reasons=reasons(row, typical)) for place, row in enumerate(rows, 1)]


def linkage(code: str, title: str, values: pd.Series, accounts: Accounts, measure: str) -> SectorLinkage:
    """Return one row of the frame of `linkage_table` with the indices of the measure."""

    def known(name: str) -> float | None:
        value = float(values[name])
        return value if isfinite(value) else None

    output, is_idle = float(values["output"]), not accounts.producing[code]
    bought = float(accounts.require("total")[code].sum())
    return SectorLinkage(
        code=code,
        title=title,
        output=output,
        power=known(f"power_{measure}"),
        sensitivity=known(f"sensitivity_{measure}"),
        backward_domestic=known("backward_domestic"),
        backward_total=known("backward_total"),
        gap=known("gap"),
        imported_share=known("imported_share"),
        total_import=known("total_import"),
        exports=known("exports") or 0.0,
        inputs_share=0.0 if is_idle else bought / output,
        value_added=known("value_added_multiplier"),
        jobs=known("jobs_multiplier"),
        is_idle=is_idle,
    )


def sort_key(row: SectorLinkage, sort: str) -> tuple[bool, float]:
    """Return what puts the largest first, what is not in the table last."""
    value: Any = getattr(row, sort, None)
    return (value is None or row.is_idle, -(value or 0.0))


def mean_gap(rows: Sequence[SectorLinkage]) -> float:
    gaps = [row.gap for row in rows if row.gap is not None and not row.is_idle]
    return sum(gaps) / len(gaps) if gaps else 0.0


def percent(share: float) -> str:
    """Return a share between 0 and 1 as whole percent; what is not 0 is never written as 0."""
    return "<1 %" if 0 < share < 0.005 else f"{share * 100:.0f} %"


def reasons(row: SectorLinkage, typical: float) -> str:
    """Say in words why a sector stands where it stands, the strongest reason first."""
    if row.is_idle:
        return _("It makes nothing in this table.")
    found = [
        pull_words(row),
        import_words(row),
        _("much of its pull leaks abroad") if row.gap is not None and row.gap > 1.25 * typical > 0 else "",
        _("the others buy much of it") if row.sensitivity is not None and row.sensitivity > 1 else "",
        export_words(row),
    ]
    text = clauses(found)
    return _("%(reasons)s.") % {"reasons": f"{text[:1].upper()}{text[1:]}"}


def pull_words(row: SectorLinkage) -> str:
    if row.inputs_share < FEW_INPUTS:
        return _("needs few inputs: %(share)s of its output") % {"share": percent(row.inputs_share)}
    if row.power is not None and row.power > 1:
        return _("pulls its suppliers more than the average sector")
    return _("pulls its suppliers less than the average sector")


def import_words(row: SectorLinkage) -> str:
    if row.imported_share is None:
        return _("what it imports is not in this table")
    share = {"share": percent(row.imported_share)}
    if row.imported_share >= MUCH_IMPORTED:
        return _("buys most inputs abroad: %(share)s are imported") % share
    return _("%(share)s of its inputs are imported") % share


def export_words(row: SectorLinkage) -> str:
    share = row.exports / row.output
    return _("sells %(share)s of its output abroad") % {"share": percent(share)} if share > MUCH_EXPORTED else ""
