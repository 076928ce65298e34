"""Derived indicators say what the figures on the pages say, for programs and the country, in quarters and years."""

import datetime
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.utils import timezone

from capred_portal.demo import make_rows
from capred_portal.facts import write_facts
from capred_portal.figures import REGISTRY, TOTAL, Scope
from indicators.analytics.aggregation import Measured, distinct_bounds, over_periods, quarters_of
from indicators.derived import DERIVATIONS, derive, derive_many
from indicators.dimensions import DIMENSIONS
from indicators.models import Indicator, Period, ProgramIndicator
from programs.models import Action, LinkAttribution, Program, Support
from tests.factories import (
    analyze,
    make_action,
    make_attendance,
    make_outcome,
    make_person,
    make_program,
    make_user,
    make_workshop,
)
from tests.indicator_factories import make_indicator
from tests.register_factories import make_certificate, make_enterprise, make_enterprise_year, make_link

pytestmark = pytest.mark.django_db

D = datetime.date
DAY = D(2025, 2, 1)
SHARES = {"women-share": "sex", "disability-share": "disability", "women-run-share": "women", "actions-on-time": ""}


def derived(code, program=None, period="2025"):
    """Return what a derivation says, through an indicator that has it."""
    indicator = Indicator.objects.filter(derivation=code).first() or make_indicator(kind="derived", derivation=code)
    return derive(indicator, program, period)


def value(code, program=None, period="2025"):
    return derived(code, program, period).measured.value


# Pages and indicators


def test_every_derivation_says_what_the_page_of_its_figure_says(staff_client):
    write_facts()
    make_rows()
    analyze()
    program = Program.objects.get(slug="demo")
    compared = 0

    for indicator in Indicator.objects.filter(kind="derived"):
        for of in (None, program):
            for period in ("2025", "2024-25", "2025-Q2"):
                found = derive(indicator, of, period)
                if found.figures and found.measured.state != "withheld":
                    compared += 1
                    assert on_page(staff_client, found, SHARES.get(indicator.derivation)) == found.measured

    assert compared > 75


def on_page(client, found, by):
    """Return what the permanent page of a figure shows, as a value or as the share of two of its parts."""
    cache.clear()
    url = found.url if not by or "by=" in found.url else f"{found.url}&by={by}"
    context = client.get(url).context
    if by is None:
        shown = context["figure"]
        return Measured.of(shown.value) if shown.state == "value" else Measured(state=shown.state)
    parts = {str(part.label): part.value for part in context["parts"]}
    keys = {
        "sex": (["Female"], ["Female", "Male", "Other"]),
        "disability": (["With disability"], ["With disability", "Without disability"]),
        "women": (["Owned or led by women"], ["Owned or led by women", "Neither owned nor led by women"]),
        "": (["Done on or before the due date"], ["Done on or before the due date", "Done after the due date"]),
    }[by]
    top, bottom = (sum(parts[name] for name in names) for names in keys)
    return Measured.ratio(top, bottom, 100)


def test_figures_it_reads_are_registered_and_parts_are_known_dimensions():
    for derivation in DERIVATIONS.values():
        assert set(derivation.reads) <= set(REGISTRY)
        assert not derivation.by_quarter or "quarter" in REGISTRY[derivation.by_quarter].by

    write_facts()
    shipped = Indicator.objects.filter(kind="derived")
    assert {indicator.derivation for indicator in shipped} == set(DERIVATIONS)
    for indicator in shipped:
        found = derive(indicator, None, "2025")
        assert set(found.parts) == set(indicator.breakdowns if found.measured.value is not None else [])
        assert set(indicator.breakdowns) <= set(DIMENSIONS)
        assert all(getattr(indicator, f"{name}_km") for name in ("title", "definition", "unit", "limitations"))


# Periods


@pytest.fixture
def half_year():
    """Five men come in both quarters, five women in the first, five other women, who do not say, in the second."""
    program = make_program()
    spring, summer = (make_workshop(date=D(2025, month, 10), program=program) for month in (2, 5))
    for _each in range(5):
        man, woman, other = (make_person(sex=sex) for sex in ("m", "f", "f"))
        make_attendance(workshop=spring, person=man, disability="no")
        make_attendance(workshop=summer, person=man, disability="no")
        make_attendance(workshop=spring, person=woman, disability="yes")
        make_attendance(workshop=summer, person=other, disability="refused")
    return program


def test_distinct_people_of_a_year_are_counted_from_records_not_added(half_year):
    quarters = {code: derived("people-reached", half_year, code).measured for code in quarters_of("2025")}
    year = value("people-reached", half_year, "2025")

    least, most = distinct_bounds(quarters) or (0, 0)

    assert [each.value for each in quarters.values()] == [10, 10, 0, 0]
    assert year == 15
    assert (least, most) == (10, 20)
    assert least <= year < most
    assert over_periods("distinct", quarters).reason == "distinct counts cannot be added"


