"""What depends on who asks and on what is invented further away: no answer is another's, and odd values say so."""

import json
from urllib.parse import quote

import pytest
from django.core.cache import cache

from capred_portal.api import doors
from capred_portal.api.doors import guarded
from capred_portal.api.tables import demo_rows_behind
from capred_portal.figures import REGISTRY
from capred_portal.models import Comment, Thread
from capred_portal.tables import TABLES
from programs.models import LinkAttribution
from tests.factories import (
    make_action,
    make_agenda_item,
    make_goal,
    make_organisation,
    make_outcome,
    make_person,
    make_program,
    make_user,
    make_workshop,
)
from tests.machine_client import key_for, program_of
from tests.register_factories import make_enterprise, make_enterprise_year, make_link, make_membership

pytestmark = pytest.mark.django_db

ROOT = "/api/v1/"
ACTIONS = f"{ROOT}tables/actions"
NUL = "\0"
ODD = (
    "\0",
    "a\0b",
    "²",
    "១២",
    "9" * 5_000,
    "-" + "9" * 30,
    "1.5",
    "1e999",
    "Infinity",
    "NaN",
    "[]",
    "\ud800",
    "x" * 3_000,
)


@pytest.fixture
def machine(staff, monkeypatch):
    monkeypatch.setattr(doors, "REQUESTS_A_MINUTE", 10**6)
    client = program_of(staff)
    client.raise_request_exception = False
    return client


def rows_of(client, name, **params):
    response = client.get(f"{ROOT}tables/{name}", params)
    assert response.status_code == 200, response.content
    return response.json()["rows"]


# Mine


def question_of(user):
    thread = Thread.objects.create()
    make_workshop(thread=thread)
    return Comment.objects.create(thread=thread, kind="question", text="Who?", created_by=user)


@pytest.mark.parametrize(
    ("name", "query", "make"),
    [
        ("actions", "owner=me", lambda user: make_action(owner_user=user)),
        ("questions", "who=me", question_of),
    ],
)
def test_what_is_mine_is_not_told_to_the_next_who_asks(name, query, make):
    first, second = make_user("staff"), make_user("staff")
    made = [make(first) for _number in range(3)]
    address = f"{ROOT}tables/{name}?{query}"

    mine = program_of(first).get(address)
    theirs = program_of(second).get(address, headers={"If-None-Match": mine.headers["ETag"]})

    assert mine.json()["count"] == len(mine.json()["rows"]) == len(made)
    assert theirs.status_code == 200
    assert theirs.json() == {"count": 0, "next": None, "rows": []}


# Answers of people


def test_a_key_for_records_does_not_tell_the_answers_of_people(staff):
    make_action(owner_person=make_person(sex="f"), text_en="Hers")
    make_action(owner_person=make_person(sex="m"), text_en="His")

    refused = program_of(staff, "records").get(ACTIONS, {"sex": "f"})
    told = rows_of(program_of(staff, "records", "people"), "actions", sex="f")

    assert refused.status_code == 422
    assert [each["parameter"] for each in refused.json()["errors"]] == ["sex"]
    assert "Hers" not in refused.content.decode()
    assert [row["text_en"] for row in told] == ["Hers"]
    assert len(rows_of(program_of(staff, "records"), "actions")) == 2


# Invented further away


def of_invented_program(**_fields):
    return make_workshop(program=make_program(is_demo=True))


def asked_on(workshop, **fields):
    thread = Thread.objects.create()
    action = make_action(outcome=make_outcome(workshop=workshop))
    action.thread = thread
    action.save()
    return Comment.objects.create(thread=thread, kind="question", text="Who?", **fields)


def share_of(link):
    return LinkAttribution.objects.create(link=link, program=make_program(), share_pct=50)


def of_invented_firm(side):
    return make_link(**{side: make_enterprise(is_demo=True)})


HANGING = {
    "outcomes": lambda: make_outcome(workshop=of_invented_program()),
    "actions": lambda: make_action(outcome=make_outcome(workshop=of_invented_program())),
    "agenda-speakers": lambda: make_agenda_item([make_person()], workshop=of_invented_program()),
    "workshop-goals": lambda: make_goal("9.1").workshops.add(of_invented_program()),
    "questions": lambda: asked_on(of_invented_program()),
    "comments": lambda: asked_on(make_workshop(is_demo=True)),
    "link-stages": lambda: of_invented_firm("supplier"),
    "attributions": lambda: share_of(of_invented_firm("buyer")),
    "cluster-members": lambda: make_membership(
        enterprise=make_enterprise(organisation=make_organisation(is_demo=True))
    ),
    "enterprise-years": lambda: make_enterprise_year(
        enterprise=make_enterprise(organisation=make_organisation(is_demo=True))
    ),
}


