"""Indicators: what is measured, by which rule, who owns it, and which programs report it."""

from decimal import Decimal
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from capred_portal.fields import NormalCharField, NormalTextField, SearchKeyField
from capred_portal.languages import localized
from capred_portal.models import Organisation
from capred_portal.records import Record, RecordQuerySet
from programs.models import Goal, Program


class IndicatorQuerySet(RecordQuerySet):
    """Indicators by whether they are in use, and by who reports them."""

    def current(self) -> Self:
        """Keep indicators that are not retired today."""
        return self.active().filter(Q(retired_on=None) | Q(retired_on__gt=timezone.localdate()))

    def of_program(self, program: Program) -> Self:
        return self.filter(reported_by__program=program, reported_by__archived_at=None)


class Indicator(Record):
    """One thing we measure, with the rule that makes its values comparable and addable, or says that they are not."""

    class Level(models.TextChoices):
        IMPACT = "impact", _("Impact")
        OUTCOME = "outcome", _("Outcome")
        OUTPUT = "output", _("Output")

    class Kind(models.TextChoices):
        REPORTED = "reported", _("Reported by programs")
        DERIVED = "derived", _("Derived from the records of this portal")
        EXTERNAL = "external", _("Published elsewhere")

    class Direction(models.TextChoices):
        UP = "up", _("Higher is better")
        DOWN = "down", _("Lower is better")
        RANGE = "range", _("Best within a range")

    class Frequency(models.TextChoices):
        QUARTER = "quarter", _("Every quarter")
        YEAR = "year", _("Every year")

    class Rule(models.TextChoices):
        SUM = "sum", _("Sum")
        LATEST = "latest", _("Latest value")
        WEIGHTED = "weighted average", _("Weighted average")
        RATIO = "ratio", _("Ratio of the sums")
        DISTINCT = "distinct", _("Distinct people or firms")
        NONE = "none", _("Never added up")

    class Signatures(models.TextChoices):
        NONE = "none", _("None")
        MINISTRY = "ministry", _("Ministry")
        BOTH = "both", _("Ministry and embassy")

    RULE_FIELDS = (
        "unit_en",
        "unit_km",
        "direction",
        "frequency",
        "over_periods",
        "over_places",
        "derivation",
        "series",
    )

    code = models.SlugField(_("code"), max_length=60, unique=True)
    title_en = NormalCharField(_("title in English"), max_length=250)
    title_km = NormalCharField(_("title in Khmer"), max_length=250, blank=True)
    definition_en = NormalTextField(_("definition in English"), max_length=2000)
    definition_km = NormalTextField(_("definition in Khmer"), blank=True, max_length=2000)
    level = models.CharField(_("level"), max_length=7, choices=Level)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    unit_en = NormalCharField(_("unit in English"), max_length=60)
    unit_km = NormalCharField(_("unit in Khmer"), max_length=60, blank=True)
    decimals = models.PositiveSmallIntegerField(_("decimals shown"), default=0)
    direction = models.CharField(_("direction"), max_length=5, choices=Direction, default=Direction.UP)
    frequency = models.CharField(_("frequency"), max_length=7, choices=Frequency, default=Frequency.QUARTER)
    over_periods = models.CharField(_("over periods"), max_length=16, choices=Rule)
    over_places = models.CharField(_("over places and programs"), max_length=16, choices=Rule)
    breakdowns = models.JSONField(_("breakdowns"), default=list, blank=True)
    derivation = models.CharField(_("derived by"), max_length=60, blank=True)
    series = models.CharField(_("series"), max_length=250, blank=True)
    owner = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, verbose_name=_("owner"), related_name="indicators"
    )
    source_en = NormalCharField(_("source in English"), max_length=300, blank=True)
    source_km = NormalCharField(_("source in Khmer"), max_length=300, blank=True)
    limitations_en = NormalTextField(_("limitations in English"), blank=True, max_length=1000)
    limitations_km = NormalTextField(_("limitations in Khmer"), blank=True, max_length=1000)
    goals = models.ManyToManyField(Goal, verbose_name=_("goals served"), blank=True, related_name="indicators")
    programs = models.ManyToManyField(
        Program, verbose_name=_("programs"), through="ProgramIndicator", related_name="indicators"
    )
    green_from = models.DecimalField(_("green from"), max_digits=4, decimal_places=2, default=Decimal("0.90"))
    amber_from = models.DecimalField(_("amber from"), max_digits=4, decimal_places=2, default=Decimal("0.60"))
    signatures = models.CharField(_("signatures"), max_length=8, choices=Signatures)
    review_on = models.DateField(_("definition to be reviewed on"), null=True, blank=True)
    retired_on = models.DateField(_("retired on"), null=True, blank=True)
    rule_version = models.PositiveSmallIntegerField(_("version of the rule"), default=1, editable=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    search_key = SearchKeyField(sources=("code", "title_en", "title_km"))

    _history_m2m_fields = ("goals",)

    objects = IndicatorQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["order", "code"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=(Q(kind="derived") & ~Q(derivation="")) | (~Q(kind="derived") & Q(derivation="")),
                name="indicator_derivation_fits_kind",
            ),
            models.CheckConstraint(
                condition=(Q(kind="external") & ~Q(series="") & Q(signatures="none"))
                | (~Q(kind="external") & Q(series="") & ~Q(signatures="none")),
                name="indicator_series_fits_kind",
            ),
            models.CheckConstraint(
                condition=Q(amber_from__gt=0, green_from__gt=F("amber_from")), name="indicator_thresholds_in_order"
            ),
            models.CheckConstraint(condition=~Q(over_places="latest"), name="indicator_places_have_no_latest"),
        ]

    def __str__(self) -> str:
        return localized(self, "title")

    def get_absolute_url(self) -> str:
        return reverse("indicators:detail", args=[self.code])

    @property
    def is_percent(self) -> bool:
        return self.unit_en.startswith("%")

    @property
    def is_retired(self) -> bool:
        return self.retired_on is not None and self.retired_on <= timezone.localdate()

    @property
    def needs_embassy(self) -> bool:
        return self.signatures == self.Signatures.BOTH

    @property
    def rule_values(self) -> dict[str, str]:
        """The fields that make up the rule, as a version of it keeps them."""
        return {name: getattr(self, name) for name in self.RULE_FIELDS}

    @property
    def unit(self) -> str:
        return localized(self, "unit")


