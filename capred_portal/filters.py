"""Filter fields that lists of every app share: words, years, quarters."""

import datetime
from typing import Any

import django_filters
from django import forms
from django.core.validators import RegexValidator
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from capred_portal.figures import Scope


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
        super().__init__(label=_("Search"), widget=widget, **kwargs)

    def filter(self, qs: Any, value: str) -> Any:
        return qs.search(value) if value else qs


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
