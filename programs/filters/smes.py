"""Filter of the enterprises that support or a workshop has reached."""

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from capred_portal.filters import SearchFilter, YearFilter, quarter_in
from capred_portal.periods import Days, days_asked
from enterprises.filters.choices import SectorFilter, province_filter
from enterprises.models import Enterprise
from enterprises.sizes import RANKS
from programs.filters.choices import program_filter
from programs.models import Attendance, Support

SMES = [RANKS[size_class] for size_class in ("micro", "small", "medium")]
WAYS = [
    ("support", _("By support")),
    ("workshop", _("By a workshop")),
    ("both", _("By both")),
]


def firms_supported(program: Any = None, days: Days | None = None) -> Any:
    """Return the ids of firms that a program supported; an organisation that is a firm of the register is that firm."""
    rows: Any = Support.objects.standing().with_receiver()
    rows = rows.filter(firm__isnull=False)
    rows = rows.filter(program=program) if program else rows
    rows = rows.filter(starts_on__range=days) if days else rows
    return rows.order_by().values("firm")


def firms_at_workshops(program: Any = None, days: Days | None = None) -> Any:
    """Return the ids of firms for whose organisation somebody came to a workshop."""
    rows = Attendance.objects.attended()
    rows = rows.filter(workshop__program=program) if program else rows
    rows = rows.filter(workshop__date__range=days) if days else rows
    return Enterprise.objects.filter(organisation__in=rows.order_by().values("organisation")).order_by().values("pk")


class SmeFilter(django_filters.FilterSet):
    """Micro, small and medium enterprises that were reached, by the way, program and period."""

    q = SearchFilter()
    way = django_filters.ChoiceFilter(choices=WAYS, label=_("Reached"), empty_label=_("By either"), method="as_given")
    program = program_filter(method="as_given")
    year = YearFilter(method="as_given")
    quarter = quarter_in(method="as_given")
    province = province_filter()
    sector = SectorFilter(field_name="sector")

    class Meta:
        model = Enterprise
        fields: list[str] = []

    @property
    def when(self) -> tuple[Any, Days | None]:
        """The program and the days that were asked for."""
        asked = self.form.cleaned_data
        return asked.get("program"), days_asked(asked.get("year") or "", asked.get("quarter") or "")

    def filter_queryset(self, queryset: Any) -> Any:
        """Keep the enterprises that were reached in this way, then narrow them; SMEs alone are kept."""
        asked = self.form.cleaned_data
        supported, came = (find(*self.when) for find in (firms_supported, firms_at_workshops))
        way = asked.get("way")
        if way in ("support", "both"):
            queryset = queryset.filter(pk__in=supported)
        if way in ("workshop", "both"):
            queryset = queryset.filter(pk__in=came)
        if not way:
            queryset = queryset.filter(pk__in=supported.union(came))
        return super().filter_queryset(queryset.with_size().filter(size_rank__in=SMES))

    def as_given(self, rows: Any, name: str, value: Any) -> Any:
        """Leave the rows: `filter_queryset` reads this one first."""
        return rows
