"""Enterprises, what is known of them year by year, what they make, and their certificates."""

from typing import TYPE_CHECKING, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from capred_portal.fields import (
    FirmKeyField,
    FirmSoundBlockField,
    FirmSoundField,
    NormalCharField,
    SearchKeyField,
)
from capred_portal.languages import localized
from capred_portal.matching.firms import firm_key, firm_sound
from capred_portal.models import Load, Organisation
from capred_portal.records import Record, RecordQuerySet
from enterprises.models.places import District, Province
from enterprises.models.sector import Sector, SizeDefinition
from enterprises.sizes import RANKS, Sizes

if TYPE_CHECKING:
    from capred_portal.models import User

PERCENT = (MinValueValidator(0), MaxValueValidator(100))


def named(firm: str, word: str) -> Q:
    """Return the condition that the name of a firm, in either script, holds a word."""
    return Q(**{f"{firm}name_en_key__contains": word}) | Q(**{f"{firm}name_km_key__contains": word})


class EnterpriseQuerySet(RecordQuerySet):
    """Enterprises by place, sector and what they are."""

    def search_names(self, text: str) -> Self:
        found = self.search(text)
        for word in firm_key(text).split():
            found = found.filter(named("", word))
        return found

    def of_size(self, size_class: str) -> Self:
        """Keep firms of a size class by the official definition; "none": of no class."""
        return self.with_size().filter(size_rank=RANKS.get(size_class, 0))

    def settle_latest(self) -> None:
        """Let each of these firms point to its newest active year, with one statement; no new version."""
        newest = EnterpriseYear.objects.active().filter(enterprise=OuterRef("pk")).order_by("-year")
        self.update(latest=Subquery(newest.values("pk")[:1]))

    def sounding_like(self, text: str) -> Self:
        """Keep firms whose name, in either script, holds every word of `text` by its sound."""
        found = self
        words = firm_sound(text).split()
        for word in words:
            found = found.filter(sound_key__contains=word)
        return found if words else self.none()

    def with_size(self) -> Self:
        """Add the place of each firm's size class, from 1 for micro; 0 where there is none."""
        return self.annotate(size_rank=Sizes(SizeDefinition.objects.all()).rank())


