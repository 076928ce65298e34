"""What the tables of values tell: parts as rows with small cells as pages have them, and what rounds reported."""

from decimal import Decimal

import pytest
from django.utils import timezone

from capred_portal.tables import TABLES, Requester, TableExport, WrongFilters
from indicators.models import ProgramIndicator, ReviewEvent, RoundEntry
from tests.factories import make_program
from tests.indicator_factories import (
    make_indicator,
    make_observation,
    make_period,
    make_round,
    make_source,
    make_target,
)

PARTS = {"sex": {"f": "12", "m": "3"}, "age": {"0-17": "2", "18-35": "9"}}


def rows_of(name, user, **params):
    return list(TableExport(TABLES[name], Requester(user), params).for_machines())


def parts_told(user, dimension):
    rows = [row for row in rows_of("observation-parts", user) if row["dimension"] == dimension]
    return {row["part"]: (row["state"], row["value"]) for row in rows}


@pytest.fixture
def observation(db):
    return make_observation(
        20, status="verified", parts=PARTS, indicator=make_indicator(breakdowns=["sex", "age"]), is_counted=True
    )


def test_each_part_of_a_value_is_a_row_and_what_nobody_told_is_unknown(observation, staff):
    assert parts_told(staff, "sex") == {
        "f": ("value", 12),
        "m": ("value", 3),
        "o": ("missing", None),
        "unknown": ("value", 5),
    }


def test_officers_get_small_parts_as_withheld(observation, officer):
    """And the next smallest, from which the small one could be told."""
    assert parts_told(officer, "sex") == {
        "f": ("value", 12),
        "m": ("withheld", None),
        "o": ("missing", None),
        "unknown": ("withheld", None),
    }


def test_the_keys_of_parts_differ_and_are_counted(observation, staff):
    taken = TableExport(TABLES["observation-parts"], Requester(staff))
    rows = list(taken.for_machines())

    assert len({row["id"] for row in rows}) == len(rows) == taken.count
    assert {row["observation_id"] for row in rows} == {observation.pk}


def test_parts_of_a_ratio_are_told_to_everybody_and_never_add_up(officer):
    indicator = make_indicator(unit_en="%", over_places="ratio", over_periods="ratio", breakdowns=["sex"])
    make_observation(50, status="verified", indicator=indicator, parts={"sex": {"f": "2", "m": "60"}})

    assert parts_told(officer, "sex") == {"f": ("value", 2), "m": ("value", 60), "o": ("missing", None)}


def test_a_draft_is_in_no_table(staff):
    make_observation(412, parts=PARTS)

    assert rows_of("observations", staff) == rows_of("observation-parts", staff) == []


def test_missing_and_not_applicable_stay_apart_from_0(staff):
    for value, state in ((None, "missing"), (None, "na"), (0, "value")):
        make_observation(value, state=state, status="verified")

    rows = [(row["state"], row["value"]) for row in rows_of("observations", staff)]

    assert rows == [("missing", None), ("na", None), ("value", 0)]


def test_a_corrected_value_tells_what_the_round_reported(staff):
    first = make_observation(412, status="verified", is_shown=False)
    RoundEntry.objects.create(round=make_round(program=first.program), observation=first, value=412)
    same = {"indicator": first.indicator, "program": first.program, "period": first.period}
    make_observation(415, status="verified", number=2, why="Two lists were late", **same)

    [row] = rows_of("observations", staff)

    assert (row["value"], row["reported_value"]) == (Decimal(415), Decimal(412))


def test_values_are_filtered_by_what_they_are_about(staff):
    wanted = make_observation(1, status="verified")
    make_observation(2, status="verified", program=wanted.program)

    rows = rows_of("observations", staff, program=wanted.program.slug, indicator=wanted.indicator.code)

    assert [row["id"] for row in rows] == [wanted.pk]


def test_a_filter_that_makes_no_sense_is_refused(staff):
    with pytest.raises(WrongFilters):
        rows_of("observations", staff, program="no-such-program")


def test_indicators_can_be_filtered_by_where_they_stand(staff):
    make_indicator(code="grey-one")

    grey = {row["code"] for row in rows_of("indicators", staff, status="grey")}
    green = {row["code"] for row in rows_of("indicators", staff, status="green")}

    assert "grey-one" in grey
    assert "grey-one" not in green


def test_what_is_archived_is_in_no_table(staff):
    source = make_source()
    source.archive(by=staff, reason="Entered twice")
    program = make_program()
    make_observation(1, status="verified", program=program)
    program.archive(by=staff, reason="Entered twice")

    assert rows_of("sources", staff) == rows_of("observations", staff) == []


def test_steps_of_drafts_are_told_to_the_ministry_alone(staff, officer):
    draft, handed_in = (make_observation(status=status) for status in ("draft", "submitted"))
    for observation in (draft, handed_in):
        about = {"observation": observation, "by": observation.entered_by}
        ReviewEvent.objects.create(kind="submit", from_status="draft", to_status="submitted", **about)

    assert {row["observation_id"] for row in rows_of("review-steps", staff)} == {draft.pk, handed_in.pk}
    assert {row["observation_id"] for row in rows_of("review-steps", officer)} == {handed_in.pk}
    assert rows_of("review-steps", officer, observation=str(draft.pk)) == []


def reported(value, period="2024-Q3", **fields):
    """Keep a value of an indicator that its program reports."""
    row = make_observation(value, period=make_period(period), status="verified", **fields)
    ProgramIndicator.objects.get_or_create(program=row.program, indicator=row.indicator)
    return row


def test_values_of_programs_stand_as_at_the_end_of_their_periods(officer):
    first = reported(10, "2024-Q1")
    about = {"program": first.program, "indicator": first.indicator}
    reported(50, "2024-Q2", **about)
    make_target(0, "2023-Q4", kind="baseline", **about)
    make_target(100, "2024-Q4", **about)

    rows = rows_of("program-values", officer, program=first.program.slug)
    [newest] = rows_of("program-values", officer, program=first.program.slug, period="2024-Q2")

    assert [(row["period"], row["value"], row["standing"]) for row in rows] == [
        ("2024-Q1", 10, "red"),
        ("2024-Q2", 50, "green"),
    ]
    assert newest == rows[1]
    assert (newest["baseline"], newest["target"], newest["target_period"]) == (0, 100, "2024-Q4")
    assert (newest["status"], newest["accepted"], newest["parts"]) == ("verified", 0, 1)


def test_values_of_invented_and_of_archived_programs(officer):
    real, invented, gone = reported(1), reported(2, is_demo=True), reported(3)
    gone.program.archived_at, gone.program.archive_reason = timezone.now(), "Twice"
    gone.program.save()

    def told(**more):
        taken = TableExport(TABLES["program-values"], Requester(officer), **more)
        return {(row["value"], row["is_demo"]) for row in taken.for_machines()}, taken.demo_count

    assert told() == ({(1, False), (2, True)}, 1)
    assert told(with_demo=False) == ({(1, False)}, 0)
    assert {real.value, invented.value} == {1, 2}


def test_queries_of_values_of_programs_do_not_grow(officer, django_assert_num_queries):
    for number in range(8):
        reported(number)

    with django_assert_num_queries(4):
        assert len(rows_of("program-values", officer)) == 8
