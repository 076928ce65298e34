"""Indicators for machines: values equal those of the pages; missing, n/a, withheld, invented and 0 are kept apart."""

import re
from decimal import Decimal

import pytest

from indicators.models import Observation
from indicators.program_values import program_values
from indicators.shown import value_text
from tests.factories import make_program
from tests.indicator_factories import (
    make_indicator,
    make_observation,
    make_period,
    make_program_indicator,
    make_target,
)
from tests.machine_client import program_of

QUARTER = "2024-Q3"


@pytest.fixture
def program(db):
    return make_program(slug="mills")


def reported(program, **fields):
    """Return an indicator that the program reports."""
    indicator = make_indicator(**fields)
    make_program_indicator(program=program, indicator=indicator)
    return indicator


def observed(program, indicator, period=QUARTER, **fields):
    """Keep a value that a verifier has signed."""
    about = {"indicator": indicator, "program": program, "period": make_period(period), "status": "verified"}
    make_observation(**about | fields)


def told(client, program, period=QUARTER):
    response = client.get(f"/api/v1/programs/{program.slug}/values", {"period": period})
    assert response.status_code == 200, response.content
    return {each["indicator"]: each for each in response.json()["values"]}


def test_values_are_those_of_the_pages(staff, program):
    indicator = reported(program, code="firms-helped")
    observed(program, indicator, value=Decimal("1234.5"))
    make_target(indicator=indicator, program=program, kind="baseline", period="2023-Q4", value=0)
    make_target(indicator=indicator, program=program, kind="target", period="2025-Q4", value=5000)

    [page] = program_values(program, make_period(QUARTER))
    each = told(program_of(staff), program)["firms-helped"]

    assert each["value"] == 1234.5
    assert value_text(indicator, Decimal(str(each["value"]))) == page.text
    assert (each["state"], each["status"], each["signatures"]) == (page.state, page.reading.status, "both")
    assert (each["baseline"]["value"], each["target"]["value"]) == (0, 5000)
    assert each["target"]["period"] == "2025-Q4"
    assert each["standing"] == page.standing.status


@pytest.mark.parametrize(
    ("fields", "value", "state"),
    [
        ({"value": 0}, 0, "value"),
        ({"value": None, "state": "missing"}, None, "missing"),
        ({"value": None, "state": Observation.State.NOT_APPLICABLE}, None, "not applicable"),
        ({"value": 7, "is_demo": True}, None, "demonstration"),
        (None, None, "missing"),
    ],
    ids=["zero", "missing", "n-a", "invented", "nothing"],
)
def test_states_are_kept_apart(fields, value, state, staff, program):
    indicator = reported(program, code="firms-helped")
    if fields is not None:
        observed(program, indicator, **fields)

    each = told(program_of(staff), program)["firms-helped"]

    assert (each["value"], each["state"]) == (value, state)


def test_parts_are_exact_for_the_ministry_and_withheld_from_officers(staff, officer, program):
    indicator = reported(program, code="people-trained", breakdowns=["sex"])
    parts = {"sex": {"f": "3", "m": "40"}}
    observed(program, indicator, value=50, parts=parts)

    def shown(user):
        [breakdown] = told(program_of(user), program)["people-trained"]["breakdowns"]
        return {part["key"]: (part["value"], part["state"]) for part in breakdown["parts"]}

    assert shown(staff) == {
        "f": (3, "value"),
        "m": (40, "value"),
        "o": (None, "missing"),
        "unknown": (7, "value"),
    }
    assert shown(officer) == {
        "f": (None, "withheld"),
        "m": (40, "value"),
        "o": (None, "missing"),
        "unknown": (None, "withheld"),
    }


def test_an_invented_program_is_not_there(staff):
    invented = make_program(slug="invented", is_demo=True)
    reported(invented)
    client = program_of(staff)

    assert client.get("/api/v1/programs/invented/values", {"period": QUARTER}).status_code == 404
    assert client.get("/api/v1/programs/no-such/values", {"period": QUARTER}).status_code == 404
    assert client.get("/api/v1/indicators", {"program": "invented"}).status_code == 422


@pytest.mark.parametrize("period", ["2024-Q5", "soon", "24-Q1", "", "2024-Q1\n", "9999-Q4"])
def test_a_wrong_period_is_named(period, staff, program):
    response = program_of(staff).get("/api/v1/programs/mills/values", {"period": period})

    assert response.status_code == 422
    assert response.json()["errors"][0]["parameter"] == "period"


