"""Filter of the certificates that enterprises gained after a program had supported them."""

from typing import Any

from django.db.models import Exists, OuterRef

from capred_portal.filters import YearFilter, quarter_in
from enterprises.filters.quality import CertificateFilter
from enterprises.models import Certificate
from programs.filters.choices import program_filter
from programs.models import Support


class GainedCertificateFilter(CertificateFilter):
    """Certificates issued on or after the first day of a support, by the program that gave it and the day of issue."""

    FIRST = ("q", "standard", "sector", "program", "year")

    program = program_filter(method="as_given")
    year = YearFilter(field_name="issued_on")
    quarter = quarter_in("issued_on")

    class Meta:
        model = Certificate
        fields: list[str] = []

    def filter_queryset(self, queryset: Any) -> Any:
        """Keep certificates of firms that the program, or any, had supported by the day of issue, then narrow them."""
        support: Any = Support.objects.standing().with_receiver()
        if program := self.form.cleaned_data.get("program"):
            support = support.filter(program=program)
        before = support.filter(firm=OuterRef("enterprise"), starts_on__lte=OuterRef("issued_on")).order_by()
        return super().filter_queryset(queryset.filter(Exists(before)))

    def as_given(self, rows: Any, name: str, value: Any) -> Any:
        """Leave the rows: `filter_queryset` reads this one first."""
        return rows
