"""Filters of the board and the table of actions."""

from typing import Any

import django_filters
from django import forms
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from capred_portal.access import may
from capred_portal.filters import SearchFilter, YearFilter, quarter_in
from enterprises.filters.choices import province_filter
from programs.filters.choices import GoalFilter, WorkshopNumberFilter, program_filter, serving
from programs.filters.people import AnswerFilter
from programs.models import Action, Goal, Outcome, Person, Program, Workshop

PUNCTUAL = [("on-time", _("On or before the due date")), ("late", _("After the due date"))]
PROGRAMS = ("program", "workshop__program", "outcome__workshop__program")


def hidden(**kwargs: Any) -> django_filters.CharFilter:
    """Return a filter that comes from links, not from the form's visible part, and stays when the form is sent."""
    return django_filters.CharFilter(widget=forms.HiddenInput, **kwargs)


class ActionGoalFilter(GoalFilter):
    """Actions that hang on something that serves a goal or one of its sides."""

    def filter(self, qs: Any, value: Goal | str | None) -> Any:
        return qs.filter(hanging_on_what_serves(value)) if value else qs


def hanging_on_what_serves(goal: Goal | str) -> Q:
    """Return the condition that an action hangs on something that serves the goal or one of its sides."""
    return (
        Q(outcome__in=serving(Outcome, goal))
        | Q(workshop__in=serving(Workshop, goal))
        | Q(program__in=serving(Program, goal))
    )


class ActionFilter(django_filters.FilterSet):
    """Actions by words, owner, status, priority, lateness, program, goal, province and year of the due date."""

    FIRST = ("q", "owner", "status", "program", "overdue")

    q = SearchFilter()
    owner = django_filters.ChoiceFilter(
        choices=[("me", _("Mine"))], label=_("Owner"), empty_label=_("Any"), method="mine"
    )
    status = django_filters.ChoiceFilter(choices=Action.Status, label=_("Status"), empty_label=_("Any"))
    priority = django_filters.ChoiceFilter(choices=Action.Priority, label=_("Priority"), empty_label=_("Any"))
    program = program_filter(method="of_program")
    goal = ActionGoalFilter()
    province = province_filter(method="in_province")
    year = YearFilter(field_name="due_on")
    quarter = quarter_in("due_on")
    overdue = django_filters.BooleanFilter(
        label=_("Only overdue"), method="only_overdue", widget=forms.CheckboxInput(attrs={"value": "1"})
    )
    open = hidden(method="only_open")
    owned = hidden(method="of_a_person")
    sex = AnswerFilter("owner_person__sex", Person.Sex, _("Sex of the owner"), widget=forms.HiddenInput)
    done = django_filters.ChoiceFilter(choices=PUNCTUAL, widget=forms.HiddenInput, method="closed")
    workshop = WorkshopNumberFilter(widget=forms.HiddenInput, method="of_workshop")
    view = hidden(method="as_shown")

    class Meta:
        model = Action
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.request is not None and not may(self.request.user, "people.read"):
            del self.filters["sex"]

    def as_shown(self, rows: Any, name: str, value: str) -> Any:
        """Board or table: both show the same rows."""
        return rows

    def closed(self, rows: Any, name: str, value: str) -> Any:
        """Keep actions done on time, or done late."""
        done = rows.filter(status=Action.Status.DONE)
        return done.filter(closed_on__lte=F("due_on")) if value == "on-time" else done.filter(closed_on__gt=F("due_on"))

    def of_a_person(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(owner_person__isnull=False)

    def in_province(self, rows: Any, name: str, value: Any) -> Any:
        """Keep actions whose workshop was in the province; those without a workshop state none."""
        if value == "none":
            return rows.filter(workshop__province=None, outcome__workshop__province=None)
        return rows.filter(Q(workshop__province=value) | Q(outcome__workshop__province=value))

    def mine(self, rows: Any, name: str, value: str) -> Any:
        return rows.owned_by(self.request.user) if self.request else rows

    def of_program(self, rows: Any, name: str, value: Program) -> Any:
        condition = Q()
        for column in PROGRAMS:
            condition |= Q(**{column: value})
        return rows.filter(condition)

    def of_workshop(self, rows: Any, name: str, value: Any) -> Any:
        return rows.of_workshop(int(value))

    def only_open(self, rows: Any, name: str, value: str) -> Any:
        return rows.open()

    def only_overdue(self, rows: Any, name: str, value: bool) -> Any:
        return rows.overdue() if value else rows
