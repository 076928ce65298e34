"""The tables of programs: their parts, partners, money, sectors of aid reporting, support given, risks and goals."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from capred_portal.models import Organisation
from capred_portal.table_columns import and_since, coded, columns_of, filters_of, plural
from capred_portal.tables import Column, Table, demo_column, number, register
from enterprises.models import Enterprise
from programs.filters.choices import program_filter
from programs.filters.programs import BudgetFilter, ProgramFilter, SupportFilter
from programs.models import Component, Program, ProgramBudget, ProgramPartner, ProgramSector, Risk, Support
from programs.tables.served import parts, register_goals


def of_program(model: Any) -> tuple[Column, ...]:
    """Return the columns that say which program a part belongs to, after its own number."""
    return number(), *columns_of(model, "program"), coded(Program, "slug", "program")


register(
    Table(
        name="programs",
        title=plural(Program),
        list_url="programs:list",
        rows=Program.objects.active,
        filters=and_since(ProgramFilter),
        columns=(
            number(),
            *columns_of(Program, "slug", "title_en", "title_km", "summary_en", "summary_km", "starts_on", "ends_on"),
            *columns_of(Program, "status", "status_note_en", "status_note_km", "goals_confirmed", "source"),
            *columns_of(Program, "iati_identifier", "updated_at"),
            demo_column(),
        ),
    )
)

register(
    Table(
        name="components",
        title=plural(Component),
        rows=parts(Component, "program"),
        filters=filters_of(Component, program=program_filter()),
        columns=(
            *of_program(Component),
            *columns_of(Component, "order", "title_en", "title_km", "description_en", "description_km", "updated_at"),
            demo_column(),
        ),
    )
)

register(
    Table(
        name="budgets",
        title=plural(ProgramBudget),
        list_url="programs:budget_list",
        rows=ProgramBudget.objects.standing,
        filters=and_since(BudgetFilter),
        columns=(
            *of_program(ProgramBudget),
            *columns_of(ProgramBudget, "currency", "starts_on", "ends_on", "budget", "spent", "as_of"),
            *columns_of(ProgramBudget, "source", "updated_at"),
            demo_column(),
        ),
    )
)

register(
    Table(
        name="partners",
        title=plural(ProgramPartner),
        rows=parts(ProgramPartner, "program"),
        filters=filters_of(ProgramPartner, program=program_filter()),
        columns=(
            *of_program(ProgramPartner),
            *columns_of(ProgramPartner, "organisation"),
            *columns_of(Organisation, "name_en", "name_km", "acronym", "kind", at="organisation"),
            *columns_of(ProgramPartner, "role", "updated_at"),
            demo_column(),
        ),
    )
)

register(
    Table(
        name="program-sectors",
        title=plural(ProgramSector),
        rows=parts(ProgramSector, "program"),
        filters=filters_of(ProgramSector, program=program_filter()),
        columns=(
            *of_program(ProgramSector),
            *columns_of(ProgramSector, "vocabulary", "code", "share_pct", "updated_at"),
            demo_column(),
        ),
    )
)

register(
    Table(
        name="support",
        title=plural(Support),
        list_url="programs:support_list",
        rows=Support.objects.standing,
        filters=and_since(SupportFilter),
        columns=(
            *of_program(Support),
            *columns_of(Support, "enterprise"),
            *columns_of(Enterprise, "name_en", "name_km", at="enterprise"),
            *columns_of(Support, "organisation"),
            *columns_of(Organisation, "name_en", "name_km", at="organisation"),
            *columns_of(Support, "kind", "starts_on", "ends_on"),
            *columns_of(Support, "value", "currency", action="money.read"),
            *columns_of(Support, "result_en", "result_km", "updated_at"),
            demo_column(),
        ),
    )
)


def owner(name_en: str | None, name_km: str | None, username: str | None) -> str:
    """Return the name of a user as pages have it."""
    return name_en or name_km or username or ""


register(
    Table(
        name="risks",
        title=plural(Risk),
        rows=parts(Risk, "program"),
        filters=filters_of(Risk, program=program_filter()),
        columns=(
            *of_program(Risk),
            *columns_of(Risk, "text_en", "text_km", "likelihood", "effect", "response_en", "response_km"),
            Column("owner", _("Owner"), ("owner__full_name_en", "owner__full_name_km", "owner__username"), made=owner),
            *columns_of(Risk, "updated_at"),
            demo_column(),
        ),
    )
)

register_goals(Program, program="program")
