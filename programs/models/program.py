"""Programs: their parts, partners, sectors of aid reporting, support given, and risks."""

from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from capred_portal.fields import NormalCharField, NormalTextField, SearchKeyField
from capred_portal.languages import localized
from capred_portal.matching import firm_key, search_key
from capred_portal.models import Document, Organisation
from capred_portal.records import Record, RecordQuerySet
from enterprises.models import Enterprise
from enterprises.models.enterprise import named
from programs.models.strategy import Goal


def ends_after_start(name: str) -> models.CheckConstraint:
    """Return the constraint that a period does not end before it starts."""
    return models.CheckConstraint(
        condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")), name=name
    )


class Program(Record):
    """A program of work with a purpose, a period and partners, such as CAPRED."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        RUNNING = "running", _("Running")
        PAUSED = "paused", _("On hold")
        CLOSED = "closed", _("Closed")

    slug = models.SlugField(_("short name in the address"), max_length=60, unique=True)
    title_en = NormalCharField(_("title in English"), max_length=250, blank=True)
    title_km = NormalCharField(_("title in Khmer"), max_length=250, blank=True)
    summary_en = NormalTextField(_("summary in English"), blank=True, max_length=5000)
    summary_km = NormalTextField(_("summary in Khmer"), blank=True, max_length=5000)
    starts_on = models.DateField(_("starts"), null=True, blank=True)
    ends_on = models.DateField(_("ends"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PLANNED)
    status_note_en = NormalTextField(_("status in words, in English"), blank=True, max_length=2000)
    status_note_km = NormalTextField(_("status in words, in Khmer"), blank=True, max_length=2000)
    goals = models.ManyToManyField(Goal, verbose_name=_("goals served"), blank=True, related_name="programs")
    goals_confirmed = models.BooleanField(_("the goals are confirmed by MISTI"), default=False)
    documents = models.ManyToManyField(
        Document, verbose_name=_("documents"), blank=True, related_name="programs", editable=False
    )
    source = models.CharField(_("source"), max_length=500, blank=True)
    iati_identifier = NormalCharField(
        _("IATI identifier"),
        max_length=100,
        blank=True,
        help_text=_("Of the activity: the identifier of who reports it, a hyphen, and its own number."),
    )
    search_key = SearchKeyField(sources=("title_en", "title_km", "slug"))

    _history_m2m_fields = ("goals",)

    class Meta(Record.Meta):
        verbose_name = _("program")
        verbose_name_plural = _("programs")
        ordering = ["is_demo", "slug"]
        constraints = [
            *Record.Meta.constraints,
            ends_after_start("program_ends_after_start"),
            models.CheckConstraint(condition=~Q(title_en="", title_km=""), name="program_has_title"),
        ]

    def __str__(self) -> str:
        return localized(self, "title")

    def clean(self) -> None:
        """Say beside a day when budgets by year reach beyond it."""
        super().clean()
        beyond = {"starts_on": {"starts_on__lt": self.starts_on}, "ends_on": {"ends_on__gt": self.ends_on}}
        words = _("A budget by year lies outside these days: correct that line first.")
        stated = {name: days for name, days in beyond.items() if self.pk and getattr(self, name)}
        if wrong := {name: words for name, days in stated.items() if self.budgets.active().filter(**days).exists()}:
            raise ValidationError(wrong)

    def get_absolute_url(self) -> str:
        return reverse("programs:detail", args=[self.slug])


class Component(Record):
    """One part of a program's work."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="components", editable=False)
    title_en = NormalCharField(_("title in English"), max_length=250, blank=True)
    title_km = NormalCharField(_("title in Khmer"), max_length=250, blank=True)
    description_en = NormalTextField(_("description in English"), blank=True, max_length=3000)
    description_km = NormalTextField(_("description in Khmer"), blank=True, max_length=3000)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta(Record.Meta):
        verbose_name = _("component")
        verbose_name_plural = _("components")
        ordering = ["order", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=~Q(title_en="", title_km=""), name="component_has_title"),
        ]

    def __str__(self) -> str:
        return localized(self, "title")


