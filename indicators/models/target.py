"""Baselines, milestones and targets: proposed by staff, approved by a verifier, each version kept."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from capred_portal.fields import NormalCharField
from capred_portal.records import Record, RecordQuerySet
from indicators.models.indicator import Indicator
from indicators.models.period import Period
from indicators.models.series import Source
from programs.models import Program


class TargetQuerySet(RecordQuerySet):
    """Targets by where they stand."""

    def approved(self) -> Self:
        return self.active().filter(status=Target.Status.APPROVED)

    def waiting(self) -> Self:
        return self.active().filter(status=Target.Status.PROPOSED)


class Target(Record):
    """Where an indicator started, should be on the way, or should end; for one program or for the country."""

    class Kind(models.TextChoices):
        BASELINE = "baseline", _("Baseline")
        MILESTONE = "milestone", _("Milestone")
        TARGET = "target", _("Target")

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        APPROVED = "approved", _("Approved")
        RETURNED = "returned", _("Returned")
        REPLACED = "replaced", _("Replaced")

    indicator = models.ForeignKey(Indicator, models.PROTECT, verbose_name=_("indicator"), related_name="targets")
    program = models.ForeignKey(
        Program, models.PROTECT, null=True, blank=True, verbose_name=_("program"), related_name="targets"
    )
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    period = models.ForeignKey(Period, models.PROTECT, verbose_name=_("period"), related_name="targets")
    part = models.CharField(_("part of a breakdown"), max_length=60, blank=True)  # as sex:female
    value = models.DecimalField(_("value"), max_digits=24, decimal_places=6)
    value_high = models.DecimalField(
        _("upper end of the range"), max_digits=24, decimal_places=6, null=True, blank=True
    )
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.PROPOSED, editable=False)
    number = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, verbose_name=_("source"), related_name="targets"
    )
    why = NormalCharField(_("reason or document"), max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    decision_reason = NormalCharField(_("reason for the decision"), max_length=300, blank=True, editable=False)

    objects = TargetQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["indicator", "program", "part", "period__first_day", "number"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(value_high=None) | Q(value_high__gte=F("value")), name="target_range_in_order"
            ),
            models.CheckConstraint(
                condition=Q(status="proposed") | Q(decided_by__isnull=False) | Q(source__isnull=False),
                name="target_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("created_by")) | ~Q(status="approved"),
                name="target_approved_by_another",
            ),
            # One approved target for each place on the path, so that no two entries can double it.
            models.UniqueConstraint(
                fields=["indicator", "program", "part", "kind", "period"],
                condition=Q(status="approved", archived_at=None, program__isnull=False),
                name="target_of_program_once",
            ),
            models.UniqueConstraint(
                fields=["indicator", "part", "kind", "period"],
                condition=Q(status="approved", archived_at=None, program=None),
                name="target_of_country_once",
            ),
            models.UniqueConstraint(
                fields=["indicator", "program", "part", "kind"],
                condition=Q(status="approved", archived_at=None, program__isnull=False) & ~Q(kind="milestone"),
                name="target_of_program_one_end",
            ),
            models.UniqueConstraint(
                fields=["indicator", "part", "kind"],
                condition=Q(status="approved", archived_at=None, program=None) & ~Q(kind="milestone"),
                name="target_of_country_one_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.period}"

    def get_absolute_url(self) -> str:
        return reverse("targets:detail", args=[self.pk])
