"""Filters of the lists of programs, support given and budgets."""

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from capred_portal.filters import SearchFilter, YearFilter
from programs.filters.choices import GoalFilter, program_filter
from programs.models import Program, ProgramBudget, Support


class ProgramFilter(django_filters.FilterSet):
    """Programs by words, status and goal."""

    q = SearchFilter()
    status = django_filters.ChoiceFilter(choices=Program.Status, label=_("Status"), empty_label=_("Any"))
    goal = GoalFilter()

    class Meta:
        model = Program
        fields: list[str] = []


class SupportFilter(django_filters.FilterSet):
    """Support given, by the organisation's name, program, kind and year of its first day."""

    q = SearchFilter()
    program = program_filter()
    kind = django_filters.ChoiceFilter(choices=Support.Kind, label=_("Kind"), empty_label=_("Any"))
    year = YearFilter(field_name="starts_on")

    class Meta:
        model = Support
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["q"].label = _("Organisation")


class BudgetFilter(django_filters.FilterSet):
    """Budgets of programs, by program and currency."""

    program = program_filter()
    currency = django_filters.ChoiceFilter(choices=ProgramBudget.Currency, label=_("Currency"), empty_label=_("Any"))

    class Meta:
        model = ProgramBudget
        fields: list[str] = []
