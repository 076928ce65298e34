"""The admin of strategies, programs, workshops, outcomes, actions and people."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from capred_portal.forms import RecordForm
from capred_portal.record_admin import PortalAdmin, RecordAdmin
from programs.consent import WithConsent
from programs.forms.programs import BudgetForm
from programs.models import (
    Action,
    AgendaItem,
    Attendance,
    Component,
    Framework,
    Goal,
    LinkAttribution,
    Outcome,
    OutcomeStage,
    Person,
    Program,
    ProgramBudget,
    ProgramPartner,
    ProgramSector,
    Risk,
    Statement,
    Support,
    Theme,
    Workshop,
    WorkshopHost,
)

# Strategies


@admin.register(Framework)
class FrameworkAdmin(RecordAdmin):
    """Strategies and policies whose goals our work serves."""

    list_display = ["__str__", "code", "first_year", "last_year"]
    search_fields = ["code", "title_en", "title_km", "full_title_en", "full_title_km"]


@admin.register(Goal)
class GoalAdmin(RecordAdmin):
    """Goals by strategy, with the confidence in each title."""

    list_display = ["__str__", "code", "kind", "framework", "confidence"]
    list_filter = ["framework", "kind", "confidence"]
    list_select_related = ["framework"]
    search_fields = ["code", "title_en", "title_km"]
    ordering = ["framework__order", "order", "code"]


@admin.register(Theme)
class ThemeAdmin(PortalAdmin):
    """What workshops and outcomes are about."""

    list_display = ["title_en", "title_km", "code", "order"]
    search_fields = ["code", "title_en", "title_km"]


# Programs


@admin.register(Program)
class ProgramAdmin(RecordAdmin):
    """Programs; their parts are added on the program's own page."""

    pairs = ("title",)
    list_display = ["__str__", "slug", "status", "starts_on", "ends_on"]
    list_filter = ["status", "goals_confirmed"]
    search_fields = ["search_key"]


@admin.register(Component)
class ComponentAdmin(RecordAdmin):
    """Parts of programs' work."""

    pairs = ("title",)
    parents = ("program",)
    list_display = ["__str__", "program", "order"]
    list_select_related = ["program"]
    search_fields = ["title_en", "title_km"]


@admin.register(ProgramBudget)
class ProgramBudgetAdmin(RecordAdmin):
    """Budgets, one currency a line: for the whole program or for one year."""

    form = BudgetForm
    parents = ("program",)
    list_display = ["__str__", "currency", "starts_on", "ends_on", "budget", "spent", "as_of"]
    list_filter = ["currency"]
    list_select_related = ["program"]
    search_fields = ["program__title_en", "program__title_km", "source"]


@admin.register(ProgramPartner)
class ProgramPartnerAdmin(RecordAdmin):
    """Organisations of programs, and as what."""

    parents = ("program",)
    list_display = ["__str__", "program", "role"]
    list_filter = ["role"]
    list_select_related = ["program", "organisation"]
    search_fields = ["organisation__name_en", "organisation__name_km", "program__title_en"]


@admin.register(ProgramSector)
class ProgramSectorAdmin(RecordAdmin):
    """Sectors of programs in aid reporting, with their shares."""

    parents = ("program",)
    list_display = ["code", "vocabulary", "program", "share_pct"]
    list_filter = ["vocabulary"]
    list_select_related = ["program"]
    search_fields = ["code", "program__title_en", "program__title_km"]


@admin.register(Support)
class SupportAdmin(RecordAdmin):
    """Support given to enterprises and organisations."""

    parents = ("program",)
    list_display = ["receiver", "kind", "program", "starts_on", "value", "currency"]
    list_filter = ["kind", "currency"]
    list_select_related = ["program", "organisation", "enterprise"]
    search_fields = ["organisation__search_key", "enterprise__search_key"]
    date_hierarchy = "starts_on"


@admin.register(LinkAttribution)
class LinkAttributionAdmin(RecordAdmin):
    """Shares of links that programs and workshops brought about; at most 100 % of a link together."""

    parents = ("link",)
    list_display = ["__str__", "link", "program", "workshop", "share_pct"]
    list_select_related = ["link__buyer", "link__supplier", "program", "workshop"]
    search_fields = ["program__search_key", "workshop__search_key", "link__search_key"]