class Enterprise(Record):
    """A firm or establishment of the register: its names, place, sector and owners."""

    class LegalForm(models.TextChoices):
        SOLE = "sole", _("Sole proprietorship")
        PARTNERSHIP = "partnership", _("Partnership")
        SINGLE_MEMBER = "single-member", _("Single member private limited company")
        PRIVATE_LIMITED = "private-limited", _("Private limited company")
        PUBLIC_LIMITED = "public-limited", _("Public limited company")
        BRANCH = "branch", _("Branch of a foreign company")
        COOPERATIVE = "cooperative", _("Cooperative")
        STATE = "state", _("State enterprise")
        OTHER = "other", _("Other")
        UNKNOWN = "", _("Not stated")

    registration_number = NormalCharField(_("registration number"), max_length=40, blank=True)
    name_en = NormalCharField(_("name in Latin script"), max_length=250, blank=True)
    name_km = NormalCharField(_("name in Khmer script"), max_length=250, blank=True)
    sector = models.ForeignKey(
        Sector, models.PROTECT, null=True, blank=True, verbose_name=_("sector (ISIC)"), related_name="enterprises"
    )
    province = models.ForeignKey(
        Province,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("province"),
        related_name="enterprises",
        db_index=False,  # enterprise_by_place begins with it
    )
    district = models.ForeignKey(
        District,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("district"),
        related_name="enterprises",
        db_index=False,  # asked for within its province
    )
    address = NormalCharField(_("address"), max_length=300, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    founded_year = models.PositiveSmallIntegerField(
        _("founded in"), null=True, blank=True, validators=[MinValueValidator(1850), MaxValueValidator(2100)]
    )
    registered_on = models.DateField(_("registered on"), null=True, blank=True)
    legal_form = models.CharField(_("legal form"), max_length=20, choices=LegalForm, blank=True, default="")
    is_women_owned = models.BooleanField(_("owned by women"), null=True, blank=True)
    is_women_led = models.BooleanField(_("led by a woman"), null=True, blank=True)
    owner_has_disability = models.BooleanField(_("owner with disability"), null=True, blank=True)
    organisation = models.OneToOneField(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("the same as the organisation"),
        help_text=_("The name under which its people came to workshops."),
        related_name="enterprise",
    )
    latest = models.ForeignKey(
        "EnterpriseYear", models.PROTECT, null=True, blank=True, editable=False, related_name="+", db_index=False
    )
    load = models.ForeignKey(
        Load, models.PROTECT, null=True, blank=True, editable=False, related_name="enterprises", db_index=False
    )
    name_en_key = FirmKeyField(sources=("name_en",))
    name_km_key = FirmKeyField(sources=("name_km",))
    sound_block = FirmSoundBlockField(sources=("name_en", "name_km"))
    search_key = SearchKeyField(sources=("name_en", "name_km", "registration_number"))
    sound_key = FirmSoundField(sources=("name_en", "name_km"))

    _written_apart = ("latest_id",)

    objects = EnterpriseQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("enterprise")
        verbose_name_plural = _("enterprises")
        ordering = ["name_en_key", "name_km_key", "pk"]
        indexes = [
            models.Index(fields=["name_en_key", "name_km_key", "id"], name="enterprise_by_name"),
            models.Index(fields=["name_km_key"], name="enterprise_by_khmer_name"),
            models.Index(fields=["sound_block"], name="enterprise_by_sound"),
            models.Index(fields=["province", "sector", "is_women_owned", "is_women_led"], name="enterprise_by_place"),
            models.Index(fields=["phone"], name="enterprise_by_phone", condition=~Q(phone="")),
            models.Index(fields=["-registered_on", "-id"], name="enterprise_by_registration"),
        ]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=~Q(name_en="", name_km=""), name="enterprise_has_name"),
            models.UniqueConstraint(
                fields=["registration_number"],
                condition=Q(archived_at=None) & ~Q(registration_number=""),
                name="enterprise_registration_number_once",
            ),
        ]

    def __str__(self) -> str:
        return localized(self, "name")

    def get_absolute_url(self) -> str:
        return reverse("enterprises:detail", args=[self.pk])

    @property
    def is_run_by_women(self) -> bool | None:
        """Whether women own or lead the firm; None where neither is stated."""
        answers = (self.is_women_owned, self.is_women_led)
        return True if True in answers else None if None in answers else False


class EnterprisePartQuerySet(RecordQuerySet):
    """Parts of enterprises, found by the firm's name."""

    search_field = "enterprise__search_key"

    def search_names(self, text: str) -> Self:
        found = self.search(text)
        for word in firm_key(text).split():
            found = found.filter(named("enterprise__", word))
        return found

    def standing(self) -> Self:
        """Keep active parts of active enterprises."""
        return self.active().filter(enterprise__archived_at=None)


