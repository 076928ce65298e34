"""The IATI file of a program keeps the rules of IATI that its schema does not know: its standard ruleset."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from lxml import etree

from programs.models import ProgramBudget
from tests.standards_factories import add_two_provinces, add_values, iati_schema, make_reporting_program

pytestmark = pytest.mark.django_db

NUMBERS, WORDS = ("1", "2", "3", "4"), "5"
YEAR = dt.timedelta(days=366)


@pytest.fixture
def program(db):
    """A program of several years with values of each kind and budgets of a year and of all years."""
    made = make_reporting_program(ends_on=dt.date(2027, 12, 31))
    add_values(made)
    add_two_provinces(made)
    year = {"starts_on": dt.date(2024, 1, 1), "ends_on": dt.date(2024, 12, 31)}
    ProgramBudget.objects.create(program=made, currency="USD", budget=10, spent=4, as_of=dt.date(2024, 6, 30), **year)
    return made


def activity_in(client: Any, program: Any) -> Any:
    answer = client.get(reverse("standards:iati", args=[program.slug]))
    assert answer.status_code == 200
    root, schema = etree.fromstring(answer.content), iati_schema()
    assert schema.validate(root), schema.error_log
    return root.find("iati-activity")


def days_of(element: Any) -> tuple[dt.date, dt.date]:
    first, last = (dt.date.fromisoformat(element.find(name).get("iso-date")) for name in ("period-start", "period-end"))
    return first, last


def test_every_measure_but_a_qualitative_one_has_a_number(officer_client, program):
    told: dict[str, list[Any]] = {"numbers": [], "words": []}
    for indicator in activity_in(officer_client, program).iter("indicator"):
        kind = "words" if indicator.get("measure") == WORDS else "numbers"
        assert kind == "words" or indicator.get("measure") in NUMBERS
        told[kind] += [each.get("value") for name in ("baseline", "target", "actual") for each in indicator.iter(name)]

    assert None not in told["numbers"]
    assert set(told["words"]) == {None}
    assert len(told["numbers"]) > len(told["words"]) > 4


def test_what_is_no_number_stands_beside_the_numbers_with_its_period(officer_client, program):
    result = next(
        each
        for each in activity_in(officer_client, program).iter("result")
        if each.findtext("title/narrative") == "Firms trained"
    )
    numbers, words = result.findall("indicator")

    assert words.findtext("title/narrative") == "Firms trained: why there is no number"
    assert words.get("ascending") is None
    assert [days_of(each) for each in words.iter("period")] == [(dt.date(2024, 7, 1), dt.date(2024, 9, 30))]
    assert all(each.find("dimension") is not None for each in words.iter("actual"))
    assert any(each.find("dimension") is not None for each in numbers.iter("actual"))


def test_an_indicator_without_a_number_has_no_empty_period(officer_client, program):
    for period in activity_in(officer_client, program).iter("period"):
        assert period.find("target") is not None or period.find("actual") is not None


def test_periods_are_in_order_and_budgets_of_a_year(officer_client, program):
    activity = activity_in(officer_client, program)

    for element in (*activity.iter("period"), *activity.iter("budget")):
        first, last = days_of(element)
        assert first <= last
        assert element.tag == "period" or last - first < YEAR
    assert [each.find("value").get("currency") for each in activity.iter("budget")] == ["USD"]


@pytest.mark.parametrize("share", [None, 40])
def test_without_sectors_of_a_hundred_percent_no_file_leaves(staff_client, program, share):
    if share is None:
        program.sectors.all().delete()
    else:
        program.sectors.update(share_pct=share)

    answer = staff_client.get(reverse("standards:iati", args=[program.slug]))

    assert answer.status_code == 422
    assert "IATI requires what is missing here" in answer.content.decode()
