"""The list of indicators, the scorecard of a program, and the page of one with its file."""

import csv
import io
import re
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from indicators import review
from indicators.breakdowns import breakdowns_of
from indicators.detail import Detail
from indicators.models import RoundEntry, Target
from indicators.readings import readings_of
from tests.factories import make_goal, make_program, make_workshop
from tests.indicator_factories import (
    make_indicator,
    make_observation,
    make_period,
    make_program_indicator,
    make_round,
    make_target,
)
from tests.tables import table_of, text_of

pytestmark = pytest.mark.django_db

LIST = reverse("indicators:list")
QUARTERS = ("2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4", "2025-Q1", "2025-Q2")


def with_values(values: Any = (10, 20, 30, 40), **fields: Any) -> Any:
    """Return an indicator that a program reports, with accepted values quarter by quarter."""
    report = make_program_indicator(indicator=make_indicator(**fields))
    for quarter, value in zip(QUARTERS, values, strict=False):
        about = {"indicator": report.indicator, "program": report.program, "period": make_period(quarter)}
        make_observation(value, status="accepted", **about)
    return report


def with_path(report: Any, baseline: Any, target: Any) -> None:
    about = {"indicator": report.indicator, "program": report.program}
    make_target(baseline, "2023-Q4", kind=Target.Kind.BASELINE, **about)
    make_target(target, "2024-Q4", **about)


def download(client: Any, indicator: Any, query: str = "") -> list[list[str]]:
    response = client.get(reverse("indicators:download", args=[indicator.code, "csv"]) + query)
    return list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))


# The list


def test_list_shows_value_period_review_target_and_status(officer_client):
    report = with_values(over_periods="latest")
    with_path(report, 0, 40)

    page = text_of(officer_client.get(LIST))

    assert "40 firms Q4 2024 Accepted" in page
    assert "40 firms Q4 2024 On track" in page


def test_list_says_why_an_indicator_is_not_judged(staff_client):
    with_values()

    assert "Not judged No target set" in text_of(staff_client.get(LIST))


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"q": "suppliers"}, 1),
        ({"q": "no such words"}, 0),
        ({"level": "output"}, 1),
        ({"level": "impact"}, 0),
        ({"kind": "reported"}, 1),
        ({"kind": "external"}, 0),
        ({"retired": "yes"}, 0),
        ({"status": "green"}, 1),
        ({"status": "red"}, 0),
        ({"sort": "status"}, 1),
        ({"sort": "title"}, 1),
    ],
)
def test_list_filters(staff_client, params, found):
    with_path(with_values(title_en="Suppliers trained", over_periods="latest"), 0, 40)

    assert staff_client.get(LIST, params).context["rows_count"] == found


def test_list_filters_by_goal_and_program(staff_client):
    report, goal = with_values(), make_goal("6.2")
    report.indicator.goals.set([goal])
    with_values()

    assert staff_client.get(LIST, {"goal": goal.pk}).context["rows_count"] == 1
    assert staff_client.get(LIST, {"program": report.program.slug}).context["rows_count"] == 1


def test_retired_indicators_are_shown_when_asked_for(staff_client):
    make_indicator(retired_on="2020-01-01")

    assert staff_client.get(LIST).context["rows_count"] == 0
    assert staff_client.get(LIST, {"retired": "yes"}).context["rows_count"] == 1


def test_furthest_behind_comes_first(staff_client):
    good, bad = with_values(over_periods="latest", order=1), with_values(over_periods="latest", order=2)
    with_path(good, 0, 40)
    with_path(bad, 0, 400)

    rows = staff_client.get(LIST, {"sort": "status"}).context["rows"]

    assert [row.indicator for row in rows] == [bad.indicator, good.indicator]


def test_scorecard_of_a_program_shows_its_own_values(staff_client):
    report = with_values((5,))
    make_observation(7, indicator=report.indicator, status="accepted", period=make_period("2024-Q1"))

    of_program = text_of(staff_client.get(LIST, {"program": report.program.slug}))
    of_all = text_of(staff_client.get(LIST))

    assert "5 firms Q1 2024" in of_program
    assert "12 firms Q1 2024" in of_all


def test_list_answers_htmx_with_the_rows_alone(staff_client):
    response = staff_client.get(LIST, headers={"HX-Request": "true"})

    assert response.content.decode().lstrip().startswith('<div id="rows"')
    assert "HX-Request" in response.headers["Vary"]