class EnterpriseYear(Record):
    """What a firm was in one year: staff, money, exports, and the share of its inputs that is imported."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="years", editable=False)
    year = models.PositiveSmallIntegerField(_("year"), validators=[MinValueValidator(1990), MaxValueValidator(2100)])
    employees = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    women = models.PositiveIntegerField(_("women employed"), null=True, blank=True)
    men = models.PositiveIntegerField(_("men employed"), null=True, blank=True)
    with_disability = models.PositiveIntegerField(_("people with disability employed"), null=True, blank=True)
    turnover_usd = models.DecimalField(
        _("turnover in US$"), max_digits=16, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    assets_usd = models.DecimalField(
        _("assets in US$"), max_digits=16, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    export_share_pct = models.DecimalField(
        _("share of sales that is exported, in %"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=PERCENT,
    )
    imported_input_share_pct = models.DecimalField(
        _("share of inputs by value that is imported, in %"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=PERCENT,
    )
    source = NormalCharField(_("source"), max_length=300, blank=True)

    objects = EnterprisePartQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("year of an enterprise")
        verbose_name_plural = _("years of enterprises")
        ordering = ["-year", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["enterprise", "year"], condition=Q(archived_at=None), name="enterprise_year_once"
            ),
            models.CheckConstraint(
                condition=Q(employees=None) | Q(women=None) | Q(employees__gte=F("women")),
                name="enterprise_year_women_within",
            ),
            models.CheckConstraint(
                condition=Q(employees=None) | Q(men=None) | Q(employees__gte=F("men")),
                name="enterprise_year_men_within",
            ),
            models.CheckConstraint(
                condition=Q(employees=None) | Q(women=None) | Q(men=None) | Q(employees__gte=F("women") + F("men")),
                name="enterprise_year_sexes_within",
            ),
            models.CheckConstraint(
                condition=Q(employees=None) | Q(with_disability=None) | Q(employees__gte=F("with_disability")),
                name="enterprise_year_disability_within",
            ),
            models.CheckConstraint(
                condition=(Q(turnover_usd=None) | Q(turnover_usd__gte=0)) & (Q(assets_usd=None) | Q(assets_usd__gte=0)),
                name="enterprise_year_money_not_negative",
            ),
            models.CheckConstraint(
                condition=(Q(export_share_pct=None) | Q(export_share_pct__range=(0, 100)))
                & (Q(imported_input_share_pct=None) | Q(imported_input_share_pct__range=(0, 100))),
                name="enterprise_year_shares_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise} · {self.year}"

    def save_version(self, *, by: "User | None", expected: int) -> None:
        """Save, and let the firm point to its newest year again: this one may have moved, gone or come back."""
        super().save_version(by=by, expected=expected)
        Enterprise.objects.filter(pk=self.enterprise_id).settle_latest()


class Product(Record):
    """Something a firm makes, by its HS code, and how much of it a year."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="products", editable=False)
    hs_code = models.CharField(_("HS code"), max_length=6, help_text=_("Two, four or six digits of HS 2022."))
    name_en = NormalCharField(_("name in English"), max_length=200, blank=True)
    name_km = NormalCharField(_("name in Khmer"), max_length=200, blank=True)
    capacity = models.DecimalField(
        _("capacity a year"), max_digits=16, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    capacity_unit = NormalCharField(_("unit of the capacity"), max_length=40, blank=True)
    search_key = SearchKeyField(sources=("name_en", "name_km", "hs_code"))

    objects = EnterprisePartQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["hs_code", "pk"]
        indexes = [models.Index(fields=["hs_code", "enterprise"], name="product_by_code")]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=~Q(name_en="", name_km=""), name="product_has_name"),
            models.CheckConstraint(
                condition=(Q(capacity=None) & Q(capacity_unit="")) | (Q(capacity__gte=0) & ~Q(capacity_unit="")),
                name="product_capacity_has_unit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hs_code} {localized(self, 'name')}"


class CertificateQuerySet(EnterprisePartQuerySet):
    """Certificates by whether they still hold."""

    def valid(self) -> Self:
        """Keep certificates that have not expired today; without a last day they hold."""
        return self.standing().filter(Q(expires_on=None) | Q(expires_on__gte=timezone.localdate()))

    def expired(self) -> Self:
        return self.standing().filter(expires_on__lt=timezone.localdate())


class Certificate(Record):
    """A certificate a firm holds: the standard, who issued it, for what, until when."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="certificates", editable=False)
    standard = NormalCharField(_("standard"), max_length=80)
    standard_key = SearchKeyField(sources=("standard",))
    issuer = NormalCharField(_("issued by"), max_length=200, blank=True)
    scope_en = NormalCharField(_("scope in English"), max_length=300, blank=True)
    scope_km = NormalCharField(_("scope in Khmer"), max_length=300, blank=True)
    number = NormalCharField(_("number of the certificate"), max_length=60, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    expires_on = models.DateField(_("expires on"), null=True, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["standard_key", "pk"]
        indexes = [models.Index(fields=["expires_on"], name="certificate_by_expiry")]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=~Q(standard=""), name="certificate_has_standard"),
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(issued_on=None) | Q(expires_on__gte=F("issued_on")),
                name="certificate_expires_after_issue",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.standard} · {self.enterprise}"

    @property
    def is_valid(self) -> bool:
        return self.expires_on is None or self.expires_on >= timezone.localdate()
