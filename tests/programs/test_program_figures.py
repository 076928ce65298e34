"""Support given, organisations supported, and money within one currency."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from capred_portal.figures import REGISTRY, TOTAL, Scope
from programs.models import ProgramBudget, Support, Workshop
from programs.timeline import timeline
from tests.factories import make_organisation, make_program

DAY = datetime.date(2025, 3, 1)


def figures(code, role="officer", **params):
    return REGISTRY[code].figures(Scope(role, params))


def make_support(program, organisation, **fields):
    return Support.objects.create(
        program=program, organisation=organisation, **({"kind": "training", "starts_on": DAY} | fields)
    )


@pytest.mark.django_db
def test_support_counts_times_and_organisations_once(admin):
    program, firm = make_program(), make_organisation()
    make_support(program, firm)
    make_support(program, firm, kind="grant", starts_on=datetime.date(2024, 3, 1))
    make_support(make_program(), make_organisation(), is_demo=True)
    make_support(program, make_organisation()).archive(by=admin, reason="Wrong")

    given, supported = figures("support-given", by="kind"), figures("organisations-supported")

    assert given[TOTAL].value == 3
    assert {kind: part.value for kind, part in given.items() if kind and part.value} == {"training": 2, "grant": 1}
    assert supported[TOTAL].value == 2
    assert given[TOTAL].has_demo
    assert supported[TOTAL].has_demo
    assert [exclusion.count for exclusion in given[TOTAL].excluded] == [1]
    assert figures("support-given", program=program.slug, year="2025")[TOTAL].value == 1
    assert not figures("support-given", program=program.slug)[TOTAL].has_demo


@pytest.mark.django_db
def test_support_of_archived_programs_is_left_out_and_said(admin):
    program = make_program()
    make_support(program, make_organisation())
    program.archive(by=admin, reason="Wrong")

    total = figures("support-given")[TOTAL]

    assert (total.value, [exclusion.count for exclusion in total.excluded]) == (0, [1])


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["staff", "officer"])
def test_rows_are_as_many_as_the_figure_says(client_for, role):
    program, firm = make_program(), make_organisation()
    for kind in ("training", "training", "advice"):
        make_support(program, firm, kind=kind)
    make_support(make_program(), make_organisation(), kind="advice")
    client = client_for(role)

    for code, params in (
        ("support-given", {"by": "kind"}),
        ("support-given", {"program": program.slug, "by": "kind"}),
        ("organisations-supported", {"program": program.slug}),
        ("organisations-supported", {"kind": "advice"}),
        ("organisations-supported", {"year": "2025"}),
    ):
        for figure in figures(code, role, **params).values():
            assert client.get(figure.rows_url).context["rows_count"] == figure.value, figure.rows_url


@pytest.mark.django_db
def test_unknown_program_is_not_found(officer_client):
    assert officer_client.get(reverse("figure", args=["support-given"]), {"program": "nothing"}).status_code == 404


@pytest.mark.django_db
def test_money_is_added_within_one_currency_only(officer_client):
    one, other = make_program(), make_program()
    ProgramBudget.objects.create(program=one, currency="AUD", budget=Decimal("100.50"), spent=10)
    ProgramBudget.objects.create(program=other, currency="AUD", budget=50)
    ProgramBudget.objects.create(program=other, currency="USD", spent=5)

    budget, spent = figures("program-budget", by="currency"), figures("program-spent", by="currency")

    assert budget["AUD"].value == Decimal("150.50")
    assert (budget["USD"].value, budget["USD"].state) == (None, "missing")
    assert budget[TOTAL].value == Decimal("150.50")
    assert (spent[TOTAL].value, spent[TOTAL].state) == (None, "not applicable")
    assert [exclusion.count for exclusion in spent["AUD"].excluded] == [1]
    for figure in (budget["AUD"], budget[TOTAL], spent["AUD"], spent["USD"]):
        assert officer_client.get(figure.rows_url).context["rows_sum"] == figure.value


@pytest.mark.django_db
def test_no_budget_is_missing_and_zero_is_zero():
    program = make_program()

    assert figures("program-budget")[TOTAL].state == "missing"
    ProgramBudget.objects.create(program=program, currency="KHR", budget=0)
    assert (figures("program-budget")[TOTAL].value, figures("program-budget")[TOTAL].state) == (0, "value")


def test_share_spent_needs_both_and_a_budget():
    assert ProgramBudget(budget=200, spent=50).spent_pct == 25
    assert ProgramBudget(budget=0, spent=50).spent_pct is None
    assert ProgramBudget(budget=200).spent_pct is None
    assert ProgramBudget(budget=200, spent=0).spent_pct == 0


# The period as a line


def test_timeline_places_period_workshops_and_today():
    workshop = Workshop(date=datetime.date(2024, 7, 1))
    line = timeline(datetime.date(2024, 1, 1), datetime.date(2024, 12, 31), [workshop], datetime.date(2024, 7, 1))

    assert line is not None
    assert (line.start, line.is_open) == ("0.00%", False)
    assert line.today == line.dots[0].position == "49.73%"
    assert [year for _position, year in line.years] == [2024]


def test_timeline_stays_open_without_a_last_day():
    line = timeline(datetime.date(2020, 1, 1), None, [], datetime.date(2029, 6, 1))

    assert line is not None
    assert line.is_open
    assert float(line.open_length.rstrip("%")) > 0
    assert len(line.years) <= 7


def test_timeline_of_nothing_known_is_nothing():
    assert timeline(None, None, [], datetime.date(2025, 1, 1)) is None