def test_file_of_the_list_holds_what_is_shown(officer_client):
    report = with_values((10, 20), over_periods="latest")
    with_values((3,))

    response = officer_client.get(reverse("indicators:export", args=["csv"]), {"program": report.program.slug})

    header, row = csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig")))
    cells = dict(zip(header, row, strict=True))
    assert (cells["Code"], cells["Newest value"], cells["Unit"]) == (report.indicator.code, "20", "firms")
    assert (cells["Status"], cells["Reason"]) == ("Not judged", "No target set")


# One indicator


def test_page_shows_trend_path_and_definition(officer_client):
    report = with_values(over_periods="latest", limitations_en="Only firms that answered.")
    with_path(report, 0, 40)

    page = text_of(officer_client.get(report.indicator.get_absolute_url(), {"program": report.program.slug}))

    assert "On track" in page
    assert "Only firms that answered." in page
    assert "A year is the value of its last quarter with a value" in page
    assert "A verifier of the ministry, then an officer of the embassy" in page


def test_summed_indicator_says_how_much_of_the_target_is_reached(staff_client):
    report = with_values()
    with_path(report, 0, 200)

    page = text_of(staff_client.get(report.indicator.get_absolute_url(), {"program": report.program.slug}))

    assert "100 of 200 firms reached, due by Q4 2024" in page


def as_in_files(cell):
    """Return what a page shows as a file has it: no separators, no empty decimals."""
    return re.sub(r"^(-?[0-9]+)\.0$", r"\1", cell.replace(",", ""))


@pytest.mark.parametrize("query", ["", "?years=calendar", "?years=australian"])
def test_page_equals_download(officer_client, query):
    report = with_values((10, 20, None, 1234.56, 55), decimals=1)
    with_path(report, 0, 2000)
    query = f"{query or '?'}&program={report.program.slug}"

    page = officer_client.get(report.indicator.get_absolute_url() + query)
    header, *rows = download(officer_client, report.indicator, query)

    shown = table_of(page, "Values")
    assert shown[0] == header
    assert [[as_in_files(cell) for cell in row] for row in shown[1:]] == rows
    assert len(rows) > 0


def test_years_say_what_is_missing(staff_client):
    report = with_values((10, 20, 30, 40, 50))

    calendar = download(staff_client, report.indicator, "?years=calendar")
    australian = download(staff_client, report.indicator, "?years=australian")

    assert [row[:3] for row in calendar[1:]] == [["2025", "50", "3 of 4 quarters"], ["2024", "100", ""]]
    assert [row[:3] for row in australian[1:]] == [
        ["July 2024 to June 2025", "120", "1 of 4 quarters"],
        ["July 2023 to June 2024", "30", "2 of 4 quarters"],
    ]


def test_year_of_distinct_people_is_refused_with_its_reason(staff_client):
    report = with_values(over_periods="distinct")

    (_header, row) = download(staff_client, report.indicator, "?years=calendar")

    assert row[1:3] == ["n/a", "Somebody may be counted in several of them: no sum is made"]


def test_parts_and_unknown_come_to_the_total(staff_client):
    indicator = make_indicator(breakdowns=["sex"])
    make_observation(30, indicator=indicator, status="accepted", parts={"sex": {"f": "12", "m": "9"}})
    make_observation(20, indicator=indicator, status="accepted")
    (reading,) = readings_of([indicator])[indicator.pk]

    (found,) = breakdowns_of(indicator, reading, program=None, hides_small_cells=False)

    assert [(str(part.title), part.text) for part in found.parts if part.text != "–"] == [
        ("Female", "12"),
        ("Male", "9"),
        ("Unknown", "29"),
    ]
    assert found.total == "50"


def test_small_parts_are_withheld_from_officers(officer_client, staff_client):
    observation = make_observation(
        30, indicator=make_indicator(breakdowns=["sex"]), status="accepted", parts={"sex": {"f": "3", "m": "27"}}
    )
    address = observation.indicator.get_absolute_url()

    officer, staff = officer_client.get(address), staff_client.get(address)

    assert "3" not in {row[1] for row in table_of(officer, "Sex")}
    assert sum(row[1] == "withheld" for row in table_of(officer, "Sex")) == 2
    assert "3" in {row[1] for row in table_of(staff, "Sex")}


