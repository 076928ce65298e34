"""Filters that lists of every app share: words, years, quarters; and which of a list's filters are shown first."""

from typing import Any, NamedTuple

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from capred_portal.access import may
from capred_portal.figures import Scope
from capred_portal.filter_words import NO_FILTERS
from capred_portal.matching import ascii_digits
from capred_portal.periods import QUARTER, days_of

LONGEST_SEARCH = 300  # characters: SQLite compares with no pattern of 50,000
MOST_SHOWN = 6  # filters of a list; where it has more, those it names FIRST are shown, and the others when asked for


class Fields(NamedTuple):
    """The filters of a list as its form shows them, those in sight and the others, and how many of them are set.

    `is_part` tells whether a link brought more of them, which the form carries along out of sight.
    """

    shown: list[BoundField]
    others: list[BoundField]
    is_part: bool

    @property
    def count_of_all(self) -> int:
        return sum(is_set(field) for field in self.shown) + self.count_of_others

    @property
    def count_of_others(self) -> int:
        return sum(is_set(field) for field in self.others)


def fields_of(filters: django_filters.FilterSet) -> Fields:
    """Return the filters of a list in two parts; a list with few of them has one."""
    fields = {field.name: field for field in filters.form.visible_fields()}
    first = [name for name in getattr(filters, "FIRST", fields) if name in fields]
    if len(fields) <= MOST_SHOWN:
        first = list(fields)
    others = [field for name, field in fields.items() if name not in first]
    brought = [field for field in filters.form.hidden_fields() if field.name not in NO_FILTERS]
    return Fields([fields[name] for name in first], others, any(map(is_set, brought)))


def is_set(field: BoundField) -> bool:
    """Tell whether something is chosen in a field; of a choice without a blank the first is what nobody chose."""
    value = field.value()
    choices = getattr(field.field, "choices", None)
    if choices is not None and field.errors:  # no list shows what is none of its choices
        return False
    if choices is not None and getattr(field.field, "empty_label", "") is None:
        return bool(value) and str(value) != str(next(iter(choices))[0])
    return bool(value)


def filtered(filter_class: Any, rows: Any, scope: Scope) -> Any:
    """Return the rows of a list under a figure's scope, through the list's own filters."""
    params = {name: value for name, value in scope.params.items() if name != "by"}
    chosen = filter_class(params, rows)
    if not chosen.is_valid():
        raise Http404(str(chosen.errors))
    return chosen.qs.order_by()


class SearchFilter(django_filters.CharFilter):
    """Search in both languages, whatever the case and the spacing."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"type": "search"})
        super().__init__(label=_("Search"), widget=widget, max_length=LONGEST_SEARCH, **kwargs)

    def filter(self, qs: Any, value: str) -> Any:
        if not value:
            return qs
        request = self.parent.request
        return qs.search(value) if request is None or may(request.user, "firm.read") else qs.search_names(value)


class YearField(forms.CharField):
    """A calendar year (2024) or an Australian one (2024-25: July 2024 to June 2025), in any digits."""

    default_error_messages = {"invalid": _("Write a year as 2024, or as 2024-25 for July 2024 to June 2025.")}

    def to_python(self, value: Any) -> str:
        year = ascii_digits(str(super().to_python(value) or "")).replace("/", "-").replace("–", "-")
        if year and QUARTER.fullmatch(year):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return checked(year, self.error_messages["invalid"])


class QuarterField(forms.CharField):
    """A quarter, written 2024-Q3, in any digits."""

    default_error_messages = {"invalid": _("Write a quarter as 2024-Q3.")}

    def to_python(self, value: Any) -> str:
        quarter = ascii_digits(str(super().to_python(value) or "")).upper()
        if quarter and not QUARTER.fullmatch(quarter):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return checked(quarter, self.error_messages["invalid"])


def checked(period: str, words: Any) -> str:
    """Return a period that is one, or blank."""
    try:
        if period:
            days_of(period)
    except ValueError as error:
        raise ValidationError(words, code="invalid") from error
    return period


class PeriodFilter(django_filters.Filter):
    """Rows of one period, as a range of dates so that the index helps."""

    def filter(self, qs: Any, value: str) -> Any:
        return qs.filter(**{f"{self.field_name}__range": days_of(value)}) if value else qs


class YearFilter(PeriodFilter):
    """Rows of one calendar year (2024) or Australian year (2024-25)."""

    field_class = YearField

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"size": 7, "maxlength": 7, "placeholder": "2024, 2024-25"})
        super().__init__(**{"label": _("Year"), "widget": widget} | kwargs)


class QuarterFilter(PeriodFilter):
    """Rows of one quarter, written 2024-Q3."""

    field_class = QuarterField

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": _("Quarter")} | kwargs)


def quarter_in(field_name: str = "", **kwargs: Any) -> QuarterFilter:
    """Return a filter by quarter that comes from links, not from the form's visible part."""
    names = {"field_name": field_name} if field_name else {}
    return QuarterFilter(widget=forms.HiddenInput, **names, **kwargs)