@pytest.mark.parametrize("name", HANGING)
def test_what_hangs_on_something_invented_stays_out_however_far_it_is(name, machine):
    HANGING[name]()
    assert TABLES[name].rows().exists()

    assert rows_of(machine, name) == []
    assert b"\n" not in machine.get(f"{ROOT}tables/{name}", {"format": "csv"}).getvalue().strip()


def test_what_hangs_on_nothing_invented_comes(machine):
    real = make_action(outcome=make_outcome(workshop=make_workshop(program=make_program())))
    share_of(make_link())

    assert [row["id"] for row in rows_of(machine, "actions")] == [real.pk]
    assert len(rows_of(machine, "attributions")) == len(rows_of(machine, "link-stages")) == 1


def test_ways_to_what_is_invented_have_an_end():
    for table in TABLES.values():
        rows = table.rows()
        sql = str(rows.exclude(demo_rows_behind(rows.model)).order_by().values("pk").query)

        assert sql.count("SELECT") < 120, table.name
        assert sql.count(" JOIN ") == str(rows.order_by().values("pk").query).count(" JOIN "), table.name


def test_ways_to_what_is_invented_cost_no_query(machine, django_assert_max_num_queries):
    for _number in range(20):
        make_action(outcome=make_outcome(workshop=make_workshop(program=make_program())))
    cache.clear()

    with django_assert_max_num_queries(12):
        assert len(rows_of(machine, "actions")) == 20


# Odd values


def asked(machine, address):
    """Ask, and tell the answer if it is a mistake of ours or no problem in JSON."""
    response = machine.get(address)
    if response.status_code < 400:
        return []
    is_problem = response.headers["Content-Type"] == "application/problem+json"
    is_told = is_problem and json.loads(response.content)["status"] == response.status_code
    return [] if is_told and response.status_code in {404, 422} else [(address[:120], response.status_code)]


def written(value):
    return quote(value.encode("utf-8", "surrogatepass"))


def test_odd_values_of_the_parameters_of_tables_are_refused_as_problems(machine):
    wrong, tried = [], 0
    for name, table in TABLES.items():
        parameters = {*table.filters.base_filters, "after", "limit", "format"}
        for place, parameter in enumerate(sorted(parameters)):
            for value in {NUL, ODD[place % len(ODD)], ODD[(place + 5) % len(ODD)]}:
                tried += 1
                wrong += asked(machine, f"{ROOT}tables/{name}?{parameter}={written(value)}")

    assert wrong == []
    assert tried > 500


@pytest.mark.parametrize("name", ["provinces", "workshops"])
def test_every_odd_value_of_after_is_refused_or_a_code(name, machine):
    wrong = [found for value in ODD for found in asked(machine, f"{ROOT}tables/{name}?after={written(value)}")]

    assert wrong == []
    assert machine.get(f"{ROOT}tables/{name}?after=%00").status_code == 422
    assert machine.get(f"{ROOT}tables/{name}?after=1&after=x").status_code in {200, 422}


def test_odd_values_of_the_parameters_of_figures_are_refused_as_problems(machine):
    wrong = []
    for place, (code, definition) in enumerate(sorted(REGISTRY.items())):
        for parameter in (*definition.scopes, "by"):
            for value in (NUL, ODD[place % len(ODD)]):
                wrong += asked(machine, f"{ROOT}figures/{code}?{parameter}={written(value)}")
        assert machine.get(f"{ROOT}figures/{code}?by=%00").status_code == 422

    assert wrong == []


@pytest.mark.parametrize(
    "address",
    ["indicators?program={}", "programs/x/values?period={}", "figures?{}=1", "openapi.json?{}=1", "nothing?{}"],
)
def test_odd_values_of_look_ups_are_refused_as_problems(address, machine):
    assert [found for value in ODD for found in asked(machine, ROOT + address.format(written(value)))] == []


@pytest.mark.parametrize(
    "address", ["programs/{}/values?period=2024-Q3", "indicators/{}", "figures/{}", "tables/{}", "{}"]
)
def test_odd_addresses_are_not_found_as_problems(address, machine):
    values = [value for value in ODD if NUL not in value]

    assert [found for value in values for found in asked(machine, ROOT + address.format(written(value)))] == []


@pytest.mark.parametrize(
    ("address", "status", "names"),
    [
        (f"{ROOT}figures/a%00b", 404, []),
        (f"{ROOT}figures/workshops-held?program=%00", 422, ["program"]),
        (f"{ROOT}figures?pro%00gram=1", 422, ["program"]),
    ],
)
def test_the_door_lets_no_nul_in_and_names_where_it_was(address, status, names, staff, rf):
    view = guarded(lambda *_about: pytest.fail("it came in"))

    response = view(rf.get(address, headers={"Authorization": f"Bearer {key_for(staff)}"}))

    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert [each["parameter"] for each in json.loads(response.getvalue())["errors"]] == names
    assert view(rf.get(address)).status_code == 401
