"""Filters of the list of indicators; by status once it is known where each stands."""

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from capred_portal.filters import SearchFilter
from capred_portal.languages import reading_language
from indicators.models import Indicator
from indicators.standing import STATUS
from programs.filters.choices import GoalFilter
from programs.models import Program

SORTS = [
    ("level", _("Level")),
    ("title", _("Title")),
    ("status", _("Furthest behind first")),
]
RETIRED = [("yes", _("Retired")), ("all", _("All"))]


class IndicatorFilter(django_filters.FilterSet):
    """Indicators by words, level, kind, goal, program, and whether they are retired; these only when asked for."""

    FIRST = ("q", "program", "level", "goal", "status")

    q = SearchFilter()
    program = django_filters.ModelChoiceFilter(
        queryset=Program.objects.active(),
        to_field_name="slug",
        label=_("Program"),
        empty_label=_("All"),
        method="of_program",
    )
    level = django_filters.ChoiceFilter(choices=Indicator.Level, label=_("Level"), empty_label=_("Any"))
    kind = django_filters.ChoiceFilter(choices=Indicator.Kind, label=_("Kind"), empty_label=_("Any"))
    goal = GoalFilter()
    status = django_filters.ChoiceFilter(
        choices=list(STATUS.items()), label=_("Status"), empty_label=_("Any"), method="later"
    )
    retired = django_filters.ChoiceFilter(
        choices=RETIRED, label=_("In use"), empty_label=_("In use"), method="by_retirement"
    )
    sort = django_filters.ChoiceFilter(choices=SORTS, label=_("Order"), empty_label=_("As numbered"), method="in_order")

    class Meta:
        model = Indicator
        fields: list[str] = []

    @property
    def asked(self) -> dict[str, Any]:
        """What is asked for; nothing where the question makes no sense."""
        return self.form.cleaned_data if self.is_valid() else {}

    def filter_queryset(self, queryset: Any) -> Any:
        """Leave retired indicators out, unless they are asked for."""
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("retired") else rows.current()

    def by_retirement(self, rows: Any, name: str, value: str) -> Any:
        return rows if value == "all" else rows.exclude(pk__in=Indicator.objects.current().order_by().values("pk"))

    def in_order(self, rows: Any, name: str, value: str) -> Any:
        if value == "level":
            return rows.order_by("level", "order", "code")
        return rows.order_by(f"title_{reading_language()}", "title_en") if value == "title" else rows

    def later(self, rows: Any, name: str, value: str) -> Any:
        """Leave rows as they are: a status is no column."""
        return rows

    def of_program(self, rows: Any, name: str, value: Program) -> Any:
        return rows.of_program(value)
