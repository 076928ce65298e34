"""How rows come in pages and as CSV, and figures with their state, from the interface for machines."""

import csv
import io
import json
from decimal import Decimal

import pytest

from capred_portal.api import answers
from programs.models import Workshop
from tests.factories import make_program, make_workshop
from tests.machine_client import basic, key_for, program_of
from tests.register_factories import make_province

FIGURES, WORKSHOPS = "/api/v1/figures", "/api/v1/tables/workshops"


@pytest.fixture
def machine(staff):
    return program_of(staff)


def all_pages(client, address):
    """Follow `next` to the end, as Power Query does, and return all rows."""
    rows = []
    while address:
        page = client.get(address).json()
        rows += page["rows"]
        address = page["next"]
    return rows


# Rows


def test_pages_hold_every_row_once_while_rows_come_in(machine):
    before = {make_workshop().pk for _number in range(25)}
    first = machine.get(f"{WORKSHOPS}?limit=10").json()
    Workshop.objects.filter(pk=first["rows"][0]["id"]).delete()
    added = {make_workshop().pk for _number in range(5)}

    rows = first["rows"] + all_pages(machine, first["next"])

    found = [row["id"] for row in rows]
    assert len(found) == len(set(found))
    assert set(found) == before | added


def test_what_changed_since_a_moment_is_asked_for_as_answers_tell_it_and_in_khmer_digits(machine):
    make_workshop()
    moment = machine.get(WORKSHOPS).json()["rows"][0]["updated_at"]

    for text in (moment, moment.replace("+", "%2B"), "២០២៤-០១-០១"):
        assert machine.get(f"{WORKSHOPS}?updated_since={text}").json()["count"] == 1
    assert "+07:00" in moment


def test_power_query_reads_all_pages_with_a_password(staff):
    for _number in range(7):
        make_workshop(program=make_program())
    client = basic(key_for(staff))

    page = client.get(f"{WORKSHOPS}?limit=3").json()
    rows = all_pages(client, f"{WORKSHOPS}?limit=3")

    assert page["next"].startswith("http://testserver/api/v1/tables/workshops?")
    assert page["count"] == len(rows) == 7
    assert page["count"] == client.get(WORKSHOPS).json()["count"]
    assert client.get(WORKSHOPS).json()["next"] is None


def test_filters_are_those_of_the_list(machine):
    made = make_program()
    inside = make_workshop(program=made, title_en="Rice millers")
    make_workshop(title_en="Other")

    assert [row["id"] for row in machine.get(WORKSHOPS, {"program": made.slug}).json()["rows"]] == [inside.pk]
    assert [row["id"] for row in machine.get(WORKSHOPS, {"q": "rice"}).json()["rows"]] == [inside.pk]
    assert machine.get(WORKSHOPS, {"year": "1999"}).json() == {"count": 0, "next": None, "rows": []}


def test_csv_holds_the_same_rows_at_once(machine):
    make_workshop(title_en='A, b and "c"', title_km="សិក្ខាសាលា")
    for _number in range(6):
        make_workshop()

    response = machine.get(WORKSHOPS, {"format": "csv", "limit": 2})
    text = response.getvalue().decode("utf-8-sig")
    rows = machine.get(WORKSHOPS).json()["rows"]

    def cell(value):
        words = {True: "true", False: "false", None: ""}
        return words[value] if value is None or isinstance(value, bool) else str(value)

    assert list(csv.DictReader(io.StringIO(text))) == [
        {name: cell(value) for name, value in row.items()} for row in rows
    ]
    assert response.headers["Content-Type"].startswith("text/csv")


def test_invented_rows_stay_out(machine):
    make_workshop(is_demo=True)
    real = make_workshop()

    assert [row["id"] for row in machine.get(WORKSHOPS).json()["rows"]] == [real.pk]
    assert str(machine.get(WORKSHOPS, {"format": "csv"}).getvalue()).count("\\r\\n") == 2


def test_pages_by_code_where_rows_have_no_number(machine):
    for number in range(7):
        make_province(f"9{number}")

    rows = all_pages(machine, "/api/v1/tables/provinces?limit=3")

    assert [row["code"] for row in rows] == [f"9{number}" for number in range(7)]


def test_queries_do_not_grow_with_rows(machine, django_assert_max_num_queries):
    machine.get("/api/v1/")
    for _number in range(30):
        make_workshop(program=make_program())

    with django_assert_max_num_queries(12):
        assert len(machine.get(WORKSHOPS).json()["rows"]) == 30


# Figures


def test_a_figure_is_that_of_the_pages(machine, officer):
    make_workshop()
    make_workshop()

    told = machine.get(f"{FIGURES}/workshops-held", {"by": "province"}).json()

    assert (told["value"], told["state"], told["by"]) == (2, "value", "province")
    assert [(part["value"], part["state"]) for part in told["parts"]] == [(2, "value")]
    assert all(told[name] for name in ("rule_en", "rule_km", "source"))
    assert told["page"] == "http://testserver/figures/workshops-held/?by=province"
    assert program_of(officer).get(f"{FIGURES}/workshops-held").json()["value"] == 2


def test_a_figure_with_invented_rows_gives_no_number(machine):
    make_workshop()
    make_workshop(is_demo=True)

    told = machine.get(f"{FIGURES}/workshops-held", {"by": "year"}).json()

    assert (told["value"], told["state"]) == (None, "demonstration")
    assert {(part["value"], part["state"]) for part in told["parts"]} == {(None, "demonstration")}


def test_figures_come_in_the_language_asked_for(machine):
    make_workshop()

    english, khmer = (
        machine.get(f"{FIGURES}/workshops-held", {"language": language}).json() for language in ("en", "km")
    )

    assert english["title_km"] == khmer["title_km"] != english["title_en"]
    assert english["unit"] != khmer["unit"]


def test_numbers_are_numbers(machine):
    made = answers.as_json({"a": Decimal("0.100000"), "b": Decimal("1200.00"), "c": 0, "d": None})

    assert made == '{"a": 0.1, "b": 1200, "c": 0, "d": null}'
    assert json.loads(made)["b"] == 1200


def test_a_language_nobody_answers_in_is_refused(machine):
    answer = machine.get(f"{FIGURES}/workshops-held", {"language": "fr"})

    assert answer.status_code == 422
    assert [each["parameter"] for each in answer.json()["errors"]] == ["language"]
