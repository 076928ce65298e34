"""What a scenario brings: a question put to a table, its outcome by sector and in all, its range and its limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.analytics.accounts import Accounts
from indicators.analytics.substitution import Outcome, three_cases
from indicators.inputs.scenario_questions import EVERY, FINAL, Demand, Question, Shift, plain
from indicators.inputs.tables import accounts_of, sector_titles
from indicators.models import InputOutputTable

if TYPE_CHECKING:
    import pandas as pd

MEASURES: dict[str, Promise] = {
    "output": gettext_lazy("Gross output"),
    "value_added": gettext_lazy("Value added"),
    "jobs": gettext_lazy("Jobs"),
    "imports": gettext_lazy("Imports"),
}
NOT_HELD = gettext_lazy("not in this table")
NOT_APART = gettext_lazy("This table does not tell domestic and imported inputs apart: nothing can be moved in it.")
NOTHING = 1e-9  # a change smaller than this share of output is rounding


@dataclass(frozen=True)
class Change:
    """One number before, and by how much it changes: in the central case, and between low and high."""

    before: float
    central: float
    low: float
    high: float

    @property
    def text(self) -> str:
        return signed(self.central)

    @property
    def range_text(self) -> str:
        low, high = sorted((self.low, self.high))
        return _("%(low)s to %(high)s") % {"low": signed(low), "high": signed(high)}

    @property
    def before_text(self) -> str:
        return amount(self.before)


@dataclass(frozen=True)
class ResultLine:
    """One sector, or all together, with its change of each measure; None is what the table does not hold."""

    code: str
    title: str
    changes: Mapping[str, Change | None]


@dataclass(frozen=True)
class Result:
    """The outcome of a question for one table."""

    table: InputOutputTable
    question: Question
    titles: Mapping[str, str]
    lines: Sequence[ResultLine]
    replaced: Change | None  # imports that are made at home, before anything follows from it

    @cached_property
    def total(self) -> ResultLine:
        """All sectors together."""
        return ResultLine("", _("All sectors"), {name: total(self.lines, name) for name in MEASURES})

    def unit(self, measure: str) -> str:
        """Return the unit of a measure: that of the table, or of its jobs where it says one."""
        return self.table.job_unit if measure == "jobs" else self.table.unit_words

    def label(self, measure: str) -> str:
        """Return the title of a measure with its unit."""
        unit = self.unit(measure)
        return f"{MEASURES[measure]} ({unit})" if unit else str(MEASURES[measure])

    @property
    def measures(self) -> list[tuple[str, Promise, str]]:
        """Name, title and unit of every measure."""
        return [(name, title, self.unit(name)) for name, title in MEASURES.items()]


def amount(value: float) -> str:
    """Return a number as exact as its size deserves; what is not 0 is never written as 0."""
    size = abs(value)
    places = 0 if size >= 100 or not size else 1 if size >= 10 else 2
    if 0 < size < 0.005:
        return "<0.01" if value > 0 else ">-0.01"
    return f"{value:,.{places}f}"


def signed(value: float) -> str:
    """Return a change with its sign."""
    return f"+{amount(value)}" if value > 0 else amount(value)


def total(lines: Sequence[ResultLine], measure: str) -> Change | None:
    """Add the changes of all sectors up, case by case; None where the table does not hold the measure."""
    parts = [change for line in lines if (change := line.changes[measure])]
    if not parts:
        return None
    before, central, low, high = (
        sum(getattr(part, name) for part in parts) for name in ("before", "central", "low", "high")
    )
    return Change(before, central, low, high)


# From the question to the matrices


def shares_of(accounts: Accounts, question: Question) -> tuple[pd.DataFrame | None, pd.Series | None]:
    """Return the moved shares of inputs (input x buyer) and of final demand, between 0 and 1; None where not asked."""
    import pandas as pd

    sectors: Any = accounts.sectors
    inputs = [row for row in question.shifts if row.buyer != FINAL]
    final = [row for row in question.shifts if row.buyer == FINAL]
    shares: Any = pd.DataFrame(0.0, sectors, sectors)
    final_shares: Any = pd.Series(0.0, sectors)
    for row in inputs:
        shares.loc[row.bought, sectors if row.buyer == EVERY else [row.buyer]] += float(row.share) / 100
    for row in final:
        final_shares[row.bought] += float(row.share) / 100
    return shares.clip(upper=1.0) if inputs else None, final_shares if final else None


def demand_of(accounts: Accounts, question: Question) -> pd.Series | None:
    """Return the change of final demand of each sector, in the unit of the table; None where not asked."""
    import pandas as pd

    if not question.demand:
        return None
    change = pd.Series(0.0, accounts.sectors)
    for row in question.demand:
        change[row.sector] += float(row.change)
    return change


def problems_of(table: InputOutputTable, question: Question) -> dict[Shift | Demand, tuple[str, str]]:
    """Return what the table has against lines of a question: the field and the reason."""
    accounts = accounts_of(table)
    found: dict[Shift | Demand, tuple[str, str]] = {}
    if accounts.domestic is None:
        found |= {shift: ("bought", str(NOT_APART)) for shift in question.shifts}
        found |= {demand: ("sector", str(NOT_APART)) for demand in question.demand}
        return found
    for shift in question.shifts:
        if problem := problem_of_shift(accounts, shift):
            found[shift] = problem
    held: Any = accounts.final_domestic.sum(axis=1)
    for demand in question.demand:
        asked = sum(float(row.change) for row in question.demand if row.sector == demand.sector)
        if -asked > held[demand.sector]:
            words = _("Less than nothing: the final demand for it is only %(held)s %(unit)s.")
            about = {"held": amount(float(held[demand.sector])), "unit": table.unit_words}
            found[demand] = ("change", words % about)
    return found


def problem_of_shift(accounts: Accounts, row: Shift) -> tuple[str, str] | None:
    """Return why there is nothing to move, or None."""
    flows: Any = accounts.final_imported if row.buyer == FINAL else accounts.imported
    if flows is None:
        return "buyer", _("What this buyer imports is not in this table.")
    cells = flows.loc[row.bought]
    imported = cells.sum() if row.buyer in (EVERY, FINAL) else cells[row.buyer]
    return None if imported > 0 else ("buyer", _("This buyer imports none of it: there is nothing to move."))


# The outcome


def result_of(table: InputOutputTable, question: Question) -> Result:
    """Return what a question brings; three queries. Errors: DoesNotConverge."""
    accounts, titles = accounts_of(table), sector_titles(table)
    shares, final_shares = shares_of(accounts, question)
    cases = three_cases(
        accounts, shares, final_shares, demand_of(accounts, question), spread=float(question.spread) / 100
    )
    names = [name for name in MEASURES if name in cases["central"].before and (name != "jobs" or table.has_jobs)]
    lines = [
        ResultLine(
            code,
            titles.get(code, code),
            {name: change_of(cases, code, name) if name in names else None for name in MEASURES},
        )
        for code in accounts.sectors
    ]
    return Result(table, question, titles, lines, replaced_imports(accounts, shares, final_shares, question))


def change_of(cases: Mapping[str, Outcome], code: str, measure: str) -> Change:
    """Return one change of one sector; a rest of rounding is no change."""
    frames: list[Any] = [cases["central"].before, *(cases[case].after for case in ("central", "low", "high"))]
    before, *after = (float(frame.at[code, measure]) for frame in frames)
    changes = [value - before for value in after]
    central, low, high = (0.0 if abs(change) <= NOTHING * max(abs(before), 1.0) else change for change in changes)
    return Change(before, central, low, high)


def replaced_imports(
    accounts: Accounts, shares: pd.DataFrame | None, final_shares: pd.Series | None, question: Question
) -> Change | None:
    """Return the value of the imports that are moved, in each case; None where none are."""
    if shares is None and final_shares is None:
        return None
    spread = float(question.spread) / 100

    def moved(times: float) -> float:
        value = 0.0
        if shares is not None:
            value += float(((shares * times).clip(upper=1.0) * accounts.require("imported")).to_numpy().sum())
        if final_shares is not None:
            held = accounts.require("final_imported").sum(axis=1)
            value += float(((final_shares * times).clip(upper=1.0) * held).sum())
        return value

    return Change(0.0, moved(1), moved(1 - spread), moved(1 + spread))


# In words


def sentences(result: Result) -> list[str]:
    """Return what the scenario would bring, as sentences with their range."""
    jobs, imports = (result.total.changes[name] for name in ("jobs", "imports"))
    found = [first_sentence(result)]
    if jobs is None:
        found.append(_("How many jobs is not in this table."))
    else:
        words = {"jobs": result.label("jobs"), **words_of(jobs, "")}
        found.append(_("%(jobs)s: %(change)s; between %(low)s and %(high)s.") % words)
    if imports is not None:
        words = words_of(imports, result.table.unit_words)
        found.append(
            _("Imports in all, those of more production included: %(change)s %(unit)s; between %(low)s and %(high)s.")
            % words
        )
    return found


def words_of(change: Change | None, unit: str) -> dict[str, str]:
    """Return the words of a change for a sentence."""
    if change is None:
        return dict.fromkeys(("change", "low", "high", "unit"), str(NOT_HELD))
    low, high = sorted((change.low, change.high))
    return {"change": signed(change.central), "low": signed(low), "high": signed(high), "unit": unit}


def first_sentence(result: Result) -> str:
    """Return the finding: what is moved or asked, and the value added it brings."""
    words = words_of(result.total.changes["value_added"], result.table.unit_words)
    if result.replaced is None:
        text = _("This final demand would change value added by %(change)s %(unit)s; between %(low)s and %(high)s.")
        return text % words
    words["replaced"] = amount(result.replaced.central)
    if result.question.demand:
        text = _(
            "%(replaced)s %(unit)s of imports replaced and this final demand would bring %(change)s %(unit)s of value"
            " added; between %(low)s and %(high)s."
        )
    else:
        text = _(
            "%(replaced)s %(unit)s of imports replaced would bring %(change)s %(unit)s of value added; between %(low)s"
            " and %(high)s."
        )
    return text % words


def lines_in_words(question: Question, titles: Mapping[str, str], unit: str) -> list[str]:
    """Return each line of a question as a sentence."""
    buyers = {EVERY: _("all sectors"), FINAL: _("final demand")}
    found = [
        _("%(share)s %% of %(input)s imported by %(buyer)s is made at home")
        % {
            "share": plain(row.share),
            "input": titles.get(row.bought, row.bought),
            "buyer": buyers.get(row.buyer) or titles.get(row.buyer, row.buyer),
        }
        for row in question.shifts
    ]
    found += [
        _("final demand for %(sector)s changes by %(change)s %(unit)s")
        % {
            "sector": titles.get(row.sector, row.sector),
            "change": ("+" if row.change > 0 else "") + f"{row.change:,f}",
            "unit": unit,
        }
        for row in question.demand
    ]
    return found


def assumptions_of(table: InputOutputTable, question: Question) -> list[str]:
    """Return what the outcome rests on and what it cannot say: the assumption card."""
    about = {"table": str(table), "unit": table.unit_words, "year": table.year, "spread": plain(question.spread)}
    kind = _("modelled, not measured") if table.source.is_modelled else _("as published by a statistical office")
    return [
        *([_("Example country: these are not figures of Cambodia.")] if table.is_example else []),
        _("Table: %(table)s; %(kind)s; unit: %(unit)s, at the prices of %(year)s.") % {**about, "kind": kind},
        _("Fixed prices: what is made at home costs what the import cost."),
        _("No limit of capacity: every sector can make at once what is asked of it."),
        _("The same technology: each sector goes on buying the same inputs for each unit it makes."),
        _("Uncertainty: every share and change could be %(spread)s %% lower or higher; a share never passes 100 %%.")
        % about,
        _("Jobs follow output at each sector's average.") if table.has_jobs else _("Jobs are not in this table."),
        _("It cannot say who could make it, at what quality, with what investment, or how long it takes."),
    ]
