"""What if: a question put to an input-output table, kept to be compared and shared."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from capred_portal.fields import NormalCharField, NormalTextField
from capred_portal.languages import localized
from capred_portal.records import Record
from indicators.models.input_output import InputOutputTable


class Scenario(Record):
    """Imports moved to domestic supply, or another final demand, with one stated uncertainty.

    `shifts` holds {"input": sector, "buyer": sector or "", "share_pct": number}, an empty buyer standing for all;
    `demand` holds {"sector": sector, "change": number in the unit of the table}.
    """

    title_en = NormalCharField(_("title in English"), max_length=200, blank=True)
    title_km = NormalCharField(_("title in Khmer"), max_length=200, blank=True)
    table = models.ForeignKey(InputOutputTable, models.PROTECT, verbose_name=_("table"), related_name="scenarios")
    shifts: Any = models.JSONField(_("moved to domestic supply"), default=list, blank=True)
    demand: Any = models.JSONField(_("change of final demand"), default=list, blank=True)
    spread_pct = models.DecimalField(_("uncertainty, ± %"), max_digits=5, decimal_places=2, default=25)
    note_en = NormalTextField(_("note in English"), blank=True, max_length=1000)
    note_km = NormalTextField(_("note in Khmer"), blank=True, max_length=1000)
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # its address, when it is shared

    class Meta(Record.Meta):
        verbose_name = _("scenario")
        verbose_name_plural = _("scenarios")
        ordering = ["-created_at", "-pk"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=~Q(title_en="", title_km=""), name="scenario_has_title"),
            models.CheckConstraint(condition=Q(spread_pct__gte=0, spread_pct__lte=100), name="scenario_spread"),
        ]

    def __str__(self) -> str:
        return localized(self, "title")

    def get_absolute_url(self) -> str:
        return reverse("scenarios:detail", args=[self.key])