class ProgramSector(Record):
    """A sector of aid reporting that a program works in, with its share of the program's money."""

    class Vocabulary(models.TextChoices):
        PURPOSE = "1", _("OECD DAC purpose code (five digits)")
        CATEGORY = "2", _("OECD DAC sector category (three digits)")

    program = models.ForeignKey(Program, models.PROTECT, related_name="sectors", editable=False)
    vocabulary = models.CharField(_("code list"), max_length=2, choices=Vocabulary, default=Vocabulary.PURPOSE)
    code = models.CharField(_("code"), max_length=5, validators=[RegexValidator(r"^(\d{3}|\d{5})$")])
    share_pct = models.DecimalField(
        _("share of the program in per cent"),
        max_digits=5,
        decimal_places=2,
        default=100,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )

    class Meta(Record.Meta):
        verbose_name = _("sector in aid reporting")
        verbose_name_plural = _("sectors in aid reporting")
        ordering = ["vocabulary", "code"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["program", "vocabulary", "code"],
                condition=Q(archived_at=None),
                name="program_sector_once",
            ),
            models.CheckConstraint(condition=Q(share_pct__range=(0, 100)), name="program_sector_share_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.share_pct} %)"


class PartQuerySet(RecordQuerySet):
    """Parts of programs, in lists and figures over several programs."""

    def standing(self) -> Self:
        """Keep active parts of active programs."""
        return self.active().filter(program__archived_at=None)


class Currency(models.TextChoices):
    """Currencies of budgets and support; they are never added to each other."""

    AUD = "AUD", _("Australian dollar")
    USD = "USD", _("US dollar")
    KHR = "KHR", _("Cambodian riel")


class ProgramPartner(Record):
    """An organisation that leads, funds, carries out or advises a program."""

    class Role(models.TextChoices):
        LEAD = "lead", _("Leads")
        FUNDER = "funder", _("Funds")
        IMPLEMENTER = "implementer", _("Carries out")
        PARTNER = "partner", _("Works with")
        ADVISER = "adviser", _("Advises")

    program = models.ForeignKey(Program, models.PROTECT, related_name="partners", editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("organisation"), related_name="partnerships"
    )
    role = models.CharField(_("role"), max_length=15, choices=Role)

    class Meta(Record.Meta):
        verbose_name = _("partner organisation")
        verbose_name_plural = _("partner organisations")
        ordering = ["pk"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["program", "organisation", "role"],
                condition=Q(archived_at=None),
                name="program_partner_role_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} ({self.get_role_display()})"


class SupportQuerySet(PartQuerySet):
    """Support is found by the name of the enterprise or organisation that received it."""

    def with_receiver(self) -> Self:
        """Add who received it, so that one counts once: `firm`, or else `group`.

        An organisation that is a firm of the register is that firm.
        """
        firm = Coalesce("enterprise", "organisation__enterprise")
        group = Case(When(organisation__enterprise=None, then="organisation"))
        return self.annotate(firm=firm, group=group)

    def search(self, text: str) -> Self:
        """Keep rows whose receiver's name holds every word of `text`."""
        found = self
        for word in search_key(text).split():
            found = found.filter(Q(enterprise__search_key__contains=word) | Q(organisation__search_key__contains=word))
        return found

    def search_names(self, text: str) -> Self:
        found = self.search(text)
        for word in firm_key(text).split():
            found = found.filter(named("enterprise__", word) | Q(organisation__search_key__contains=word))
        return found


class Support(Record):
    """What a program did for an enterprise or a group: training, advice, a grant, a test, an introduction."""

    class Kind(models.TextChoices):
        TRAINING = "training", _("Training")
        ADVICE = "advice", _("Advice")
        GRANT = "grant", _("Grant")
        TESTING = "testing", _("Testing")
        CERTIFICATION = "certification", _("Certification")
        INTRODUCTION = "introduction", _("Introduction to a buyer or partner")

    program = models.ForeignKey(Program, models.PROTECT, related_name="support", editable=False)
    enterprise = models.ForeignKey(
        Enterprise,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("enterprise supported"),
        related_name="support_received",
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("group or organisation supported"),
        related_name="support_received",
    )
    kind = models.CharField(_("kind"), max_length=15, choices=Kind)
    starts_on = models.DateField(_("starts"))
    ends_on = models.DateField(_("ends"), null=True, blank=True)
    value = models.DecimalField(
        _("value"), max_digits=14, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    currency = models.CharField(_("currency"), max_length=3, choices=Currency, blank=True)
    result_en = NormalTextField(_("result in English"), blank=True, max_length=3000)
    result_km = NormalTextField(_("result in Khmer"), blank=True, max_length=3000)

    objects = SupportQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("support")
        verbose_name_plural = _("support")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            *Record.Meta.constraints,
            ends_after_start("support_ends_after_start"),
            models.CheckConstraint(
                condition=Q(enterprise=None, organisation__isnull=False)
                | Q(enterprise__isnull=False, organisation=None),
                name="support_of_one",
            ),
            models.CheckConstraint(
                condition=(Q(value=None) & Q(currency="")) | (Q(value__gte=0) & ~Q(currency="")),
                name="support_value_has_currency",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.receiver}"

    @property
    def receiver(self) -> Enterprise | Organisation | None:
        """The enterprise, or else the group or organisation, that was supported."""
        return self.enterprise or self.organisation


class Risk(Record):
    """What could go wrong in a program, how likely, how bad, and what we do about it."""

    class Level(models.IntegerChoices):
        LOW = 1, _("Low")
        MEDIUM = 2, _("Medium")
        HIGH = 3, _("High")

    program = models.ForeignKey(Program, models.PROTECT, related_name="risks", editable=False)
    text_en = NormalTextField(_("risk in English"), blank=True, max_length=2000)
    text_km = NormalTextField(_("risk in Khmer"), blank=True, max_length=2000)
    likelihood = models.PositiveSmallIntegerField(
        _("likelihood"), choices=Level, validators=[MinValueValidator(1), MaxValueValidator(3)]
    )
    effect = models.PositiveSmallIntegerField(
        _("effect"), choices=Level, validators=[MinValueValidator(1), MaxValueValidator(3)]
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("owner"),
        related_name="risks",
    )
    response_en = NormalTextField(_("response in English"), blank=True, max_length=2000)
    response_km = NormalTextField(_("response in Khmer"), blank=True, max_length=2000)

    class Meta(Record.Meta):
        verbose_name = _("risk")
        verbose_name_plural = _("risks")
        ordering = ["-effect", "-likelihood", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=~Q(text_en="", text_km=""), name="risk_has_text"),
            models.CheckConstraint(
                condition=Q(likelihood__range=(1, 3)) & Q(effect__range=(1, 3)), name="risk_levels_known"
            ),
        ]

    def __str__(self) -> str:
        return localized(self, "text")[:80]

    @property
    def severity(self) -> Level:
        """Likelihood times effect, in three levels: 6 and 9 are high, 3 and 4 medium, 1 and 2 low."""
        product = self.likelihood * self.effect
        return self.Level.HIGH if product >= 6 else self.Level.MEDIUM if product >= 3 else self.Level.LOW
