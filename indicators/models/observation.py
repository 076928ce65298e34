"""Observations: the values of indicators, each version with its signatures, and every step it took."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from capred_portal.fields import NormalTextField
from capred_portal.models import Document, Thread
from capred_portal.records import Record, RecordQuerySet
from enterprises.models import Province
from indicators.models.indicator import Indicator
from indicators.models.period import Period
from programs.models import Program


class SlotField(models.CharField):
    """What one value is about: indicator, program, period and province, as one key; a missing part is 0."""

    PARTS = ("indicator_id", "program_id", "period_id", "province_id")

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        slot = self.slot_of(*(getattr(model_instance, part) for part in self.PARTS))
        setattr(model_instance, self.attname, slot)
        return slot

    @staticmethod
    def slot_of(*parts: Any) -> str:
        return ":".join(str(part or 0) for part in parts)


class ObservationQuerySet(RecordQuerySet):
    """Observations by where they stand."""

    def open(self) -> Self:
        """Keep versions on their way: drafts, and what waits for the ministry's signature."""
        return self.active().filter(status__in=("draft", "submitted"))

    def counted(self) -> Self:
        """Keep what totals are made of: of every value the version shown, and no part of a whole that is told too."""
        return self.shown().filter(is_counted=True)

    def shown(self) -> Self:
        """Keep the one version of each value that pages show."""
        return self.active().filter(is_shown=True)


