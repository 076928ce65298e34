"""Outcomes: what a workshop found, recommended, promised or set in motion."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from capred_portal.fields import NormalTextField, SearchKeyField
from capred_portal.languages import localized
from capred_portal.models import Document, Thread
from capred_portal.records import Record, RecordQuerySet
from programs.models.program import Program
from programs.models.strategy import Goal
from programs.models.workshop import Theme, Workshop


class OutcomeQuerySet(RecordQuerySet):
    """Outcomes whose workshop still stands."""

    def active(self) -> Self:
        return super().active().filter(workshop__archived_at=None)


class Outcome(Record):
    """A finding, recommendation, tool, policy, program or commitment that came out of a workshop."""

    class Kind(models.TextChoices):
        FINDING = "finding", _("Finding")
        RECOMMENDATION = "recommendation", _("Recommendation")
        TOOL = "tool", _("Tool")
        POLICY = "policy", _("Policy")
        PROGRAM = "program", _("Program")
        COMMITMENT = "commitment", _("Commitment")

    class Stage(models.TextChoices):
        IDENTIFIED = "identified", _("Identified")
        DRAFTED = "drafted", _("Drafted")
        ADOPTED = "adopted", _("Adopted")
        IN_FORCE = "in-force", _("In force")
        DROPPED = "dropped", _("Dropped")

    LIVING = (Kind.TOOL, Kind.POLICY, Kind.PROGRAM)  # kinds with a life of stages

    workshop = models.ForeignKey(
        Workshop, models.PROTECT, verbose_name=_("workshop"), related_name="outcomes", editable=False
    )
    kind = models.CharField(_("kind"), max_length=15, choices=Kind)
    theme = models.ForeignKey(
        Theme, models.PROTECT, null=True, blank=True, verbose_name=_("theme"), related_name="outcomes"
    )
    text_en = NormalTextField(_("text in English"), blank=True, max_length=3000)
    text_km = NormalTextField(_("text in Khmer"), blank=True, max_length=3000)
    goals = models.ManyToManyField(Goal, verbose_name=_("goals served"), blank=True, related_name="outcomes")
    goals_confirmed = models.BooleanField(_("the goals are confirmed by MISTI"), default=False)
    became = models.ForeignKey(
        Program,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("became the program"),
        related_name="came_from",
    )
    stage = models.CharField(_("stage"), max_length=10, choices=Stage, blank=True, editable=False)
    documents = models.ManyToManyField(
        Document, verbose_name=_("documents"), blank=True, related_name="outcomes", editable=False
    )
    thread = models.OneToOneField(Thread, models.PROTECT, null=True, blank=True, editable=False, related_name="outcome")
    search_key = SearchKeyField(sources=("text_en", "text_km"))

    _history_m2m_fields = ("goals",)
    _written_apart = ("thread_id",)

    objects = OutcomeQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["workshop", "archived_at"], name="outcome_by_workshop"),
            models.Index(fields=["archived_at", "kind", "stage"], name="outcome_by_kind"),
            models.Index(fields=["-updated_at"], name="outcome_by_change"),
        ]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=~Q(text_en="", text_km=""), name="outcome_has_text"),
            models.CheckConstraint(
                condition=Q(stage="") | Q(kind__in=("tool", "policy", "program")),
                name="outcome_stage_fits_kind",
            ),
        ]

    def __str__(self) -> str:
        text = localized(self, "text")
        return text if len(text) <= 90 else f"{text[:89]}…"

    def get_absolute_url(self) -> str:
        return reverse("outcomes:detail", args=[self.pk])

    @property
    def has_life(self) -> bool:
        return self.kind in self.LIVING


class OutcomeStage(Record):
    """The day a tool, policy or program reached a stage of its life."""

    outcome = models.ForeignKey(Outcome, models.PROTECT, related_name="stages", editable=False)
    stage = models.CharField(_("stage"), max_length=10, choices=Outcome.Stage)
    reached_on = models.DateField(_("reached on"))
    note = NormalTextField(_("note"), blank=True, max_length=1000)

    class Meta(Record.Meta):
        verbose_name = _("stage of an outcome")
        verbose_name_plural = _("stages of outcomes")
        ordering = ["reached_on", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["outcome", "stage"], condition=Q(archived_at=None), name="outcome_stage_once"
            ),
        ]

    def __str__(self) -> str:
        return self.get_stage_display()
