"""Filters of the list of questions, and which questions stand."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from capred_portal.filters import YearFilter, quarter_in
from capred_portal.models import Comment
from programs.filters.choices import program_filter
from programs.models import Action, Outcome, Program, Workshop

STATES = [("open", _("Open")), ("answered", _("Answered")), ("all", _("Open and answered"))]
PLACES = [("workshop", _("A workshop")), ("outcome", _("An outcome")), ("action", _("An action"))]


def threads_of(*, workshop: Q | None = None, outcome: Q | None = None, action: Q | None = None) -> Q:
    """Return the condition that a comment hangs on a record that stands and meets its condition."""
    places = ((Workshop, workshop), (Outcome, outcome), (Action, action))
    found = Q(pk=None)
    for model, condition in places:
        if condition is not None:
            rows = model.objects.active().filter(condition, thread__isnull=False).order_by()
            found |= Q(thread__in=rows.values("thread"))
    return found


def standing_questions() -> QuerySet[Comment]:
    """Return the questions on workshops, outcomes and actions that are not archived."""
    return Comment.objects.questions().filter(threads_of(workshop=Q(), outcome=Q(), action=Q()))


class QuestionFilter(django_filters.FilterSet):
    """Questions by words, state, place, program and year; only open ones unless asked otherwise."""

    q = django_filters.CharFilter(
        field_name="text", lookup_expr="icontains", label=_("Search"), widget=forms.TextInput(attrs={"type": "search"})
    )
    state = django_filters.ChoiceFilter(choices=STATES, label=_("State"), empty_label=None, method="in_state")
    place = django_filters.ChoiceFilter(choices=PLACES, label=_("Asked about"), empty_label=_("Any"), method="about")
    who = django_filters.ChoiceFilter(
        choices=[("me", _("My questions"))], label=_("Asked by"), empty_label=_("Anybody"), method="asked_by"
    )
    program = program_filter(method="of_program")
    workshop = django_filters.NumberFilter(widget=forms.HiddenInput, method="of_workshop", min_value=1, max_value=2**31)
    year = YearFilter(field_name="created_at__date")
    quarter = quarter_in("created_at__date")

    class Meta:
        model = Comment
        fields: list[str] = []

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        data = data.copy() if data is not None else {}
        if not data.get("state"):
            data["state"] = "open"
        super().__init__(data, *args, **kwargs)

    def about(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(threads_of(**{value: Q()}))

    def asked_by(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(created_by=self.request.user) if self.request else rows

    def in_state(self, rows: Any, name: str, value: str) -> Any:
        answered = Exists(Comment.objects.active().filter(answers=OuterRef("pk")))
        if value == "open":
            return rows.exclude(answered)
        return rows.filter(answered) if value == "answered" else rows

    def of_program(self, rows: Any, name: str, value: Program) -> Any:
        """Keep questions about a program's workshops, and about what came out of them."""
        out_of = Q(workshop__program=value)
        action = Q(program=value) | out_of | Q(outcome__workshop__program=value)
        return rows.filter(threads_of(workshop=Q(program=value), outcome=out_of, action=action))

    def of_workshop(self, rows: Any, name: str, value: Any) -> Any:
        """Keep questions about one workshop, and about what came out of it."""
        pk = int(value)
        action = Q(workshop=pk) | Q(outcome__workshop=pk)
        return rows.filter(threads_of(workshop=Q(pk=pk), outcome=Q(workshop=pk), action=action))
