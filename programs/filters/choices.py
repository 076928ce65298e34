"""Filter fields that several lists share."""

import datetime
from typing import Any

import django_filters
from django import forms
from django.core.validators import RegexValidator
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
    """Rows that serve a goal or one of its sides; `?goal=any` keeps rows that serve any goal."""

    def __init__(self, **kwargs: Any) -> None:
        labels = {
            "label": _("Goal served"),
            "empty_label": _("All"),
            "null_label": _("Any goal"),
            "null_value": "any",
        }
        super().__init__(queryset=goal_choices, **labels, **kwargs)

    def filter(self, qs: Any, value: Any) -> Any:
        return qs.filter(pk__in=serving(qs.model, value)) if value else qs


def serving(model: Any, goal: Goal | str) -> QuerySet:
    """Return the ids of the rows of a model that serve the goal or a part of it ("any": any goal)."""
    links: QuerySet = model.goals.through.objects.all()
    if isinstance(goal, Goal):
        links = links.filter(goal__in=Goal.objects.filter(Q(pk=goal.pk) | Q(parent=goal)).order_by().values("pk"))
    return links.values(f"{model._meta.model_name}_id")


def program_filter(field_name: str = "program", **kwargs: Any) -> django_filters.ModelChoiceFilter:
    return django_filters.ModelChoiceFilter(
        field_name=field_name,
        queryset=Program.objects.active(),
        to_field_name="slug",
        label=_("Program"),
        empty_label=_("Any"),
        **kwargs,
    )


def province_filter(field_name: str = "province", **kwargs: Any) -> django_filters.ModelChoiceFilter:
    """Filter by province; `?province=none` keeps rows that state none."""
    return django_filters.ModelChoiceFilter(
        field_name=field_name,
        queryset=Province.objects.all(),
        label=_("Province"),
        empty_label=_("Any"),
        null_label=_("Not stated"),
        null_value="none",
        **kwargs,
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


class QuarterFilter(django_filters.CharFilter):
    """Rows of one quarter, written 2024-Q3."""

    def __init__(self, **kwargs: Any) -> None:
        pattern = RegexValidator(r"^(19|20)\d\d-Q[1-4]$", _("Write a quarter as 2024-Q3."))
        super().__init__(label=_("Quarter"), validators=[pattern], **kwargs)

    def filter(self, qs: Any, value: str) -> Any:
        if not value:
            return qs
        year, quarter = value.split("-Q")
        first = datetime.date(int(year), 3 * int(quarter) - 2, 1)
        after = (first + datetime.timedelta(days=92)).replace(day=1)
        return qs.filter(**{f"{self.field_name}__gte": first, f"{self.field_name}__lt": after})
