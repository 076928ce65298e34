"""Filters of the register of outcomes."""

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from capred_portal.filters import SearchFilter, YearFilter, quarter_in
from enterprises.filters.choices import province_filter
from programs.filters.choices import GoalFilter, program_filter, theme_filter
from programs.models import Outcome


class OutcomeFilter(django_filters.FilterSet):
    """Outcomes by words, kind, stage, theme, goal, program, province and year of the workshop."""

    FIRST = ("q", "kind", "stage", "program", "year")

    q = SearchFilter()
    kind = django_filters.ChoiceFilter(choices=Outcome.Kind, label=_("Kind"), empty_label=_("Any"))
    stage = django_filters.ChoiceFilter(
        choices=[*Outcome.Stage.choices, ("none", _("No stage"))],
        label=_("Stage"),
        empty_label=_("Any"),
        method="at_stage",
    )
    theme = theme_filter("theme")
    goal = GoalFilter()
    program = program_filter("workshop__program")
    province = province_filter("workshop__province")
    year = YearFilter(field_name="workshop__date")
    quarter = quarter_in("workshop__date")

    class Meta:
        model = Outcome
        fields: list[str] = []

    def at_stage(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(stage="" if value == "none" else value)
