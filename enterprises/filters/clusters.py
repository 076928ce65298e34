"""Filters of the lists of clusters and of the firms in them."""

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from capred_portal.access import may
from capred_portal.filters import SearchFilter
from enterprises.filters.choices import SectorFilter, province_filter
from enterprises.models import Cluster, ClusterMembership

SORTS = [
    ("name", _("Name")),
    ("newest", _("Newest first")),
    ("members", _("Most members first")),
    ("stage", _("Stage of development")),
]
TIMES = [("past", _("Left"))]
WOMEN = [("yes", _("Yes"))]


class ClusterFilter(django_filters.ModelChoiceFilter):
    """Rows of the firms that are members of a cluster now; `?cluster=any`: of any cluster.

    `firm` names the column of the firm: "pk" where the rows are firms.
    """

    def __init__(self, *, firm: str = "pk", **kwargs: Any) -> None:
        self.firm = firm
        super().__init__(
            queryset=Cluster.objects.active(),
            to_field_name="slug",
            label=_("Cluster"),
            empty_label=_("Any"),
            null_label=_("In any cluster"),
            null_value="any",
            **kwargs,
        )

    def filter(self, qs: Any, value: Any) -> Any:
        if not value:
            return qs
        members = ClusterMembership.objects.members()
        if isinstance(value, Cluster):
            members = members.filter(cluster=value)
        return qs.filter(**{f"{self.firm}__in": members.values("enterprise")})


class ClusterListFilter(django_filters.FilterSet):
    """Clusters by words, stage, province and division, in the order that is asked for."""

    q = SearchFilter()
    stage = django_filters.ChoiceFilter(choices=Cluster.Stage, label=_("Stage of development"), empty_label=_("Any"))
    province = province_filter("provinces", distinct=True)
    sector = SectorFilter(field_name="sectors", distinct=True)
    sort = django_filters.ChoiceFilter(choices=SORTS, label=_("Order"), empty_label=None, method="in_order")

    class Meta:
        model = Cluster
        fields: list[str] = []

    def in_order(self, rows: Any, name: str, value: str) -> Any:
        """Order by what was chosen; the list counts its members where that is asked for."""
        return rows.in_order(value)


class MemberFilter(django_filters.FilterSet):
    """Memberships by the firm's name, cluster, role and province; those that ended only when asked for.

    Whether women run a firm is for those who may read what firms told.
    """

    q = SearchFilter()
    cluster = django_filters.ModelChoiceFilter(
        queryset=Cluster.objects.active(), to_field_name="slug", label=_("Cluster"), empty_label=_("Any")
    )
    role = django_filters.ChoiceFilter(choices=ClusterMembership.Role, label=_("Role"), empty_label=_("Any"))
    province = province_filter("enterprise__province")
    women = django_filters.ChoiceFilter(
        choices=WOMEN, label=_("Owned or led by women"), empty_label=_("Any"), method="run_by_women"
    )
    time = django_filters.ChoiceFilter(choices=TIMES, label=_("When"), empty_label=_("Now"), method="in_time")

    class Meta:
        model = ClusterMembership
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["q"].label = _("Enterprise")
        if self.request is not None and not may(self.request.user, "firm.read"):
            del self.filters["women"]

    def filter_queryset(self, queryset: Any) -> Any:
        """Keep memberships that hold, unless those that ended are asked for."""
        rows = super().filter_queryset(queryset.standing())
        return rows if self.form.cleaned_data.get("time") else rows.filter(left_on=None)

    def in_time(self, rows: Any, name: str, value: str) -> Any:
        return rows.exclude(left_on=None)

    def run_by_women(self, rows: Any, name: str, value: str) -> Any:
        return rows.of_firms_run_by_women()
