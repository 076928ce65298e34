"""No page asks more than 15 queries with a cold cache, 20 with a scorecard on it, and none asks more as rows double."""

import datetime
import time
from itertools import chain

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from capred_portal.facts import write_facts
from capred_portal.figures import REGISTRY
from capred_portal.middleware import SEEN
from capred_portal.models import Comment, Load, Thread
from programs.models import (
    Action,
    Outcome,
    Program,
    ProgramBudget,
    ProgramPartner,
    Risk,
    Support,
    Workshop,
    WorkshopHost,
)
from tests.factories import (
    ROLES,
    analyze,
    make_attendances,
    make_goal,
    make_organisation,
    make_outcome,
    make_program,
    make_workshop,
)
from tests.indicator_factories import (
    make_effect,
    make_indicator,
    make_observation,
    make_period,
    make_program_indicator,
    make_target,
)
from tests.routes import roles_of, routes

MOST = 15
THREE_PAGES = 101
DAY = datetime.date(2024, 8, 14)
LISTS = [
    "actions:list",
    "clusters:list",
    "clusters:member_list",
    "enterprises:list",
    "export_list",
    "indicators:list",
    "input_output:list",
    "links:list",
    "loads:list",
    "outcomes:list",
    "people:attendances",
    "people:list",
    "programs:budget_list",
    "programs:certificate_list",
    "programs:link_list",
    "programs:list",
    "programs:sme_list",
    "programs:support_list",
    "programs:supported_list",
    "quality:body_list",
    "quality:certificate_list",
    "quality:uncertified_list",
    "questions:list",
    "reports:list",
    "review:list",
    "rounds:list",
    "scenarios:list",
    "standards:list",
    "suppliers:list",
    "workshops:list",
]
FILTERED = [
    "suppliers:list?hs=4819&standard=gmp",
    "workshops:list?q=workshop",
    "workshops:list?goal=any",
    "outcomes:list?goal=any",
    "actions:list?view=table",
]
SCORECARD = ["", "?status=grey", "?sort=status", "?program=scorecard"]
MOST_OF_A_SCORECARD = 20
STRATEGY = ["overview", "strategy:index", "strategy:coverage"]


@pytest.fixture
def center(staff):
    """One record of each kind on which everything else hangs."""
    goal, program = make_goal("9.1"), make_program()
    workshop = make_workshop(program=program)
    outcome = Outcome.objects.create(workshop=workshop, kind="tool", text_en="A guide")
    action = Action.objects.create(outcome=outcome, owner_user=staff, text_en="Write", due_on=DAY)
    for record in (action, outcome, workshop):
        record.thread = Thread.objects.create()
        record.save()
    return {
        "goal": goal,
        "program": program,
        "workshop": workshop,
        "outcome": outcome,
        "action": action,
        "staff": staff,
    }


def add_rows(center, count=THREE_PAGES):
    """Hang as many rows of each kind on the records in the center, and on records of their own."""
    staff, goal, program, here = (center[name] for name in ("staff", "goal", "program", "workshop"))
    office = make_organisation()
    programs = Program.objects.bulk_create(
        Program(slug=f"{office.pk}-{number}", title_en=f"Program {number}") for number in range(count)
    )
    workshops = Workshop.objects.bulk_create(
        Workshop(title_en=f"Workshop {number}", date=DAY, program=program) for number in range(count)
    )
    outcomes = Outcome.objects.bulk_create(
        Outcome(workshop=workshop, kind="finding", text_en="Found", became=program)
        for workshop in chain(workshops, [here] * count)
    )
    goal.programs.add(*programs)
    goal.workshops.add(*workshops)
    goal.outcomes.add(*outcomes)
    add_actions(center, outcomes, office)
    add_parts(programs, workshops, program, office)
    make_attendances(count, organisation=office)
    make_attendances(count, organisation=office, workshop=here)
    Load.objects.bulk_create(
        Load(kind="attendance", file_name="list.csv", scope={"workshop": here.pk}, created_by=staff)
        for _ in range(count)
    )
    analyze()


def add_actions(center, outcomes, office):
    """Give every outcome an action of each kind of owner in turn, and questions with answers to every thread."""
    staff = center["staff"]
    Action.objects.bulk_create(
        Action(text_en="Do it", due_on=DAY, **parent, **owner)
        for parent, owner in zip(
            chain(({"outcome": outcome} for outcome in outcomes), [{"outcome": center["outcome"]}] * THREE_PAGES),
            [{"owner_user": staff}, {"owner_organisation": office}, {"owner_organisation": office}] * THREE_PAGES,
            strict=True,
        )
    )
    for record in (center["workshop"], center["outcome"], center["action"]):
        asked = Comment.objects.bulk_create(
            Comment(thread_id=record.thread_id, kind="question", text="Who?", created_by=staff)
            for _ in range(THREE_PAGES)
        )
        Comment.objects.bulk_create(
            Comment(thread_id=record.thread_id, kind="answer", text="We", answers=question, created_by=staff)
            for question in asked[::2]
        )


