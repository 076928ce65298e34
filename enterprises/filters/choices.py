"""Filter fields over places and sectors that several lists share."""

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from enterprises.models import Province


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
