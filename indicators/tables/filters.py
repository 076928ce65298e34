"""Filters that the tables of indicators share: by indicator, program, period and province."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from enterprises.filters.choices import province_filter
from indicators.filters.indicators import IndicatorFilter
from indicators.listed import statuses
from indicators.models import Indicator, Period
from programs.filters.choices import program_filter


class IndicatorStatusFilter(IndicatorFilter):
    """The filters of the list of indicators, with the status as a condition on rows."""

    def later(self, rows: Any, name: str, value: str) -> Any:
        """Keep indicators of which a line, of the program asked for or of any, stands so."""
        found = statuses(Indicator.objects.active(), self.form.cleaned_data.get("program"))
        return rows.filter(pk__in=[key for key, told in found.items() if value in told])


def indicator_filter(path: str = "indicator") -> django_filters.ModelChoiceFilter:
    return django_filters.ModelChoiceFilter(
        field_name=path,
        queryset=Indicator.objects.active(),
        to_field_name="code",
        label=_("Indicator"),
        empty_label=_("Any"),
    )


def periods(request: Any) -> QuerySet[Any]:
    return Period.objects.order_by("-first_day", "kind")


def period_filter(path: str = "period") -> django_filters.ModelChoiceFilter:
    return django_filters.ModelChoiceFilter(
        field_name=path, queryset=periods, to_field_name="code", label=_("Period"), empty_label=_("Any")
    )


def of_values(path: str = "") -> dict[str, Any]:
    """Return the filters of what is told of values; `path` leads to the value, with its underscores."""
    return {
        "indicator": indicator_filter(f"{path}indicator"),
        "program": program_filter(f"{path}program"),
        "period": period_filter(f"{path}period"),
        "province": province_filter(f"{path}province"),
    }
