"""Readings: shown versions only, wholes before parts, programs added by the rule, years from quarters."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from indicators.models import Target
from indicators.readings import by_year, readings_by_program, readings_of
from indicators.review import correct, show_newest
from indicators.standing import standings_of
from tests.admin_rows import make_province
from tests.factories import make_program, make_user
from tests.indicator_factories import make_indicator, make_observation, make_period, make_source, make_target

pytestmark = pytest.mark.django_db


def values(indicator, **scope):
    return {reading.period: reading.value for reading in readings_of([indicator], **scope).get(indicator.pk, [])}


def test_draft_is_no_reading():
    observation = make_observation(10)

    assert values(observation.indicator) == {}


def test_programs_of_one_period_add_up_by_the_rule():
    indicator = make_indicator(unit_en="%", over_places="ratio")
    for numerator, denominator in ((1, 2), (30, 100)):
        share = Decimal(100) * numerator / denominator
        parts = {"numerator": numerator, "denominator": denominator}
        make_observation(share, indicator=indicator, program=make_program(), status="verified", **parts)

    assert values(indicator)["2024-Q3"] == Decimal(100) * 31 / 102


def test_archived_programs_count_nowhere(officer_client):
    standing, gone = make_observation(20, status="accepted"), make_program()
    indicator = standing.indicator
    make_observation(30, indicator=indicator, program=gone, status="accepted")
    assert values(indicator) == {"2024-Q3": 50}

    gone.archived_at, gone.archive_reason = timezone.now(), "Entered twice"
    gone.save()

    assert values(indicator) == {"2024-Q3": 20}
    assert set(readings_by_program([indicator])) == {(indicator.pk, standing.program_id)}
    file = b"".join(officer_client.get(reverse("standards:sdmx"), {"indicator": indicator.code}).streaming_content)
    page = officer_client.get(indicator.get_absolute_url()).content.decode()
    assert ",20," in file.decode()
    assert ",50," not in file.decode()
    assert "20 firms" in page
    assert "50 firms" not in page


def test_value_of_the_country_comes_before_the_sum_of_programs():
    indicator = make_indicator()
    make_observation(50, indicator=indicator, program=None, status="verified")
    make_observation(20, indicator=indicator, status="verified")

    assert values(indicator) == {"2024-Q3": 50}


def test_provinces_count_only_where_the_whole_is_not_told():
    first = make_observation(20, status="verified", province=make_province(1))
    about = {"indicator": first.indicator, "program": first.program}
    make_observation(30, status="verified", province=make_province(2), **about)
    assert values(first.indicator) == {"2024-Q3": 50}

    whole = make_observation(60, status="verified", **about)
    show_newest(whole.slot)

    assert values(first.indicator) == {"2024-Q3": 60}


def test_correction_in_draft_leaves_the_signed_value_standing():
    observation = make_observation(412, status="accepted")

    correct(observation=observation, by=make_user("staff"), values={"value": Decimal(415)}, reason="Three more came")

    assert values(observation.indicator) == {"2024-Q3": 412}


def test_years_are_calendar_or_australian_and_name_what_is_missing():
    indicator, program = make_indicator(), make_program()
    for quarter, value in (("2024-Q3", 1), ("2024-Q4", 2), ("2025-Q1", 4), ("2025-Q2", 8)):
        about = {"indicator": indicator, "program": program, "period": make_period(quarter)}
        make_observation(value, status="verified", **about)
    readings = readings_of([indicator])[indicator.pk]

    calendar: list[Any] = by_year(indicator, readings)
    australian: list[Any] = by_year(indicator, readings, "australian")

    assert {year.period: (year.value, year.aggregate.missing) for year in calendar} == {"2024": (3, 2), "2025": (12, 2)}
    assert {year.period: (year.value, year.aggregate.missing) for year in australian} == {"2024-25": (15, 0)}


def test_summed_indicator_is_judged_by_all_periods_since_its_baseline():
    indicator, program = make_indicator(), make_program()
    make_target(0, "2024-Q2", indicator=indicator, program=program, kind=Target.Kind.BASELINE)
    make_target(100, "2025-Q4", indicator=indicator, program=program)
    for quarter in ("2024-Q3", "2024-Q4"):
        period = make_period(quarter)
        make_observation(20, indicator=indicator, program=program, period=period, status="accepted")

    (standing,) = standings_of([indicator], program=program)

    assert standing.reached.measured.value == 40
    assert standing.status == "green"


def test_a_quarter_nobody_reported_leaves_a_sum_unjudged():
    indicator, program = make_indicator(), make_program()
    make_target(0, "2024-Q1", indicator=indicator, program=program, kind=Target.Kind.BASELINE)
    make_target(100, "2025-Q4", indicator=indicator, program=program)
    make_observation(90, indicator=indicator, program=program, status="accepted")

    (standing,) = standings_of([indicator], program=program)

    assert (standing.status, standing.judgement.reason) == ("grey", "parts missing")


def test_baseline_of_another_edition_is_not_comparable():
    observation = make_observation(50, status="accepted")
    about = {"indicator": observation.indicator, "program": observation.program}
    make_target(0, "2024-Q2", kind=Target.Kind.BASELINE, source=make_source(), **about)
    make_target(40, "2024-Q4", **about)

    (standing,) = standings_of([observation.indicator], program=observation.program)

    assert (standing.status, standing.judgement.reason) == ("grey", "not comparable")


def test_proposed_target_judges_nothing():
    observation = make_observation(50, status="accepted")
    about = {"indicator": observation.indicator, "program": observation.program}
    make_target(0, "2024-Q2", kind=Target.Kind.BASELINE, **about)
    make_target(40, "2024-Q4", status=Target.Status.PROPOSED, **about)

    (standing,) = standings_of([observation.indicator], program=observation.program)

    assert standing.judgement.reason == "no target"
