"""The tables of what belongs to workshops: hosts, agenda, speakers, topics, goals, and what was said."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from capred_portal.models import Organisation
from capred_portal.table_columns import by_number, columns_of, demo_column_of, filters_of, one, plural, titled
from capred_portal.tables import Column, Table, demo_column, number, register
from programs.filters.choices import program_filter
from programs.models import AgendaItem, Person, Statement, Theme, Workshop, WorkshopHost
from programs.tables.served import parts, register_goals

SPEAKERS, TOPICS = AgendaItem.speakers.through, Workshop.topics.through
SPEAKER = ("honorific", "name_en", "name_km")  # who speaks is known by name, and by nothing else


def of_workshop(path: str = "workshop") -> dict[str, Any]:
    """Return the filters of what belongs to workshops."""
    return {"workshop": by_number(path, _("Workshop")), "program": program_filter(f"{path}__program")}


register(
    Table(
        name="hosts",
        title=plural(WorkshopHost),
        rows=parts(WorkshopHost, "workshop"),
        filters=filters_of(WorkshopHost, **of_workshop()),
        columns=(
            number(),
            *columns_of(WorkshopHost, "workshop", "organisation"),
            *columns_of(Organisation, "name_en", "name_km", "acronym", "kind", at="organisation"),
            *columns_of(WorkshopHost, "role", "updated_at"),
            demo_column(),
        ),
    )
)

register(
    Table(
        name="agenda",
        title=plural(AgendaItem),
        rows=parts(AgendaItem, "workshop"),
        filters=filters_of(AgendaItem, **of_workshop()),
        columns=(
            number(),
            *columns_of(AgendaItem, "workshop", "order", "starts_at", "title_en", "title_km", "updated_at"),
            demo_column(),
        ),
    )
)

register(
    Table(
        name="agenda-speakers",
        title=titled(plural(AgendaItem), _("Speakers")),
        row=one(AgendaItem, Person),
        rows=lambda: SPEAKERS.objects.filter(agendaitem__archived_at=None, agendaitem__workshop__archived_at=None),
        filters=filters_of(SPEAKERS, **of_workshop("agendaitem__workshop")),
        demo="agendaitem__is_demo",
        columns=(
            number(),
            Column("workshop_id", titled(_("Workshop"), _("Number")), ("agendaitem__workshop_id",), kind="integer"),
            Column("agenda_item_id", titled(_("agenda item"), _("Number")), ("agendaitem_id",), kind="integer"),
            *columns_of(SPEAKERS, "person"),
            *columns_of(Person, *SPEAKER, at="person"),
            demo_column_of("agendaitem"),
        ),
    )
)

register(
    Table(
        name="themes",
        title=plural(Theme),
        demo="",
        rows=Theme.objects.all,
        filters=filters_of(Theme),
        columns=tuple(columns_of(Theme, "code", "title_en", "title_km", "order")),
    )
)

register(
    Table(
        name="workshop-topics",
        title=titled(plural(Workshop), _("Topics")),
        row=one(Workshop, Theme),
        rows=lambda: TOPICS.objects.filter(workshop__archived_at=None),
        filters=filters_of(TOPICS, **of_workshop()),
        demo="workshop__is_demo",
        columns=(number(), *columns_of(TOPICS, "workshop", "theme"), demo_column_of("workshop")),
    )
)

register(
    Table(
        name="statements",
        title=plural(Statement),
        rows=parts(Statement, "workshop"),
        filters=filters_of(Statement, **of_workshop()),
        columns=(
            number(),
            *columns_of(Statement, "workshop", "person"),
            *columns_of(Person, *SPEAKER, at="person"),
            *columns_of(Statement, "office_en", "office_km", "text_en", "text_km", "updated_at"),
            demo_column(),
        ),
    )
)

register_goals(Workshop, program="workshop__program")
