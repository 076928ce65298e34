"""The money of a program in IATI: a budget for each year, and what was spent in it as one expenditure."""

import datetime as dt
from functools import partial
from xml.etree.ElementTree import Element, SubElement

from django.utils.translation import gettext as _

from indicators.program_values import exact_text
from indicators.standards.narratives import in_both, narrated
from programs.models import Program, ProgramBudget, year_from

ORIGINAL, INDICATIVE = "1", "1"  # of budgets: BudgetType, BudgetStatus
EXPENDITURE = "4"  # TransactionType: outlay on goods, services and overheads of the activity

Days = tuple[dt.date, dt.date]


def days_of(program: Program, line: ProgramBudget) -> Days | None:
    """Return the days a line is of: its year's, or the program's where it states both."""
    about = program if line.is_whole else line
    return (about.starts_on, about.ends_on) if about.starts_on and about.ends_on else None


def is_too_long(days: Days) -> bool:
    """Tell whether a period is longer than IATI allows that of a budget."""
    return days[1] > year_from(days[0])


def spent_on(program: Program, line: ProgramBudget, today: dt.date) -> dt.date | None:
    """Return the day of the expenditure of a line: by when it was counted, inside the line's year.

    What was spent in a longer time has no such day, nor what nobody dated or dated before the year or after today.
    """
    days = days_of(program, line)
    if not line.spent or line.as_of is None or days is None or is_too_long(days):
        return None
    day = min(line.as_of, days[1])
    return day if days[0] <= day <= today else None


def add_budgets(top: Element, program: Program, lines: list[ProgramBudget], today: dt.date) -> None:
    """Add each year's budget, or that of a whole program of a year; without days, or for longer, IATI has no place."""
    for line in lines:
        days = days_of(program, line)
        if line.budget is None or days is None or is_too_long(days):
            continue
        element = SubElement(top, "budget", {"type": ORIGINAL, "status": INDICATIVE})
        SubElement(element, "period-start", {"iso-date": str(days[0])})
        SubElement(element, "period-end", {"iso-date": str(days[1])})
        about = {"currency": line.currency, "value-date": str(min(line.as_of or days[0], today))}
        SubElement(element, "value", about).text = exact_text(line.budget)


def add_spending(top: Element, program: Program, lines: list[ProgramBudget], today: dt.date) -> None:
    """Add what was spent in each year as one expenditure; so all of them make what was spent so far, once."""
    for line in lines:
        day, days = spent_on(program, line, today), days_of(program, line)
        if line.spent is None or day is None or days is None:
            continue
        element = SubElement(top, "transaction")
        SubElement(element, "transaction-type", {"code": EXPENDITURE})
        SubElement(element, "transaction-date", {"iso-date": str(day)})
        about = {"currency": line.currency, "value-date": str(day)}
        SubElement(element, "value", about).text = exact_text(line.spent)
        narrated(element, "description", in_both(partial(spent_words, days[0], day)))


def spent_words(first: dt.date, last: dt.date, _language: str) -> str:
    """Return that the amount is a sum, and over which days."""
    return _("All that was spent from %(first)s to %(last)s, as one amount.") % {"first": first, "last": last}