class IndicatorRule(models.Model):
    """One version of an indicator's rule: what it said, since when, and why it was changed."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="rules")
    number = models.PositiveSmallIntegerField(_("version"))
    rule = models.JSONField(_("rule"))
    why = NormalCharField(_("reason"), max_length=300, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        verbose_name = _("version of a rule")
        verbose_name_plural = _("versions of rules")
        ordering = ["indicator", "number"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "number"], name="indicator_rule_once"),
            models.CheckConstraint(condition=Q(number=1) | ~Q(why=""), name="indicator_rule_changed_with_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} v{self.number}"


class ProgramIndicator(Record):
    """That a program reports an indicator: whether it must, and who in it owes the value."""

    program = models.ForeignKey(Program, models.PROTECT, verbose_name=_("program"), related_name="reports")
    indicator = models.ForeignKey(Indicator, models.PROTECT, verbose_name=_("indicator"), related_name="reported_by")
    is_required = models.BooleanField(_("required in every round"), default=True)
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("who owes the value"),
        related_name="owed_indicators",
    )

    class Meta(Record.Meta):
        verbose_name = _("indicator of a program")
        verbose_name_plural = _("indicators of programs")
        ordering = ["program", "indicator__order", "indicator__code"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["program", "indicator"], condition=Q(archived_at=None), name="program_indicator_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.program} · {self.indicator}"
