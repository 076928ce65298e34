"""A program's money as its page shows it: currency by currency, the years in order, with their sums."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from capred_portal.figures import REGISTRY, Figure, Scope
from programs.models import Program, ProgramBudget, share_spent


@dataclass(frozen=True)
class CurrencyBudget:
    """The lines of one currency: one for the whole program, or one for each year and then their sums."""

    title: str
    lines: Sequence[ProgramBudget]
    budget: Figure | None = None
    spent: Figure | None = None

    @property
    def spent_pct(self) -> Decimal | None:
        """The share of all years' budgets that is spent; None where a year tells what it spent but not its budget."""
        if self.budget is None or self.spent is None or any(each.budget is None for each in self.lines):
            return None
        return share_spent(self.budget.value, self.spent.value)


def budgets_of(program: Program, role: str) -> list[CurrencyBudget]:
    """Return the program's money in each currency; sums are the figures, which leave archived programs out."""
    found = [(title, list(lines)) for title, lines in groupby(program.budgets.all(), title_of)]
    sums: list[dict[str, Figure]] = [{}, {}]
    if not program.is_archived and any(not lines[0].is_whole for _title, lines in found):
        scope = Scope(role, {"program": program.slug, "by": "currency"})
        sums = [REGISTRY[code].figures(scope) for code in ("program-budget", "program-spent")]
    return [
        CurrencyBudget(title, lines, *(each.get(lines[0].currency) for each in sums if not lines[0].is_whole))
        for title, lines in found
    ]


def title_of(line: ProgramBudget) -> str:
    return str(line.get_currency_display())
