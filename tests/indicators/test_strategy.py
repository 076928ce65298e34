"""The strategy pages: every goal, the work that serves it, and the gaps."""

import pytest
from django.urls import reverse

from capred_portal.facts import write_facts
from capred_portal.figures import REGISTRY, TOTAL, Scope
from capred_portal.records import writing
from indicators.analytics.trends import direction
from programs.figures.strategy import figures_by_goal
from programs.models import Framework, Goal, Workshop
from tests.factories import make_action, make_goal, make_outcome, make_program, make_workshop

pytestmark = pytest.mark.django_db


def goal_url(goal):
    return reverse("strategy:goal", args=[goal.framework.code, goal.code])


def test_a_record_counts_once_for_a_head_however_many_of_its_sides_it_serves():
    head, first, second = make_goal("5"), make_goal("5.1"), make_goal("5.2")
    workshop = make_workshop()
    workshop.goals.set([head, first, second])

    figures = figures_by_goal("staff", [head, first, second])["workshops"]

    assert [figures[str(goal.pk)].value for goal in (head, first, second)] == [1, 1, 1]


def test_an_action_serves_the_goals_of_what_it_hangs_on():
    goal = make_goal("5.1")
    outcome, workshop, program = make_outcome(), make_workshop(), make_program()
    for parent in (outcome, workshop, program):
        parent.goals.set([goal])
    make_action(outcome=outcome)
    make_action(workshop=workshop)
    make_action(program=program)

    figures = figures_by_goal("staff", [goal, goal.parent])["actions"]

    assert figures[str(goal.pk)].value == figures[str(goal.parent.pk)].value == 3


def test_archived_workshops_serve_nothing(staff):
    goal, workshop = make_goal("5.1"), make_workshop()
    workshop.goals.set([goal])
    workshop.archive(by=staff, reason="Entered twice")

    assert figures_by_goal("staff", [goal])["workshops"][str(goal.pk)].value == 0


def test_total_counts_each_row_once():
    workshop = make_workshop()
    workshop.goals.set([make_goal("4.1"), make_goal("5.1")])

    assert REGISTRY["workshops-serving"].figures(Scope("staff", {"by": "goal"}))[TOTAL].value == 1


def test_pages_follow_a_new_workshop_at_once(staff_client):
    goal = make_goal("5.1")
    before = staff_client.get(goal_url(goal)).content.decode()

    with writing("programs"):
        make_workshop(title_en="Brand new").goals.set([goal])
    after = staff_client.get(goal_url(goal)).content.decode()

    assert "Brand new" not in before
    assert "Brand new" in after


def test_the_chain_leads_down_and_back_up(officer_client):
    goal = make_goal("5.1")
    outcome = make_outcome()
    outcome.goals.set([goal])

    down = officer_client.get(goal_url(goal)).content.decode()
    up = officer_client.get(outcome.get_absolute_url()).content.decode()

    assert outcome.get_absolute_url() in down
    assert goal_url(goal) in up


def test_coverage_map_shows_the_gaps(officer_client):
    make_goal("5.1")

    assert officer_client.get(reverse("strategy:coverage")).content.decode().count('class="cell-0"') == 8


@pytest.mark.parametrize("name", ["strategy:index", "strategy:coverage"])
def test_strategy_pages_refuse_post_and_the_anonymous(staff_client, anonymous_client, name):
    assert staff_client.post(reverse(name)).status_code == 405
    assert anonymous_client.get(reverse(name)).status_code == 302


def test_unknown_strategy_and_goal_are_not_found(staff_client):
    assert staff_client.get("/strategy/nothing/").status_code == 404
    assert staff_client.get("/strategy/nothing/1.1/").status_code == 404


# The facts


def test_facts_hold_the_strategy_with_its_lists_apart_and_a_second_strategy():
    write_facts()

    assert Framework.objects.count() == 2
    goals = Goal.objects.filter(framework__code="pentagonal-1")
    assert goals.servable().count() == 36
    assert goals.filter(kind="pentagon").count() == 5
    assert goals.filter(kind__in=["motto", "objective", "priority"]).count() == 15


def test_facts_written_again_keep_what_people_changed(staff):
    write_facts()
    goal = Goal.objects.get(framework__code="pentagonal-1", code="2.1")
    goal.title_en, goal.confidence = "Confirmed title", "V"
    goal.save_version(by=staff, expected=1)

    write_facts()

    goal.refresh_from_db()
    assert (goal.title_en, Workshop.objects.count()) == ("Confirmed title", 1)


def test_an_unverified_title_is_not_shown_as_official(officer_client):
    write_facts()

    page = officer_client.get("/strategy/").content.decode()

    assert "title to be confirmed by MISTI" in page
    assert "Labour market development" not in page


def test_the_real_workshop_states_what_the_release_states_and_nothing_else(officer_client):
    write_facts()
    workshop = Workshop.objects.get()

    page = officer_client.get(workshop.get_absolute_url()).content.decode()

    assert (workshop.province, workshop.venue_en, workshop.starts_at, workshop.head_count) == (None, "", None, None)
    assert workshop.attendances.count() == workshop.actions.count() == 0
    assert not workshop.is_demo
    assert "Hem Vandy" in page
    assert "Andreas Zurbrugg" in page
    assert "to be confirmed by MISTI" in page


# Trends


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 1, 1, 1, 2, 2, 2, 2], "rose"),
        ([2, 2, 2, 2, 1, 1, 1, 1], "fell"),
        ([10, 10, 10, 10, 10, 10, 10, 12], "no clear change"),
        ([0, 0, 0, 0, 0, 0, 0, 1], "rose"),
        ([0] * 8, "no clear change"),
        ([1, 2, 3], "too few points"),
    ],
)
def test_direction_of_a_series(values, expected):
    assert direction(values) == expected
