"""The ledger of buyer-supplier links: who supplies what to whom, and how far that has come."""

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from capred_portal.fields import NormalCharField, NormalTextField, SearchKeyField
from capred_portal.languages import localized
from capred_portal.matching import firm_key, search_key
from capred_portal.models import Document
from capred_portal.records import Record, RecordQuerySet
from enterprises.models.enterprise import Enterprise, named

if TYPE_CHECKING:
    from capred_portal.models import User


class LinkQuerySet(RecordQuerySet):
    """Links that count, as they are or as they were on a day."""

    def as_of(self, day: datetime.date | None = None) -> Self:
        """Add the stage, its day and the yearly value of each link as they are now, or as they were on a day.

        A link that had no stage by then has none; a blank value is the one before it.
        """
        if day is None:
            return self.annotate(stage_then=F("stage"), since_then=F("stage_since"), value_then=F("value_usd"))
        past = LinkStage.objects.active().filter(link=OuterRef("pk"), reached_on__lte=day)
        latest = past.order_by("-reached_on", "-pk")
        valued = latest.exclude(value_usd=None)
        return self.annotate(
            stage_then=Subquery(latest.values("stage")[:1]),
            since_then=Subquery(latest.values("reached_on")[:1]),
            value_then=Subquery(valued.values("value_usd")[:1]),
        )

    def in_order_of_value(self) -> Self:
        """Sort links as of a day by their value, the highest first; those without any come last."""
        return self.order_by(F("value_then").desc(nulls_last=True), "-pk")

    def made(self) -> Self:
        """Add the day of the first order or contract, and keep the links that have come to one."""
        orders = LinkStage.objects.active().filter(link=OuterRef("pk"), stage__in=SupplyLink.ALIVE)
        first = orders.order_by("reached_on", "pk").values("reached_on")[:1]
        return self.filter(Exists(orders)).annotate(made_on=Subquery(first))

    def search(self, text: str) -> Self:
        """Keep links whose product or one of whose firms holds every word of `text`."""
        found = self
        for word in search_key(text).split():
            found = found.filter(
                Q(search_key__contains=word)
                | Q(buyer__search_key__contains=word)
                | Q(supplier__search_key__contains=word)
            )
        return found

    def search_names(self, text: str) -> Self:
        found = self.search(text)
        for word in firm_key(text).split():
            found = found.filter(Q(search_key__contains=word) | named("buyer__", word) | named("supplier__", word))
        return found

    def sum_of_values(self) -> Decimal:
        """Return the sum of the yearly values of links as of a day; a value that is not stated adds nothing."""
        return (self.order_by().aggregate(sum=Sum("value_then"))["sum"] or Decimal(0)).quantize(Decimal("0.01"))

    def standing(self) -> Self:
        """Keep active links between active firms."""
        return self.active().filter(buyer__archived_at=None, supplier__archived_at=None)

    def alive(self) -> Self:
        """Keep links that have come to an order and have not ended."""
        return self.standing().filter(stage__in=SupplyLink.ALIVE)

    def of_firms(self, firms: object) -> Self:
        """Keep links in which one of these firms buys or supplies."""
        return self.filter(Q(buyer__in=firms) | Q(supplier__in=firms))


