"""The quarterly report: all values with their signatures, their parts, the work of the quarter, the sources."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.models import RoundEntry
from indicators.program_values import program_values
from programs.models import Support
from tests.factories import make_attendances, make_goal, make_organisation, make_outcome, make_program, make_workshop
from tests.indicator_factories import (
    make_indicator,
    make_observation,
    make_period,
    make_program_indicator,
    make_round,
    make_source,
    make_target,
)
from tests.indicators.program_reports import (
    AFTER,
    BRIEF,
    LATE,
    LONG_EN,
    QUARTER,
    QUARTERLY,
    busy_program,
    content_of,
    make_path,
    make_value,
    make_work,
    told,
    words,
)
from tests.register_factories import make_province

pytestmark = pytest.mark.django_db


def parts_by(content, title):
    """Return the parts of the one value in parts, by their titles."""
    (each,) = content["parts"]
    (found,) = [breakdown for breakdown in each.breakdowns if str(breakdown.title) == title]
    return {str(part.title): part.text for part in found.parts}


# Values


def test_every_value_is_told_as_other_ways_out_tell_it():
    program = busy_program()
    make_value(program, None, title_en="Never told")

    content = content_of(QUARTERLY, program)

    values = program_values(program, make_period(QUARTER))
    shown = {row.move.value.indicator.pk: row.move.value.text for row in content["rows"]}
    assert shown == {value.indicator.pk: value.text for value in values if value.reading}
    assert [str(value.indicator) for value in content["untold"]] == ["Never told"]


def test_many_indicators_of_which_nothing_is_told_are_a_list_of_short_lines():
    program = busy_program()
    for number in range(30):
        make_value(program, None, title_en=f"Number {number}: {LONG_EN}")

    report = told(QUARTERLY, program)

    _before, _mark, rest = report.partition('<ul class="report-untold">')
    lines = re.findall(r"<li>(.*?)</li>", rest.partition("</ul>")[0])
    assert len(lines) == 30
    assert max(map(len, lines)) <= 90


def test_its_values_are_those_of_the_page_of_the_indicator(officer_client):
    program = busy_program()

    for row in content_of(QUARTERLY, program)["rows"]:
        address = row.move.value.indicator.get_absolute_url()
        page = words(officer_client.get(address, {"program": program.slug}).content.decode())
        assert row.move.value.text in page
        assert row.move.value.target_text == "–" or row.move.value.target_text in page


def test_a_corrected_value_stands_beside_what_was_reported():
    program = make_program()
    indicator = make_value(program, None)
    fields = {"program": program, "indicator": indicator, "status": "verified"}
    first = make_observation(412, is_shown=False, **fields)
    report = make_round(program=program)
    RoundEntry.objects.create(round=report, observation=first, value=412)
    make_observation(415, number=2, why="Three firms came late", **fields)

    page = words(told(QUARTERLY, program))

    assert "415 firms reported 412 firms · now 415 firms" in page


def test_a_value_of_several_provinces_says_how_many_are_accepted():
    program = make_program()
    indicator = make_value(program, None)
    for code, status in (("01", "accepted"), ("02", "verified"), ("03", "accepted")):
        fields = {"program": program, "indicator": indicator, "province": make_province(code)}
        make_observation(3, status=status, **fields)

    (row,) = content_of(QUARTERLY, program)["rows"]

    assert row.move.value.text == "9 firms"
    assert row.move.signed == "2 of 3 accepted"


def test_missing_and_not_applicable_are_two_things():
    program = make_program()
    path = make_value(program, None, title_en="Missing")
    make_target(5, indicator=path, program=program)
    other = make_value(program, None, title_en="No such thing")
    make_observation(None, program=program, indicator=other, status="submitted", state="na")

    texts = {str(row.move.value.indicator): row.move.value.text for row in content_of(QUARTERLY, program)["rows"]}

    assert texts == {"Missing": "–", "No such thing": "n/a"}


def test_a_missing_value_shows_the_newest_one():
    program = make_program()
    make_value(program, 12)

    page = words(told(QUARTERLY, program, AFTER))

    assert "newest 12 firms, Q3 2024" in page


def test_small_parts_are_withheld():
    program = make_program()
    indicator = make_value(program, None, breakdowns=["sex"], unit_en="people")
    parts = {"sex": {"f": "30", "m": "3"}}
    make_observation(40, program=program, indicator=indicator, status="submitted", parts=parts)

    content = content_of(QUARTERLY, program)

    found = parts_by(content, "Sex")
    assert found["Male"] == "withheld"
    assert found["Female"] == "30"
    assert sum(text == "withheld" for text in found.values()) == 2
    assert content["withholds"]


def test_editions_of_baselines_and_targets_are_named():
    program = make_program()
    indicator = make_value(program, 12)
    source = make_source(title_en="Survey of suppliers", edition="2023")
    make_target(5, indicator=indicator, program=program, source=source)

    assert "Survey of suppliers, 2023" in told(QUARTERLY, program)


# Goals


def test_a_side_stands_under_its_head_with_its_own_indicators():
    program = make_program()
    for code in ("9.1", "9.2"):
        indicator = make_value(program, 40, 20)
        indicator.goals.add(make_goal(code))
        make_path(program, indicator)

    (progress,) = content_of(QUARTERLY, program)["progress"]

    assert [(row.goal.code, row.tally.total, row.is_side) for row in progress.rows] == [
        ("9", 2, False),
        ("9.1", 1, True),
        ("9.2", 1, True),
    ]


# Work


def test_workshops_of_the_quarter_tell_who_came():
    program = make_program()
    workshop = make_workshop(program=program, head_count=30)
    make_attendances(6, workshop=workshop, attended=True)
    make_attendances(2, workshop=workshop, attended=False)

    content = content_of(QUARTERLY, program)

    assert [(row.workshop, row.came) for row in content["workshops"].rows] == [(workshop, 6)]
    assert content["came"].value == 6


def test_small_groups_of_people_are_withheld_and_nobody_is_named():
    program = busy_program()

    content = content_of(QUARTERLY, program)

    states = {figure.state for _title, figures in content["groups"] for figure in figures}
    assert states == {"withheld"}
    assert "Sok Dara" not in told(QUARTERLY, program)


def test_support_is_counted_and_no_money_is_told():
    program = busy_program()

    content = content_of(QUARTERLY, program)

    assert [(str(figure.label), figure.value) for figure in content["support_kinds"]] == [("Grant", 1)]
    assert content["receivers"].value == 1
    assert "98765" not in told(QUARTERLY, program).replace(",", "")


def test_actions_are_listed_with_owner_and_due_date():
    program = busy_program()

    content = content_of(QUARTERLY, program)
    page = words(told(QUARTERLY, program))

    assert [figure.value for figure in content["action_figures"]] == [2, 1, 1]
    assert "Due in the quarter: 2, of which done by now: 1." in page
    assert "On the day of this report: open 1, overdue 1." in page
    (action,) = content["open"].rows
    assert f"{action} {action.owner} 1 September 2024" in page


def test_figures_of_kinds_come_to_the_total():
    program = busy_program()
    make_outcome(workshop=program.workshops.get(), kind="policy")

    content = content_of(QUARTERLY, program)

    (total,) = [figure.value for figure in content["figures"] if figure.code == "outcomes-recorded"]
    assert sum(figure.value for figure in content["outcome_kinds"]) == total == content["outcomes"].total


# As a whole


@pytest.mark.parametrize("language", ["en", "km"])
def test_an_empty_program_reads_well(language):
    html = told(QUARTERLY, make_program(), language=language)

    if language == "en":
        for empty in (
            *("This program reports no indicator.", "No workshop was held in this quarter."),
            *("No support began in this quarter.", "No risk is recorded yet."),
        ):
            assert empty in html


@pytest.mark.parametrize("language", ["en", "km"])
def test_it_is_told_in_both_languages(language):
    program = busy_program(title_km="កម្មវិធីសាកល្បង", source="Annual plan", status_note_en="All is well.")

    html = told(QUARTERLY, program, language=language)

    assert (program.title_km if language == "km" else program.title_en) in html
    assert "Annual plan" in html
    assert "<form" not in html
    assert " id=" not in html


def test_rows_that_are_invented_are_marked_in_a_real_program():
    program = make_program()
    make_value(program, 5)
    indicator = make_indicator(is_demo=True)
    make_program_indicator(program=program, indicator=indicator)
    make_observation(7, program=program, indicator=indicator, status="submitted", is_demo=True)

    html = told(QUARTERLY, program)

    assert "Some of the rows behind this report are invented" in html
    assert html.count("tag demo") == 2  # in the head, and beside the one value


def test_its_queries_do_not_grow_with_rows():
    program = busy_program()
    make_value(program, 60, breakdowns=["sex"])
    with CaptureQueriesContext(connection) as few:
        told(QUARTERLY, program)
    for number in range(3):
        indicator = make_value(program, 60 + number, 40, breakdowns=["sex"])
        indicator.goals.add(make_goal(f"9.{number + 2}"))
        make_path(program, indicator)
        make_work(program)
        Support.objects.create(program=program, organisation=make_organisation(), kind="advice", starts_on=LATE)

    with CaptureQueriesContext(connection) as many:
        told(QUARTERLY, program)

    assert len(many) <= len(few) <= 45


# Values of years


@pytest.mark.parametrize("kind", [QUARTERLY, BRIEF], ids=lambda kind: kind.name)
def test_in_the_last_quarter_a_yearly_value_counts_and_is_named_by_its_year(kind):
    program = make_program()
    yearly = make_indicator(title_en="Firms a year", frequency="year", breakdowns=["sex"])
    make_program_indicator(program=program, indicator=yearly)
    row = {"program": program, "indicator": yearly, "status": "accepted"}
    make_observation(40, period=make_period("2023"), **row)
    make_observation(70, period=make_period("2024"), parts={"sex": {"f": "30"}}, **row)

    last = words(told(kind, program, AFTER))

    assert "1 of 1 indicators have a value" in last
    assert "70 firms 2024" in last
    assert "40 firms 2023" in last
    assert "rose" in last
    assert "70 firms" not in words(told(kind, program, QUARTER)).replace("newest 70 firms", "")
    if kind is QUARTERLY:
        assert parts_by(content_of(kind, program, AFTER), "Sex")["Female"] == "30"


def test_the_first_value_of_a_year_has_none_before():
    program = make_program()
    yearly = make_program_indicator(program=program, indicator=make_indicator(frequency="year")).indicator
    make_observation(70, period=make_period("2024"), program=program, indicator=yearly, status="accepted")

    assert "no value the year before" in words(told(BRIEF, program, AFTER))
