"""Trade in goods as customs tell it, and what an HS code means in other classifications."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from capred_portal.fields import NormalCharField
from capred_portal.models import Load
from indicators.models.series import Source

CAMBODIA = 116  # codes of economies are those of the UN Statistics Division
WORLD = 0  # the partner that stands for all of them
ALL_GOODS = "TOTAL"


class TradeFlowQuerySet(models.QuerySet["TradeFlow"]):
    """Flows by who tells them and how finely."""

    def told_by(self, economy: int) -> Self:
        return self.filter(reporter=economy)

    def mirrored(self, economy: int) -> Self:
        """Keep what others tell of their trade with an economy: its imports are their exports."""
        return self.filter(partner=economy).exclude(reporter=economy)

    def of_level(self, digits: int) -> Self:
        """Keep codes of 2, 4 or 6 digits; the levels hold the same goods, so only one is ever summed."""
        return self.filter(digits=digits)

    def annual(self) -> Self:
        return self.filter(month=0)


class TradeFlow(models.Model):
    """What one economy says it bought from or sold to another, of one HS code in one year or month."""

    class Flow(models.TextChoices):
        IMPORT = "M", _("import")
        EXPORT = "X", _("export")
        RE_IMPORT = "RM", _("re-import")
        RE_EXPORT = "RX", _("re-export")

    # The unique constraint begins with the source: its index is enough.
    source = models.ForeignKey(
        Source, models.PROTECT, verbose_name=_("source"), related_name="trade_flows", db_index=False
    )
    load = models.ForeignKey(Load, models.PROTECT, null=True, blank=True, related_name="+")
    reporter = models.PositiveSmallIntegerField(_("reporter"))
    partner = models.PositiveSmallIntegerField(_("partner"))  # 0: the world
    flow = models.CharField(_("flow"), max_length=2, choices=Flow)
    classification = models.CharField(_("classification"), max_length=5)  # H6: HS 2022
    hs_code = models.CharField(_("HS code"), max_length=6)
    digits = models.PositiveSmallIntegerField(_("digits of the code"))  # 0 for all goods
    year = models.PositiveSmallIntegerField(_("year"))
    month = models.PositiveSmallIntegerField(_("month"), default=0)  # 0: the whole year
    value_usd = models.DecimalField(_("value, US$"), max_digits=20, decimal_places=3)
    cif_usd = models.DecimalField(
        _("value with insurance and freight, US$"), max_digits=20, decimal_places=3, null=True
    )
    fob_usd = models.DecimalField(_("value free on board, US$"), max_digits=20, decimal_places=3, null=True)
    net_weight_kg = models.DecimalField(_("net weight, kg"), max_digits=20, decimal_places=3, null=True)
    is_estimated = models.BooleanField(_("quantity or weight is estimated"), default=False)

    objects = TradeFlowQuerySet.as_manager()

    class Meta:
        verbose_name = _("trade flow")
        verbose_name_plural = _("trade flows")
        ordering = ["year", "month", "hs_code", "partner"]
        indexes = [
            models.Index(
                fields=["source", "flow", "year", "month", "digits", "reporter", "partner"], name="trade_flow_slice"
            ),
            models.Index(fields=["value_usd"], name="trade_flow_by_value"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "reporter", "flow", "hs_code", "partner", "year", "month"], name="trade_flow_once"
            ),
            models.CheckConstraint(condition=Q(month__lte=12), name="trade_flow_month"),
        ]

    def __str__(self) -> str:
        return f"{self.reporter} {self.flow} {self.partner} {self.hs_code} {self.year}"

    @property
    def is_mirror(self) -> bool:
        """Whether the partner tells it, not Cambodia."""
        return self.reporter != CAMBODIA


class Correspondence(models.Model):
    """What one HS code is by economic category and end use, and which ISIC classes make it; all, where several."""

    class EndUse(models.TextChoices):
        INTERMEDIATE = "intermediate", _("intermediate goods")
        CAPITAL = "capital", _("capital goods")
        CONSUMPTION = "consumption", _("consumption goods")
        SEVERAL = "several", _("several end uses")
        UNCLASSIFIED = "unclassified", _("not classified")

    source = models.ForeignKey(Source, models.PROTECT, verbose_name=_("source"), related_name="correspondences")
    load = models.ForeignKey(Load, models.PROTECT, null=True, blank=True, related_name="+")
    hs_code = models.CharField(_("HS code"), max_length=6)
    title_en = NormalCharField(_("title in English"), max_length=500, blank=True)
    title_km = NormalCharField(_("title in Khmer"), max_length=500, blank=True)
    bec_codes = models.CharField(_("broad economic categories"), max_length=60, blank=True)  # 111|121
    end_use = models.CharField(_("end use"), max_length=12, choices=EndUse)
    isic_classes = models.CharField(_("ISIC classes"), max_length=200, blank=True)  # 0141|0142

    class Meta:
        verbose_name = _("correspondence of an HS code")
        verbose_name_plural = _("correspondences of HS codes")
        ordering = ["hs_code"]
        constraints = [
            models.UniqueConstraint(fields=["source", "hs_code"], name="correspondence_once"),
        ]

    def __str__(self) -> str:
        return f"{self.hs_code} → {self.isic_classes or '–'}"

    @property
    def classes(self) -> list[str]:
        """The ISIC classes that make it."""
        return self.isic_classes.split("|") if self.isic_classes else []

    @property
    def is_ambiguous(self) -> bool:
        """Whether more than one class or category may be meant."""
        return "|" in self.isic_classes or "|" in self.bec_codes
