"""Filters of what waits for a signature."""

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from indicators.models import Indicator, Observation, Period
from indicators.review_queue import drafts_of, shown_of, waiting_for
from programs.filters.choices import program_filter

PARTS = [("waiting", _("To sign")), ("mine", _("My drafts"))]


class ReviewFilter(django_filters.FilterSet):
    """Values by program, period and indicator."""

    show = django_filters.ChoiceFilter(choices=PARTS, widget=forms.HiddenInput, method="as_shown")
    program = program_filter()
    period = django_filters.ModelChoiceFilter(
        queryset=Period.objects.order_by("-first_day", "kind"),
        to_field_name="code",
        label=_("Period"),
        empty_label=_("Any"),
    )
    indicator = django_filters.ModelChoiceFilter(
        queryset=Indicator.objects.active().exclude(kind=Indicator.Kind.EXTERNAL),
        to_field_name="code",
        label=_("Indicator"),
        empty_label=_("Any"),
    )

    class Meta:
        model = Observation
        fields: list[str] = []

    def as_shown(self, rows: object, name: str, value: str) -> object:
        """Which of the two lists: the rows were chosen by it before."""
        return rows


class WaitingFilter(ReviewFilter):
    """The same, over what waits for the reader, or the drafts of the reader where `show` asks for them."""

    def filter_queryset(self, queryset: Any) -> Any:
        reader = self.request.user
        signs = shown_of(reader, self.form.cleaned_data.get("show") or "") == "waiting"
        mine = waiting_for(reader) if signs else drafts_of(reader)
        return super().filter_queryset(queryset.filter(pk__in=mine.order_by().values("pk")))