class Observation(Record):
    """One version of the value of an indicator, for a program or the country, in a period and, if told, a province."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        VERIFIED = "verified", _("Verified")
        ACCEPTED = "accepted", _("Accepted")

    class State(models.TextChoices):
        VALUE = "value", _("Value")
        MISSING = "missing", _("Not available")
        NOT_APPLICABLE = "na", _("Does not apply")

    class Origin(models.TextChoices):
        TYPED = "typed", _("Typed")
        LOADED = "loaded", _("Loaded")
        DERIVED = "derived", _("Derived when the round was closed")

    indicator = models.ForeignKey(
        Indicator, models.PROTECT, verbose_name=_("indicator"), related_name="observations", editable=False
    )
    program = models.ForeignKey(
        Program,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("program"),
        related_name="observations",
        editable=False,
    )
    period = models.ForeignKey(
        Period, models.PROTECT, verbose_name=_("period"), related_name="observations", editable=False
    )
    province = models.ForeignKey(
        Province,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("province"),
        related_name="observations",
        editable=False,
    )
    slot = SlotField(max_length=80, editable=False)
    number = models.PositiveSmallIntegerField(_("version of the value"), default=1, editable=False)
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.DRAFT, editable=False)
    is_shown = models.BooleanField(_("shown on pages"), default=False, editable=False)
    # False for a province's value where the whole is told too: the whole is primary, provinces are its parts.
    is_counted = models.BooleanField(_("counts in the total"), default=True, editable=False)
    state = models.CharField(_("kind of value"), max_length=7, choices=State, default=State.VALUE)
    value = models.DecimalField(_("value"), max_digits=24, decimal_places=6, null=True, blank=True)
    numerator = models.DecimalField(_("numerator"), max_digits=24, decimal_places=6, null=True, blank=True)
    denominator = models.DecimalField(_("denominator"), max_digits=24, decimal_places=6, null=True, blank=True)
    weight = models.DecimalField(_("weight"), max_digits=24, decimal_places=6, null=True, blank=True)
    parts = models.JSONField(_("parts"), default=dict, blank=True)  # {"sex": {"female": "12", "male": "9"}}
    note = NormalTextField(_("note"), blank=True, max_length=1000)
    evidence = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, verbose_name=_("evidence"), related_name="observations"
    )
    origin = models.CharField(_("origin"), max_length=7, choices=Origin, default=Origin.TYPED, editable=False)
    rule_version = models.PositiveSmallIntegerField(_("version of the rule"), default=1, editable=False)
    data_version = models.CharField(_("data version"), max_length=80, blank=True, editable=False)
    why = NormalTextField(_("reason for the correction"), blank=True, max_length=1000, editable=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    submitted_at = models.DateTimeField(_("submitted"), null=True, editable=False)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    verified_at = models.DateTimeField(_("verified"), null=True, editable=False)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    accepted_at = models.DateTimeField(_("accepted"), null=True, editable=False)
    thread = models.OneToOneField(
        Thread, models.PROTECT, null=True, blank=True, editable=False, related_name="observation"
    )

    _written_apart = ("thread_id",)

    objects = ObservationQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        ordering = ["indicator", "program", "period__first_day", "province", "number"]
        indexes = [
            models.Index(fields=["indicator", "program", "period"], name="observation_by_indicator"),
            models.Index(
                fields=["indicator", "period"], condition=Q(is_shown=True, is_counted=True), name="observation_counted"
            ),
            models.Index(fields=["program", "period", "indicator"], name="observation_by_program"),
            # Its condition holds no values: SQLite sees only then that a query with parameters fits it.
            models.Index(
                fields=["status", "submitted_at"],
                condition=Q(accepted_at=None, archived_at=None),
                name="observation_on_its_way",
            ),
        ]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["slot", "number"], name="observation_version_once"),
            models.UniqueConstraint(
                fields=["slot"],
                condition=Q(status__in=("draft", "submitted"), archived_at=None),
                name="observation_open_once",
            ),
            models.UniqueConstraint(
                fields=["slot"], condition=Q(is_shown=True, archived_at=None), name="observation_shown_once"
            ),
            models.CheckConstraint(
                condition=Q(state="value", value__isnull=False) | (~Q(state="value") & Q(value=None)),
                name="observation_value_or_reason",
            ),
            models.CheckConstraint(
                condition=Q(numerator=None, denominator=None) | Q(numerator__isnull=False, denominator__isnull=False),
                name="observation_ratio_whole",
            ),
            models.CheckConstraint(condition=Q(number=1) | ~Q(why=""), name="observation_corrected_with_reason"),
            models.CheckConstraint(
                condition=~Q(status__in=("verified", "accepted")) | Q(verified_by__isnull=False),
                name="observation_verified_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(verified_by=None) | Q(entered_by=None) | ~Q(verified_by=F("entered_by")),
                name="observation_not_verified_by_who_entered",
            ),
            models.CheckConstraint(
                condition=Q(verified_by=None) | Q(changed_by=None) | ~Q(verified_by=F("changed_by")),
                name="observation_not_verified_by_who_changed",
            ),
            models.CheckConstraint(
                condition=~Q(status="accepted") | Q(accepted_by__isnull=False), name="observation_accepted_by_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} · {self.period}"

    def get_absolute_url(self) -> str:
        return reverse("observations:detail", args=[self.pk])


class ReviewEvent(models.Model):
    """One step of an observation from one status to another: who, when, and why."""

    class Kind(models.TextChoices):
        SUBMIT = "submit", _("Submitted")
        VERIFY = "verify", _("Verified")
        ACCEPT = "accept", _("Accepted")
        RETURN = "return", _("Returned")
        WITHDRAW = "withdraw", _("Withdrawn")
        CORRECT = "correct", _("Corrected")

    observation = models.ForeignKey(Observation, models.PROTECT, related_name="events")
    kind = models.CharField(_("step"), max_length=8, choices=Kind)
    from_status = models.CharField(_("from"), max_length=9, choices=Observation.Status)
    to_status = models.CharField(_("to"), max_length=9, choices=Observation.Status)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("time"), auto_now_add=True)
    reason = NormalTextField(_("reason"), blank=True, max_length=1000)

    class Meta:
        verbose_name = _("step of a review")
        verbose_name_plural = _("steps of reviews")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind__in=("return", "correct")) | ~Q(reason=""), name="review_event_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
