"""Filters of the list of reporting rounds."""

import django_filters
from django.utils.translation import gettext_lazy as _

from indicators.models import ReportingRound
from programs.filters.choices import program_filter


class RoundFilter(django_filters.FilterSet):
    """Rounds by program and status."""

    program = program_filter()
    status = django_filters.ChoiceFilter(choices=ReportingRound.Status, label=_("Status"), empty_label=_("Any"))

    class Meta:
        model = ReportingRound
        fields: list[str] = []
