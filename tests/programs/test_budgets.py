"""Budgets by year: one line for the whole program or years that do not overlap, and sums that count nothing twice."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.forms import FileField
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from capred_portal.editing import create_record
from capred_portal.figures import REGISTRY, TOTAL, Scope
from capred_portal.records import Clash
from programs.forms.programs import BudgetForm
from programs.models import ProgramBudget, year_from
from tests.factories import make_program

pytestmark = pytest.mark.django_db

FIRST, LAST = dt.date(2024, 1, 1), dt.date(2024, 12, 31)
BLANK = {"starts_on": "", "ends_on": "", "budget": "10", "spent": "", "as_of": "", "source": ""}


def make_budget(program, year=None, **fields):
    days = {"starts_on": dt.date(year, 1, 1), "ends_on": dt.date(year, 12, 31)} if year else {}
    return ProgramBudget.objects.create(program=program, **{"currency": "USD", "budget": 10} | days | fields)


def page(name, program, *args):
    return reverse(f"programs:{name}", args=[program.slug, *args])


def posted(client, path):
    """Return what a browser would post back from a form that nobody touched."""
    form = client.get(path).context["form"]
    values = {name: form[name].value() for name, field in form.fields.items() if not isinstance(field, FileField)}
    return {name: value for name, value in values.items() if value is not None and value is not False}


def save(client, program, **values):
    new = page("part_new", program, "budgets")
    return client.post(new, posted(client, new) | BLANK | {"currency": "USD"} | values)


def new_form(program, **values):
    return BudgetForm(BLANK | {"currency": "USD"} | values, instance=ProgramBudget(program=program))


# Writing


def test_years_are_added_one_by_one(staff_client):
    program = make_program()

    for first, last in (("2024-01-01", "2024-12-31"), ("១/១/២០២៥", "31/12/2025"), ("2026-01-01", "2026-03-31")):
        assert save(staff_client, program, starts_on=first, ends_on=last).status_code == 302

    assert [line.period for line in program.budgets.all()] == ["2024", "2025", "1 January 2026 – 31 March 2026"]


@pytest.mark.parametrize(
    ("days", "field"),
    [
        (("2024-01-01", ""), "ends_on"),
        (("", "2024-12-31"), "starts_on"),
        (("2024-12-31", "2024-01-01"), "ends_on"),
        (("2024-01-01", "2025-01-01"), "ends_on"),
        (("2022-12-01", "2023-11-30"), "starts_on"),
        (("2026-02-01", "2026-12-31"), "ends_on"),
    ],
)
def test_wrong_days_are_said_beside_the_day(staff_client, days, field):
    program = make_program(starts_on=dt.date(2023, 1, 1), ends_on=dt.date(2026, 6, 30))

    response = save(staff_client, program, starts_on=days[0], ends_on=days[1])

    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])


@pytest.mark.parametrize(
    ("there", "days", "field", "words"),
    [
        (None, ("", ""), "currency", "already there"),
        (None, ("2024-01-01", "2024-12-31"), "starts_on", "stated for the whole program"),
        (2024, ("", ""), "starts_on", "stated by year"),
        (2024, ("2024-07-01", "2025-06-30"), "starts_on", "in another line as well: 2024."),
        (2024, ("2023-12-31", "2024-01-01"), "starts_on", "in another line"),
    ],
)
def test_same_money_is_not_said_twice_in_one_currency(staff_client, there, days, field, words):
    program = make_program()
    make_budget(program, there)
    make_budget(make_program(), 2024)

    response = save(staff_client, program, starts_on=days[0], ends_on=days[1])
    other = save(staff_client, program, starts_on=days[0], ends_on=days[1], currency="AUD")

    assert (response.status_code, other.status_code) == (422, 302)
    assert list(response.context["form"].errors) == [field]
    assert words in str(response.context["form"].errors[field])


def test_whole_budget_becomes_the_first_of_several_years(staff_client, admin):
    program = make_program()
    whole = make_budget(program)
    edit = page("part_edit", program, "budgets", whole.pk)

    changed = staff_client.post(edit, posted(staff_client, edit) | {"starts_on": "2024-01-01", "ends_on": "2024-12-31"})
    added = save(staff_client, program, starts_on="2025-01-01", ends_on="2025-12-31")

    assert (changed.status_code, added.status_code) == (302, 302)
    assert [line.period for line in program.budgets.all()] == ["2024", "2025"]


def test_form_sent_twice_makes_one_line(staff_client):
    program = make_program()
    new = page("part_new", program, "budgets")
    values = posted(staff_client, new) | BLANK | {"currency": "USD"}

    answers = [staff_client.post(new, values) for _time in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert program.budgets.count() == 1


@pytest.mark.parametrize("first", [{}, {"starts_on": "2024-07-01", "ends_on": "2025-06-30"}], ids=["whole", "year"])
def test_two_people_at_once_cannot_say_the_same_money(staff, first):
    program = make_program()
    forms = [new_form(program, **first), new_form(program, starts_on="2024-01-01", ends_on="2024-12-31")]
    assert all(form.is_valid() for form in forms)
    create_record(forms[0], by=staff)

    with pytest.raises(Clash):
        create_record(forms[1], by=staff)

    assert program.budgets.count() == 1


def test_change_that_lost_the_race_is_refused_as_a_whole(staff):
    program = make_program()
    line, other = make_budget(program, 2024), make_budget(program, 2025)
    line.starts_on, line.ends_on = dt.date(2024, 7, 1), dt.date(2025, 6, 30)

    with pytest.raises(Clash) as raised:
        line.save_version(by=staff, expected=1)

    line.refresh_from_db()
    assert (raised.value.field, line.version, line.starts_on) == ("starts_on", 1, FIRST)
    assert other.period in str(raised.value)


def test_archived_line_comes_back_only_where_nothing_else_says_it(client_for, admin):
    program = make_program()
    whole = make_budget(program)
    whole.archive(by=admin, reason="Split by year")
    make_budget(program, 2024)

    path = reverse("admin:programs_programbudget_restore", args=[whole.pk])
    response = client_for("admin").post(path, {"version": 2})

    whole.refresh_from_db()
    assert (response.status_code, whole.is_archived) == (422, True)
    assert "stated by year" in response.content.decode()


def test_admin_says_the_same_beside_the_field(client_for):
    program = make_program()
    make_budget(program, 2024)
    line = make_budget(program, 2025)
    client = client_for("admin")
    path = reverse("admin:programs_programbudget_change", args=[line.pk])
    values = {"currency": "USD", "budget": "10", "version": "1", "source": ""}

    answers = [
        client.post(path, values | {"starts_on": first, "ends_on": last})
        for first, last in (("", ""), ("2024-12-31", "2025-06-30"), ("2025-01-01", ""), ("2025-01-01", "2025-06-30"))
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 302]
    fields = [list(answer.context["adminform"].form.errors) for answer in answers[:3]]
    assert fields == [["starts_on"], ["starts_on"], ["ends_on"]]


@pytest.mark.parametrize(("name", "day"), [("starts_on", "2024-02-01"), ("ends_on", "2024-11-30")])
def test_program_keeps_days_that_hold_its_years(staff_client, name, day):
    program = make_program(starts_on=FIRST, ends_on=LAST)
    make_budget(program, 2024)
    edit = page("edit", program)

    refused = staff_client.post(edit, posted(staff_client, edit) | {name: day})

    assert (refused.status_code, list(refused.context["form"].errors)) == (422, [name])
    assert staff_client.post(edit, posted(staff_client, edit)).status_code == 302


@pytest.mark.parametrize(
    "fields",
    [
        {"starts_on": None, "ends_on": None},
        {"starts_on": FIRST, "ends_on": LAST},
        {"currency": "AUD", "starts_on": FIRST},
        {"currency": "AUD", "ends_on": LAST},
        {"currency": "AUD", "starts_on": LAST, "ends_on": FIRST},
        {"currency": "AUD", "starts_on": FIRST, "ends_on": FIRST + dt.timedelta(days=366)},
    ],
    ids=["whole twice", "year twice", "no last day", "no first day", "backwards", "367 days"],
)
def test_database_refuses_what_no_line_can_be(fields):
    program = make_program()
    make_budget(program, 2024)
    make_budget(program)  # nothing but the forms and saves stops this

    with pytest.raises(IntegrityError), transaction.atomic():
        make_budget(program, **fields)


def test_database_holds_years_of_366_days_and_archived_lines(admin):
    program = make_program()
    make_budget(program, 2024).archive(by=admin, reason="Wrong")

    make_budget(program, 2024)
    make_budget(program, starts_on=dt.date(2025, 1, 1), ends_on=dt.date(2026, 1, 1))

    assert program.budgets.active().count() == 2


# Reading


def test_figures_and_the_list_add_years_once(officer_client):
    program = make_program()
    for year, amount in ((2024, "100.50"), (2025, "50")):
        make_budget(program, year, budget=Decimal(amount), spent=5)
    make_budget(make_program(), budget=7)

    scope = Scope("officer", {"program": program.slug})
    budget, spent = (REGISTRY[code].figures(scope)[TOTAL] for code in ("program-budget", "program-spent"))
    everything = REGISTRY["program-budget"].figures(Scope("officer"))[TOTAL]

    assert (budget.value, spent.value, everything.value) == (Decimal("150.50"), 10, Decimal("157.50"))
    for figure in (budget, spent, everything):
        assert officer_client.get(figure.rows_url).context["rows_sum"] == figure.value


@pytest.mark.parametrize(("year", "found"), [("2024", 1), ("2025-26", 1), ("2023", 0)])
def test_list_is_asked_for_the_lines_of_a_year(officer_client, year, found):
    program = make_program()
    make_budget(program, 2024)
    make_budget(program, starts_on=dt.date(2025, 7, 1), ends_on=dt.date(2026, 6, 30))
    make_budget(program, currency="AUD")

    response = officer_client.get(reverse("programs:budget_list"), {"year": year})

    assert response.context["rows_count"] == found
    assert "A budget of the whole program belongs to no year." in response.content.decode() or not found


def test_page_shows_years_in_order_with_one_sum(officer_client):
    program = make_program()
    for year in (2026, 2024, 2025):
        make_budget(program, year, budget=100, spent=year - 2000)
    make_budget(program, currency="AUD", budget=7)

    response = officer_client.get(page("detail", program))

    whole, years = response.context["budgets"]
    text = " ".join(response.content.decode().split())
    assert (whole.budget, [line.period for line in whole.lines]) == (None, ["Whole program"])
    assert [line.period for line in years.lines] == ["2024", "2025", "2026"]
    assert (years.budget.value, years.spent.value, years.spent_pct) == (300, 75, 25)
    assert "<strong>300 USD</strong>" in text
    assert "25 % of the budget is spent." in text


def test_share_of_all_years_wants_the_budget_of_each(officer_client):
    program = make_program()
    make_budget(program, 2024, budget=None, spent=40)
    make_budget(program, 2025, budget=100, spent=10)

    (years,) = officer_client.get(page("detail", program)).context["budgets"]

    assert (years.spent.value, years.spent_pct, years.lines[1].spent_pct) == (50, None, 10)


def test_archived_program_shows_its_lines_without_sums(staff_client, admin):
    program = make_program()
    make_budget(program, 2024, budget=99)
    program.archive(by=admin, reason="Wrong")

    response = staff_client.get(page("detail", program))

    assert response.context["budgets"][0].budget is None
    assert "99 USD" in response.content.decode()


def test_queries_of_the_page_do_not_grow_with_years(officer_client):
    program = make_program()

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert officer_client.get(page("detail", program)).status_code == 200
        return len(captured)

    make_budget(program, 2020)
    few = queries()
    for year in range(2021, 2027):
        make_budget(program, year)
        make_budget(program, year, currency="KHR")

    assert queries() == few


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ((2024, 7, 1), (2025, 6, 30), "2024-25"),
        ((1999, 7, 1), (2000, 6, 30), "1999-00"),
        ((2024, 1, 15), (2024, 12, 31), "15 January 2024 – 31 December 2024"),
    ],
)
def test_year_is_named_as_people_name_it(first, last, words):
    line = ProgramBudget(program=make_program(title_en="One"), currency="USD")
    assert str(line) == "One · USD"

    line.starts_on, line.ends_on = dt.date(*first), dt.date(*last)

    assert (line.period, str(line)) == (words, f"One · USD · {words}")


def test_year_ends_the_day_before_its_first_day_comes_again():
    days = [dt.date(2023, 1, 1), dt.date(2024, 7, 1), dt.date(2024, 2, 29), dt.date(2023, 3, 1)]

    ends = [year_from(day) for day in days]

    assert ends == [dt.date(2023, 12, 31), dt.date(2025, 6, 30), dt.date(2025, 2, 28), dt.date(2024, 2, 29)]


def test_days_are_asked_for_beside_a_currency_that_is_missing(staff_client):
    program = make_program()

    response = save(staff_client, program, currency="", starts_on="2024-01-01")

    assert sorted(response.context["form"].errors) == ["currency", "ends_on"]
