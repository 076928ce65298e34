"""Filter fields that several lists share."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from programs.models import Goal, Program, Theme, Workshop


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


class WorkshopField(forms.IntegerField):
    """A workshop by its number, as links to a list name it."""

    def in_words(self, value: int) -> Any:
        return Workshop.objects.filter(pk=value).first() or value


class WorkshopNumberFilter(django_filters.NumberFilter):
    """Rows of one workshop; a number that no workshop has keeps none."""

    field_class = WorkshopField

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": _("Workshop"), "min_value": 1, "max_value": 2**31} | kwargs)


def theme_filter(field_name: str) -> django_filters.ModelChoiceFilter:
    return django_filters.ModelChoiceFilter(
        field_name=field_name,
        queryset=Theme.objects.all(),
        label=_("Theme"),
        empty_label=_("Any"),
        null_label=_("Not stated"),
        null_value="none",
    )
