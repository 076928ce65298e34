"""Loading values and targets of a program: what is new, changed, unusual or wrong, written as drafts and taken back."""

import datetime
import io
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from capred_portal import loads, spreadsheets
from capred_portal.facts import write_facts
from capred_portal.load_kinds import REGISTRY
from capred_portal.models import Load, LoadRow
from indicators import review
from indicators.models import Observation
from tests.enterprises.test_enterprise_load import outcomes, reasons
from tests.factories import make_user
from tests.indicator_factories import (
    make_indicator,
    make_observation,
    make_period,
    make_program_indicator,
    make_round,
)

Outcome = LoadRow.Outcome


def make_report(code="trained", **fields):
    program = {"program": fields.pop("program")} if "program" in fields else {}
    return make_program_indicator(indicator=make_indicator(code=code, title_km="អ្នកផ្គត់ផ្គង់", **fields), **program)


@pytest.fixture
def report(db):
    return make_report(breakdowns=["sex"])


def check(report, table, kind="observations", by=None):
    """Return a checked load of a table written with bars: the first line names the columns."""
    header, *rows = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    file = spreadsheets.write_csv(header, rows)
    scope = {"program": report.program.slug}
    load = loads.receive(
        kind=REGISTRY[kind], content=file, file_name="a.csv", scope=scope, by=by or make_user(), enqueue=False
    )
    loads.check_load.func(load.pk)
    load.refresh_from_db()
    return load


def carry_out(load):
    assert loads.confirm(load)
    loads.apply_load.func(load.pk)
    load.refresh_from_db()
    assert load.state == "done", load.problem
    return load


def values():
    return {
        (row.indicator.code, row.period.code): row.value
        for row in Observation.objects.active().select_related("period")
    }


# Values


def test_values_become_drafts(report):
    by = make_user()
    load = check(report, "Indicator|Period|Value|Note\ntrained|2024-Q3|1,234.5|Counted\ntrained|Q4 2024|១២|", by=by)

    carry_out(load)

    drafts = list(Observation.objects.order_by("period__first_day"))
    assert [(row.value, row.status, row.origin, row.entered_by) for row in drafts] == [
        (Decimal("1234.5"), "draft", "loaded", by),
        (Decimal(12), "draft", "loaded", by),
    ]
    assert drafts[0].note == "Counted"
    assert drafts[0].slot == review.slot_of(report.indicator, report.program, drafts[0].period)


def test_khmer_titles_and_khmer_words_are_read(report):
    load = check(report, "សូចនាករ|រយៈពេល|ផ្នែក|តម្លៃ\nអ្នកផ្គត់ផ្គង់|ត្រីមាសទី៣ ឆ្នាំ២០២៤||១២\nអ្នកផ្គត់ផ្គង់|2024-Q3|ស្រី|៧")

    carry_out(load)

    draft = Observation.objects.get()
    assert (draft.value, draft.parts) == (Decimal(12), {"sex": {"f": "7"}})


def test_a_draft_changes_and_the_preview_says_from_what(report):
    make_observation(10, indicator=report.indicator, program=report.program, parts={"sex": {"f": "4"}})

    load = check(
        report, "Indicator|Period|Part|Value\ntrained|2024-Q3||12\ntrained|2024-Q3|sex:f|7\ntrained|2024-Q3|sex:m|"
    )

    assert outcomes(load) == [Outcome.CHANGED, Outcome.CHANGED, Outcome.UNCHANGED]
    assert [row.before for row in load.rows.order_by("line")] == [{"value": "10"}, {"value": "4"}, {}]
    carry_out(load)
    draft = Observation.objects.get()
    assert (draft.value, draft.parts, draft.version) == (Decimal(12), {"sex": {"f": "7"}}, 2)


def test_loading_the_same_file_again_changes_nothing(report):
    table = "Indicator|Period|Part|Value\ntrained|2024-Q3||12\ntrained|2024-Q3|sex:f|7"
    carry_out(check(report, table))

    again = check(report, table)

    assert outcomes(again) == [Outcome.UNCHANGED, Outcome.UNCHANGED]


def test_a_load_is_taken_back(report):
    known = make_observation(
        10, indicator=report.indicator, program=report.program, note="Old", parts={"sex": {"f": "4"}}
    )
    load = carry_out(
        check(
            report,
            "Indicator|Period|Part|Value|Note\ntrained|2024-Q3||12|New\ntrained|2024-Q3|sex:f|7|\ntrained|2024-Q4||5|",
        )
    )

    assert loads.undo(load, by=make_user()) == []

    known.refresh_from_db()
    assert (known.value, known.note, known.parts) == (Decimal(10), "Old", {"sex": {"f": "4"}})
    assert values() == {("trained", "2024-Q3"): 10}
    carry_out(check(report, "Indicator|Period|Value\ntrained|2024-Q4|6"))
    assert values()["trained", "2024-Q4"] == 6


def test_what_was_submitted_since_stands_against_taking_back(report):
    by = make_user()
    load = carry_out(check(report, "Indicator|Period|Value\ntrained|2024-Q3|12", by=by))
    review.submit(observation=Observation.objects.get(), by=by)

    blockers = loads.undo(load, by=by)

    assert sum(count for _reason, count in blockers)


