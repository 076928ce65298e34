"""Filters of the lists of certificates and accredited bodies."""

import datetime
from typing import Any

import django_filters
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from capred_portal.filters import SearchFilter
from capred_portal.periods import last_day
from enterprises.filters.choices import SectorFilter, province_filter
from enterprises.filters.clusters import ClusterFilter
from enterprises.models import Accreditation, Certificate

EXPIRIES = [
    ("valid", _("Valid today")),
    ("quarter", _("Expires this quarter")),
    ("months", _("Expires later, within 12 months")),
    ("year", _("Expires within 12 months")),
    ("later", _("Expires after 12 months")),
    ("undated", _("Valid, no last day stated")),
    ("expired", _("Expired")),
]


def end_of_quarter(day: datetime.date) -> datetime.date:
    """Return the last day of the quarter of a day."""
    return last_day(day.year, day.month - (day.month - 1) % 3, months=3)


def in_a_year(day: datetime.date) -> datetime.date:
    """Return the same day of the next year; of 29 February, the last of that month."""
    return day.replace(year=day.year + 1) if (day.month, day.day) != (2, 29) else datetime.date(day.year + 1, 2, 28)


def expiring(certificates: Any, when: str) -> Any:
    """Keep certificates by when they expire, seen from today."""
    today = timezone.localdate()
    quarter, year = end_of_quarter(today), in_a_year(today)
    rules: dict[str, dict[str, Any]] = {
        "quarter": {"expires_on__range": (today, quarter)},
        "months": {"expires_on__gt": quarter, "expires_on__lte": year},
        "year": {"expires_on__range": (today, year)},
        "later": {"expires_on__gt": year},
        "undated": {"expires_on": None},
    }
    if when == "valid":
        return certificates.valid()
    return certificates.expired() if when == "expired" else certificates.filter(**rules[when])


def standard_choices() -> list[tuple[str, str]]:
    """Return each standard once, by its key, as it was first written in alphabetical order."""
    names = Certificate.objects.standing().order_by("standard_key").values_list("standard_key")
    return list(names.annotate(name=Min("standard")))


class CertificateFilter(django_filters.FilterSet):
    """Certificates by the firm's name, standard, sector, province, cluster and expiry."""

    q = SearchFilter()
    standard = django_filters.ChoiceFilter(
        field_name="standard_key", choices=standard_choices, label=_("Standard"), empty_label=_("Any")
    )
    sector = SectorFilter(field_name="enterprise__sector")
    province = province_filter("enterprise__province")
    cluster = ClusterFilter(firm="enterprise")
    expiry = django_filters.ChoiceFilter(choices=EXPIRIES, label=_("Expiry"), empty_label=_("Any"), method="in_time")

    class Meta:
        model = Certificate
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["q"].label = _("Enterprise")

    def in_time(self, rows: Any, name: str, value: str) -> Any:
        return expiring(rows, value)


class AccreditationFilter(django_filters.FilterSet):
    """Accreditations by the body's name."""

    q = SearchFilter()

    class Meta:
        model = Accreditation
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["q"].label = _("Organisation")