@admin.register(Risk)
class RiskAdmin(RecordAdmin):
    """Risks of programs."""

    pairs = ("text",)
    parents = ("program",)
    list_display = ["__str__", "program", "likelihood", "effect", "owner"]
    list_filter = ["likelihood", "effect"]
    list_select_related = ["program", "owner"]
    search_fields = ["text_en", "text_km"]


# Workshops


@admin.register(Workshop)
class WorkshopAdmin(RecordAdmin):
    """Workshops; hosts, agenda, outcomes and people are added on the workshop's own page."""

    pairs = ("title",)
    list_display = ["__str__", "date", "program", "province", "head_count"]
    list_filter = ["goals_confirmed", "province"]
    list_select_related = ["program", "province"]
    search_fields = ["search_key"]
    date_hierarchy = "date"


@admin.register(WorkshopHost)
class WorkshopHostAdmin(RecordAdmin):
    """Hosts of workshops."""

    parents = ("workshop",)
    list_display = ["organisation", "role", "workshop"]
    list_filter = ["role"]
    list_select_related = ["organisation", "workshop"]
    search_fields = ["organisation__name_en", "organisation__name_km"]


@admin.register(AgendaItem)
class AgendaItemAdmin(RecordAdmin):
    """Points of agendas."""

    pairs = ("title",)
    parents = ("workshop",)
    list_display = ["__str__", "starts_at", "workshop"]
    list_select_related = ["workshop"]
    search_fields = ["title_en", "title_km"]


@admin.register(Statement)
class StatementAdmin(RecordAdmin):
    """What officials said, word for word."""

    pairs = ("text",)
    parents = ("workshop",)
    list_display = ["person", "office_en", "workshop"]
    list_select_related = ["person", "workshop"]
    search_fields = ["person__name_en", "person__name_km", "text_en", "text_km"]


# Outcomes and actions


@admin.register(Outcome)
class OutcomeAdmin(RecordAdmin):
    """Outcomes of workshops."""

    pairs = ("text",)
    parents = ("workshop",)
    list_display = ["__str__", "kind", "theme", "stage", "workshop"]
    list_filter = ["kind", "theme", "stage", "goals_confirmed"]
    list_select_related = ["theme", "workshop"]
    search_fields = ["search_key"]


@admin.register(OutcomeStage)
class OutcomeStageAdmin(RecordAdmin):
    """Days on which outcomes reached a stage; corrected on the outcome's own page, which settles its stage."""

    parents = ("outcome",)
    readonly_fields = ["stage", "reached_on"]
    list_display = ["outcome", "stage", "reached_on"]
    list_filter = ["stage"]
    list_select_related = ["outcome"]
    search_fields = ["outcome__text_en", "outcome__text_km"]
    date_hierarchy = "reached_on"


@admin.register(Action)
class ActionAdmin(RecordAdmin):
    """Actions; they are moved and closed on their own page, where evidence and second person are asked for."""

    pairs = ("text",)
    parents = ("outcome", "workshop", "program")
    readonly_fields = [
        "priority",
        "status",
        "closed_on",
        "closed_by",
        "done_en",
        "done_km",
        "verified_by",
        "verified_at",
    ]
    list_display = ["__str__", "status", "priority", "due_on", "owner"]
    list_filter = ["status", "priority"]
    list_select_related = list(Action.OWNERS)
    search_fields = ["search_key"]
    date_hierarchy = "due_on"


# People


@admin.register(Person)
class PersonAdmin(RecordAdmin):
    """People who came, spoke or own an action."""

    pairs = ("name",)
    list_display = ["__str__", "name_km", "sex", "organisation", "is_possible_duplicate"]
    list_filter = ["sex", "is_possible_duplicate"]
    list_select_related = ["organisation"]
    search_fields = ["search_key"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Keep as it is what an erasure left."""
        return not (obj and obj.erased_at) and super().has_change_permission(request, obj)


class AttendanceAdminForm(WithConsent, RecordForm):
    """An attendance in the admin."""


@admin.register(Attendance)
class AttendanceAdmin(RecordAdmin):
    """Who was at which workshop."""

    form = AttendanceAdminForm
    parents = ("workshop",)
    list_display = ["person", "workshop", "organisation", "role", "attended"]
    list_filter = ["role", "attended", "consent"]
    list_select_related = ["person", "workshop", "organisation"]
    search_fields = ["person__search_key"]
