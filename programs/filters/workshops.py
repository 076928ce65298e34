"""Filters of the list of workshops."""

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from capred_portal.filters import QuarterFilter, SearchFilter, YearFilter
from enterprises.filters.choices import province_filter
from programs.filters.choices import GoalFilter, program_filter, theme_filter
from programs.models import Workshop

TIMES = [("held", _("Held")), ("planned", _("Planned"))]


class WorkshopFilter(django_filters.FilterSet):
    """Workshops by words, program, province, year, theme, goal and whether they were held."""

    FIRST = ("q", "program", "province", "year", "time")

    q = SearchFilter()
    program = program_filter()
    province = province_filter()
    year = YearFilter(field_name="date")
    quarter = QuarterFilter(field_name="date")
    theme = theme_filter("topics")
    goal = GoalFilter()
    time = django_filters.ChoiceFilter(choices=TIMES, label=_("When"), empty_label=_("Any"), method="in_time")

    class Meta:
        model = Workshop
        fields: list[str] = []

    def in_time(self, rows: Any, name: str, value: str) -> Any:
        return rows.held() if value == "held" else rows.planned()
