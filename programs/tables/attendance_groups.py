"""The table of who came to each workshop, by group: the counts of the workshop's page, small ones withheld as there."""

from collections.abc import Iterator
from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from capred_portal.access import role_of
from capred_portal.figures import STATE_WORDS, TOTAL, Figure
from capred_portal.table_columns import coded, columns_of, titled
from capred_portal.tables import Column, Table, TableExport, demo_column, register
from programs.figures.people import PART_TITLES, PARTS, breakdowns_of_workshops
from programs.filters.people import UNKNOWN
from programs.filters.workshops import WorkshopFilter
from programs.models import Program, Workshop

# One word for each key: a kind of organization that is not stated is unknown too.
GROUPS = {key: words for *_names, parts in PARTS.values() for key, words in parts} | {UNKNOWN: _("Unknown")}
STATES = [("value", _("Value")), ("withheld", STATE_WORDS["withheld"])]


class AttendanceGroupFilter(WorkshopFilter):
    """Filters of the list of workshops, and one workshop by its number."""

    workshop = django_filters.NumberFilter(
        field_name="pk", label=_("Number of the workshop"), min_value=1, max_value=2**31
    )


def groups_of(rows: list[list[Any]], taken: TableExport) -> Iterator[list[Any]]:
    """Yield a row for each group of each of many workshops that somebody came to, from one query."""
    workshops = {row[0]: row for row in rows}
    for key, found in breakdowns_of_workshops(workshops, role_of(taken.request.user)):
        _key, *about, is_demo = workshops[key]
        about = about[: -len(COUNTS)]
        for by, figures in found.items():
            total = number_in(figures[TOTAL], taken)
            for group, part in figures.items():
                is_invented = is_demo or part.has_demo
                if group != TOTAL and (taken.with_demo or not is_invented):
                    yield [f"{key}:{by}:{group}", *about, by, group, part.state, part.value, total, is_invented]


def number_in(total: Figure, taken: TableExport) -> Any:
    """Return a total, unless invented rows are in it and are to stay out."""
    return total.value if taken.with_demo or not total.has_demo else None


PK = ("pk",)  # the cells of these columns are counted for many workshops at once
COUNTS = (
    Column("dimension", _("Breakdowns"), PK, choices=PART_TITLES.items()),
    Column("group", _("Group"), PK, choices=GROUPS.items()),
    Column("state", _("State"), PK, choices=STATES),
    Column("count", _("Attendances in the group"), PK, kind="integer"),
    Column("attendances", _("Attendances in all groups"), PK, kind="integer"),
)

register(
    Table(
        name="attendance-by-group",
        title=_("Attendances by group"),
        row=titled(Workshop._meta.verbose_name or "", _("Group")),
        rows=Workshop.objects.active,
        filters=AttendanceGroupFilter,
        unfold_together=groups_of,
        columns=(
            Column("id", _("Number"), PK, about=_("Number of the workshop, breakdown and group")),
            Column("workshop_id", titled(Workshop._meta.verbose_name or "", _("Number")), PK, kind="integer"),
            *columns_of(Workshop, "title_en", "title_km", "date", "program"),
            coded(Program, "slug", "program"),
            *columns_of(Workshop, "province"),
            *COUNTS,
            demo_column(),
        ),
    )
)