def test_a_share_leaves_out_who_did_not_answer_and_says_so(half_year):
    women, disability = derived("women-share", half_year), derived("disability-share", half_year)

    assert (women.measured.numerator, women.measured.denominator) == (10, 15)
    assert (disability.measured.numerator, disability.measured.denominator) == (5, 10)
    assert disability.measured.value == 50
    assert "5: not known, and left out of the share." in disability.excluded


def test_parts_leave_the_rest_of_the_total_unknown(half_year):
    found = derived("people-reached", half_year)

    assert found.parts["sex"] == {"f": "10", "m": "5", "o": "0"}
    assert found.parts["disability"] == {"yes": "5", "no": "5"}
    assert found.measured.value == 15


def test_an_australian_year_is_july_to_june(half_year):
    make_workshop(date=D(2025, 7, 1), program=half_year)

    assert value("workshops-held", half_year, "2024-25") == 2
    assert value("workshops-held", half_year, "2025-26") == 1
    assert value("workshops-held", half_year, "2025") == 3


def test_a_ratio_of_a_year_is_that_of_the_sums_never_the_mean_of_its_quarters():
    outcome = make_outcome(workshop=make_workshop(program=make_program()))
    program, staff = outcome.workshop.program, make_user("staff")
    for due, closed in ((D(2025, 2, 1), 1), (D(2025, 5, 1), 1), (D(2025, 5, 2), 40), (D(2025, 6, 3), 40)):
        shared = {"status": Action.Status.DONE, "done_en": "Done.", "closed_by": staff}
        make_action(outcome=outcome, due_on=due, closed_on=due + datetime.timedelta(days=closed - 1), **shared)
    quarters = {code: derived("actions-on-time", program, code).measured for code in quarters_of("2025")}

    year = derived("actions-on-time", program, "2025").measured

    assert [each.numerator for each in quarters.values()] == [1, 1, 0, 0]
    assert year.value == over_periods("ratio", quarters).measured.value == 50
    assert year.value != (quarters["2025-Q1"].value + quarters["2025-Q2"].value) / 2


def test_a_period_that_has_not_begun_and_what_no_program_can_have():
    program, next_year = make_program(), str(timezone.localdate().year + 1)

    assert derived("workshops-held", None, next_year).measured == Measured.missing()
    assert derived("enterprises-new", program).measured == Measured.not_applicable()
    assert derived("no-such-way").measured == Measured.missing()
    with pytest.raises(ValueError, match="not a"):
        derived("workshops-held", None, "2024-26")


def test_a_program_in_the_archive_has_nothing():
    program = make_program(archived_at=datetime.datetime.now(datetime.UTC), archive_reason="Twice")

    assert derived("people-reached", program).measured == Measured.missing()


# What each counts


def support(program, firm, day=DAY, **fields):
    return Support.objects.create(program=program, enterprise=firm, kind="training", starts_on=day, **fields)


def test_women_share_of_supported_firms_counts_each_firm_once_and_only_those_that_say():
    program = make_program()
    firms = [make_enterprise(is_women_owned=owned) for owned in [True] * 5 + [False] * 15 + [None]]
    for firm in (*firms, firms[0]):
        support(program, firm)

    found = derived("women-run-share", program).measured

    assert (found.numerator, found.denominator, found.value) == (5, 20, 25)


def test_jobs_say_how_many_firms_state_them():
    program, silent = make_program(), make_enterprise()
    firms = [make_enterprise() for _each in range(5)]
    for firm in firms:
        make_enterprise_year(enterprise=firm, employees=40, women=25, men=10)
    for each in (*firms, firms[0], silent):
        support(program, each)

    found = derived("jobs-supported", program)

    assert found.measured.value == 200
    assert found.parts == {"sex": {"f": "125", "m": "50"}}
    assert found.excluded == "1: enterprises that do not state it."


def test_jobs_are_missing_not_zero_where_no_firm_states_them():
    program = make_program()
    support(program, make_enterprise())

    assert derived("jobs-supported", program).measured == Measured.missing()


def test_what_would_tell_of_one_firm_or_few_people_is_withheld_from_both_sides(half_year):
    firm = make_enterprise(is_women_owned=True)
    make_enterprise_year(enterprise=firm, employees=40)
    support(half_year, firm)
    make_link(stage="contract", value_usd=Decimal(1000), replaces_import=True, stage_since=D(2025, 2, 1))
    make_attendance(workshop=half_year.workshops.earliest("date"), person=make_person(sex="o"))

    for code in ("women-run-share", "jobs-supported", "imports-replaced"):
        found = derived(code, None if code == "imports-replaced" else half_year)
        assert found.measured == Measured.withheld()
        assert found.parts == {}
        assert found.excluded.startswith("Withheld")
    assert derived("women-share", half_year).measured.denominator == 16


