"""What the register covers, and who may certify: declarations of completeness, accredited bodies."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from capred_portal.fields import NormalCharField
from capred_portal.languages import localized
from capred_portal.models import Organisation
from capred_portal.records import Record, RecordQuerySet
from enterprises.models.places import Province
from enterprises.models.sector import Sector


class Completeness(Record):
    """A verifier's word that the register holds every establishment of a province, a sector, or both together."""

    province = models.ForeignKey(
        Province, models.PROTECT, null=True, blank=True, verbose_name=_("province"), related_name="completeness"
    )
    sector = models.ForeignKey(
        Sector,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("division (ISIC)"),
        related_name="completeness",
        limit_choices_to={"level": "division"},
    )
    declared_on = models.DateField(_("complete as of"))
    source = NormalCharField(_("source"), max_length=300)

    class Meta(Record.Meta):
        verbose_name = _("declaration of completeness")
        verbose_name_plural = _("declarations of completeness")
        ordering = ["province", "sector", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(province__isnull=False) | Q(sector__isnull=False), name="completeness_of_something"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="completeness_has_source"),
            models.UniqueConstraint(
                fields=["province", "sector", "is_demo"],
                condition=Q(archived_at=None),
                name="completeness_of_both_once",
            ),
            models.UniqueConstraint(
                fields=["province", "is_demo"],
                condition=Q(archived_at=None, sector=None),
                name="completeness_of_province_once",
            ),
            models.UniqueConstraint(
                fields=["sector", "is_demo"],
                condition=Q(archived_at=None, province=None),
                name="completeness_of_sector_once",
            ),
        ]

    def __str__(self) -> str:
        return " · ".join(str(part) for part in (self.province, self.sector) if part)


class AccreditationQuerySet(RecordQuerySet):
    """Accreditations by whether they still hold."""

    search_field = "organisation__search_key"

    def valid(self) -> Self:
        """Keep accreditations of active bodies that have not expired today."""
        held = Q(expires_on=None) | Q(expires_on__gte=timezone.localdate())
        return self.active().filter(held, organisation__archived_at=None)


class Accreditation(Record):
    """What an organisation is accredited to test, calibrate, inspect or certify."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("organisation"), related_name="accreditations"
    )
    scope_en = NormalCharField(_("scope in English"), max_length=300, blank=True)
    scope_km = NormalCharField(_("scope in Khmer"), max_length=300, blank=True)
    accredited_by = NormalCharField(_("accredited by"), max_length=200, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    expires_on = models.DateField(_("expires on"), null=True, blank=True)
    source = NormalCharField(_("source"), max_length=300, blank=True)

    objects = AccreditationQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("accreditation")
        verbose_name_plural = _("accreditations")
        ordering = ["organisation", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=~Q(scope_en="", scope_km=""), name="accreditation_has_scope"),
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(issued_on=None) | Q(expires_on__gte=F("issued_on")),
                name="accreditation_expires_after_issue",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {localized(self, 'scope')}"

    @property
    def is_valid(self) -> bool:
        return self.expires_on is None or self.expires_on >= timezone.localdate()
