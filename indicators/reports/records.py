"""The records behind a report: outcomes, actions, workshops and risks of a program, a few rows and how many more."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, F, Q, Window

from indicators.models import Period
from programs.filters.actions import PROGRAMS
from programs.models import Action, Outcome, Program, Risk, Workshop

CLOSED = (Action.Status.DONE, Action.Status.TO_VERIFY)


@dataclass(frozen=True)
class Listed:
    """The first rows of a list, how many rows there are, and whether any of all is invented."""

    rows: Sequence[Any]
    total: int
    has_demo: bool = False

    @property
    def more(self) -> int:
        return self.total - len(self.rows)


def listed(rows: Any, most: int) -> Listed:
    """Return the first rows in their order and the number of all, from one query."""
    invented = Window(Count("pk", filter=Q(is_demo=True)))
    found = list(rows.annotate(rows_in_all=Window(Count("pk")), invented_in_all=invented)[:most])
    return Listed(found, found[0].rows_in_all, found[0].invented_in_all > 0) if found else Listed([], 0)


def actions_of(program: Program) -> Any:
    """Return the actions that hang on a program, its workshops or what came of them, as the list of actions has it."""
    ours = reduce(or_, (Q(**{column: program}) for column in PROGRAMS))
    return Action.objects.active().filter(ours).select_related(*Action.OWNERS)


def overdue(program: Program, most: int) -> Listed:
    """Return what is late on the day the report is made, the latest first."""
    return listed(actions_of(program).overdue().order_by("due_on", "pk"), most)


def still_open(program: Program, most: int) -> Listed:
    return listed(actions_of(program).open().order_by("due_on", "pk"), most)


def closed_in(program: Program, period: Period, most: int) -> Listed:
    """Return what was closed as done in a quarter, by the day it was closed."""
    closed = actions_of(program).filter(status__in=CLOSED, closed_on__range=(period.first_day, period.last_day))
    return listed(closed.order_by("-closed_on", "-pk"), most)


def outcomes_in(program: Program, period: Period, most: int) -> Listed:
    """Return what came of the workshops of a quarter, as the figure of outcomes counts it."""
    days = (period.first_day, period.last_day)
    rows = Outcome.objects.active().filter(workshop__program=program, workshop__date__range=days)
    return listed(rows.select_related("workshop").order_by("-workshop__date", "-pk"), most)


def workshops_in(program: Program, period: Period, most: int) -> Listed:
    """Return the workshops held in a quarter, in time order."""
    held = Workshop.objects.held().filter(program=program, date__range=(period.first_day, period.last_day))
    return listed(held.select_related("province").order_by("date", "pk"), most)


def risks_of(program: Program, most: int) -> Listed:
    """Return the risks on the register, worst first."""
    severity = F("likelihood") * F("effect")
    rows = Risk.objects.active().filter(program=program)
    return listed(rows.order_by(severity.desc(), "-effect", "pk"), most)
