"""The admin of sources, indicators, targets, observations, rounds, effects, input-output tables and scenarios."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext as _

from capred_portal.access import may
from capred_portal.record_admin import PortalAdmin, RecordAdmin
from indicators.forms.indicators import IndicatorForm
from indicators.models import (
    Correspondence,
    ExpectedEffect,
    Indicator,
    InputOutputTable,
    Observation,
    Period,
    ProgramIndicator,
    ReportingRound,
    Scenario,
    SectorConcordance,
    SeriesValue,
    Source,
    Target,
)


class LookedAt:
    """What comes in through loads and pages: here it is only looked at."""

    def has_add_permission(self, request: Any, *_args: Any) -> bool:
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        return may(request.user, "admin.use")


# What is measured


@admin.register(Indicator)
class IndicatorAdmin(RecordAdmin):
    """Indicators; once values exist, the rule changes only as a new version, on a page that previews the effect."""

    form = IndicatorForm
    change_form_template = "admin/indicator_change_form.html"
    list_display = ["__str__", "code", "level", "kind", "signatures", "retired_on"]
    list_filter = ["level", "kind", "signatures"]
    search_fields = ["code", "title_en", "title_km"]
    ordering = ["order", "code"]

    def get_readonly_fields(self, request: Any, obj: Any = None) -> list[str]:
        fields = list(super().get_readonly_fields(request, obj))
        if obj is not None and obj.observations.exists():
            fields += [name for name in Indicator.RULE_FIELDS if name not in fields]
        return fields


@admin.register(ProgramIndicator)
class ProgramIndicatorAdmin(RecordAdmin):
    """Which program reports which indicator, and who owes the value."""

    list_display = ["__str__", "is_required", "reporter"]
    list_filter = ["program", "is_required"]
    list_select_related = ["program", "indicator", "reporter"]
    search_fields = ["indicator__code", "indicator__title_en", "program__title_en"]
    autocomplete_fields = ["program", "indicator"]


@admin.register(Period)
class PeriodAdmin(PortalAdmin):
    """Quarters and calendar years."""

    list_display = ["code", "kind", "first_day", "last_day"]
    list_filter = ["kind"]
    search_fields = ["code"]


# Values


@admin.register(Source)
class SourceAdmin(RecordAdmin):
    """Editions of published sources."""

    list_display = ["__str__", "publisher", "edition", "confidence", "is_modelled", "is_superseded"]
    list_filter = ["confidence", "is_modelled"]
    search_fields = ["code", "title_en", "title_km", "publisher"]


@admin.register(SeriesValue)
class SeriesValueAdmin(RecordAdmin):
    """Published values, as their sources print them."""

    parents = ("source",)
    list_display = ["__str__", "sector", "partner", "product", "value", "source"]
    list_filter = ["source"]
    list_select_related = ["source"]
    search_fields = ["code", "partner", "product"]


@admin.register(Target)
class TargetAdmin(RecordAdmin):
    """Baselines, milestones and targets; they are decided on the pages, and what is decided says what it said."""

    DECIDED = ("kind", "period", "part", "value", "value_high", "source", "why")

    parents = ("indicator", "program")
    list_display = ["__str__", "indicator", "program", "value", "status"]
    list_filter = ["kind", "status"]
    list_select_related = ["indicator", "program", "period"]
    search_fields = ["indicator__code", "indicator__title_en"]
    autocomplete_fields = ["indicator", "program", "period", "source"]

    def get_readonly_fields(self, request: Any, obj: Any = None) -> list[str]:
        fields = list(super().get_readonly_fields(request, obj))
        return fields if obj is None or obj.status == Target.Status.PROPOSED else [*fields, *self.DECIDED]

    def why_not_restored(self, record: Any) -> str:
        """What was decided says what it said; another value is proposed anew."""
        decided = record.status != Target.Status.PROPOSED
        return _("This target is decided: no version can be restored. Propose another one.") if decided else ""


@admin.register(Observation)
class ObservationAdmin(LookedAt, RecordAdmin):
    """Values of indicators, to look at: they move only through the review, whoever asks."""

    parents = ("indicator", "program", "period", "province")
    list_display = ["__str__", "program", "value", "status", "number", "is_shown"]
    list_filter = ["status", "origin"]
    list_select_related = ["indicator", "program", "period"]
    search_fields = ["indicator__code", "indicator__title_en"]


@admin.register(ReportingRound)
class ReportingRoundAdmin(RecordAdmin):
    """Reporting rounds by program and period."""

    parents = ("program", "period")
    list_display = ["__str__", "due_on", "status"]
    list_filter = ["status", "program"]
    list_select_related = ["program", "period"]
    search_fields = ["program__title_en", "period__code"]
    autocomplete_fields = ["program", "period"]

    def why_not_restored(self, record: Any) -> str:
        """What is closed is frozen and signed as it is."""
        return "" if record.is_open else _("This round is closed: no version of it can be restored.")


@admin.register(ExpectedEffect)
class ExpectedEffectAdmin(RecordAdmin):
    """What outcomes should move."""

    parents = ("outcome",)
    list_display = ["__str__", "outcome", "amount", "by"]
    list_select_related = ["outcome", "indicator", "by"]
    search_fields = ["indicator__code", "indicator__title_en", "outcome__text_en"]
    autocomplete_fields = ["outcome", "indicator", "since", "by"]


# Tables and scenarios


@admin.register(InputOutputTable)
class InputOutputTableAdmin(LookedAt, RecordAdmin):
    """Input-output tables, to look at: a table changes only by loading it again."""

    parents = ("source",)
    list_display = ["__str__", "unit", "is_example", "has_imported", "has_jobs", "largest_residual_pct"]
    list_filter = ["layout", "economy"]
    list_select_related = ["source"]
    search_fields = ["economy", "source__title_en"]


@admin.register(Scenario)
class ScenarioAdmin(LookedAt, RecordAdmin):
    """Kept scenarios, to look at: they are changed on their pages."""

    parents = ("table",)
    list_display = ["__str__", "table", "spread_pct", "created_by"]
    list_select_related = ["table__source", "created_by"]
    search_fields = ["title_en", "title_km"]


@admin.register(Correspondence)
class CorrespondenceAdmin(LookedAt, PortalAdmin):
    """What HS codes are in other classifications, to look at: they come in by loading an edition."""

    list_display = ["hs_code", "title_en", "end_use", "isic_classes"]
    list_filter = ["end_use"]
    search_fields = ["hs_code", "title_en"]


@admin.register(SectorConcordance)
class SectorConcordanceAdmin(PortalAdmin):
    """Which divisions of ISIC a sector of an input-output table lies in, and how much of it."""

    list_display = ["__str__", "weight", "source"]
    list_filter = ["classification"]
    list_select_related = ["source"]
    search_fields = ["classification", "sector", "division"]
