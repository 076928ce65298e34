"""Input-output tables: who buys what of whom, at home and abroad, and what the sectors of a table are in ISIC."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from capred_portal.fields import NormalCharField
from capred_portal.languages import localized
from capred_portal.models import Load
from capred_portal.records import Record
from indicators import economies
from indicators.models.series import Source

HOME = "KHM"
NOT_STATED = "not stated"  # the unit of a table whose file does not tell it
SIZES = {
    "thousand": _("thousand %(currency)s"),
    "million": _("million %(currency)s"),
    "billion": _("billion %(currency)s"),
}


class InputOutputTable(Record):
    """One input-output table of one economy and year, in one edition."""

    class Layout(models.TextChoices):
        LABELLED = "labelled-iot", _("plain labelled table")
        OECD = "oecd-iot", _("OECD national table")
        ADB = "adb-mrio", _("block of the multi-regional table of the Asian Development Bank")

    source = models.ForeignKey(Source, models.PROTECT, verbose_name=_("source"), related_name="input_output_tables")
    load = models.ForeignKey(Load, models.PROTECT, null=True, blank=True, editable=False, related_name="+")
    economy = models.CharField(_("economy"), max_length=3)
    year = models.PositiveSmallIntegerField(_("year"))
    layout = models.CharField(_("layout"), max_length=12, choices=Layout)
    classification = models.SlugField(_("classification of its sectors"), max_length=40)
    unit = NormalCharField(_("unit"), max_length=60)
    is_example = models.BooleanField(_("another country, as an example"), default=False)
    has_imported = models.BooleanField(_("imports are told apart by product and buyer"), default=True)
    has_jobs = models.BooleanField(_("holds jobs"), default=False)
    job_unit = NormalCharField(_("unit of the jobs"), max_length=60, blank=True)
    tolerance_pct = models.DecimalField(
        _("tolerance, % of a sector's output"), max_digits=5, decimal_places=2, default=1
    )
    largest_residual_pct = models.DecimalField(
        _("largest balance residual, % of a sector's output"), max_digits=9, decimal_places=4, null=True, blank=True
    )
    residual_sector = models.CharField(_("sector of that residual"), max_length=40, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("input-output table")
        verbose_name_plural = _("input-output tables")
        ordering = ["is_example", "economy", "-year", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["source", "economy", "year"], condition=Q(archived_at=None), name="input_output_table_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.economy_words} {self.year} · {self.source}"

    @property
    def economy_words(self) -> str:
        """The name of the economy in the reader's language, or its code."""
        return economies.named(self.economy)

    @property
    def is_cambodian(self) -> bool:
        return self.economy == HOME

    @property
    def unit_words(self) -> str:
        """The unit in the reader's language, where it is a size and a currency; as it was told where not."""
        size, _space, currency = self.unit.partition(" ")
        if self.unit == NOT_STATED:
            return gettext("unit not stated")
        return str(SIZES[size]) % {"currency": currency} if size in SIZES and currency else self.unit


class InputOutputSector(models.Model):
    """One sector of a table, in the order of its rows and columns."""

    table = models.ForeignKey(InputOutputTable, models.CASCADE, related_name="sectors")
    position = models.PositiveSmallIntegerField(_("position"))
    code = models.CharField(_("code"), max_length=40)
    title_en = NormalCharField(_("title in English"), max_length=250)
    title_km = NormalCharField(_("title in Khmer"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("sector of an input-output table")
        verbose_name_plural = _("sectors of input-output tables")
        ordering = ["table", "position"]
        constraints = [models.UniqueConstraint(fields=["table", "code"], name="input_output_sector_once")]

    def __str__(self) -> str:
        return localized(self, "title") or self.code


class InputOutputCell(models.Model):
    """One number of a table: what a row delivers to a column."""

    class Block(models.TextChoices):
        DOMESTIC = "zd", _("domestic inputs")  # sector x sector
        IMPORTED = "zm", _("imported inputs")  # sector x sector
        TOTAL = "z", _("inputs of either origin")  # sector x sector, where origins are not told apart
        FINAL_DOMESTIC = "fd", _("final demand for domestic products")  # sector x category
        FINAL_IMPORTED = "fm", _("final demand for imports")  # sector x category
        FINAL_TOTAL = "f", _("final demand for products of either origin")  # sector x category
        IMPORTS = "m", _("imported inputs of a sector, as one number")  # row "" x sector
        SUPPLIED_IMPORTS = "s", _("imports of a product, as one number")  # sector x column ""
        TAXES = "t", _("taxes less subsidies on products")  # row code x sector
        VALUE_ADDED = "v", _("value added")  # row code x sector; row "" is the whole
        OUTPUT = "x", _("output")  # row "" x sector
        JOBS = "jobs", _("jobs")  # row "" x sector

    table = models.ForeignKey(InputOutputTable, models.CASCADE, related_name="cells")
    block = models.CharField(_("block"), max_length=4, choices=Block)
    row = models.CharField(_("row"), max_length=40, blank=True)
    column = models.CharField(_("column"), max_length=40, blank=True)
    value = models.FloatField(_("value"))

    class Meta:
        verbose_name = _("cell of an input-output table")
        verbose_name_plural = _("cells of input-output tables")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["table", "block", "row", "column"], name="input_output_cell_once")
        ]

    def __str__(self) -> str:
        return f"{self.block} {self.row} → {self.column}"


class SectorConcordance(models.Model):
    """How much of a sector of a classification lies in a division of ISIC."""

    source = models.ForeignKey(Source, models.PROTECT, verbose_name=_("source"), related_name="concordances")
    load = models.ForeignKey(Load, models.PROTECT, null=True, blank=True, related_name="+")
    classification = models.SlugField(_("classification"), max_length=40)
    sector = models.CharField(_("sector"), max_length=40)
    division = models.CharField(_("ISIC division"), max_length=2)
    weight = models.DecimalField(_("weight"), max_digits=7, decimal_places=6, default=1)

    class Meta:
        verbose_name = _("concordance of a sector")
        verbose_name_plural = _("concordances of sectors")
        ordering = ["classification", "sector", "division"]
        constraints = [
            models.UniqueConstraint(fields=["source", "classification", "sector", "division"], name="concordance_once"),
            models.CheckConstraint(condition=Q(weight__gt=0, weight__lte=1), name="concordance_weight"),
        ]

    def __str__(self) -> str:
        return f"{self.classification} {self.sector} → {self.division}"
