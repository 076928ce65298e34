"""Which program or workshop brought a buyer-supplier link about, and by how much."""

from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q, Sum
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from capred_portal.figures import number
from capred_portal.records import Clash, Record, RecordQuerySet
from enterprises.models import SupplyLink
from programs.models.program import Program
from programs.models.workshop import Workshop

if TYPE_CHECKING:
    from capred_portal.models import User


class AttributionQuerySet(RecordQuerySet):
    """Shares of links."""

    def standing(self) -> Self:
        """Keep active shares of active links between active firms."""
        return self.active().filter(
            link__archived_at=None, link__buyer__archived_at=None, link__supplier__archived_at=None
        )


class LinkAttribution(Record):
    """The share of a link that one program or workshop brought about; all shares of a link make at most 100 %."""

    link = models.ForeignKey(SupplyLink, models.PROTECT, related_name="attributions", editable=False)
    program = models.ForeignKey(
        Program, models.PROTECT, null=True, blank=True, verbose_name=_("program"), related_name="link_attributions"
    )
    workshop = models.ForeignKey(
        Workshop, models.PROTECT, null=True, blank=True, verbose_name=_("workshop"), related_name="link_attributions"
    )
    share_pct = models.DecimalField(
        _("share, in %"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(100)],
    )

    objects = AttributionQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("attribution of a link")
        verbose_name_plural = _("attributions of links")
        ordering = ["-share_pct", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(program=None, workshop__isnull=False) | Q(program__isnull=False, workshop=None),
                name="attribution_to_one",
            ),
            models.CheckConstraint(
                condition=Q(share_pct__gt=0) & Q(share_pct__lte=100), name="attribution_share_in_range"
            ),
            models.UniqueConstraint(
                fields=["link", "program"], condition=Q(archived_at=None), name="attribution_program_once"
            ),
            models.UniqueConstraint(
                fields=["link", "workshop"], condition=Q(archived_at=None), name="attribution_workshop_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.giver}: {number(self.share_pct)} %"

    def clean(self) -> None:
        """Say beside the share how much of the link is left, in every form and in the admin."""
        super().clean()
        if self.share_pct is None or self.is_archived:
            return
        others = LinkAttribution.objects.active().filter(link=self.link_id).exclude(pk=self.pk)
        if self.creation_token:
            others = others.exclude(creation_token=self.creation_token)  # a double click finds itself
        taken = others.aggregate(total=Sum("share_pct"))["total"] or Decimal(0)
        if taken + self.share_pct > 100:
            raise ValidationError({"share_pct": too_much(taken)})

    @property
    def giver(self) -> Program | Workshop | None:
        """The program, or else the workshop, that has the share."""
        return self.program or self.workshop

    def save_version(self, *, by: "User | None", expected: int) -> None:
        """Save, and add the link's shares up again: the database refuses more than 100 %."""
        super().save_version(by=by, expected=expected)
        settle_attribution(self.link_id)


def settle_attribution(link_id: int) -> None:
    """Keep the sum of a link's active shares with the link, and refuse more than 100 % as its constraint does.

    The link's row is locked first, so two shares that are saved at once cannot both fit. Call inside a transaction.
    """
    links = SupplyLink.objects.filter(pk=link_id)
    list(links.select_for_update(no_key=True).values_list("pk"))  # a new share holds the link's key: two would wait
    total = LinkAttribution.objects.active().filter(link=link_id).aggregate(total=Sum("share_pct"))["total"]
    if total and total > 100:
        raise Clash(
            gettext("The shares of this link would make more than 100 %. Look at the others first."), "share_pct"
        )
    links.update(attributed_pct=total or 0)


def too_much(taken: Decimal) -> str:
    """Say how much of a link is left when others have taken this share."""
    words = gettext("The shares of a link make at most 100 %%: %(taken)s %% are taken, %(left)s %% are left.")
    return words % {"taken": number(taken), "left": number(100 - taken)}
