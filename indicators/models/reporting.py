"""Reporting rounds: what a program reports for a period, frozen when the round is closed, then signed and accepted."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from capred_portal.records import Record, RecordQuerySet
from indicators.models.indicator import Indicator
from indicators.models.observation import Observation
from indicators.models.period import Period
from programs.models import Program


class ReportingRoundQuerySet(RecordQuerySet):
    """Rounds by where they stand."""

    def open(self) -> Self:
        return self.active().filter(status=ReportingRound.Status.OPEN)


class ReportingRound(Record):
    """One program's report on one quarter: open for entry, closed, signed by the ministry, accepted by the embassy."""

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("reporting round", "Open")
        CLOSED = "closed", _("Closed")
        SIGNED = "signed", _("Signed")
        ACCEPTED = "accepted", _("Accepted")

    program = models.ForeignKey(Program, models.PROTECT, verbose_name=_("program"), related_name="rounds")
    period = models.ForeignKey(Period, models.PROTECT, verbose_name=_("period"), related_name="rounds")
    due_on = models.DateField(_("values due on"))
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.OPEN, editable=False)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+")
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+")
    signed_at = models.DateTimeField(_("signed"), null=True, editable=False)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    accepted_at = models.DateTimeField(_("accepted"), null=True, editable=False)

    objects = ReportingRoundQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("reporting round")
        verbose_name_plural = _("reporting rounds")
        ordering = ["-period__first_day", "program"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["program", "period"], condition=Q(archived_at=None), name="reporting_round_once"
            ),
            models.CheckConstraint(
                condition=Q(status="open") | Q(closed_by__isnull=False), name="reporting_round_closed_by_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.program} · {self.period}"

    def get_absolute_url(self) -> str:
        return reverse("rounds:detail", args=[self.pk])

    @property
    def is_late(self) -> bool:
        return self.status == self.Status.OPEN and self.due_on < timezone.localdate()

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN


class RoundEntry(models.Model):
    """What a round reported, and the version that said it; whatever happens to that version, this stays as it is."""

    round = models.ForeignKey(ReportingRound, models.PROTECT, related_name="entries")
    observation = models.ForeignKey(Observation, models.PROTECT, related_name="rounds")
    state = models.CharField(
        _("kind of value"), max_length=7, choices=Observation.State, default=Observation.State.VALUE
    )
    value = models.DecimalField(_("value"), max_digits=24, decimal_places=6, null=True)
    rule_version = models.PositiveSmallIntegerField(_("version of the rule"), default=1)

    class Meta:
        verbose_name = _("figure of a round")
        verbose_name_plural = _("figures of rounds")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["round", "observation"], name="round_entry_once")]

    def __str__(self) -> str:
        return f"{self.round_id}:{self.observation_id}"

    @property
    def indicator(self) -> Indicator:
        return self.observation.indicator


class RoundReminder(models.Model):
    """A reminder sent to somebody who still owes values of a round."""

    round = models.ForeignKey(ReportingRound, models.PROTECT, related_name="reminders")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="round_reminders")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("sent"), auto_now_add=True)
    owed = models.PositiveSmallIntegerField(_("values owed"))

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.round_id} → {self.to_id}"
