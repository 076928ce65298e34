"""Strategies as trees of goals, each title with the confidence we have in it."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from capred_portal.fields import NormalCharField
from capred_portal.languages import localized
from capred_portal.records import Record, RecordQuerySet


class Framework(Record):
    """A strategy or policy whose goals our work serves, such as the Pentagonal Strategy."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    title_en = NormalCharField(_("title in English"), max_length=250)
    title_km = NormalCharField(_("title in Khmer"), max_length=250, blank=True)
    full_title_en = NormalCharField(_("full title in English"), max_length=400, blank=True)
    full_title_km = NormalCharField(_("full title in Khmer"), max_length=400, blank=True)
    first_year = models.PositiveSmallIntegerField(_("first year"))
    last_year = models.PositiveSmallIntegerField(_("last year"))
    source = models.CharField(_("source"), max_length=300)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta(Record.Meta):
        verbose_name = _("strategy")
        verbose_name_plural = _("strategies")
        ordering = ["order", "code"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(last_year__gte=models.F("first_year")), name="framework_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return localized(self, "title")

    def get_absolute_url(self) -> str:
        return reverse("strategy:framework", args=[self.code])


class GoalQuerySet(RecordQuerySet):
    """Goals of one kind."""

    def servable(self) -> Self:
        """Keep goals that programs, workshops and outcomes may serve: the main tree, not the parallel lists."""
        return self.active().filter(kind__in=Goal.SERVABLE)


class Goal(Record):
    """One line of a strategy: its core, a pentagon, a side, a target, or an entry of a parallel list."""

    class Kind(models.TextChoices):
        CORE = "core", _("Core")
        PENTAGON = "pentagon", _("Pentagon")
        SIDE = "side", _("Side")
        TARGET = "target", _("Target")
        MOTTO = "motto", _("Motto")
        OBJECTIVE = "objective", _("Objective")
        PRIORITY = "priority", _("Priority")

    class Confidence(models.TextChoices):
        PRIMARY = "V", _("Read in a primary source")
        SECONDARY = "V2", _("Read in a secondary source")
        GENERAL = "G", _("Not verified, to be confirmed by MISTI")

    SERVABLE = (Kind.CORE, Kind.PENTAGON, Kind.SIDE, Kind.TARGET)

    framework = models.ForeignKey(Framework, models.PROTECT, verbose_name=_("strategy"), related_name="goals")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("part of"), related_name="children"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    code = models.CharField(_("code"), max_length=20)
    title_en = NormalCharField(_("title in English"), max_length=300, blank=True)
    title_km = NormalCharField(_("title in Khmer"), max_length=300, blank=True)
    confidence = models.CharField(_("confidence in the title"), max_length=2, choices=Confidence)
    source = models.CharField(_("source"), max_length=300)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = GoalQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        ordering = ["framework__order", "order", "code"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["framework", "code"], name="goal_code_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("strategy:goal", args=[self.framework.code, self.code])

    @property
    def is_confirmed(self) -> bool:
        """Tell whether somebody read this title in a source; others are shown as to be confirmed."""
        return self.confidence != self.Confidence.GENERAL

    @property
    def title(self) -> str:
        """The title when somebody verified it; else its place, so that nothing unverified looks official."""
        if self.is_confirmed:
            return localized(self, "title")
        place = self.code.rsplit(".", 1)[-1]
        return gettext("%(kind)s %(place)s, title to be confirmed by MISTI") % {
            "kind": self.get_kind_display(),
            "place": place,
        }

    @property
    def working_title(self) -> str:
        """The unverified wording, for those who must choose a goal; never shown as official."""
        if self.is_confirmed:
            return ""
        return self.title_km if get_language() == "km" and self.title_km else self.title_en