def test_certificates_count_when_issued_after_the_support_began():
    program, firm = make_program(), make_enterprise()
    support(program, firm, D(2025, 2, 1))
    for issued in (D(2025, 1, 31), D(2025, 2, 1), D(2025, 8, 1), None):
        make_certificate(enterprise=firm, issued_on=issued)
    make_certificate(enterprise=make_enterprise(), issued_on=D(2025, 3, 1))

    assert value("certificates-gained", program) == 2
    assert value("certificates-gained", program, "2025-Q1") == 1
    assert value("certificates-gained", make_program()) == 0


def test_imports_replaced_are_shared_out_among_programs():
    program = make_program()
    alive = {"stage": "contract", "stage_since": D(2025, 2, 1), "value_usd": Decimal(1000)}
    for number in range(6):
        make_link(replaces_import=False, **alive)
        link = make_link(replaces_import=True, **alive)
        if number < 3:
            LinkAttribution.objects.create(link=link, program=program, share_pct=40)

    assert value("imports-replaced") == 6000
    assert value("imports-replaced", program) == 1200
    assert value("links-made", program) == Decimal("1.2")
    assert value("links-alive", program, "2024") == 0


def test_new_enterprises_count_by_the_day_of_registration():
    for day in (D(2025, 6, 30), D(2025, 7, 1), None):
        make_enterprise(registered_on=day)

    assert [value("enterprises-new", None, period) for period in ("2024-25", "2025-26", "2025")] == [1, 1, 2]


def test_archived_rows_do_not_count(half_year):
    gone = {"archived_at": datetime.datetime.now(datetime.UTC), "archive_reason": "Wrong"}
    firm = make_enterprise()
    support(half_year, firm, **gone)
    make_certificate(enterprise=firm, issued_on=D(2025, 3, 1), **gone)
    make_enterprise(registered_on=D(2025, 3, 1), **gone)
    make_workshop(date=D(2025, 3, 1), program=half_year, **gone)
    make_attendance(workshop=half_year.workshops.earliest("date"), person=make_person(sex="f"), **gone)
    make_link(stage="contract", value_usd=Decimal(5), replaces_import=True, **gone)

    nothing = ("women-run-share", "certificates-gained", "jobs-supported", "links-made", "imports-replaced")
    assert [value(code, half_year) or 0 for code in nothing] == [0] * len(nothing)
    assert value("enterprises-new") == 0
    assert value("links-alive") == 0
    assert value("workshops-held", half_year) == 2
    assert value("people-reached", half_year) == 15


# Many at once


def test_many_at_once_say_the_same_as_one_by_one(half_year, django_assert_max_num_queries):
    make_link(stage="contract", stage_since=D(2025, 2, 1))
    ways = ("workshops-held", "people-reached", "links-alive", "links-made")
    indicators = [make_indicator(kind="derived", derivation=code) for code in ways]
    periods = [*(Period.objects.quarter(2025, number) for number in (1, 2, 3)), "2025"]

    for program in (None, half_year):
        found = derive_many(indicators, program, periods)
        one_by_one = {
            (each.code, code): derive(each, program, code).measured
            for each in indicators
            for code in ("2025-Q1", "2025-Q2", "2025-Q3", "2025")
        }
        assert {key: each.measured for key, each in found.items()} == one_by_one


def test_many_quarters_of_one_figure_are_one_question(half_year, django_assert_max_num_queries):
    indicator = make_indicator(kind="derived", derivation="workshops-held")
    quarters = [code for year in ("2023", "2024", "2025") for code in quarters_of(year)]

    with django_assert_max_num_queries(3):
        found = derive_many([indicator], half_year, quarters)

    assert sum(each.measured.value or 0 for each in found.values()) == 2


def test_the_invented_program_reports_what_programs_can_have():
    write_facts()
    make_rows()

    reported = ProgramIndicator.objects.filter(indicator__kind="derived")

    assert {row.indicator.derivation for row in reported} == set(DERIVATIONS) - {"enterprises-new"}
    assert all(row.is_demo and row.program.is_demo for row in reported)


def test_staff_derive_exact_numbers_where_officers_see_none(half_year):
    make_attendance(workshop=half_year.workshops.earliest("date"), person=make_person(sex="o"))

    officers = REGISTRY["unique-people"].figures(Scope("officer", {"program": half_year.slug, "by": "sex"}))

    assert officers["o"].state == "withheld"
    assert officers[TOTAL].value == 16
    assert derived("people-reached", half_year).parts["sex"]["o"] == "1"
