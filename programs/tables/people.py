"""The tables of people and attendances, for those who keep the lists; and of organisations and documents."""

import django_filters
from django.utils.translation import gettext_lazy as _

from capred_portal.filters import SearchFilter
from capred_portal.models import Document, Organisation
from capred_portal.table_columns import and_since, columns_of, filters_of, plural
from capred_portal.tables import Column, Table, demo_column, number, register
from programs.filters.people import AttendanceFilter, PersonFilter
from programs.models import Attendance, Person
from programs.models.people import DIFFICULTY_DOMAINS

KIND = django_filters.ChoiceFilter(choices=Organisation.Kind, label=_("Kind of organisation"), empty_label=_("Any"))


def is_file(name: str) -> bool:
    return bool(name)


register(
    Table(
        name="people",
        title=plural(Person),
        list_url="people:list",
        action="people.read",
        scope="people",
        rows=Person.objects.active,
        filters=and_since(PersonFilter),
        columns=(
            number(),
            *columns_of(Person, "honorific", "name_en", "name_km", "sex", "organisation"),
            *columns_of(Organisation, "name_en", "name_km", at="organisation"),
            *columns_of(Person, "phone", "email", "is_possible_duplicate", "erased_at", "updated_at"),
            demo_column(),
        ),
    )
)

register(
    Table(
        name="attendances",
        title=plural(Attendance),
        list_url="people:attendances",
        action="people.read",
        scope="people",
        rows=Attendance.objects.listed,
        filters=and_since(AttendanceFilter),
        columns=(
            number(),
            *columns_of(Attendance, "workshop", "person"),
            *columns_of(Person, "name_en", "name_km", "sex", at="person"),
            *columns_of(Attendance, "organisation"),
            *columns_of(Organisation, "name_en", "name_km", "kind", at="organisation"),
            *columns_of(Attendance, "role", "age_band", "disability", *DIFFICULTY_DOMAINS),
            *columns_of(Attendance, "days", "registered", "attended", "consent", "updated_at"),
            demo_column(),
        ),
    )
)

register(
    Table(
        name="organisations",
        title=plural(Organisation),
        rows=Organisation.objects.active,
        filters=filters_of(Organisation, q=SearchFilter(), kind=KIND),
        columns=(
            number(),
            *columns_of(Organisation, "name_en", "name_km", "acronym", "kind", "website", "iati_identifier"),
            *columns_of(Organisation, "media_email", action="people.read"),
            *columns_of(Organisation, "updated_at"),
            demo_column(),
        ),
    )
)

register(
    Table(
        name="documents",
        title=plural(Document),
        action="firm.read",  # among them what one firm showed the ministry
        rows=Document.objects.active,
        filters=filters_of(Document),
        columns=(
            number(),
            *columns_of(Document, "title_en", "title_km", "link"),
            Column("is_file", _("File"), ("file",), kind="yes or no", made=is_file),
            *columns_of(Document, "updated_at"),
            demo_column(),
        ),
    )
)
