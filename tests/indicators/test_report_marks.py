"""What the brief and the quarterly report say beside rows: invented, of which day, in which language, from where."""

import datetime

import pytest

from indicators.reports.documents import make_document
from programs.models import Risk
from tests.factories import make_action, make_outcome, make_program
from tests.factories import make_workshop as held
from tests.indicators.program_reports import (
    BRIEF,
    CLOSED,
    LATE,
    QUARTERLY,
    about,
    content_of,
    make_value,
    told,
    words,
)

pytestmark = pytest.mark.django_db


def made_by(kind, program):
    """Return the one row of a kind that a program has, invented or not as the arguments say."""
    makers = {
        "risk": lambda **fields: Risk.objects.create(
            program=program, text_en="Late.", likelihood=2, effect=3, **fields
        ),
        "overdue": lambda **fields: make_action(program=program, due_on=LATE, **fields),
        "closed": lambda **fields: make_action(
            program=program, status="done", closed_on=CLOSED, done_en="Yes", **fields
        ),
        "outcome": lambda **fields: make_outcome(
            workshop=held(program=program, date=datetime.date(2024, 8, 14)), kind="tool", **fields
        ),
    }
    return makers[kind]


@pytest.mark.parametrize("kind", ["risk", "overdue", "closed", "outcome"])
@pytest.mark.parametrize("report", [BRIEF, QUARTERLY], ids=["brief", "quarterly"])
def test_one_invented_row_of_a_real_program_is_marked_and_said_in_the_head(report, kind):
    program = make_program()
    made_by(kind, program)(is_demo=True)

    html = told(report, program)

    assert "Some of the rows behind this report are invented" in html
    assert html.count('<span class="tag demo">demonstration</span>') == 2
    assert make_document(report, about(program), "en").has_demo


def test_an_invented_row_beyond_those_that_are_listed_is_counted():
    program = make_program()
    for number in range(4):
        make_action(program=program, due_on=datetime.date(2024, 9, 1 + number), is_demo=number == 3)

    content = content_of(BRIEF, program)

    assert not any(action.is_demo for action in content["overdue"].rows)
    assert content["has_demo"]


def test_an_invented_value_of_a_real_program_is_marked():
    program = make_program()
    make_value(program, 5, 4, is_demo=True)

    assert told(BRIEF, program).count('<span class="tag demo">demonstration</span>') == 2


def test_what_is_of_the_day_of_the_report_says_so():
    page = words(told(BRIEF, make_program()))

    for heading in ("Actions overdue", "Overdue actions", "Top risks"):
        assert f"{heading} (on the day of this report)" in page
    assert "until the day of this report" in page


@pytest.mark.parametrize("kind", ["risk", "overdue", "closed", "outcome"])
def test_what_has_no_khmer_is_marked_in_the_khmer_brief(kind):
    program = make_program(title_km="កម្មវិធី")
    made_by(kind, program)()

    assert told(BRIEF, program, language="km").count("fallback-mark") == 1
    assert "fallback-mark" not in told(BRIEF, program)


def test_every_value_says_where_it_is_from_and_how_far_it_is_signed():
    program = make_program()
    make_value(program, 5, status="verified")

    page = words(told(BRIEF, program))

    assert "Source Signatures" in page
    assert "report of the program Verified" in page


def test_the_brief_tells_a_sentence_whole_and_leads_to_its_record():
    program, sentence = make_program(), "Buyers wait for larger volumes than small firms can make in a season."
    Risk.objects.create(program=program, text_en=sentence, likelihood=2, effect=3)
    action = make_action(program=program, due_on=LATE, text_en=sentence)
    outcome = make_outcome(workshop=held(program=program, date=datetime.date(2024, 8, 14)), text_en=sentence)

    page = told(BRIEF, program)

    assert page.count(sentence) == 3
    assert all(f'<a href="{row.get_absolute_url()}">{sentence}</a>' in page for row in (action, outcome))


def test_nothing_late_is_no_alarm():
    program = make_program()

    calm = told(BRIEF, program)
    make_action(program=program, due_on=LATE)

    assert "report-late" not in calm
    assert "report-late" in told(BRIEF, program)


def test_the_brief_counts_only_the_ways_values_went():
    program = make_program()
    make_value(program, 60, 40)
    make_value(program, 7, 7)
    make_value(program, 7, 7)
    make_value(program, None)

    said = "3 of 4 indicators have a value. Against the quarter before: 1 rose, 2 did not change."
    assert said in words(told(BRIEF, program))
