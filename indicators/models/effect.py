"""Expected effects: what an outcome should move, by how much and by when."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from capred_portal.fields import NormalTextField
from capred_portal.records import Record
from indicators.models.indicator import Indicator
from indicators.models.period import Period
from programs.models import Outcome


class ExpectedEffect(Record):
    """That an outcome should raise or lower an indicator by a stated amount until a stated period."""

    class Direction(models.TextChoices):
        RAISE = "raise", _("Raise")
        LOWER = "lower", _("Lower")

    outcome = models.ForeignKey(Outcome, models.PROTECT, verbose_name=_("outcome"), related_name="expected_effects")
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, verbose_name=_("indicator"), related_name="expected_effects"
    )
    direction = models.CharField(_("direction"), max_length=5, choices=Direction)
    amount = models.DecimalField(_("by how much"), max_digits=24, decimal_places=6)
    since = models.ForeignKey(Period, models.PROTECT, verbose_name=_("compared with"), related_name="+")
    by = models.ForeignKey(Period, models.PROTECT, verbose_name=_("by when"), related_name="+")
    reasoning = NormalTextField(_("why we expect it"), blank=True, max_length=1000)

    class Meta(Record.Meta):
        verbose_name = _("expected effect")
        verbose_name_plural = _("expected effects")
        ordering = ["outcome", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=Q(amount__gt=0), name="expected_effect_of_some_size"),
            models.UniqueConstraint(
                fields=["outcome", "indicator"], condition=Q(archived_at=None), name="expected_effect_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_direction_display()} {self.indicator}"
