"""The one-page brief: which program and quarter, what it says of them, and that it stays one page and a few queries."""

import datetime
import logging
import re
from io import BytesIO

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from capred_portal import pdf
from programs.models import Action, Risk
from tests.factories import make_action, make_goal, make_organisation, make_program, make_user
from tests.factories import make_workshop as held
from tests.indicator_factories import make_observation, make_period
from tests.indicators.program_reports import (
    AFTER,
    BEFORE,
    BRIEF,
    CLOSED,
    QUARTER,
    about,
    busy_program,
    content_of,
    long_program,
    make_path,
    make_value,
    make_work,
    told,
    words,
)
from tests.register_factories import make_province

pytestmark = pytest.mark.django_db


@pytest.fixture
def provinces():
    """The 25 provinces on their grid, in six rows as those of the country."""
    for number in range(1, 26):
        row, column = divmod(number + 4 * (number > 1), 5)
        make_province(f"{number:02}", tile_row=row, tile_column=column, name_en="Banteay Meanchey")


# What it is about


def test_without_a_quarter_it_is_the_newest_with_values():
    program = make_program()
    for code in (BEFORE, QUARTER):
        make_observation(5, program=program, period=make_period(code), status="submitted")
    make_observation(5, program=program, period=make_period(AFTER))  # a draft

    assert BRIEF.subject({"program": program.slug})["period"].code == QUARTER


def test_without_values_it_is_the_last_quarter_that_is_over():
    period = BRIEF.subject({"program": make_program().slug})["period"]

    assert period.last_day < timezone.localdate() <= period.last_day + datetime.timedelta(days=92)


@pytest.mark.parametrize("period", ["2024", "2024-Q5", "1066-Q1", "2099-Q1", "now", "2024-Q3\x00"])
def test_what_is_no_quarter_that_has_begun_is_not_found(period):
    program = make_program()

    with pytest.raises(Http404):
        BRIEF.subject({"program": program.slug, "period": period})


@pytest.mark.parametrize("slug", ["", "nobody", "no slug", "a\x00b"])
def test_what_is_no_program_is_not_found(slug):
    with pytest.raises(Http404):
        BRIEF.subject({"program": slug})


def test_an_archived_program_has_no_brief():
    program = make_program(archived_at=timezone.now(), archive_reason="Twice")

    with pytest.raises(Http404):
        BRIEF.subject({"program": program.slug})


@pytest.mark.parametrize("language", ["en", "km"])
def test_its_title_names_program_and_quarter(language):
    program = make_program(title_en="CAPRED", title_km="កាប់រ៉េដ")

    with override(language):
        title = BRIEF.title(BRIEF.subject(about(program)))

    assert str(program if language == "en" else program.title_km) in title
    assert "2024" in title


# What changed


@pytest.mark.parametrize(
    ("value", "before", "direction", "way", "judged"),
    [
        (60, 40, "up", "rose", "better"),
        (40, 60, "up", "fell", "worse"),
        (40, 60, "down", "fell", "better"),
        (40, 40, "up", "no change", ""),
        (40, None, "up", "no value the quarter before", ""),
    ],
)
def test_it_says_how_a_value_moved(value, before, direction, way, judged):
    program = make_program()
    make_value(program, value, before, direction=direction)

    move = content_of(BRIEF, program)["moves"][0]

    assert (str(move.words), str(move.judged)) == (way, judged)
    assert move.before_text == ("–" if before is None else f"{before} firms")


def test_values_under_two_rules_are_not_compared():
    program = make_program()
    indicator = make_value(program, None, 40)
    make_observation(60, program=program, indicator=indicator, status="submitted", rule_version=2)

    move = content_of(BRIEF, program)["moves"][0]

    assert move.way == "rule"
    assert move.step_text == ""


def test_a_value_that_is_not_told_is_no_zero():
    program = make_program()
    make_value(program, None, 40)
    make_value(program, 0, 40)

    content = content_of(BRIEF, program)

    assert [move.value.text for move in content["moves"]] == ["0 firms"]
    assert content["finding"].startswith("1 of 2 indicators have a value.")


