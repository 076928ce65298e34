"""Periods: the quarters figures are reported for, and the calendar years of published series."""

import datetime as dt
from typing import Self, cast

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from capred_portal.periods import last_day

QUARTER_MONTHS = 3


class PeriodQuerySet(models.QuerySet):
    """Periods by their kind and by what they hold."""

    def quarter(self, year: int, number: int) -> "Period":
        """Return the quarter, made when nobody asked for it before."""
        return self.stored(Period.of_quarter(year, number))

    def quarters(self) -> Self:
        return self.filter(kind=Period.Kind.QUARTER)

    def stored(self, period: "Period") -> "Period":
        """Return the same period saved, made when nobody asked for it before."""
        days = {"kind": period.kind, "first_day": period.first_day, "last_day": period.last_day}
        return cast("Period", self.get_or_create(code=period.code, defaults=days)[0])

    def year(self, year: int) -> "Period":
        """Return the calendar year, made when nobody asked for it before."""
        return self.stored(Period.of_year(year))


class Period(models.Model):
    """A quarter, or a calendar year: what a value is about."""

    class Kind(models.TextChoices):
        QUARTER = "quarter", _("Quarter")
        YEAR = "year", _("Calendar year")

    code = models.CharField(_("code"), max_length=7, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("period")
        verbose_name_plural = _("periods")
        ordering = ["first_day", "-last_day"]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gt=F("first_day")), name="period_ends_after_start"),
        ]

    def __str__(self) -> str:
        if self.kind == self.Kind.YEAR:
            return self.code
        year, number = self.code.split("-Q")
        return gettext("Q%(number)s %(year)s") % {"number": number, "year": year}

    @classmethod
    def of_code(cls, code: str) -> "Period":
        """Return a quarter written 2024-Q3 or a year written 2024, not saved; raises ValueError for anything else."""
        year, dash, number = code.partition("-Q")
        return cls.of_quarter(int(year), int(number)) if dash else cls.of_year(int(year))

    @classmethod
    def of_quarter(cls, year: int, number: int) -> "Period":
        """Return a quarter that is not saved."""
        month = QUARTER_MONTHS * (number - 1) + 1
        days = {"first_day": dt.date(year, month, 1), "last_day": last_day(year, month, QUARTER_MONTHS)}
        return cls(code=f"{year}-Q{number}", kind=cls.Kind.QUARTER, **days)

    @classmethod
    def of_year(cls, year: int) -> "Period":
        """Return a calendar year that is not saved."""
        days = {"first_day": dt.date(year, 1, 1), "last_day": dt.date(year, 12, 31)}
        return cls(code=str(year), kind=cls.Kind.YEAR, **days)

    @classmethod
    def quarters_until(cls, day: dt.date, count: int) -> list["Period"]:
        """Return so many quarters that are not saved, oldest first; the day lies in the last."""
        last = day.year * 4 + (day.month - 1) // QUARTER_MONTHS
        return [cls.of_quarter(each // 4, each % 4 + 1) for each in range(last - count + 1, last + 1)]
