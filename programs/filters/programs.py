"""Filters of the lists of programs, support given and budgets."""

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from capred_portal.access import may
from capred_portal.filters import SearchFilter, YearFilter, quarter_in
from enterprises.filters.choices import province_filter
from enterprises.filters.owners import OwnerFilter
from enterprises.models import Enterprise
from programs.filters.choices import GoalFilter, program_filter
from programs.models import Currency, Program, ProgramBudget, Support

RECEIVERS = [("enterprise", _("Enterprises")), ("organisation", _("Groups and organisations"))]


class ProgramFilter(django_filters.FilterSet):
    """Programs by words, status and goal."""

    q = SearchFilter()
    status = django_filters.ChoiceFilter(choices=Program.Status, label=_("Status"), empty_label=_("Any"))
    goal = GoalFilter()

    class Meta:
        model = Program
        fields: list[str] = []


class ReceiverOwnerFilter(OwnerFilter):
    """Support by what the firm that received it says of its owners."""

    def filter(self, qs: Any, value: str) -> Any:
        firms = super().filter(Enterprise.objects.all(), value)
        return qs.with_receiver().filter(firm__in=firms.order_by().values("pk")) if value else qs


class SupportFilter(django_filters.FilterSet):
    """Support given, by the receiver's name, kind and province, program, kind of support, and when it began."""

    q = SearchFilter()
    receiver = django_filters.ChoiceFilter(
        choices=RECEIVERS, label=_("Given to"), empty_label=_("Any"), method="given_to"
    )
    enterprise = django_filters.NumberFilter(
        field_name="enterprise_id", label=_("Enterprise"), min_value=1, max_value=2**62, widget=forms.HiddenInput
    )
    program = program_filter()
    province = province_filter(method="in_province")
    women = ReceiverOwnerFilter("women", widget=forms.HiddenInput)
    disability = ReceiverOwnerFilter("disability", widget=forms.HiddenInput)
    kind = django_filters.ChoiceFilter(choices=Support.Kind, label=_("Kind"), empty_label=_("Any"))
    year = YearFilter(field_name="starts_on")
    quarter = quarter_in("starts_on")

    class Meta:
        model = Support
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["q"].label = _("Enterprise or organisation")
        self.filters["province"].label = _("Province of the enterprise")
        if self.request is not None and not may(self.request.user, "firm.read"):
            del self.filters["women"], self.filters["disability"]

    def in_province(self, rows: Any, name: str, value: Any) -> Any:
        """Keep what firms of a province received."""
        firms = Enterprise.objects.filter(province=None if value == "none" else value)
        return rows.with_receiver().filter(firm__in=firms.order_by().values("pk"))

    def given_to(self, rows: Any, name: str, value: str) -> Any:
        """Keep what firms received, or what others did; an organisation that is a firm of the register is a firm."""
        return rows.with_receiver().filter(firm__isnull=value != "enterprise")


class BudgetFilter(django_filters.FilterSet):
    """Budgets of programs, by program, currency, and the year in which their own year begins."""

    program = program_filter()
    currency = django_filters.ChoiceFilter(choices=Currency, label=_("Currency"), empty_label=_("Any"))
    year = YearFilter(field_name="starts_on", label=_("Year that begins in"))

    class Meta:
        model = ProgramBudget
        fields: list[str] = []
