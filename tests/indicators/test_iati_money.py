"""Budgets and spending of a program in its IATI file: a year each, with days that are true."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from lxml import etree

from programs.models import ProgramBudget
from tests.standards_factories import iati_schema, make_reporting_program

pytestmark = pytest.mark.django_db

LONG = {"starts_on": dt.date(2023, 1, 1), "ends_on": dt.date(2026, 6, 30)}


@pytest.fixture
def program(db):
    """A program of several years, without money."""
    made = make_reporting_program(**LONG)
    made.budgets.all().delete()
    return made


def make_line(program, year=None, **fields):
    days = {"starts_on": dt.date(year, 1, 1), "ends_on": dt.date(year, 12, 31)} if year else {}
    return ProgramBudget.objects.create(program=program, **{"currency": "USD", "budget": 10} | days | fields)


def activity_in(client, program):
    response = client.get(reverse("standards:iati", args=[program.slug]))
    assert response.status_code == 200
    root, schema = etree.fromstring(response.content), iati_schema()
    assert schema.validate(root), schema.error_log
    return root.find("iati-activity")


def page_in(client, program):
    return " ".join(client.get(reverse("standards:program", args=[program.slug])).content.decode().split())


def days_in(activity):
    """Return first day, last day, amount, and day of the exchange rate of each budget."""
    return [
        (
            each.find("period-start").get("iso-date"),
            each.find("period-end").get("iso-date"),
            each.findtext("value"),
            each.find("value").get("value-date"),
        )
        for each in activity.iter("budget")
    ]


def spent_in(activity):
    return [
        (
            each.find("transaction-type").get("code"),
            each.find("transaction-date").get("iso-date"),
            each.findtext("value"),
            dict(each.find("value").attrib),
        )
        for each in activity.iter("transaction")
    ]


def test_each_year_is_a_budget_with_its_own_days(officer_client, program):
    make_line(program, 2024, budget=Decimal("90000.50"))
    make_line(program, 2025, budget=7, as_of=dt.date(2024, 11, 1))
    make_line(program, currency="AUD", budget=None, spent=5)

    activity = activity_in(officer_client, program)

    assert days_in(activity) == [
        ("2024-01-01", "2024-12-31", "90000.5", "2024-01-01"),
        ("2025-01-01", "2025-12-31", "7", "2024-11-01"),
    ]


def test_years_need_no_last_day_of_the_program(officer_client):
    program = make_reporting_program(ends_on=None)
    make_line(program, 2024)

    activity, page = activity_in(officer_client, program), page_in(officer_client, program)

    assert [first for first, *_rest in days_in(activity)] == ["2024-01-01"]  # the whole one in AUD has no last day
    assert "the file has no end date and no budget" in page
    ProgramBudget.objects.filter(currency="AUD").delete()
    assert "the file has no end date." in page_in(officer_client, program)


def test_year_to_come_is_valued_today_at_the_latest(officer_client, program):
    program.__class__.objects.filter(pk=program.pk).update(ends_on=None)
    make_line(program, 2090)

    (told,) = days_in(activity_in(officer_client, program))

    assert told[3] < "2090"


def test_what_a_year_spent_is_one_expenditure_with_its_day(officer_client, program):
    make_line(program, 2024, spent=Decimal("84500.25"), as_of=dt.date(2025, 3, 1))
    make_line(program, 2025, spent=30, as_of=dt.date(2025, 9, 30))

    activity = activity_in(officer_client, program)

    assert spent_in(activity) == [
        ("4", "2024-12-31", "84500.25", {"currency": "USD", "value-date": "2024-12-31"}),
        ("4", "2025-09-30", "30", {"currency": "USD", "value-date": "2025-09-30"}),
    ]
    words = activity.findtext("transaction/description/narrative")
    assert words == "All that was spent from 2024-01-01 to 2024-12-31, as one amount."


@pytest.mark.parametrize(
    ("year", "fields"),
    [
        (None, {"spent": 5, "as_of": dt.date(2025, 9, 30)}),
        (2024, {"spent": 5}),
        (2024, {"spent": 5, "as_of": dt.date(2023, 12, 31)}),
    ],
    ids=["over several years", "without a day", "counted before the year"],
)
def test_spending_without_a_true_day_stays_here_and_the_page_says_so(staff_client, program, year, fields):
    line = make_line(program, year, **fields)

    assert spent_in(activity_in(staff_client, program)) == []
    page = page_in(staff_client, program)
    assert f"What was spent is not in the file (USD, {line.period})." in page
    assert reverse("programs:part_edit", args=[program.slug, "budgets", line.pk]) in page


@pytest.mark.parametrize("fields", [{"spent": 0, "as_of": dt.date(2025, 1, 1)}, {"spent": None}])
def test_nothing_spent_is_no_expenditure_and_no_gap(staff_client, program, fields):
    make_line(program, 2024, **fields)

    assert spent_in(activity_in(staff_client, program)) == []
    assert "What was spent is not in the file" not in page_in(staff_client, program)


def test_spending_of_a_day_to_come_stays_here(officer_client, program):
    program.__class__.objects.filter(pk=program.pk).update(ends_on=None)
    make_line(program, 2090, spent=5, as_of=dt.date(2090, 2, 1))

    assert spent_in(activity_in(officer_client, program)) == []


def test_whole_program_of_a_year_has_budget_and_expenditure(officer_client):
    program = make_reporting_program()
    program.budgets.update(spent=5, as_of=dt.date(2024, 6, 30))

    activity = activity_in(officer_client, program)

    assert [told[:2] for told in days_in(activity)] == [("2024-01-01", "2024-12-31")]
    assert [told[1] for told in spent_in(activity)] == ["2024-06-30"]
    assert "one year at most" not in page_in(officer_client, program)


def test_long_budget_leads_to_where_it_is_split(staff_client, program):
    whole = make_line(program, currency="AUD")
    make_line(program, 2024)

    page = page_in(staff_client, program)

    assert page.count("The budget in AUD is not in the file") >= 1
    assert "The budget in USD" not in page
    assert [first for first, *_rest in days_in(activity_in(staff_client, program))] == ["2024-01-01"]
    assert f"{reverse('programs:part_edit', args=[program.slug, 'budgets', whole.pk])}#id_starts_on" in page
    whole.starts_on, whole.ends_on = LONG["starts_on"], dt.date(2023, 12, 31)
    whole.save()
    assert "budgets of one year at most" not in page_in(staff_client, program)


def test_file_is_as_new_as_its_money(officer_client, program):
    line = make_line(program, 2024)

    changed = activity_in(officer_client, program).get("last-updated-datetime")

    assert changed == line.updated_at.strftime("%Y-%m-%dT%H:%M:%SZ")
