"""The tables of actions with their owners, and of the shares that programs and workshops have in links."""

from typing import Any

from django.db.models import Case, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from capred_portal.models import Organisation, User
from capred_portal.table_columns import and_since, by_number, coded, columns_of, filters_of, one, plural, titled
from capred_portal.tables import Column, Table, demo_column, number, register
from programs.filters.actions import ActionFilter
from programs.filters.choices import program_filter
from programs.models import Action, LinkAttribution, Person, Program

OWNERS = (
    ("user", one(User)),
    ("organisation", one(Organisation)),
    ("person", one(Person)),
)
NAMES_EN = ("owner_user__full_name_en", "owner_organisation__name_en", "owner_person__name_en")
NAMES_KM = ("owner_user__full_name_km", "owner_organisation__name_km", "owner_person__name_km")


def first(*names: str | None) -> str:
    """Return the first name that is told."""
    return next((name for name in names if name), "")


def kind_of_owner() -> Any:
    """Return the expression of what kind of owner an action has."""
    whens = [When(**{f"owner_{kind}__isnull": False}, then=Value(kind)) for kind, _words in OWNERS]
    return Case(*whens, default=Value(""))


register(
    Table(
        name="actions",
        title=plural(Action),
        list_url="actions:list",
        rows=Action.objects.active,
        filters=and_since(ActionFilter),
        columns=(
            number(),
            *columns_of(Action, "outcome", "workshop", "program"),
            Column(
                "program",
                _("Program"),
                (Coalesce("program__slug", "workshop__program__slug", "outcome__workshop__program__slug"),),
            ),
            *columns_of(Action, "text_en", "text_km"),
            Column("owner_kind", titled(_("Owner"), _("Kind")), (kind_of_owner(),), choices=OWNERS),
            Column(
                "owner_id",
                titled(_("Owner"), _("Number")),
                (Coalesce("owner_user", "owner_organisation", "owner_person"),),
                kind="integer",
            ),
            Column("owner_en", titled(_("Owner"), _("name in Latin script")), NAMES_EN, made=first),
            Column("owner_km", titled(_("Owner"), _("name in Khmer script")), NAMES_KM, made=first),
            *columns_of(Action, "due_on", "priority", "status", "closed_on", "done_en", "done_km", "verified_at"),
            *columns_of(Action, "updated_at"),
            demo_column(),
        ),
    )
)

register(
    Table(
        name="attributions",
        title=plural(LinkAttribution),
        rows=LinkAttribution.objects.standing,
        filters=filters_of(LinkAttribution, link=by_number("link", _("Link")), program=program_filter()),
        columns=(
            number(),
            *columns_of(LinkAttribution, "link", "program"),
            coded(Program, "slug", "program"),
            *columns_of(LinkAttribution, "workshop", "share_pct", "updated_at"),
            demo_column(),
        ),
    )
)
