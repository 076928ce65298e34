"""Where things are: the provinces and districts of Cambodia."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from capred_portal.languages import localized


class Province(models.Model):
    """One of the 25 capital and provinces, by its official two-digit code."""

    code = models.CharField(_("code"), max_length=2, primary_key=True)
    iso_code = models.CharField(_("ISO 3166-2 code"), max_length=6, unique=True)
    name_en = models.CharField(_("name in English"), max_length=60)
    name_km = models.CharField(_("name in Khmer"), max_length=60)
    tile_row = models.PositiveSmallIntegerField(_("row on the province grid"))
    tile_column = models.PositiveSmallIntegerField(_("column on the province grid"))
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        verbose_name = _("province")
        verbose_name_plural = _("provinces")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["tile_row", "tile_column"], name="province_tile_once"),
        ]

    def __str__(self) -> str:
        return localized(self, "name")


class District(models.Model):
    """A district, municipality or khan, by its official four-digit code."""

    code = models.CharField(_("code"), max_length=4, primary_key=True)
    province = models.ForeignKey(Province, models.PROTECT, verbose_name=_("province"), related_name="districts")
    name_en = models.CharField(_("name in English"), max_length=80)
    name_km = models.CharField(_("name in Khmer"), max_length=80)
    unit = models.CharField(_("kind of district"), max_length=20)
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        verbose_name = _("district")
        verbose_name_plural = _("districts")
        ordering = ["code"]

    def __str__(self) -> str:
        return localized(self, "name")
