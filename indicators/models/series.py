"""Sources by edition, and the values they publish: facts that nobody here reviews."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from capred_portal.fields import NormalCharField, NormalTextField
from capred_portal.languages import localized, reading_language
from capred_portal.records import Record


class Source(Record):
    """One edition of one publication; two editions are two sources, and their values are never joined."""

    class Confidence(models.TextChoices):
        PRIMARY = "V", _("Read in a primary source")
        SECONDARY = "V2", _("Read in a secondary source")
        COMPUTED = "C", _("Computed from published data")
        GENERAL = "G", _("Not verified, to be confirmed by MISTI")

    code = models.SlugField(_("code"), max_length=60)
    edition = NormalCharField(_("edition"), max_length=60)
    edition_km = NormalCharField(_("edition in Khmer"), max_length=60, blank=True)
    title_en = NormalCharField(_("title in English"), max_length=250)
    title_km = NormalCharField(_("title in Khmer"), max_length=250, blank=True)
    publisher = NormalCharField(_("publisher"), max_length=200)
    publisher_km = NormalCharField(_("publisher in Khmer"), max_length=200, blank=True)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    retrieved_on = models.DateField(_("retrieved on"), null=True, blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True)
    terms = NormalCharField(_("terms of use"), max_length=200, blank=True)
    confidence = models.CharField(_("confidence"), max_length=2, choices=Confidence)
    is_modelled = models.BooleanField(_("modelled, not measured"), default=False)
    is_superseded = models.BooleanField(_("superseded by a newer edition"), default=False)
    note_en = NormalTextField(_("note in English"), blank=True, max_length=1000)
    note_km = NormalTextField(_("note in Khmer"), blank=True, max_length=1000)

    class Meta(Record.Meta):
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["code", "edition"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["code", "edition"], name="source_edition_once"),
        ]

    def __str__(self) -> str:
        return f"{localized(self, 'title')}, {self.edition_words}"

    @property
    def edition_words(self) -> str:
        """The edition in the reader's language, where it is known in Khmer."""
        return self.edition_km if reading_language() == "km" and self.edition_km else self.edition

    @property
    def publisher_words(self) -> str:
        """The publisher in the reader's language, where it is known in Khmer."""
        return self.publisher_km if reading_language() == "km" and self.publisher_km else self.publisher


class SeriesValue(Record):
    """One published value: which series, of which economy, sector, partner or product, in which year."""

    source = models.ForeignKey(Source, models.PROTECT, verbose_name=_("source"), related_name="values")
    code = models.CharField(_("series"), max_length=80)
    economy = models.CharField(_("economy"), max_length=3, default="KHM")
    sector = models.CharField(_("sector"), max_length=40, blank=True)
    partner = NormalCharField(_("partner"), max_length=80, blank=True)
    product = NormalCharField(_("product"), max_length=80, blank=True)
    dimensions = models.CharField(_("dimensions"), max_length=200, blank=True)
    year = models.PositiveSmallIntegerField(_("year"))
    # A double, as the sources keep it: a decimal of SQLite would lose the sixteenth digit of what they print.
    value = models.FloatField(_("value"))
    unit = models.CharField(_("unit"), max_length=60, blank=True)
    confidence = models.CharField(_("confidence"), max_length=2, choices=Source.Confidence)

    class Meta(Record.Meta):
        verbose_name = _("published value")
        verbose_name_plural = _("published values")
        ordering = ["code", "economy", "sector", "partner", "product", "dimensions", "year"]
        indexes = [models.Index(fields=["code", "economy", "sector", "year"], name="series_value_by_code")]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["source", "code", "economy", "sector", "partner", "product", "dimensions", "year"],
                condition=Q(archived_at=None),
                name="series_value_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.economy} {self.year}"
