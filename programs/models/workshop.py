"""Workshops: when, where, hosted by whom, about what, and what was said."""

import datetime
from typing import Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from capred_portal.fields import NormalCharField, NormalTextField, SearchKeyField
from capred_portal.languages import localized
from capred_portal.models import Document, Organisation, Thread
from capred_portal.records import Record, RecordQuerySet
from enterprises.models import Province
from programs.models.program import Program
from programs.models.strategy import Goal


class Theme(models.Model):
    """What workshops and outcomes are about: diversification, local supply chains, inclusion ..."""

    code = models.SlugField(_("code"), max_length=40, primary_key=True)
    title_en = models.CharField(_("title in English"), max_length=100)
    title_km = models.CharField(_("title in Khmer"), max_length=100)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return localized(self, "title")


class WorkshopQuerySet(RecordQuerySet):
    """Workshops by time."""

    def held(self, on: datetime.date | None = None) -> Self:
        """Keep workshops whose date has come."""
        return self.active().filter(date__lte=on or timezone.localdate())

    def planned(self, on: datetime.date | None = None) -> Self:
        return self.active().filter(date__gt=on or timezone.localdate())


class Workshop(Record):
    """A workshop: people from ministry, embassy, firms and schools who met on a day and agreed on something."""

    title_en = NormalCharField(_("title in English"), max_length=250, blank=True)
    title_km = NormalCharField(_("title in Khmer"), max_length=250, blank=True)
    date = models.DateField(_("date"))
    end_date = models.DateField(_("last day"), null=True, blank=True, help_text=_("Only if it lasted several days."))
    starts_at = models.TimeField(_("starts at"), null=True, blank=True)
    ends_at = models.TimeField(_("ends at"), null=True, blank=True)
    program = models.ForeignKey(
        Program, models.PROTECT, null=True, blank=True, verbose_name=_("program"), related_name="workshops"
    )
    province = models.ForeignKey(
        Province, models.PROTECT, null=True, blank=True, verbose_name=_("province"), related_name="workshops"
    )
    venue_en = NormalCharField(_("venue in English"), max_length=250, blank=True)
    venue_km = NormalCharField(_("venue in Khmer"), max_length=250, blank=True)
    topics = models.ManyToManyField(Theme, verbose_name=_("topics"), blank=True, related_name="workshops")
    goals = models.ManyToManyField(Goal, verbose_name=_("goals served"), blank=True, related_name="workshops")
    goals_confirmed = models.BooleanField(_("the goals are confirmed by MISTI"), default=False)
    summary_en = NormalTextField(_("summary in English"), blank=True, max_length=10_000)
    summary_km = NormalTextField(_("summary in Khmer"), blank=True, max_length=10_000)
    head_count = models.PositiveIntegerField(
        _("head-count"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(100_000)],
        help_text=_("How many people were in the room, counted on the day."),
    )
    documents = models.ManyToManyField(
        Document, verbose_name=_("documents"), blank=True, related_name="workshops", editable=False
    )
    thread = models.OneToOneField(
        Thread, models.PROTECT, null=True, blank=True, editable=False, related_name="workshop"
    )
    source = models.CharField(_("source"), max_length=500, blank=True, editable=False)
    search_key = SearchKeyField(sources=("title_en", "title_km", "venue_en", "venue_km", "summary_en", "summary_km"))

    _history_m2m_fields = ("topics", "goals")
    _written_apart = ("thread_id",)

    objects = WorkshopQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("workshop")
        verbose_name_plural = _("workshops")
        ordering = ["-date", "-pk"]
        indexes = [
            models.Index(fields=["-date", "-id"], condition=Q(archived_at=None), name="workshop_by_date"),
            models.Index(fields=["program", "archived_at", "date"], name="workshop_by_program"),
            models.Index(fields=["province", "archived_at", "date"], name="workshop_by_province"),
            models.Index(fields=["-updated_at"], name="workshop_by_change"),
        ]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=~Q(title_en="", title_km=""), name="workshop_has_title"),
            models.CheckConstraint(
                condition=Q(end_date=None) | Q(end_date__gte=F("date")), name="workshop_ends_after_first_day"
            ),
            models.CheckConstraint(
                condition=Q(starts_at=None)
                | Q(ends_at=None)
                | Q(ends_at__gt=F("starts_at"))
                | Q(end_date__gt=F("date")),
                name="workshop_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return localized(self, "title")

    def get_absolute_url(self) -> str:
        return reverse("workshops:detail", args=[self.pk])

    @property
    def is_held(self) -> bool:
        return self.date <= timezone.localdate()


class WorkshopHost(Record):
    """An organisation that hosted a workshop, and as what."""

    class Role(models.TextChoices):
        HOST = "host", _("Host")
        CO_HOST = "co-host", _("Co-host")
        FUNDER = "funder", _("Funder")
        PARTNER = "partner", _("Partner")

    workshop = models.ForeignKey(Workshop, models.PROTECT, related_name="hosts", editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("organisation"), related_name="hosted"
    )
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.HOST)

    class Meta(Record.Meta):
        verbose_name = _("host")
        verbose_name_plural = _("hosts")
        ordering = ["pk"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["workshop", "organisation"], condition=Q(archived_at=None), name="workshop_host_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} ({self.get_role_display()})"


class AgendaItem(Record):
    """One point of a workshop's agenda and who spoke to it."""

    workshop = models.ForeignKey(Workshop, models.PROTECT, related_name="agenda", editable=False)
    starts_at = models.TimeField(_("starts at"), null=True, blank=True)
    title_en = NormalCharField(_("title in English"), max_length=250, blank=True)
    title_km = NormalCharField(_("title in Khmer"), max_length=250, blank=True)
    speakers = models.ManyToManyField(
        "programs.Person", verbose_name=_("speakers"), blank=True, related_name="agenda_items"
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    _history_m2m_fields = ("speakers",)

    class Meta(Record.Meta):
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda")
        ordering = ["order", "starts_at", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=~Q(title_en="", title_km=""), name="agenda_item_has_title"),
        ]

    def __str__(self) -> str:
        return localized(self, "title")


class Statement(Record):
    """What an official said about a workshop, word for word, with the office held at the time."""

    workshop = models.ForeignKey(Workshop, models.PROTECT, related_name="statements", editable=False)
    person = models.ForeignKey("programs.Person", models.PROTECT, verbose_name=_("person"), related_name="statements")
    office_en = NormalCharField(_("office in English"), max_length=250, blank=True)
    office_km = NormalCharField(_("office in Khmer"), max_length=250, blank=True)
    text_en = NormalTextField(_("words in English"), blank=True, max_length=3000)
    text_km = NormalTextField(_("words in Khmer"), blank=True, max_length=3000)

    class Meta(Record.Meta):
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["pk"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=~Q(text_en="", text_km=""), name="statement_has_text"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {localized(self, 'text')[:60]}"
