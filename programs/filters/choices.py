"""Filter fields that several lists share."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from enterprises.models import Province
from programs.models import Goal, Program, Theme


class SearchFilter(django_filters.CharFilter):
    """Search in both languages, whatever the case and the spacing."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"type": "search"})
        super().__init__(label=_("Search"), widget=widget, **kwargs)

    def filter(self, qs: Any, value: str) -> Any:
        return qs.search(value) if value else qs


def goal_choices(request: Any) -> QuerySet[Goal]:
    """Goals that can be served, with their strategies."""
    return Goal.objects.servable().select_related("framework")


class GoalFilter(django_filters.ModelChoiceFilter):
    """Rows that serve a goal or one of its sides."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=goal_choices, label=_("Goal served"), empty_label=_("Any"), **kwargs)

    def filter(self, qs: Any, value: Goal | None) -> Any:
        if value is None:
            return qs
        return qs.filter(pk__in=serving(qs.model, value))


def serving(model: Any, goal: Goal) -> QuerySet:
    """Return the ids of the rows of a model that serve the goal or a part of it, each once."""
    return model.objects.filter(Q(goals=goal) | Q(goals__parent=goal)).values("pk")


def program_filter(field_name: str = "program") -> django_filters.ModelChoiceFilter:
    return django_filters.ModelChoiceFilter(
        field_name=field_name,
        queryset=Program.objects.active(),
        to_field_name="slug",
        label=_("Program"),
        empty_label=_("Any"),
    )


def province_filter(field_name: str = "province") -> django_filters.ModelChoiceFilter:
    """Filter by province; `?province=none` keeps rows that state none."""
    return django_filters.ModelChoiceFilter(
        field_name=field_name,
        queryset=Province.objects.all(),
        label=_("Province"),
        empty_label=_("Any"),
        null_label=_("Not stated"),
        null_value="none",
    )


def theme_filter(field_name: str) -> django_filters.ModelChoiceFilter:
    return django_filters.ModelChoiceFilter(
        field_name=field_name,
        queryset=Theme.objects.all(),
        label=_("Theme"),
        empty_label=_("Any"),
        null_label=_("Not stated"),
        null_value="none",
    )


class YearFilter(django_filters.NumberFilter):
    """Rows of one calendar year, as a range of dates so that the index helps."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Year"), min_value=1990, max_value=2100, **kwargs)

    def filter(self, qs: Any, value: Any) -> Any:
        if value is None:
            return qs
        year = int(value)
        return qs.filter(**{f"{self.field_name}__range": (f"{year}-01-01", f"{year}-12-31")})
