"""Clusters: firms of a place and trade that work together, and who belongs to them since when."""

from typing import Self

from django.db import models
from django.db.models import Case, Count, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from capred_portal.fields import NormalCharField, NormalTextField, SearchKeyField
from capred_portal.languages import OTHER, localized, reading_language
from capred_portal.matching import firm_key
from capred_portal.models import Organisation
from capred_portal.records import Record, RecordQuerySet
from enterprises.models.enterprise import Enterprise, named
from enterprises.models.places import Province
from enterprises.models.sector import Sector


class ClusterQuerySet(RecordQuerySet):
    """Clusters in the orders their list offers."""

    def in_order(self, order: str) -> Self:
        """Sort by name in the reader's language, by stage, by number of members, or the newest first."""
        names = [f"name_{language}" for language in (reading_language(), OTHER[reading_language()])]
        if order == "members":
            return self.with_members().order_by("-members", *names, "pk")
        if order == "stage":
            places = [When(stage=stage, then=place) for place, stage in enumerate(Cluster.Stage.values)]
            return self.order_by(Case(*places, default=len(places)), *names, "pk")
        return self.order_by("-pk") if order == "newest" else self.order_by(*names, "pk")

    def with_members(self) -> Self:
        """Add how many members each has now."""
        members = ClusterMembership.objects.members().filter(cluster=OuterRef("pk")).order_by().values("cluster")
        return self.annotate(members=Coalesce(Subquery(members.annotate(all=Count("pk")).values("all")), 0))


class Cluster(Record):
    """A cluster of firms: who leads it, its sectors and provinces, how far it is, and what it needs."""

    class Stage(models.TextChoices):
        IDEA = "idea", _("Idea")
        FORMING = "forming", _("Forming")
        ACTIVE = "active", _("Active")
        MATURE = "mature", _("Mature")
        DORMANT = "dormant", _("Dormant")

    slug = models.SlugField(_("short name in the address"), max_length=60, unique=True)
    name_en = NormalCharField(_("name in English"), max_length=250, blank=True)
    name_km = NormalCharField(_("name in Khmer"), max_length=250, blank=True)
    lead = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("lead organisation"),
        related_name="clusters_led",
    )
    sectors = models.ManyToManyField(Sector, verbose_name=_("sectors (ISIC)"), blank=True, related_name="clusters")
    provinces = models.ManyToManyField(Province, verbose_name=_("provinces"), blank=True, related_name="clusters")
    stage = models.CharField(_("stage of development"), max_length=10, choices=Stage, default=Stage.IDEA)
    needs_en = NormalTextField(_("needs in English"), blank=True, max_length=3000)
    needs_km = NormalTextField(_("needs in Khmer"), blank=True, max_length=3000)
    search_key = SearchKeyField(sources=("name_en", "name_km", "needs_en", "needs_km"))

    objects = ClusterQuerySet.as_manager()

    _history_m2m_fields = ("sectors", "provinces")

    class Meta(Record.Meta):
        verbose_name = _("cluster")
        verbose_name_plural = _("clusters")
        ordering = ["is_demo", "slug"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=~Q(name_en="", name_km=""), name="cluster_has_name"),
        ]

    def __str__(self) -> str:
        return localized(self, "name")

    def get_absolute_url(self) -> str:
        return reverse("clusters:detail", args=[self.slug])


class MembershipQuerySet(RecordQuerySet):
    """Memberships by role and time."""

    search_field = "enterprise__search_key"

    def search_names(self, text: str) -> Self:
        found = self.search(text)
        for word in firm_key(text).split():
            found = found.filter(named("enterprise__", word))
        return found

    def standing(self) -> Self:
        """Keep active memberships of active firms in active clusters, left or not."""
        return self.active().filter(enterprise__archived_at=None, cluster__archived_at=None)

    def current(self) -> Self:
        """Keep those who have not left."""
        return self.standing().filter(left_on=None)

    def members(self) -> Self:
        """Keep the members proper: anchor buyers and providers of services are not counted as members."""
        return self.current().filter(role=ClusterMembership.Role.MEMBER)

    def of_firms_run_by_women(self) -> Self:
        """Keep memberships of firms that women own or lead."""
        return self.filter(Q(enterprise__is_women_owned=True) | Q(enterprise__is_women_led=True))


class ClusterMembership(Record):
    """A firm in a cluster: as what, since when, and until when."""

    class Role(models.TextChoices):
        MEMBER = "member", _("Member")
        ANCHOR = "anchor", _("Anchor buyer")
        SERVICE = "service", _("Provider of services")

    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="memberships", editable=False)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, verbose_name=_("enterprise"), related_name="memberships")
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.MEMBER)
    joined_on = models.DateField(_("joined on"), null=True, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["role", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["cluster", "enterprise"], condition=Q(archived_at=None), name="membership_once_per_cluster"
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(joined_on=None) | Q(left_on__gte=F("joined_on")),
                name="membership_left_after_joined",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise} · {self.cluster}"