class SupplyLink(Record):
    """One firm supplies a product to another: introduced, tried, agreed, repeated, or ended."""

    class Stage(models.TextChoices):
        INTRODUCED = "introduced", _("Introduced")
        SAMPLE = "sample", _("Sample")
        TRIAL = "trial", _("Trial order")
        CONTRACT = "contract", _("Contract")
        REPEAT = "repeat", _("Repeat order")
        ENDED = "ended", _("Ended")

    ALIVE = (Stage.TRIAL, Stage.CONTRACT, Stage.REPEAT)  # there is business: money has changed hands or is agreed

    buyer = models.ForeignKey(Enterprise, models.PROTECT, verbose_name=_("buyer"), related_name="links_as_buyer")
    supplier = models.ForeignKey(
        Enterprise, models.PROTECT, verbose_name=_("supplier"), related_name="links_as_supplier"
    )
    hs_code = models.CharField(_("HS code"), max_length=6, help_text=_("Two, four or six digits of HS 2022."))
    product_en = NormalCharField(_("product in English"), max_length=200, blank=True)
    product_km = NormalCharField(_("product in Khmer"), max_length=200, blank=True)
    replaces_import = models.BooleanField(_("replaces an import"), null=True, blank=True)
    stage = models.CharField(_("stage"), max_length=12, choices=Stage, default=Stage.INTRODUCED, editable=False)
    stage_since = models.DateField(_("stage reached on"), null=True, blank=True, editable=False)
    value_usd = models.DecimalField(
        _("yearly value in US$"), max_digits=16, decimal_places=2, null=True, blank=True, editable=False
    )
    evidence = models.ManyToManyField(
        Document, verbose_name=_("evidence"), blank=True, related_name="supply_links", editable=False
    )
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True, editable=False)
    attributed_pct = models.DecimalField(
        _("share that programs and workshops brought about, in %"),
        max_digits=5,
        decimal_places=2,
        default=0,
        editable=False,
    )
    search_key = SearchKeyField(sources=("product_en", "product_km", "hs_code"))

    _written_apart = ("attributed_pct",)

    objects = LinkQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("buyer-supplier link")
        verbose_name_plural = _("buyer-supplier links")
        ordering = ["-stage_since", "-pk"]
        indexes = [
            models.Index(fields=["-stage_since", "-id"], condition=Q(archived_at=None), name="link_by_date"),
            models.Index(fields=["hs_code"], name="link_by_product"),
        ]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=~Q(buyer=F("supplier")), name="link_between_two"),
            models.CheckConstraint(condition=Q(value_usd=None) | Q(value_usd__gte=0), name="link_value_not_negative"),
            models.CheckConstraint(condition=Q(attributed_pct__range=(0, 100)), name="link_attributed_at_most_100"),
            models.UniqueConstraint(
                fields=["buyer", "supplier", "hs_code"], condition=Q(archived_at=None), name="link_once_per_product"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier} → {self.buyer}: {self.product or self.hs_code}"

    def get_absolute_url(self) -> str:
        return reverse("links:detail", args=[self.pk])

    @property
    def product(self) -> str:
        """The product's name in the reader's language, or in the other one."""
        return localized(self, "product")

    def save_version(self, *, by: "User | None", expected: int) -> None:
        """Save as the next version; whoever verified the link had seen another one."""
        self.verified_by = self.verified_at = None
        super().save_version(by=by, expected=expected)

    def verify(self, *, by: "User", expected: int) -> None:
        """Save that somebody has looked at this version and its evidence."""
        self.verified_by, self.verified_at = by, timezone.now()
        super().save_version(by=by, expected=expected)


class LinkStage(Record):
    """A stage a link reached on a day, with the yearly value from that day on."""

    link = models.ForeignKey(SupplyLink, models.PROTECT, related_name="stages", editable=False)
    stage = models.CharField(_("stage"), max_length=12, choices=SupplyLink.Stage)
    reached_on = models.DateField(_("reached on"))
    value_usd = models.DecimalField(
        _("yearly value in US$"),
        max_digits=16,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("What the buyer spends on this product here in a year; blank: as before."),
    )
    note_en = NormalTextField(_("note in English"), blank=True, max_length=1000)
    note_km = NormalTextField(_("note in Khmer"), blank=True, max_length=1000)

    class Meta(Record.Meta):
        verbose_name = _("stage of a link")
        verbose_name_plural = _("stages of links")
        ordering = ["reached_on", "pk"]
        indexes = [models.Index(fields=["link", "reached_on"], name="link_stage_by_day")]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(value_usd=None) | Q(value_usd__gte=0), name="link_stage_value_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} · {self.reached_on}"

    def save_version(self, *, by: "User | None", expected: int) -> None:
        """Save, and let the link follow its stages: corrected, archived or brought back."""
        super().save_version(by=by, expected=expected)
        settle_stage(self.link, by=by)


def settle_stage(link: SupplyLink, *, by: "User | None") -> SupplyLink:
    """Let stage, day and yearly value of a link follow its latest stage; call inside a transaction.

    A blank value is the one before it. The link gets a new version, so its verification is taken back.
    """
    stored = SupplyLink.objects.select_for_update(no_key=True).get(pk=link.pk)
    stages = list(stored.stages.active().order_by("reached_on", "pk"))
    latest = stages[-1] if stages else None
    stored.stage = latest.stage if latest else SupplyLink.Stage.INTRODUCED
    stored.stage_since = latest.reached_on if latest else None
    stored.value_usd = next((stage.value_usd for stage in reversed(stages) if stage.value_usd is not None), None)
    stored.save_version(by=by, expected=stored.version)
    return stored
