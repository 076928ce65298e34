"""What firms do and how large they are: all of ISIC Rev.4, and the official definitions of SME sizes."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from capred_portal.languages import localized


class SectorQuerySet(models.QuerySet):
    """Sectors by level."""

    def divisions(self) -> Self:
        return self.filter(level=Sector.Level.DIVISION)

    def classes(self) -> Self:
        return self.filter(level=Sector.Level.CLASS)


class Sector(models.Model):
    """One section, division, group or class of ISIC Rev.4, by its official code: C, 10, 101, 1010."""

    class Level(models.TextChoices):
        SECTION = "section", _("Section")
        DIVISION = "division", _("Division")
        GROUP = "group", _("Group")
        CLASS = "class", _("Class")

    code = models.CharField(_("code"), max_length=4, primary_key=True)
    level = models.CharField(_("level"), max_length=10, choices=Level)
    section = models.CharField(_("section"), max_length=1)
    title_en = models.CharField(_("title in English"), max_length=250)
    title_km = models.CharField(_("title in Khmer"), max_length=250, blank=True)
    source = models.CharField(_("source"), max_length=200)

    objects = SectorQuerySet.as_manager()

    class Meta:
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")
        ordering = ["section", "code"]

    def __str__(self) -> str:
        return f"{self.code} {localized(self, 'title')}"

    @property
    def division(self) -> str:
        """The code of the division a group or class belongs to; a section has none."""
        return "" if self.level == self.Level.SECTION else self.code[:2]


class SizeDefinition(models.Model):
    """One row of an official definition: which employees, turnover and assets make a firm micro, small or medium."""

    class SizeClass(models.TextChoices):
        MICRO = "micro", _("Micro")
        SMALL = "small", _("Small")
        MEDIUM = "medium", _("Medium")
        LARGE = "large", _("Large")

    class Branch(models.TextChoices):
        AGRICULTURE = "agriculture", _("Agriculture")
        INDUSTRY = "industry", _("Industry")
        SERVICES = "services", _("Services and commerce")
        ALL = "all", _("All branches")

    SECTIONS = {"agriculture": "A", "industry": "BCDEF", "services": "GHIJKLMNOPQRSTU"}  # of ISIC Rev.4

    edition = models.CharField(_("edition"), max_length=10)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    branch = models.CharField(_("branch"), max_length=15, choices=Branch)
    size_class = models.CharField(_("size class"), max_length=10, choices=SizeClass)
    employees_min = models.PositiveIntegerField(_("employees, from"), null=True, blank=True)
    employees_max = models.PositiveIntegerField(_("employees, to"), null=True, blank=True)
    turnover_usd_min = models.PositiveIntegerField(_("turnover in US$, from"), null=True, blank=True)
    turnover_usd_max = models.PositiveIntegerField(_("turnover in US$, to"), null=True, blank=True)
    assets_usd_min = models.PositiveIntegerField(_("assets in US$, from"), null=True, blank=True)
    assets_usd_max = models.PositiveIntegerField(_("assets in US$, to"), null=True, blank=True)
    unconfirmed = models.CharField(
        _("unconfirmed thresholds"),
        max_length=40,
        blank=True,
        help_text=_("Any of: employees turnover assets. Their figures carry a mark until MISTI confirms them."),
    )
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        verbose_name = _("definition of a size class")
        verbose_name_plural = _("definitions of size classes")
        ordering = ["-valid_from", "branch", "employees_min"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "branch", "size_class"], name="size_definition_once"),
            models.CheckConstraint(
                condition=Q(employees_max=None)
                | Q(employees_min=None)
                | Q(employees_max__gte=models.F("employees_min")),
                name="size_definition_employees_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition} · {self.get_branch_display()} · {self.get_size_class_display()}"
