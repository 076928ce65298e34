"""Filter of who was supported: each enterprise or organisation once, by the support it got."""

import datetime
from typing import Any

from django.db.models import Count, DateField, IntegerField, Max, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, Greatest

from programs.filters.programs import SupportFilter
from programs.models import Support

NEVER = datetime.date.min
WAYS = {"enterprise": "firm", "organisation__enterprise": "firm", "organisation": "group"}  # to one receiver


class SupportedFilter(SupportFilter):
    """Who received support that passes these filters: the row added last stands for all, with how many and when."""

    class Meta:
        model = Support
        fields: list[str] = []

    def filter_queryset(self, queryset: Any) -> Any:
        found = super().filter_queryset(queryset).order_by()
        last = found.with_receiver().values("firm", "group").annotate(last=Max("pk")).values("last")
        once: Any = queryset.filter(pk__in=last)
        return once.with_receiver().annotate(times=times_in(found), latest=latest_in(found))


def times_in(support: Any) -> Any:
    """Return the expression of how often a receiver was supported."""
    return sum((Coalesce(each, 0) for each in told_of(support, Count("pk"), IntegerField())), Value(0))


def latest_in(support: Any) -> Any:
    """Return the expression of when a receiver's latest support began."""
    never = Value(NEVER, output_field=DateField())
    return Greatest(*(Coalesce(each, never) for each in told_of(support, Max("starts_on"), DateField())))


def told_of(support: Any, what: Any, field: Any) -> list[Any]:
    """Return what is told of a receiver's support, for each way it can be told whose it is."""
    own = (support.filter(**{path: OuterRef(receiver)}).order_by() for path, receiver in WAYS.items())
    return [
        Subquery(rows.values(path).annotate(told=what).values("told"), output_field=field)
        for rows, path in zip(own, WAYS, strict=True)
    ]
