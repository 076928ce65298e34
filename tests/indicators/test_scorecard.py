"""The scorecard of a strategy: each indicator once, judged against who set the target, and never a false green."""

from decimal import Decimal

import pytest
from django.urls import reverse

from indicators.models import Target
from indicators.scorecard import finding, lines_by_goal, published_goals, tally_of
from tests.factories import make_goal, make_program
from tests.indicator_factories import make_indicator, make_observation, make_period, make_series_value, make_target

pytestmark = pytest.mark.django_db


def on_track(goal, **fields):
    """Return an indicator of a goal that has come half way in half the time."""
    indicator, program = make_indicator(over_periods="latest", **fields), make_program()
    indicator.goals.add(goal)
    about = {"indicator": indicator, "program": program}
    make_target(0, "2023-Q4", kind=Target.Kind.BASELINE, **about)
    make_target(100, "2025-Q4", **about)
    make_observation(50, period=make_period("2024-Q4"), status="accepted", **about)
    return indicator


def test_head_counts_the_indicators_of_its_sides_once():
    head, first, second = make_goal("5"), make_goal("5.1"), make_goal("5.2")
    on_track(first).goals.add(second)

    lines = lines_by_goal([head, first, second])

    assert [tally_of(lines[goal.pk]).counts for goal in (head, first, second)] == [{"green": 1}] * 3


def test_program_is_judged_by_its_own_target():
    goal = make_goal("5.1")
    indicator = on_track(goal)
    make_observation(7, indicator=indicator, program=make_program(), period=make_period("2024-Q4"), status="accepted")

    (line,) = lines_by_goal([goal])[goal.pk]

    assert line.program is not None
    assert line.standing.latest.value == 50


def test_indicator_without_target_is_one_grey_line():
    goal, indicator = make_goal("5.1"), make_indicator()
    indicator.goals.add(goal)

    (line,) = lines_by_goal([goal])[goal.pk]

    assert (line.standing.status, line.standing.judgement.reason) == ("grey", "no target")


def test_retired_indicator_stands_for_nothing():
    goal = make_goal("5.1")
    on_track(goal, retired_on="2025-01-01")

    assert lines_by_goal([goal])[goal.pk] == []


def test_finding_says_how_many_are_on_track_and_when_none_can_be_judged():
    goal = make_goal("5.1")
    nothing = finding(tally_of([]))
    make_indicator().goals.add(goal)
    unjudged = finding(tally_of(lines_by_goal([goal])[goal.pk]))
    on_track(goal)

    words = finding(tally_of(lines_by_goal([goal])[goal.pk]))

    assert nothing == "No indicator stands for this strategy yet."
    assert unjudged == "1 indicator stands for this strategy; it cannot be judged yet."
    assert words == "Of 1 indicator that can be judged, 1 is on track."


def external(goal, **target):
    """Return a published indicator of a goal, with its real values and a target of the same or another edition."""
    values = [make_series_value(10.0, 2019, code="X")]
    values.append(make_series_value(12.0, 2020, code="X", source=values[0].source))
    indicator = make_indicator(
        kind="external", series="X|KHM||||", signatures="none", over_periods="latest", over_places="none"
    )
    indicator.goals.add(goal)
    make_target(20, "2030", indicator=indicator, **target)
    return indicator, values[0].source


def test_published_goal_shows_the_newest_value_and_no_baseline_is_not_green():
    goal = make_goal("5.1")
    external(goal)

    (published,) = published_goals(goal.framework, [goal], lines_by_goal([goal]))

    assert published.line.standing.latest.value == Decimal("12.0")
    assert published.line.standing.status == "grey"
    assert [spot.year for spot in published.spark.spots] == [2019, 2020]


def test_published_goal_on_one_edition_is_judged_and_on_two_is_not():
    goal = make_goal("5.1")
    indicator, source = external(goal)
    target = indicator.targets.get()
    target.source = source
    target.save()
    make_target(8, "2018", indicator=indicator, kind=Target.Kind.BASELINE, source=source)
    one = lines_by_goal([goal])[goal.pk][0].standing
    target.source = None
    target.save()

    two = lines_by_goal([goal])[goal.pk][0].standing

    assert one.status == "green"
    assert (two.status, two.judgement.reason) == ("grey", "not comparable")


def test_strategy_page_shows_status_in_words_and_the_way_to_the_indicator(officer_client):
    goal = make_goal("5.1")
    indicator = on_track(goal)

    html = officer_client.get(reverse("strategy:index")).content.decode()

    assert "On track" in html
    assert indicator.get_absolute_url() in html


def test_queries_do_not_grow_with_indicators(staff_client, django_assert_max_num_queries):
    goal = make_goal("5.1")
    for _number in range(30):
        on_track(goal)

    with django_assert_max_num_queries(20):
        staff_client.get(reverse("strategy:index"))
