"""The table of workshops."""

from django.utils.translation import gettext_lazy as _

from capred_portal.tables import Column, Table, both, changed, invented, number, register
from programs.filters.workshops import WorkshopFilter
from programs.models import Workshop

register(
    Table(
        name="workshops",
        title=_("Workshops"),
        list_url="workshops:list",
        rows=Workshop.objects.active,
        filters=WorkshopFilter,
        columns=(
            number(),
            *both("title", _("Title in English"), _("Title in Khmer")),
            Column("date", _("Date"), ("date",), kind="date"),
            Column("end_date", _("Last day"), ("end_date",), kind="date"),
            Column("program_id", _("Number of the program"), ("program_id",), kind="integer"),
            Column("program", _("Program"), ("program__slug",)),
            Column("province", _("Province code"), ("province_id",)),
            *both("venue", _("Venue in English"), _("Venue in Khmer")),
            Column("head_count", _("Head-count"), ("head_count",), kind="integer"),
            changed(),
            invented(),
        ),
    )
)