def test_a_value_saved_between_preview_and_writing_is_not_lost(report, staff):
    draft = make_observation(10, indicator=report.indicator, program=report.program)
    load = check(report, "Indicator|Period|Value\ntrained|2024-Q3|12")
    about = {"indicator": report.indicator, "program": report.program, "period": draft.period}
    review.enter(**about, values={"value": Decimal(11)}, by=staff, expected=1)

    loads.confirm(load)
    loads.apply_load.func(load.pk)

    load.refresh_from_db()
    assert (load.state, load.problem) == ("checked", "changed")
    assert Observation.objects.get().value == 11


BAD = """
Indicator|Period|Part|Value|Kind of value
trained|2024-Q3||twelve|
trained|2024-Q4||1.234,5|
trained|2025-Q1||45%|
traned|2025-Q2||3|
trained|soon||3|
trained|2025-Q2|sex:x|3|
trained|2025-Q3||3|missing
|2025-Q3||3|
"""


def test_every_bad_row_says_what_is_wrong(report):
    said = reasons(check(report, BAD))

    assert "“twelve” is not a number" in said[2]
    assert "Write a comma for thousands, a point for decimals" in said[3]
    assert "is a percentage, but this is reported in firms" in said[4]
    assert "No indicator is called “traned”. The nearest is: trained." in said[5]
    assert "“soon” is not a period" in said[6]
    assert "is not one of the choices" in said[7]
    assert "not both" in said[8]
    assert "must be filled" in said[9]


def test_shares_and_percentages_are_told_apart(db):
    report = make_report(unit_en="%", over_periods="latest", over_places="none")
    about = {"indicator": report.indicator, "program": report.program, "status": "verified"}
    make_observation(20, period=make_period("2024-Q1"), **about)
    make_observation(60, period=make_period("2024-Q2"), **about)

    load = check(report, "Indicator|Period|Value\ntrained|2024-Q3|0.45\ntrained|2024-Q4|45%\ntrained|2025-Q1|0.45%")

    assert "Did you mean 45%? Write 45%, or 0.45% if it is that little." in reasons(load)[2]
    carry_out(load)
    assert values()["trained", "2024-Q4"] == 45
    assert values()["trained", "2025-Q1"] == Decimal("0.45")


def test_parts_above_their_total_keep_the_whole_value_out(report):
    load = check(
        report, "Indicator|Period|Part|Value\ntrained|2024-Q3||12\ntrained|2024-Q3|sex:f|7\ntrained|2024-Q3|sex:m|6"
    )

    said = reasons(load)
    assert outcomes(load) == [Outcome.WRONG] * 3
    assert "the parts come to 13, more than the total (12)" in said[3]
    assert "Another row of this value is wrong: line 3" in said[2]


def test_parts_without_a_total_are_no_value(report):
    assert "Write the total too" in reasons(check(report, "Indicator|Period|Part|Value\ntrained|2024-Q3|sex:f|7"))[2]


def test_two_rows_for_one_value_are_refused(report):
    load = check(report, "Indicator|Period|Value\ntrained|2024-Q3|12\nTrained|Q3 2024|13")

    assert "already in line 2 of this file" in reasons(load)[3]
    assert set(outcomes(load)) == {Outcome.WRONG}


def test_what_is_closed_retired_or_not_reported_is_refused(report, verifier):
    closed = {"status": "closed", "closed_by": verifier, "closed_at": timezone.now()}
    make_round(program=report.program, period=make_period("2024-Q3"), **closed)
    make_report("old", program=report.program, retired_on=datetime.date(2024, 1, 1))
    make_report("counted", program=report.program, kind="derived", derivation="workshops-held")
    make_report("yearly", program=report.program, frequency="year")
    make_indicator(code="other")

    said = reasons(
        check(
            report,
            f"""
            Indicator|Period|Value
            trained|2024-Q3|1
            old|2024-Q4|1
            counted|2024-Q4|1
            yearly|2024-Q4|1
            other|2024-Q4|1
            trained|{timezone.localdate().year + 1}-Q4|1
            """,
        )
    )

    assert "The round of Q3 2024 is closed" in said[2]
    assert "“old” is retired" in said[3]
    assert "the portal computes it" in said[4]
    assert "“2024-Q4” is no period of “yearly”. Write one like 2024." in said[5]
    assert "This program does not report “other”" in said[6]
    assert "has not begun yet" in said[7]


@pytest.mark.parametrize(
    ("status", "words"), [("verified", "This value is signed. Correct it"), ("submitted", "Withdraw it")]
)
def test_a_value_that_has_left_is_not_written_over(report, status, words):
    make_observation(10, indicator=report.indicator, program=report.program, status=status)

    load = check(report, "Indicator|Period|Value\ntrained|2024-Q3|12")
    same = check(report, "Indicator|Period|Value\ntrained|2024-Q3|10")

    assert words in reasons(load)[2]
    assert outcomes(same) == [Outcome.UNCHANGED]


