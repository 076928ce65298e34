"""What programs may spend and have spent, in one currency: for the whole program, or year by year."""

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.db.models import F, Func, Q
from django.db.models.lookups import LessThan
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from capred_portal.records import Clash, Record
from programs.models.program import Currency, PartQuerySet, Program

if TYPE_CHECKING:
    from capred_portal.models import User


class DaysBetween(Func):
    """How many days a first date lies after a second, without a function that only Django brings to SQLite."""

    arity = 2
    arg_joiner = " - "
    template = "(%(expressions)s)"
    output_field = models.IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        later, earlier = (compiler.compile(each) for each in self.get_source_expressions())
        return f"(julianday({later[0]}) - julianday({earlier[0]}))", (*later[1], *earlier[1])


class ProgramBudget(Record):
    """What a program may spend and has spent in one currency, as a whole or in a year; currencies are never added.

    In one currency there is either one line for the whole program or lines by year that do not overlap: so the sum
    over a program's lines counts nothing twice.
    """

    program = models.ForeignKey(Program, models.PROTECT, related_name="budgets", editable=False)
    currency = models.CharField(_("currency"), max_length=3, choices=Currency)
    starts_on = models.DateField(
        _("first day of the year"),
        null=True,
        blank=True,
        help_text=_("Of a calendar year, a financial year, or a part of one. Blank for the whole program."),
    )
    ends_on = models.DateField(_("last day of the year"), null=True, blank=True)
    budget = models.DecimalField(
        _("budget"), max_digits=15, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    spent = models.DecimalField(
        _("spent"), max_digits=15, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    as_of = models.DateField(_("as of"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)

    objects = PartQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("budget")
        verbose_name_plural = _("budgets")
        ordering = ["currency", "starts_on"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["program", "currency"],
                condition=Q(archived_at=None, starts_on=None),
                name="program_budget_currency_once",
            ),
            models.UniqueConstraint(
                fields=["program", "currency", "starts_on"],
                condition=Q(archived_at=None, starts_on__isnull=False),
                name="program_budget_year_once",
            ),
            models.CheckConstraint(
                condition=(Q(budget=None) | Q(budget__gte=0)) & (Q(spent=None) | Q(spent__gte=0)),
                name="program_budget_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(archived_at__isnull=False) | Q(budget__isnull=False) | Q(spent__isnull=False),
                name="program_budget_says_an_amount",
                violation_error_message=_("State the budget or what was spent, or both."),
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None, ends_on=None)
                | Q(starts_on__isnull=False, ends_on__isnull=False, ends_on__gte=F("starts_on")),
                name="program_budget_both_days",
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(LessThan(DaysBetween("ends_on", "starts_on"), 366)),
                name="program_budget_one_year",
            ),
        ]

    def __str__(self) -> str:
        return " · ".join([str(self.program), self.currency, *([] if self.is_whole else [self.period])])

    def clean(self) -> None:
        """Say beside the field what is wrong with the days, in every form and in the admin."""
        super().clean()
        if self.is_archived:
            return
        if wrong := self.wrong_days() or (self.currency and self.twice(but=self.creation_token)):
            raise ValidationError(dict([wrong]))

    @property
    def is_whole(self) -> bool:
        """Whether the line is of the whole program."""
        return self.starts_on is None

    @property
    def period(self) -> str:
        """The year as people name it, or its days; in words where it is the whole program."""
        if self.starts_on is None or self.ends_on is None:
            return gettext("Whole program")
        year, days = self.starts_on.year, f"{self.starts_on:%m-%d} {self.ends_on:%m-%d}"
        named = {"01-01 12-31": f"{year}", "07-01 06-30": f"{year}-{(year + 1) % 100:02}"}
        written = (date_format(day, "DATE_FORMAT") for day in (self.starts_on, self.ends_on))
        return named.get(days) or " – ".join(written)

    def refuse_twice(self) -> None:
        """Refuse what would count money twice, whoever saved the other line a moment ago; after `lock_budgets`."""
        if not self.is_archived and (found := self.twice()):
            raise Clash(str(found[1]), found[0])

    def save_version(self, *, by: "User | None", expected: int) -> None:
        """Save, unless another line of the program says the same money already."""
        with transaction.atomic():
            lock_budgets(self.program_id)
            super().save_version(by=by, expected=expected)
            self.refuse_twice()

    @property
    def spent_pct(self) -> Decimal | None:
        """The share of the budget that is spent, in per cent; None where either is not stated or the budget is 0."""
        return share_spent(self.budget, self.spent)

    def twice(self, but: Any = None) -> tuple[str, Any] | None:
        """Return what stands against a line of these days beside the program's others, and the field it is about.

        A form that is sent twice finds the line it made by its token: `but` leaves that out.
        """
        others = ProgramBudget.objects.active().filter(program=self.program_id, currency=self.currency)
        others = others.exclude(pk=self.pk)
        if but:
            others = others.exclude(creation_token=but)
        if self.is_whole:
            found = others.order_by("starts_on").first()
            if found is None:
                return None
            return ("currency", ALREADY) if found.is_whole else ("starts_on", BY_YEAR)
        if others.filter(starts_on=None).exists():
            return "starts_on", AS_A_WHOLE
        found = others.filter(starts_on__lte=self.ends_on, ends_on__gte=self.starts_on).first()
        return ("starts_on", IN_ANOTHER % {"period": found.period}) if found else None

    def wrong_days(self) -> tuple[str, Any] | None:
        """Return what is wrong with the days themselves and beside the program's, and the field it is about."""
        first, last = self.starts_on, self.ends_on
        if first is None and last is None:
            return None
        if first is None or last is None:
            return "starts_on" if first is None else "ends_on", BOTH_OR_NEITHER
        if last < first:
            return "ends_on", _("The last day is before the first day.")
        if last > year_from(first):
            return "ends_on", _("This is longer than a year. Give each year a line of its own.")
        if self.program.starts_on and first < self.program.starts_on:
            return "starts_on", _("This is before the first day of the program.")
        if self.program.ends_on and last > self.program.ends_on:
            return "ends_on", _("This is after the last day of the program.")
        return None


ALREADY = _("This currency is already there; correct that line instead.")
BY_YEAR = _("This currency is stated by year: give the days of the year here too.")
AS_A_WHOLE = _("This currency is stated for the whole program: give that line the days of its year first.")
IN_ANOTHER = _("These days are in another line as well: %(period)s.")
BOTH_OR_NEITHER = _("Give the first and the last day, or neither for the whole program.")


def lock_budgets(program_id: int) -> None:
    """Make other writers of the program's budgets wait until this transaction ends."""
    list(Program.objects.filter(pk=program_id).select_for_update(no_key=True).values_list("pk"))


def share_spent(budget: Decimal | int | None, spent: Decimal | int | None) -> Decimal | None:
    """Return the share of a budget that is spent, in per cent; None where either is not stated or the budget is 0."""
    if not budget or spent is None:
        return None
    return round(Decimal(100) * spent / budget, 1)


def year_from(first: dt.date) -> dt.date:
    """Return the last day of the year that begins on a day."""
    leap_day = (first.month, first.day) == (2, 29)
    again = dt.date(first.year + 1, 3, 1) if leap_day else first.replace(year=first.year + 1)
    return again - dt.timedelta(days=1)