def test_it_says_how_far_the_values_are_signed():
    program = make_program()
    make_value(program, 5, status="accepted")
    make_value(program, 5, status="verified")

    content = content_of(BRIEF, program)

    assert content["signatures"] == "1 of 2 accepted"
    assert {move.signed for move in content["moves"]} == {"Accepted", "Verified"}


def test_values_that_moved_come_first_and_the_rest_is_counted():
    program = make_program()
    make_value(program, 5, 5)
    for _number in range(5):
        make_value(program, 9, 5)

    content = content_of(BRIEF, program)

    assert {move.way for move in content["moves"]} == {"rose"}
    assert content["more_moves"] == 1
    assert "and 1 more" in words(told(BRIEF, program))


def test_a_draft_is_not_told():
    program = make_program()
    make_value(program, 5, status="draft")

    assert content_of(BRIEF, program)["finding"] == "No indicator has a value for this quarter yet."


# Goals


def test_goals_are_judged_at_the_end_of_the_quarter():
    program = make_program()
    indicator = make_value(program, 40, 20)
    indicator.goals.add(make_goal("9.1"))
    make_path(program, indicator)
    before = [row.tally.rows for row in content_of(BRIEF, program)["goals"]]
    make_observation(-500, program=program, indicator=indicator, status="submitted", period=make_period(AFTER))

    after = [row.tally.rows for row in content_of(BRIEF, program)["goals"]]

    assert before == after
    assert [mark for mark, _words, _count in before[0]] == ["good"]
    assert content_of(BRIEF, program, AFTER)["standing"].startswith("On track at the end of the quarter: 0 of 1")


def test_a_head_counts_an_indicator_of_two_sides_once():
    program = make_program()
    indicator = make_value(program, 40, 20)
    indicator.goals.add(make_goal("9.1"), make_goal("9.2"))

    goals = content_of(BRIEF, program)["goals"]

    assert [(row.goal.code, row.tally.total) for row in goals] == [("9", 1)]


def test_a_goal_the_program_serves_without_indicator_says_so():
    program = make_program()
    program.goals.add(make_goal("9.1"))

    assert "no indicator" in told(BRIEF, program)


# Work, risks and what is late


def test_its_figures_are_those_of_the_pages(officer_client):
    program = busy_program()
    make_work(make_program())

    content = content_of(BRIEF, program)

    assert [figure.value for figure in content["figures"]] == [1, 1, 1, 1]
    for figure in (*content["figures"], content["late"]):
        shown = re.search(r'figure-value">(.*?)</p>', officer_client.get(figure.url).content.decode(), re.DOTALL)
        assert shown
        assert words(shown[1]) == str(figure.value)


def test_its_values_are_those_of_the_list_of_indicators(officer_client):
    program = busy_program()
    page = words(officer_client.get("/indicators/", {"program": program.slug}).content.decode())

    for move in content_of(BRIEF, program)["moves"]:
        assert move.value.text in page


def test_what_is_late_today_is_listed_longest_first_with_its_owner():
    program = make_program()
    owner = make_organisation(name_en="Department of Industry")
    for day in (3, 1, 2, 4):
        make_action(program=program, due_on=datetime.date(2024, 9, day), owner_organisation=owner)
    make_action(program=program)  # due in 2099

    content = content_of(BRIEF, program)

    assert [action.due_on.day for action in content["overdue"].rows] == [1, 2, 3]
    assert content["overdue"].more == 1
    assert content["late"].value == 4
    assert "Department of Industry" in told(BRIEF, program)


def test_actions_closed_in_the_quarter_are_listed_dropped_ones_not():
    program = make_program()
    done = make_action(program=program, status="done", closed_on=CLOSED, done_en="Printed.")
    make_action(program=program, status="done", closed_on=datetime.date(2024, 10, 1), done_en="Later.")
    make_action(program=program, status=Action.Status.DROPPED)

    assert content_of(BRIEF, program)["closed"].rows == [done]


def test_the_worst_risks_come_first_and_their_owners_stay_inside():
    program = make_program()
    owner = make_user("staff", username="chenda-keo", full_name_en="Keo Chenda")
    for likelihood, effect in ((1, 1), (3, 3), (2, 3), (1, 3)):
        fields = {"text_en": f"Risk {likelihood}{effect}", "owner": owner}
        Risk.objects.create(program=program, likelihood=likelihood, effect=effect, **fields)

    content = content_of(BRIEF, program)

    assert [str(risk) for risk in content["risks"].rows] == ["Risk 33", "Risk 23", "Risk 13"]
    assert content["risks"].more == 1
    assert "chenda" not in told(BRIEF, program).lower()


