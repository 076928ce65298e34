"""One row of every model the admin shows, for tests that walk them all."""

import datetime
from collections.abc import Callable
from typing import Any

from axes.models import AccessAttempt, AccessLog
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from capred_portal.models import (
    Comment,
    Document,
    Erasure,
    Load,
    Mail,
    Match,
    Merge,
    Organisation,
    PrivacyNotice,
    ScheduledJob,
    Thread,
    User,
)
from capred_portal.records import Record
from enterprises.models import (
    Accreditation,
    Certificate,
    Cluster,
    ClusterMembership,
    Completeness,
    District,
    Enterprise,
    EnterpriseYear,
    LinkStage,
    Product,
    Province,
    Sector,
    SizeDefinition,
    SupplyLink,
)
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
from tests.factories import (
    make_action,
    make_attendance,
    make_goal,
    make_organisation,
    make_outcome,
    make_person,
    make_program,
    make_user,
    make_workshop,
)
from tests.indicator_factories import (
    make_indicator,
    make_observation,
    make_period,
    make_program_indicator,
    make_round,
    make_series_value,
    make_source,
    make_target,
)
from tests.register_factories import (
    make_certificate,
    make_cluster,
    make_enterprise,
    make_enterprise_year,
    make_link,
    make_membership,
    make_product,
    make_sector,
)
from tests.table_factories import make_scenario, make_table

DAY = datetime.date(2025, 3, 1)


def make_province(number: int) -> Province:
    return Province.objects.create(
        code=f"{number:02}",
        iso_code=f"KH-{number}",
        name_en=f"Province {number}",
        name_km=f"ខេត្ត {number}",
        tile_row=number,
        tile_column=1,
        source="Test",
    )


def make_load(number: int) -> Load:
    return Load.objects.create(kind="attendance", file_name=f"{number}.csv", created_by=make_user())


