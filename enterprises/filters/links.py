"""Filters of the ledger of links; a day asks how it stood then."""

import datetime
from typing import Any

import django_filters
from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from capred_portal.access import may
from capred_portal.filters import QuarterFilter, SearchFilter, YearFilter
from capred_portal.form_fields import KhmerDateField
from capred_portal.periods import days_asked
from enterprises.filters.choices import SectorFilter, province_filter
from enterprises.filters.owners import OwnerFilter
from enterprises.hs import chapter_choices
from enterprises.models import Cluster, ClusterMembership, SupplyLink

YES_NO = [("yes", _("Yes")), ("no", _("No"))]
ANSWERS = [*YES_NO, ("none", _("Not stated"))]
SORTS = {
    "date": ("-since_then", "-pk"),
    "supplier": ("supplier__name_en_key", "supplier__name_km_key", "-pk"),
    "buyer": ("buyer__name_en_key", "buyer__name_km_key", "-pk"),
    "product": ("hs_code", "-pk"),
}
SORT_NAMES = [
    ("date", _("Latest stage first")),
    ("supplier", _("Supplier")),
    ("buyer", _("Buyer")),
    ("product", _("HS code")),
]
BY_VALUE = ("value", _("Highest value first"))


def number_in(name: str, label: Any) -> django_filters.NumberFilter:
    """Return a filter by the number of a firm; it comes from links and stays when the form is sent."""
    limits = {"min_value": 1, "max_value": 2**62}
    return django_filters.NumberFilter(field_name=name, label=label, widget=forms.HiddenInput, **limits)


class DayFilter(django_filters.Filter):
    """A day, written as in our forms."""

    field_class = KhmerDateField


class LinkFilter(django_filters.FilterSet):
    """Links by words, stage, first order, firms, place, sector, product and what is known of them.

    `on` is a day: stages and values are then those of that day. Place and sector are the supplier's.
    """

    FIRST: tuple[str, ...] = ("q", "stage", "province", "sector", "sort")

    q = SearchFilter()
    stage = django_filters.ChoiceFilter(
        field_name="stage_then", choices=SupplyLink.Stage, label=_("Stage"), empty_label=_("Any")
    )
    alive = django_filters.ChoiceFilter(choices=YES_NO, label=_("Alive"), empty_label=_("Any"), method="that_live")
    year = YearFilter(field_name="made_on")
    quarter = QuarterFilter(field_name="made_on")
    replaces = django_filters.ChoiceFilter(
        choices=ANSWERS, label=_("Replaces an import"), empty_label=_("Any"), method="that_replace"
    )
    verified = django_filters.ChoiceFilter(
        choices=YES_NO, label=_("Verified"), empty_label=_("Any"), method="that_were_verified"
    )
    province = province_filter("supplier__province")
    sector = SectorFilter(field_name="supplier__sector")
    chapter = django_filters.ChoiceFilter(
        field_name="hs_code",
        lookup_expr="startswith",
        choices=chapter_choices,
        label=_("Product: HS chapter"),
        empty_label=_("Any"),
    )
    cluster = django_filters.ModelChoiceFilter(
        queryset=Cluster.objects.active(),
        to_field_name="slug",
        label=_("Cluster"),
        empty_label=_("Any"),
        null_label=_("In any cluster"),
        null_value="any",
        method="of_cluster",
    )
    sort = django_filters.ChoiceFilter(choices=SORT_NAMES, label=_("Order"), empty_label=None, method="as_given")
    buyer = number_in("buyer_id", _("Buyer"))
    supplier = number_in("supplier_id", _("Supplier"))
    women = OwnerFilter("women", "supplier__", widget=forms.HiddenInput)
    disability = OwnerFilter("disability", "supplier__", widget=forms.HiddenInput)
    made = django_filters.ChoiceFilter(choices=YES_NO[:1], widget=forms.HiddenInput, method="as_given")
    on = DayFilter(label=_("As of"), method="as_given")

    class Meta:
        model = SupplyLink
        fields: list[str] = []

    def __init__(self, *args: Any, sees_values: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sees_values = sees_values
        if self.request is not None and not may(self.request.user, "firm.read"):
            del self.filters["women"], self.filters["disability"]
        self.filters["year"].label = _("First order in the year")
        self.filters["quarter"].label = _("First order in the quarter")
        self.filters["province"].label = _("Province of the supplier")
        self.filters["sector"].label = _("Sector of the supplier")
        if sees_values:
            self.filters["sort"].extra["choices"] = [*SORT_NAMES, BY_VALUE]

    def filter_queryset(self, queryset: Any) -> Any:
        """Look at the ledger as of the day asked for, then narrow and order it."""
        asked = self.form.cleaned_data
        rows = queryset.as_of(asked.get("on"))
        if asked.get("on"):
            rows = rows.exclude(stage_then=None)  # not a link yet
        if asked.get("made") or asked.get("year") or asked.get("quarter"):
            rows = rows.made()
        rows = super().filter_queryset(rows)
        if asked.get("sort") == BY_VALUE[0] and self.sees_values:
            return rows.in_order_of_value()
        return rows.order_by(*SORTS.get(asked.get("sort") or "date", SORTS["date"]))

    def as_given(self, rows: Any, name: str, value: Any) -> Any:
        """Leave the rows: `filter_queryset` reads this one first or last."""
        return rows

    def of_cluster(self, rows: Any, name: str, value: Cluster | str) -> Any:
        """Keep links in which a firm that is in the cluster now, or in any, buys or supplies."""
        memberships = ClusterMembership.objects.current()
        if isinstance(value, Cluster):
            memberships = memberships.filter(cluster=value)
        return rows.of_firms(memberships.values("enterprise"))

    def that_live(self, rows: Any, name: str, value: str) -> Any:
        """Keep links that have come to an order and have not ended, or the others."""
        lives = Q(stage_then__in=SupplyLink.ALIVE)
        return rows.filter(lives) if value == "yes" else rows.exclude(lives)

    def that_replace(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(replaces_import={"yes": True, "no": False}.get(value))

    def that_were_verified(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(verified_by__isnull=value == "no")


def end_of_period(year: str, quarter: str) -> datetime.date | None:
    """Return the last day of a year or quarter; None where that is today or later, or no period is asked for."""
    days = days_asked(year, quarter)
    return days[1] if days and days[1] < timezone.localdate() else None