def add_parts(programs, workshops, program, office):
    """Give programs partners, budgets, support and risks, and workshops hosts."""
    every = [*programs, *[program] * len(programs)]
    partners = (ProgramPartner(program=row, organisation=office, role="partner") for row in programs)
    ProgramPartner.objects.bulk_create(partners)
    ProgramBudget.objects.bulk_create(ProgramBudget(program=row, currency="AUD", budget=1) for row in programs)
    Support.objects.bulk_create(
        Support(program=row, organisation=office, kind="advice", starts_on=DAY) for row in every
    )
    Risk.objects.bulk_create(Risk(program=row, text_en="Flood", likelihood=1, effect=2) for row in every)
    WorkshopHost.objects.bulk_create(WorkshopHost(workshop=row, organisation=office) for row in workshops)


def pages_for(role, center):
    """Return the addresses this role may open: lists, records, strategy pages, and every figure with its parts."""
    pages = [place for place in LISTS + FILTERED + STRATEGY if role in roles_of(place.partition("?")[0])]
    addresses = [reverse(name) + mark + query for name, mark, query in (page.partition("?") for page in pages)]
    addresses += [center[name].get_absolute_url() for name in ("goal", "program", "workshop", "outcome", "action")]
    addresses.append(center["goal"].framework.get_absolute_url())
    addresses.append(reverse("programs:figures", args=[center["program"].slug]))
    addresses.append(reverse("workshops:attendance", args=[center["workshop"].pk]))
    for code, definition in REGISTRY.items():
        place = reverse("figure", args=[code])
        addresses += [place, *(f"{place}?by={by}" for by in definition.by)]
    return addresses


def stay_awake(client):
    """Note a sign of life far ahead: on a slow machine one falls due meanwhile, and costs some page three queries."""
    session = client.session
    session[SEEN] = int(time.time()) + 24 * 60 * 60
    session.save()


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200, address
    return len(queries)


@pytest.mark.parametrize("role", ROLES)
def test_pages_ask_few_queries_and_no_more_when_rows_double(client_for, center, role):
    client, addresses = client_for(role), pages_for(role, center)
    stay_awake(client)

    add_rows(center)
    first = {address: queries_of(client, address) for address in addresses}
    add_rows(center)
    second = {address: queries_of(client, address) for address in addresses}

    most = dict.fromkeys(first, MOST) | {reverse(name): MOST_OF_A_SCORECARD for name in STRATEGY}
    assert {address: number for address, number in first.items() if number > most[address]} == {}
    assert second == first


@pytest.mark.parametrize("name", STRATEGY)
def test_pages_of_the_strategy_ask_few_queries_with_all_that_is_published(client_for, name):
    write_facts()
    client = client_for("staff")
    cache.clear()

    assert queries_of(client, reverse(name)) <= MOST_OF_A_SCORECARD


def test_every_list_has_a_ceiling():
    lists = {name for name in routes() if name.endswith(("list", "people:attendances")) and "admin:" not in name}

    assert lists == set(LISTS)


def add_indicators(program, count=30):
    """Give a program so many indicators with a path, parts, four quarters and an effect each; half have no target."""
    outcome = make_outcome()
    for number in range(count):
        indicator = make_indicator(breakdowns=["sex"])
        make_program_indicator(indicator=indicator, program=program)
        for quarter in (1, 2, 3, 4):
            period = make_period(f"2024-Q{quarter}")
            about = {"indicator": indicator, "program": program, "period": period, "status": "accepted"}
            make_observation(quarter, parts={"sex": {"f": "1"}}, **about)
        make_effect(indicator=indicator, outcome=outcome)
        if number % 2:
            make_target(0, "2023-Q4", indicator=indicator, program=program, kind="baseline")
            make_target(9, indicator=indicator, program=program)
    return outcome, indicator


@pytest.mark.parametrize("role", ["verifier", "officer"])
def test_indicators_ask_few_queries_and_no_more_when_they_double(client_for, role):
    client, program = client_for(role), make_program(slug="scorecard")
    outcome, indicator = add_indicators(program)
    addresses = [reverse("indicators:list") + query for query in SCORECARD]
    addresses += [indicator.get_absolute_url() + query for query in ("", "?years=calendar", "?program=scorecard")]
    addresses += [reverse("indicators:of_program", args=[program.slug])]
    addresses += [reverse("effects:of_outcome", args=[outcome.pk])]

    first = {address: queries_of(client, address) for address in addresses}
    _outcome, _indicator = add_indicators(program)
    second = {address: queries_of(client, address) for address in addresses}

    assert {address: number for address, number in first.items() if number > MOST_OF_A_SCORECARD} == {}
    assert second == first