# One row of every registered model, by the number that makes it unlike the others.
ROWS: dict[type, Callable[[int], Any]] = {
    User: lambda number: make_user(organisation=make_organisation()),
    Organisation: lambda number: make_organisation(),
    Document: lambda number: Document.objects.create(title_en="Slides", link="https://example.org/slides"),
    Comment: lambda number: Comment.objects.create(thread=Thread.objects.create(), text="Why?", created_by=make_user()),
    Load: make_load,
    Match: lambda number: Match.objects.create(kind="person", first=number, second=number + 1, grade="ask", score=60),
    Merge: lambda number: Merge.objects.create(kind="person", kept=number, merged=number + 1, merged_by=make_user()),
    Mail: lambda number: Mail.objects.create(kind="test", address=f"user{number}@example.org", subject="Hello"),
    ScheduledJob: lambda number: ScheduledJob.objects.create(name=f"job-{number}", problem="No space left"),
    PrivacyNotice: lambda number: PrivacyNotice.objects.create(
        text_en="We keep names.", in_force_from=datetime.date(2024, 1, number)
    ),
    Erasure: lambda number: Erasure.objects.create(
        kind="person", number=number, written_at=timezone.now(), reason="asked"
    ),
    AccessAttempt: lambda number: AccessAttempt.objects.create(
        username=f"user{number}", ip_address="10.0.0.1", failures_since_start=3
    ),
    AccessLog: lambda number: AccessLog.objects.create(username=f"user{number}", ip_address="10.0.0.1"),
    DBTaskResult: lambda number: DBTaskResult.objects.create(
        task_path="capred_portal.tasks.none", args_kwargs={"args": [], "kwargs": {}}, backend_name="default"
    ),
    Province: make_province,
    District: lambda number: District.objects.create(
        code=f"{number:04}",
        province=make_province(number),
        name_en="District",
        name_km="ស្រុក",
        unit="srok",
        source="Test",
    ),
    Sector: lambda number: make_sector(f"{number:04}"),
    SizeDefinition: lambda number: SizeDefinition.objects.create(
        edition=f"{number}", valid_from=DAY, branch="all", size_class="small", source="Test"
    ),
    Enterprise: lambda number: make_enterprise(),
    EnterpriseYear: lambda number: make_enterprise_year(),
    Product: lambda number: make_product(),
    Certificate: lambda number: make_certificate(),
    Completeness: lambda number: Completeness.objects.create(
        province=make_province(number), declared_on=DAY, source="Test"
    ),
    Cluster: lambda number: make_cluster(lead=make_organisation()),
    ClusterMembership: lambda number: make_membership(),
    Accreditation: lambda number: Accreditation.objects.create(organisation=make_organisation(), scope_en="Scales"),
    Framework: lambda number: Framework.objects.create(
        code=f"strategy-{number}", title_en="Strategy", first_year=2023, last_year=2028, source="Test"
    ),
    Goal: lambda number: make_goal(f"{number}.1"),
    Theme: lambda number: Theme.objects.create(code=f"theme-{number}", title_en="Theme", title_km="ប្រធានបទ"),
    Program: lambda number: make_program(),
    Component: lambda number: Component.objects.create(program=make_program(), title_en="Component"),
    ProgramBudget: lambda number: ProgramBudget.objects.create(program=make_program(), currency="AUD", budget=10),
    ProgramPartner: lambda number: ProgramPartner.objects.create(
        program=make_program(), organisation=make_organisation(), role="lead"
    ),
    SupplyLink: lambda number: make_link(),
    LinkStage: lambda number: make_link().stages.get(),
    LinkAttribution: lambda number: LinkAttribution.objects.create(
        link=make_link(), program=make_program(), share_pct=50
    ),
    Support: lambda number: Support.objects.create(
        program=make_program(), organisation=make_organisation(), kind="training", starts_on=DAY
    ),
    ProgramSector: lambda number: ProgramSector.objects.create(
        program=make_program(), code=f"{31100 + number}", share_pct=50
    ),
    Risk: lambda number: Risk.objects.create(
        program=make_program(), text_en="Rain", likelihood=3, effect=2, owner=make_user()
    ),
    Workshop: lambda number: make_workshop(program=make_program(), province=make_province(number)),
    WorkshopHost: lambda number: WorkshopHost.objects.create(
        workshop=make_workshop(), organisation=make_organisation()
    ),
    AgendaItem: lambda number: AgendaItem.objects.create(workshop=make_workshop(), title_en="Opening"),
    Statement: lambda number: Statement.objects.create(workshop=make_workshop(), person=make_person(), text_en="Words"),
    Outcome: lambda number: make_outcome(),
    OutcomeStage: lambda number: OutcomeStage.objects.create(
        outcome=make_outcome(kind="tool"), stage="drafted", reached_on=DAY
    ),
    Action: lambda number: make_action(owner_user=make_user()),
    Person: lambda number: make_person(organisation=make_organisation()),
    Attendance: lambda number: make_attendance(organisation=make_organisation()),
    Source: lambda number: make_source(),
    SeriesValue: lambda number: make_series_value(),
    Indicator: lambda number: make_indicator(owner=make_organisation()),
    ProgramIndicator: lambda number: make_program_indicator(reporter=make_user()),
    Period: lambda number: make_period(f"{2000 + number}-Q1"),
    Target: lambda number: make_target(),
    Observation: lambda number: make_observation(),
    ReportingRound: lambda number: make_round(),
    InputOutputTable: lambda number: make_table(),
    Scenario: lambda number: make_scenario(),
    Correspondence: lambda number: Correspondence.objects.create(
        source=make_source(), hs_code=f"{number:06}", end_use="intermediate", isic_classes="1061"
    ),
    SectorConcordance: lambda number: SectorConcordance.objects.create(
        source=make_source(), classification="three", sector="A", division="10"
    ),
    ExpectedEffect: lambda number: ExpectedEffect.objects.create(
        outcome=make_outcome(),
        indicator=make_indicator(),
        direction="raise",
        amount=5,
        since=make_period("2024-Q3"),
        by=make_period("2026-Q4"),
    ),
}
ONLY_LOOKED_AT = {InputOutputTable, Observation, Scenario}
MODELS = sorted(ROWS, key=lambda model: model.__name__)
RECORDS = [model for model in MODELS if issubclass(model, Record) and model not in ONLY_LOOKED_AT]
ADDED_IN_ADMIN = [
    Enterprise,
    Sector,
    SizeDefinition,
    Cluster,
    Accreditation,
    User,
    Organisation,
    PrivacyNotice,
    Document,
    Province,
    District,
    Framework,
    Goal,
    Theme,
    Program,
    Workshop,
    Person,
    Source,
    Indicator,
    ProgramIndicator,
    Period,
    SectorConcordance,
]


def address(model: Any, page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def name_of(model: Any) -> str:
    return str(model.__name__)