def test_indicators_are_listed_without_invented_ones(staff, program):
    kept = reported(program, code="kept")
    reported(program, code="invented", is_demo=True)
    make_indicator(code="of-nobody")
    client = program_of(staff)

    everything = client.get("/api/v1/indicators").json()
    of_program = client.get("/api/v1/indicators", {"program": "mills"}).json()

    assert {each["code"] for each in everything["indicators"]} == {"kept", "of-nobody"}
    assert [(each["code"], each["programs"]) for each in of_program["indicators"]] == [(kept.code, ["mills"])]
    assert client.get("/api/v1/indicators/invented").status_code == 404


def test_an_indicator_tells_its_values_in_time_order(staff, program):
    indicator = reported(program, code="firms-helped")
    for code, value in (("2024-Q4", 5), ("2024-Q2", 3)):
        observed(program, indicator, code, value=value)
    client = program_of(staff)

    found = client.get("/api/v1/indicators/firms-helped", {"program": "mills"}).json()

    assert [(each["period"], each["value"], each["state"]) for each in found["values"]] == [
        ("2024-Q2", 3, "value"),
        ("2024-Q4", 5, "value"),
    ]
    assert found["program"] == "mills"
    assert client.get("/api/v1/indicators/firms-helped").json()["program"] is None


def test_queries_do_not_grow_with_indicators(staff, program, django_assert_max_num_queries):
    client = program_of(staff)
    client.get("/api/v1/")
    for number in range(12):
        indicator = reported(program, breakdowns=["sex"])
        parts = {"sex": {"f": "30", "m": "40"}}
        observed(program, indicator, f"2024-Q{number % 4 + 1}", value=70, parts=parts)

    with django_assert_max_num_queries(15):
        assert len(told(client, program)) == 12
    with django_assert_max_num_queries(15):
        assert client.get("/api/v1/indicators").json()["count"] == 12


YEAR = "2024"


def test_a_year_is_what_its_quarters_come_to_as_its_page_has_it(staff, staff_client, program):
    summed = reported(program, code="summed", breakdowns=["sex"])
    newest = reported(program, code="newest", over_periods="latest")
    ratio = reported(program, code="ratio", unit_en="%", over_periods="ratio", over_places="ratio")
    never = reported(program, code="never", over_periods="none")
    for number in (1, 2, 4):
        code = f"{YEAR}-Q{number}"
        for indicator in (summed, newest, never):
            observed(program, indicator, code, value=number * 10, parts={"sex": {"f": "8"}})
        observed(program, ratio, code, value=number, numerator=1, denominator=number)

    found = told(program_of(staff), program, YEAR)

    values = {code: (each["value"], each["state"], each["missing"]) for code, each in found.items()}
    assert values == {
        "summed": (70, "value", 1),
        "newest": (40, "value", 0),
        "ratio": (42.857143, "value", 1),
        "never": (None, "not applicable", 1),
    }
    assert {(each["period"], len(each["breakdowns"])) for each in found.values()} == {(YEAR, 0)}
    page = staff_client.get(summed.get_absolute_url(), {"program": program.slug, "years": "calendar"}).content.decode()
    assert re.search(r">\s*70\s*<", page)


def test_a_yearly_value_comes_with_the_last_quarter_of_its_year(staff, program):
    yearly = reported(program, code="yearly", frequency="year", breakdowns=["sex"])
    observed(program, yearly, YEAR, value=50, parts={"sex": {"f": "20"}})
    client = program_of(staff)

    last, year = told(client, program, f"{YEAR}-Q4")["yearly"], told(client, program, YEAR)["yearly"]

    assert (last["value"], last["period"], last["state"]) == (50, YEAR, "value")
    assert last == year
    assert {part["key"]: part["value"] for part in last["breakdowns"][0]["parts"]}["f"] == 20
    assert told(client, program, f"{YEAR}-Q3")["yearly"]["state"] == "missing"


def test_what_is_divided_has_the_decimals_of_what_is_kept(staff, program):
    ratio = reported(program, code="ratio", unit_en="%", over_places="ratio")
    observed(program, ratio, value=Decimal("33.333333"), numerator=1, denominator=3)

    assert told(program_of(staff), program)["ratio"]["value"] == 33.333333


def test_a_period_is_read_in_khmer_digits(staff, program):
    assert told(program_of(staff), program, "២០២៤-Q៣") == {}