def test_an_unusual_value_is_loaded_and_said(report):
    about = {"indicator": report.indicator, "program": report.program, "status": "verified"}
    make_observation(12, period=make_period("2024-Q1"), **about)
    make_observation(19, period=make_period("2024-Q2"), **about)

    load = check(report, "Indicator|Period|Value|Note\ntrained|2024-Q3|90|\ntrained|2024-Q4|90|A fair")

    assert outcomes(load) == [Outcome.UNCERTAIN, Outcome.NEW]
    row = load.rows.get(line=2)
    assert "was 12 – 19 before" in loads.reasons(REGISTRY["observations"], row)
    carry_out(load)
    assert values()["trained", "2024-Q3"] == 90


def test_ratios_are_loaded_from_their_two_numbers(db):
    report = make_report(unit_en="%", over_periods="ratio", over_places="ratio")

    load = check(
        report,
        """
        Indicator|Period|Value|Number counted|Out of
        trained|2024-Q3||30|120
        trained|2024-Q4|45||
        trained|2025-Q1|80|30|120
        """,
    )

    assert "Write the number counted and out of how many" in reasons(load)[3]
    assert "30 of 120 is 25, not 80" in reasons(load)[4]
    carry_out(load)
    assert values() == {("trained", "2024-Q3"): 25}


def test_provinces_have_values_of_their_own(report):
    write_facts()

    carry_out(check(report, "Indicator|Period|Province|Value\ntrained|2024-Q3|Kampot|5\ntrained|2024-Q3|Takeo|6"))

    assert set(Observation.objects.values_list("value", flat=True)) == {Decimal(5), Decimal(6)}
    assert Observation.objects.exclude(province=None).count() == 2


def test_the_number_of_queries_does_not_grow_with_the_rows(report, django_assert_max_num_queries):
    def table(count):
        lines = "\n".join(f"trained|{2010 + n // 4}-Q{n % 4 + 1}|5" for n in range(count))
        return f"Indicator|Period|Value\n{lines}"

    for quarter in range(40):
        make_period(f"{2010 + quarter // 4}-Q{quarter % 4 + 1}")
    with django_assert_max_num_queries(40):
        load = check(report, table(40))
    with django_assert_max_num_queries(45):
        carry_out(load)

    assert Observation.objects.count() == 40


# The file to fill in


def test_the_file_goes_out_filled_and_comes_back(report, staff_client):
    about = {"indicator": report.indicator, "program": report.program}
    make_observation(12, period=make_period("2024-Q2"), status="verified", **about)
    make_observation(10, parts={"sex": {"f": "4"}}, **about)
    query = f"?program={report.program.slug}&period=2024-Q3"

    answer = staff_client.get(reverse("indicators:entry_file") + query)
    content = b"".join(answer.streaming_content)
    table = spreadsheets.read_table(content, "a.xlsx", max_rows=100)
    url = reverse("indicators:entry_load", args=["observations"]) + query
    sent = staff_client.post(url, {"file": named(content)})
    load = Load.objects.get()
    loads.check_load.func(load.pk)

    assert [row[:4] for _line, row in table.rows] == [
        ["trained", str(report.indicator), "2024-Q3", part] for part in ("", "sex:f", "sex:m", "sex:o")
    ]
    assert [row[5:8] for _line, row in table.rows][:2] == [["12", "Value", "10"], ["", "", "4"]]
    assert sent.url == load.get_absolute_url()
    assert set(outcomes(load)) == {Outcome.UNCHANGED}


def named(content):
    file = io.BytesIO(content)
    file.name = "values.xlsx"
    return file


@pytest.mark.parametrize("kind", ["observations", "targets"])
def test_load_pages_are_for_the_ministry(client_for, report, kind):
    url = f"{reverse('indicators:entry_load', args=[kind])}?program={report.program.slug}"

    assert client_for("staff").get(url).status_code == 200
    assert client_for("officer").get(url).status_code == 403
    assert client_for("staff").post(url, {"cells": ""}).status_code == 422
    assert client_for("staff").put(url).status_code == 405


def test_there_is_no_other_kind(staff_client, report):
    assert staff_client.get(reverse("indicators:entry_load", args=["attendance"])).status_code == 404


def test_the_preview_shows_old_and_new(report, staff_client):
    make_observation(10, indicator=report.indicator, program=report.program)
    load = check(
        report, "Indicator|Period|Part|Value\ntrained|2024-Q3||12\ntrained|2024-Q3|sex:f|7\ntrained|2024-Q4||x"
    )

    page = " ".join(staff_client.get(load.get_absolute_url()).content.decode().split())

    assert "<del>10</del> → <ins>12</ins>" in page
    assert "<del>–</del> → <ins>7</ins>" in page
    assert "Female" in page
    assert "is not a number" in page


def test_the_command_loads_for_a_program(report, tmp_path):
    file = tmp_path / "values.csv"
    file.write_text("Indicator,Period,Value\ntrained,2024-Q3,12\n")

    call_command("load", "observations", str(file), program=report.program.slug, user=make_user().username)

    assert values() == {("trained", "2024-Q3"): 12}
    with pytest.raises(CommandError, match="no such program"):
        call_command("load", "observations", str(file), program="none", user=make_user().username)