def test_part_has_its_own_target(staff_client):
    report = with_values(breakdowns=["sex"])
    make_target(25, indicator=report.indicator, program=report.program, part="sex:f")

    page = staff_client.get(report.indicator.get_absolute_url(), {"program": report.program.slug})

    assert any("25" in row[2] for row in table_of(page, "Sex"))


def test_corrected_value_says_what_was_reported(staff_client, staff, verifier):
    observation = make_observation(412, status="verified")
    told = {"state": observation.state, "value": observation.value}
    RoundEntry.objects.create(
        round=make_round(program=observation.program, period=observation.period), observation=observation, **told
    )
    later = review.correct(observation=observation, by=staff, values={"value": Decimal(415)}, reason="Three more came")
    review.submit(observation=later, by=staff)
    review.verify(observation=later, by=verifier)

    page = text_of(staff_client.get(observation.indicator.get_absolute_url()))

    assert "reported 412 firms · now 415 firms" in page


def test_draft_is_not_among_the_values(officer_client):
    observation = make_observation(4711)

    assert "4,711" not in text_of(officer_client.get(observation.indicator.get_absolute_url()))


def test_programs_are_shown_each_with_its_own_target(staff_client):
    report = with_values(over_periods="latest")
    with_path(report, 0, 40)

    page = staff_client.get(report.indicator.get_absolute_url())

    assert any(
        str(report.program) in row[0] and "On track" in row[3] for row in table_of(page, "Programs that report it")
    )


def test_retired_indicator_says_so_at_the_top(staff_client):
    indicator = make_indicator(retired_on="2020-01-01")

    assert "This indicator was retired on" in text_of(staff_client.get(indicator.get_absolute_url()))


@pytest.mark.parametrize("query", ["", "?program=no-such-program"])
def test_unknown_code_or_program_is_not_found(staff_client, query):
    code = make_indicator().code if query else "no-such-code"

    for name, more in (("detail", []), ("download", ["csv"])):
        assert staff_client.get(reverse(f"indicators:{name}", args=[code, *more]) + query).status_code == 404


def test_pages_are_only_read(staff_client):
    indicator, program = make_indicator(), make_program()

    for address in (LIST, indicator.get_absolute_url(), reverse("indicators:of_program", args=[program.slug])):
        assert staff_client.post(address).status_code == 405


def test_visitor_signs_in_first(anonymous_client):
    assert anonymous_client.get(make_indicator().get_absolute_url()).status_code == 302


# On the page of a program


def test_program_shows_its_indicators(officer_client):
    report = with_values()
    address = reverse("indicators:of_program", args=[report.program.slug])

    page, part = officer_client.get(address), officer_client.get(address, headers={"HX-Request": "true"})

    assert str(report.indicator) in text_of(page)
    assert part.content.decode().lstrip().startswith('<section class="section" id="indicators"')
    assert address in officer_client.get(report.program.get_absolute_url()).content.decode()


def test_program_lists_indicators_of_which_nothing_is_told_below_the_others(officer_client):
    report = with_values()
    silent, aimed_at = (make_program_indicator(program=report.program).indicator for _each in range(2))
    make_target(5, "2024-Q4", indicator=aimed_at, program=report.program)

    page = officer_client.get(reverse("indicators:of_program", args=[report.program.slug]))

    table = table_of(page, "Indicators")
    assert [str(each) in str(table) for each in (report.indicator, aimed_at, silent)] == [True, True, False]
    assert str(silent) in text_of(page).partition("No value and no target yet")[2]


def test_unknown_program_is_not_found(staff_client):
    assert staff_client.get(reverse("indicators:of_program", args=["no-such-program"])).status_code == 404


# Derived, and published elsewhere


def test_derived_indicator_also_says_what_the_records_say_now(officer_client):
    indicator = make_indicator(kind="derived", derivation="workshops-held", unit_en="workshops")
    make_workshop(date=timezone.localdate())

    page = text_of(officer_client.get(indicator.get_absolute_url()))

    assert "Now, not yet signed: 1 workshops" in page
    assert (
        reverse("figure", args=["workshops-held"]) in officer_client.get(indicator.get_absolute_url()).content.decode()
    )


def test_path_of_the_same_edition_is_drawn():
    report = with_values(over_periods="latest")
    with_path(report, 0, 40)

    detail = Detail(report.indicator, report.program, "", True)

    assert detail.trends[0].picture.target
    assert "Expected by then" in detail.table.header