def test_work_of_another_quarter_or_program_is_not_counted():
    program = make_program()
    held(program=program, date=datetime.date(2024, 5, 1))
    make_work(make_program())

    content = content_of(BRIEF, program)

    assert [figure.value for figure in content["figures"]] == [0, 0, 0, 0]
    assert content["outcomes"].rows == []


# Pictures


def test_the_chart_is_of_the_indicator_on_its_way_to_a_target():
    program = busy_program()

    chart = content_of(BRIEF, program)["chart"]

    assert "Firms trained" in chart.of
    assert chart.title == "100 of 100 firms reached, due by Q4 2026"
    assert "Reports of programs, reviewed here." in chart.source


def test_without_values_the_chart_is_of_workshops():
    program = make_program()
    make_work(program)

    chart = content_of(BRIEF, program)["chart"]

    assert chart.template == "plots/_bars.html"
    assert [bar.value for bar in chart.picture.bars][-1] == 1


def test_the_provinces_are_those_of_this_program(provinces):
    program = make_program()
    held(program=program, province_id="12")
    held(province_id="08")

    assert content_of(BRIEF, program)["provinces"].title == "Workshops reached 1 of 25 provinces"


# As a whole


@pytest.mark.parametrize("language", ["en", "km"])
def test_an_empty_program_reads_well(language):
    html = told(BRIEF, make_program(), language=language)

    if language == "en":
        for empty in ("This program reports no indicator.", "No risk is recorded yet.", "No action is overdue."):
            assert empty in html
    assert "None" not in words(html)


@pytest.mark.parametrize("language", ["en", "km"])
def test_it_is_told_in_both_languages(language):
    program = busy_program(title_km="កម្មវិធីសាកល្បង")

    html = told(BRIEF, program, language=language)

    assert (program.title_km if language == "km" else program.title_en) in html
    assert "<form" not in html
    assert "hx-" not in html.replace(f"program={program.slug}", "")
    assert " id=" not in html  # both languages stand in one document


def test_an_invented_program_says_so_in_its_head():
    demo, real = make_program(is_demo=True), make_program()

    assert "no figure in this report is a fact" in told(BRIEF, demo)
    assert "tag demo" in told(BRIEF, demo)
    assert "tag demo" not in told(BRIEF, real)


def test_a_quarter_that_is_not_over_says_so():
    program, today = make_program(), timezone.localdate()
    code = f"{today.year}-Q{(today.month + 2) // 3}"

    assert "the quarter is still running" in told(BRIEF, program, code)
    assert "the quarter is still running" not in told(BRIEF, program)


def test_its_queries_do_not_grow_with_rows():
    program = busy_program()
    with CaptureQueriesContext(connection) as few:
        told(BRIEF, program)
    for number in range(3):
        make_value(program, 60 + number, 40).goals.add(make_goal(f"9.{number + 2}"))
        make_work(program)

    with CaptureQueriesContext(connection) as many:
        told(BRIEF, program)

    assert len(many) <= len(few) <= 26


@pytest.mark.skipif(not pdf.is_available(), reason="the extra for PDF files is not installed")
@pytest.mark.parametrize("is_marked", [False, True], ids=["plain", "marked"])
@pytest.mark.parametrize("language", ["en", "km"])
def test_as_pdf_it_is_one_page_with_its_pictures(officer_client, provinces, language, is_marked, caplog):
    pypdfium2 = pytest.importorskip("pypdfium2")
    asked = about(long_program(is_demo=not is_marked, has_khmer=not is_marked)) | {"language": language}

    with caplog.at_level(logging.ERROR, logger="weasyprint"):
        answer = officer_client.get(reverse("reports:pdf", args=["brief"]), asked)

    with pypdfium2.PdfDocument(BytesIO(answer.content)) as file:
        assert len(file) == 1
    assert not [record.message for record in caplog.records if "SVG" in record.message]
